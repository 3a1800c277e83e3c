"""Bars of triplets that no figure marks: the metre says three quarters, every beat holds three eighths.

Such bars add up best at half their length again. Where every staff of several prints the shorter metre, the page means
triplets: all times shrink to two thirds, what was dotted becomes plain and the rest becomes triplets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from omr.memory import found_in
from omr.reading.bars import TimedBar
from omr.reading.steps import BarReading, Placed
from omr.score import Time

LONGER = Fraction(3, 2)  # length of such a bar when its triplets are counted as they are written, in bars
TRIPLET = 1  # Placed.ratio of a triplet


def as_triplets(bars: Sequence[TimedBar], meant: Sequence[Time | None]) -> tuple[TimedBar, ...]:
    """`bars` with the sections of unmarked triplets shrunk to the metre that their signature means.

    `meant` holds, for each section (it begins where a bar has a time), the metre that every staff of several prints, else None.
    """
    found: list[TimedBar] = []
    starts = [index for index, bar in enumerate(bars) if bar.time is not None]
    if not starts or len(starts) != len(meant):  # no bars, or a section's first bar was joined to another
        return tuple(bars)
    ends = [*starts[1:], len(bars)]
    for start, end, time in zip(starts, ends, meant, strict=True):
        section = bars[start:end]
        found.extend(_section(section, time) if time and section[0].length == LONGER * time.length else section)
    return tuple(found)


def _section(bars: Sequence[TimedBar], time: Time) -> Sequence[TimedBar]:
    shrunk = [_shrunk(bar) for bar in bars]
    found = [bar for bar in shrunk if bar is not None]
    return bars if len(found) < len(bars) else [replace(found[0], time=time), *found[1:]]


def _shrunk(bar: TimedBar) -> TimedBar | None:
    reading = found_in(bar.reading, None, partial(_two_thirds, bar.reading))
    return None if reading is None else replace(bar, reading=reading, length=bar.length / LONGER)


def _two_thirds(reading: BarReading) -> BarReading | None:
    placed = [_entry(entry) for entry in reading.placed]
    kept = [entry for entry in placed if entry is not None]
    if len(kept) < len(placed) or reading.end % 3:
        return None
    return replace(reading, placed=tuple(kept), end=reading.end * 2 // 3)


def _entry(entry: Placed) -> Placed | None:
    """The entry at two thirds of its times; None where that has no notation."""
    if entry.ratio or entry.onset % 3 or entry.ticks % 3 or entry.value.dots > 1:
        return None
    dotted = entry.value.dots == 1
    value = replace(entry.value, dots=0) if dotted else entry.value
    onset, ticks = entry.onset * 2 // 3, entry.ticks * 2 // 3
    return replace(entry, onset=onset, ticks=ticks, value=value, ratio=0 if dotted else TRIPLET)
