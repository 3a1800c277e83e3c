"""How a length is written: note type, dots and tuplet ratio; readers trust these over the length, so both must agree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from omr.score import Event, NoteType

TYPE_LENGTHS: dict[NoteType, Fraction] = {
    "breve": Fraction(8),
    "whole": Fraction(4),
    "half": Fraction(2),
    "quarter": Fraction(1),
    "eighth": Fraction(1, 2),
    "16th": Fraction(1, 4),
    "32nd": Fraction(1, 8),
    "64th": Fraction(1, 16),
    "128th": Fraction(1, 32),
}
"""Quarter notes each."""
MOST_DOTS = 3
COMMON_RATIOS = ((3, 2),)
"""Tuplet ratios tried for a length that no plain note has; rarer ones are kept where they were read."""


def nominal_length(note_type: NoteType, dots: int = 0, ratio: tuple[int, int] | None = None) -> Fraction:
    """Quarter notes that a note of this look lasts."""
    length = TYPE_LENGTHS[note_type] * (2 - Fraction(1, 2**dots))
    return length * Fraction(ratio[1], ratio[0]) if ratio else length


def spelled(event: Event) -> Event:
    """`event` with a type, dots and ratio that give its duration, shortened to the nearest that can be written.

    A look that already fits is kept; a measure rest has no look of its own.
    """
    if event.measure_rest or event.grace or event.padding:
        return event
    if nominal_length(event.type, event.dots, event.time_modification) == event.duration:
        return event
    ratios = (event.time_modification, None, *COMMON_RATIOS)
    exact = next((found for ratio in ratios if (found := _with_look(event, ratio, event.duration))), None)
    if exact is not None:
        return exact
    return _longest_below(event)


def _with_look(event: Event, ratio: tuple[int, int] | None, duration: Fraction) -> Event | None:
    for note_type in TYPE_LENGTHS:
        for dots in range(MOST_DOTS + 1):
            if nominal_length(note_type, dots, ratio) == duration:
                return replace(event, type=note_type, dots=dots, time_modification=ratio, duration=duration)
    return None


def _longest_below(event: Event) -> Event:
    looks = [
        (nominal_length(note_type, dots), note_type, dots)
        for note_type in TYPE_LENGTHS
        for dots in range(MOST_DOTS + 1)
    ]
    fitting = [look for look in looks if look[0] <= event.duration]
    length, note_type, dots = max(fitting) if fitting else min(looks)
    return replace(event, type=note_type, dots=dots, time_modification=None, duration=length)
