"""Bars whose staves are not written in line with each other.

A pen does not align what begins together as an engraver does: in a score of many staves a note may stand a beat's width from
where its neighbours above and below have it. Where a bar does not add up, but does when each staff is counted by itself, the
counting tells what sounds together and the places on paper do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from omr.reading.bar import EFFORTS, read_bar
from omr.reading.bars import BarInk, TimedBar
from omr.reading.choices import Tuplets
from omr.reading.columns import columns_of
from omr.reading.items import Item
from omr.reading.prices import reaches_of
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
    """The bar with what begins together as its staves tell one by one, where that makes it cheaper."""
    ticks = int(bar.length * TICKS)
    columns = _counted(bar.ink.columns, ticks, space, tuplets)
    if not columns or columns == bar.ink.columns:
        return bar
    most = bar.reading.cost - GAIN - TORN * _torn(bar.ink.columns, columns)
    reading = read_bar(columns, ticks, tuplets=tuplets, give_up=most)
    if not reading.placed or reading.cost > most:
        return bar
    return replace(bar, reading=reading, ink=replace(bar.ink, columns=columns))


def _torn(before: Columns, after: Columns) -> int:
    """Columns of several staves that no longer begin together."""
    place = {item.id: number for number, column in enumerate(after) for item in column}
    return sum(
        len({item.staff for item in column}) > 1 and len({place[item.id] for item in column}) > 1 for column in before
    )


def _counted(columns: Columns, ticks: int, space: float, tuplets: Tuplets) -> Columns:
    """The bar's items grouped by the onsets that each staff gives by itself; none where it has but one staff."""
    parts = _parts(columns)
    if len(parts) < 2:
        return ()
    onsets: dict[int, list[Item]] = {}
    for part in parts:
        items = [item for column in columns for item in column if item.staff in part]
        reading = read_bar(columns_of(items, space), ticks, tuplets=tuplets, efforts=EFFORTS[:2])
        if len(reading.placed) < len(items):
            return ()
        for entry in reading.placed:
            onsets.setdefault(entry.onset, []).append(entry.item)
    return tuple(
        tuple(sorted(onsets[onset], key=lambda item: (item.staff, -item.direction, item.id)))
        for onset in sorted(onsets)
    )


def _parts(columns: Sequence[Sequence[Item]]) -> list[frozenset[int]]:
    """The staves of a bar, those together that share a beam."""
    parts = [frozenset((staff,)) for staff in sorted({item.staff for column in columns for item in column})]
    for staves in reaches_of(columns).values():
        touched = [part for part in parts if part & staves]
        parts = [part for part in parts if not part & staves]
        parts.append(frozenset[int]().union(*touched))
    return sorted(parts, key=min)
