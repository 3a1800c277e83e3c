"""What a bar sounds like: its notes, whatever their voices and however they are written."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from omr.score import Measure

Sound = frozenset[tuple[Fraction, str, int, int, Fraction, int]]
"""(onset, step, octave, alteration, length, how many before it are the same); grace notes too."""


def sound_of(measures: Iterable[Measure]) -> Sound:
    """The notes of a bar, given in all its parts."""
    notes = sorted(
        (event.onset, tone.pitch.step, tone.pitch.octave, tone.pitch.alter, event.duration)
        for measure in measures
        for event in measure.events
        for tone in event.tones
    )
    return frozenset((*note, notes[:number].count(note)) for number, note in enumerate(notes))
