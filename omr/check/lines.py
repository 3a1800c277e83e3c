"""A part as the heads and events of its bars in plain numbers: what the statistical checks look at.

Pitch is counted in steps (diatonic, 28 is C4) and in fifths (F 0, C 1, G 2 ... on the line of fifths), so that spelling is
kept; time in ticks. Grace notes, silence that fills a bar and heads without pitch are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from omr.score import ClefChange, Event, Measure, Part, Time, Tone

TICKS: Final = 20160
"""Of a quarter note: every value down to the 256th, and its triplet, quintuplet and septuplet, is a whole number."""
STEPS: Final = {step: index for index, step in enumerate("CDEFGAB")}
FIFTHS: Final = {step: index for index, step in enumerate("FCGDAEB")}
UNPITCHED: Final = ("x", "slash")
MIDDLE_LINES: Final = {"G": 32, "F": 24, "C": 28}
"""Step on the clef's own line."""
USUAL: Final = Time(beats=4, beat_type=4)


@dataclass(slots=True, eq=False)
class Head:
    """One pitched head."""

    chord: Chord
    tone: Tone
    step: int
    """Diatonic height: 7 an octave."""
    fifths: int
    """Place of the spelled pitch on the line of fifths, F 0."""
    position: int
    """Steps above the middle line of its staff."""


@dataclass(slots=True, eq=False)
class Chord:
    """One event with its place in its bar."""

    event: Event
    start: int
    length: int
    """Both in ticks."""
    heads: tuple[Head, ...] = ()
    """Lowest first; none for a rest."""
    before: Chord | None = None
    after: Chord | None = None
    """Neighbours in the voice, also over a barline, not over a bar in which the voice is silent."""

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(slots=True, eq=False)
class Bar:
    """A bar of a part."""

    measure: Measure
    length: int
    """Ticks."""
    time: Time
    key: int
    """Fifths of the key signature in force."""
    beat: int
    """Ticks: of a compound metre the dotted value."""
    chords: list[Chord] = field(default_factory=list)

    def heads(self) -> Iterator[Head]:
        for chord in self.chords:
            yield from chord.heads


def lines_of(part: Part) -> tuple[Bar, ...]:
    """The bars of `part`, in order."""
    key, time = 0, USUAL
    clefs: dict[int, ClefChange] = {}
    bars: list[Bar] = []
    lasts: dict[int, tuple[int, Chord]] = {}
    for index, measure in enumerate(part.measures):
        key = measure.key.fifths if measure.key else key
        time = measure.time or time
        bar = Bar(measure=measure, length=ticks(measure.duration), time=time, key=key, beat=_beat(time))
        clefs = _fill(bar, clefs)
        _chain(bar, index, lasts)
        bars.append(bar)
    return tuple(bars)


def _beat(time: Time) -> int:
    return TICKS * 4 // time.beat_type * (3 if time.beats % 3 == 0 and time.beats > 3 else 1)


def ticks(length: Fraction) -> int:
    return length.numerator * TICKS // length.denominator


def _fill(bar: Bar, clefs: dict[int, ClefChange]) -> dict[int, ClefChange]:
    """Adds the chords of the bar; returns the clefs in force after it."""
    changes: dict[int, list[ClefChange]] = defaultdict(list)
    for change in sorted(bar.measure.clefs, key=lambda change: change.onset):
        changes[change.staff].append(change)
    for event in bar.measure.events:
        if event.grace or event.padding:
            continue
        chord = Chord(event=event, start=ticks(event.onset), length=ticks(event.duration))
        clef = clefs.get(event.staff)
        for change in changes.get(event.staff, ()):
            clef = change if change.onset <= event.onset else clef
        middle = _middle(clef)
        if middle is not None:
            chord.heads = tuple(_head(chord, tone, middle) for tone in event.tones if tone.notehead not in UNPITCHED)
        bar.chords.append(chord)
    return clefs | {staff: found[-1] for staff, found in changes.items()}


def _middle(clef: ClefChange | None) -> int | None:
    """Step of the middle line; None where the staff has no pitches."""
    if clef is None:
        return MIDDLE_LINES["G"] + 2
    if clef.clef.sign not in MIDDLE_LINES:
        return None
    return MIDDLE_LINES[clef.clef.sign] + 2 * (3 - clef.clef.line) + 7 * clef.clef.octave_change


def _head(chord: Chord, tone: Tone, middle: int) -> Head:
    step = 7 * tone.pitch.octave + STEPS[tone.pitch.step]
    fifths = FIFTHS[tone.pitch.step] + 7 * tone.pitch.alter
    return Head(chord=chord, tone=tone, step=step, fifths=fifths, position=step - middle)


def _chain(bar: Bar, index: int, lasts: dict[int, tuple[int, Chord]]) -> None:
    """Joins each chord to the one before it in its voice."""
    for chord in bar.chords:
        last = lasts.get(chord.event.voice)
        if last is not None and last[0] >= index - 1 and last[1].start < chord.start + bar.length * (index - last[0]):
            chord.before, last[1].after = last[1], chord
        lasts[chord.event.voice] = (index, chord)
