"""Bars whose staves are not written in line with each other.

A pen does not align what begins together as an engraver does: in a score of many staves a note may stand a beat's width from
where its neighbours above and below have it. Where a bar does not add up, but does when each staff is counted by itself, the
counting tells what sounds together and the places on paper do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.reading.bar import EFFORTS, read_bar
from omr.reading.bars import TimedBar
from omr.reading.choices import Tuplets
from omr.reading.columns import columns_of
from omr.reading.items import Item
from omr.reading.prices import reaches_of
from omr.reading.values import TICKS

GAIN = 2.0  # how much cheaper the bar must be: about as much as a staff that falls silent costs

Columns = tuple[tuple[Item, ...], ...]


def by_staves(bar: TimedBar, space: float, tuplets: Tuplets) -> TimedBar:
    """The bar with what begins together as its staves tell one by one, where that makes it cheaper."""
    ticks = int(bar.length * TICKS)
    columns = _counted(bar.ink.columns, ticks, space, tuplets)
    if not columns or columns == bar.ink.columns:
        return bar
    most = bar.reading.cost - GAIN
    reading = read_bar(columns, ticks, tuplets=tuplets, give_up=most)
    if not reading.placed or reading.cost > most:
        return bar
    return replace(bar, reading=reading, ink=replace(bar.ink, columns=columns))


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
