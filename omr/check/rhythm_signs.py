"""What speaks for or against the length of an event: its place in the metre, its neighbours, what else begins and ends with it.

Voices that sound together begin and end together now and then, rests are printed where a first voice is silent, and a
rhythm seldom stands alone in a piece. A beam read too many or a dot too few breaks this even where the bar still adds up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from omr.check.lines import TICKS, Bar, Chord
from omr.check.pitch_signs import Cell, Signs

VOICES_PER_STAFF: Final = 4
FEWEST_BARS: Final = 8  # of a part in which a rhythm can be expected to come again
SEEN: Final = (0, 1, 4)
"""Bounds of how often the same value stands at the same place in other bars."""


def rhythm_signs(bars: Sequence[Bar]) -> Iterator[tuple[Bar, Chord, Signs]]:
    """Every note and rest of a part, but rests for whole bars, with what there is to say about its length."""
    places = Counter(_place(chord) for bar in bars for chord in bar.chords)
    rows = [_rows(bar) for bar in bars]
    patterns = Counter(row for found in rows for row in found.values())
    for bar, own in zip(bars, rows, strict=True):
        starts = {chord.start for chord in bar.chords}
        ends = {chord.end for chord in bar.chords}
        for chord in bar.chords:
            if chord.event.measure_rest:
                continue
            seen = places[_place(chord)] - 1
            pattern = patterns[own[chord.event.staff]] - 1
            yield (
                bar,
                chord,
                {
                    "beat": (_beat(bar, chord),),
                    "follow": (_follow(chord),),
                    "joins": (_joins(bar, chord, starts, ends),),
                    "seen": (_seen(seen, pattern),) if len(bars) >= FEWEST_BARS else (),
                },
            )


def _seen(places: int, patterns: int) -> Cell:
    return sum(places > bound for bound in SEEN), sum(patterns > bound for bound in SEEN)


def _place(chord: Chord) -> tuple[int, int, int]:
    return chord.event.staff, chord.start, chord.length


def _rows(bar: Bar) -> dict[int, tuple[object, ...]]:
    """The rhythm of each staff."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chord in bar.chords:
        found[chord.event.staff].append((chord.start, chord.length))
    return {staff: (staff, *sorted(row)) for staff, row in found.items()}


def _beat(bar: Bar, chord: Chord) -> Cell:
    """Place within the beat and length, in beats."""
    compound = int(bar.beat * bar.time.beat_type != 4 * TICKS)
    place, length = _number(chord.start % bar.beat, bar.beat), _number(chord.length, bar.beat)
    return compound, place, length, int(chord.event.is_rest)


def _follow(chord: Chord) -> Cell:
    """How much longer its neighbours in the voice are."""
    return _ratio(chord.before, chord), _ratio(chord.after, chord), _ratio(chord.after, chord.before)


def _ratio(one: Chord | None, other: Chord | None) -> str:
    if one is None or other is None or not one.length or not other.length:
        return "-"
    return _number(one.length, other.length)


def _joins(bar: Bar, chord: Chord, starts: set[int], ends: set[int]) -> Cell:
    """Whether its voice goes on without a hole, and whether others begin where it ends."""
    before, after = chord.before, chord.after
    follows = before is not None and before.start < chord.start and before.end == chord.start
    goes_on = after is not None and after.start > chord.start and after.start == chord.end
    first = (chord.event.voice - 1) % VOICES_PER_STAFF == 0
    return (
        "start" if chord.start == 0 else "on" if follows else "met" if chord.start in ends else "hole",
        "end" if chord.end == bar.length else "on" if goes_on else "met" if chord.end in starts else "hole",
        int(first),
        int(chord.event.is_rest),
    )


@lru_cache(maxsize=4096)
def _number(length: int, unit: int = TICKS) -> str:
    return str(Fraction(length, unit).limit_denominator(64))
