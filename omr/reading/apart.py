"""Bars whose staves are not written in line with each other.

A pen does not align what begins together as an engraver does: in a score of many staves a note may stand a beat's width from
where its neighbours above and below have it. Where a bar does not add up, but does when each staff is counted by itself, the
counting tells what sounds together and the places on paper do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from omr.reading.bar import read_bar
from omr.reading.bars import BarInk, TimedBar
from omr.reading.choices import Tuplets
from omr.reading.columns import columns_of
from omr.reading.items import Item
from omr.reading.prices import reaches_of
from omr.reading.steps import BarReading
from omr.reading.values import TICKS

GAIN = 0.5  # how much cheaper the bar must be
TORN = 1.0  # and more for each column of several staves that no longer begins together

IN_LINE = 0.2  # staff spaces by which notes of two staves that begin together stand apart on an engraved page, at most (median)

Columns = tuple[tuple[Item, ...], ...]


def out_of_line(bars: Iterable[tuple[BarInk, float]]) -> bool:
    """Whether a document's staves are not written in line, as a pen leaves them; with each bar a staff space in pixels."""
    bars = tuple(bars)
    apart = [gap for bar, space in bars for gap in _gaps(bar.columns, space)]
    if not apart:  # nothing of two staves stands over each other
        return any(len({item.staff for column in bar.columns for item in column}) > 1 for bar, _ in bars)
    return median(apart) > IN_LINE


def _gaps(columns: Columns, space: float) -> Iterator[float]:
    """For each column of several staves how far apart, in staff spaces, its staves' first items stand."""
    for column in columns:
        firsts = dict[int, float]()
        for item in column:
            firsts[item.staff] = min(item.x, firsts.get(item.staff, item.x))
        if len(firsts) > 1:
            yield (max(firsts.values()) - min(firsts.values())) / space


def by_staves(bar: TimedBar, space: float, tuplets: Tuplets) -> TimedBar:
    """The bar with what begins together as its staves tell one by one, where that makes it cheaper.

    It is counted as one again, with the widths between its notes; or, where all staves together cost less still, each staff
    keeps its own reading, since widths on paper then tell of one staff only.
    """
    ticks = int(bar.length * TICKS)
    counted = _counted(bar.ink.columns, ticks, space, tuplets)
    if not counted:
        return bar
    columns = together(counted)
    most = bar.reading.cost - GAIN - TORN * torn(bar.ink.columns, columns)
    alone = side_by_side(columns, counted)
    limit = min(most, alone.cost)
    reading = read_bar(columns, ticks, tuplets=tuplets, give_up=limit)
    if not reading.placed or reading.cost > limit:
        reading = alone
    if reading.cost > most:
        return bar
    return replace(bar, reading=reading, ink=replace(bar.ink, columns=columns))


def side_by_side(columns: Columns, counted: Sequence[BarReading]) -> BarReading:
    """The readings of a bar's staves as one."""
    entries = {entry.item.id: entry for reading in counted for entry in reading.placed}
    return BarReading(
        placed=tuple(entries[item.id] for column in columns for item in column),
        cost=sum(reading.cost for reading in counted),
        end=max(reading.end for reading in counted),
    )


def one_by_one(bars: Sequence[BarInk], space: float) -> tuple[BarInk, ...]:
    """Each staff of each bar as a bar of its own: where staves are not in line, only these tell the metre."""
    return tuple(replace(bar, columns=part) for bar in bars for part in staff_by_staff(bar.columns, space))


def torn(before: Columns, after: Columns) -> int:
    """Columns of several staves that no longer begin together."""
    place = {item.id: number for number, column in enumerate(after) for item in column}
    return sum(
        len({item.staff for item in column}) > 1 and len({place[item.id] for item in column}) > 1 for column in before
    )


def _counted(columns: Columns, ticks: int, space: float, tuplets: Tuplets) -> tuple[BarReading, ...]:
    """The readings of the staves, each by itself; none where the bar has but one, or not all of a staff has a place."""
    parts = staff_by_staff(columns, space)
    if len(parts) < 2:
        return ()
    found = tuple(read_bar(part, ticks, tuplets=tuplets) for part in parts)
    complete = all(len(reading.placed) == sum(map(len, part)) for reading, part in zip(found, parts, strict=True))
    return found if complete else ()


def together(counted: Sequence[BarReading]) -> Columns:
    """The bar's items grouped by their onsets."""
    onsets: dict[int, list[Item]] = {}
    for reading in counted:
        for entry in reading.placed:
            onsets.setdefault(entry.onset, []).append(entry.item)
    return tuple(
        tuple(sorted(onsets[onset], key=lambda item: (item.staff, -item.direction, item.id)))
        for onset in sorted(onsets)
    )


def staff_by_staff(columns: Columns, space: float) -> tuple[Columns, ...]:
    """The columns of each staff by itself; staves that share a beam are one."""
    items = [item for column in columns for item in column]
    return tuple(columns_of([item for item in items if item.staff in part], space) for part in _parts(columns))


def _parts(columns: Sequence[Sequence[Item]]) -> list[frozenset[int]]:
    """The staves of a bar, those together that share a beam."""
    parts = [frozenset((staff,)) for staff in sorted({item.staff for column in columns for item in column})]
    for staves in reaches_of(columns).values():
        touched = [part for part in parts if part & staves]
        parts = [part for part in parts if not part & staves]
        parts.append(frozenset[int]().union(*touched))
    return sorted(parts, key=min)
