"""What speaks for or against the length of an event: its place in the metre, its neighbours, what else begins and ends with it.

Voices that sound together begin and end together now and then, rests are printed where a first voice is silent, and a
rhythm seldom stands alone in a piece. A beam read too many or a dot too few breaks this even where the bar still adds up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from omr.check.lines import TICKS, Bar, Chord
from omr.check.pitch_signs import Cell, Signs

VOICES_PER_STAFF: Final = 4
SEEN: Final = (0, 1, 4)
"""Bounds of how often the same value stands at the same place in other bars."""
FLAGS: Final[Mapping[str, int]] = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}


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
                    "metre": (_metre(bar, chord),),
                    "beat": (_beat(bar, chord),),
                    "follow": (_follow(chord),),
                    "joins": (_joins(bar, chord, starts, ends),),
                    "seen": ((sum(seen > bound for bound in SEEN), sum(pattern > bound for bound in SEEN)),),
                    "look": (_look(chord),),
                },
            )


def _place(chord: Chord) -> tuple[int, int, int]:
    return chord.event.staff, chord.start, chord.length


def _rows(bar: Bar) -> dict[int, tuple[object, ...]]:
    """The rhythm of each staff."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chord in bar.chords:
        found[chord.event.staff].append((chord.start, chord.length))
    return {staff: (staff, *sorted(row)) for staff, row in found.items()}


def _metre(bar: Bar, chord: Chord) -> Cell:
    return f"{bar.time.beats}/{bar.time.beat_type}", _number(chord.start), _number(chord.length), int(not chord.heads)


def _beat(bar: Bar, chord: Chord) -> Cell:
    """Place within the beat and length, in beats."""
    compound = bar.time.beats % 3 == 0 and bar.time.beats > 3
    beat = TICKS * 4 // bar.time.beat_type * (3 if compound else 1)
    return int(compound), _number(chord.start % beat, beat), _number(chord.length, beat), int(not chord.heads)


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
        int(not chord.heads),
    )


def _look(chord: Chord) -> Cell:
    """Its printed value, beams and ratio, and that of its neighbours."""
    event = chord.event
    flags = FLAGS.get(event.type, 0)
    beams = "-" if not event.beams else "as many" if len(event.beams) == flags else "other"
    ratio = "{}:{}".format(*event.time_modification) if event.time_modification else ""
    beside = [each.event.time_modification for each in (chord.before, chord.after) if each is not None]
    return event.type, min(event.dots, 2), beams, ratio, int(event.time_modification in beside), int(not chord.heads)


@lru_cache(maxsize=4096)
def _number(length: int, unit: int = TICKS) -> str:
    return str(Fraction(length, unit).limit_denominator(64))
