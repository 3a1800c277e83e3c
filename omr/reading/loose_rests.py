"""Rests between the two staves of a part: printed out of the way of other notes, they may belong to the voice of either staff.

A bar is read with both in mind. Afterwards a rest goes to the staff that lacks it: where something begins as the rest ends, or
ends as it begins, and nothing else fills the time before or after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from omr.memory import recalled
from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.reading.items import Item
from omr.reading.layout import System
from omr.reading.steps import Placed

OUTSIDE = 0.5  # staff spaces from a staff to the middle of a rest that may be the other staff's


def with_loose_rests(document: Document, place: int) -> tuple[Item, ...]:
    """The items of a system, rests beyond their staff marked with the staff of the same part on that side."""
    parts = _parts(document, place)
    system = document.systems[place]
    return tuple(_marked(item, system, parts) if item.is_rest else item for item in document.items[place])


def _parts(document: Document, place: int) -> Mapping[int, int]:
    """The part of each row of a system."""
    found: dict[int, int] = {}
    staff = 0
    for part, count in enumerate(document.groups):
        for rows in document.rows[staff : staff + count]:
            row = rows[place]
            if row is not None:
                found[row] = part
        staff += count
    return found


def _marked(item: Item, system: System, parts: Mapping[int, int]) -> Item:
    assert item.rest is not None
    centre = item.rest.box.center
    position = system.staves[item.staff].position_at(centre.x, centre.y)
    outside = 2 * OUTSIDE
    other = item.staff - 1 if position < -outside else item.staff + 1 if position > 8 + outside else item.staff
    together = other in parts and parts[other] == parts.get(item.staff)
    if not together or other == item.staff:
        return item
    return recalled((item,), other, lambda: replace(item, beyond=other))


def settled(bar: TimedBar) -> TimedBar:
    """The bar with its loose rests on the staves that lack them."""
    placed = list(bar.reading.placed)
    for index, entry in enumerate(placed):
        if entry.item.beyond >= 0 and _lacks(entry, placed[:index] + placed[index + 1 :]):
            moved = replace(entry.item, staff=entry.item.beyond, beyond=entry.item.staff)
            placed[index] = replace(entry, item=moved)
    if placed == list(bar.reading.placed):
        return bar
    items = {entry.item.id: entry.item for entry in placed}
    columns = tuple(tuple(items.get(item.id, item) for item in column) for column in bar.ink.columns)
    return replace(bar, reading=replace(bar.reading, placed=tuple(placed)), ink=replace(bar.ink, columns=columns))


def _lacks(rest: Placed, others: Sequence[Placed]) -> bool:
    """Whether the staff beyond has a hole just where the rest is, and its own staff has none."""
    item = rest.item
    starts = (
        _surplus(others, item.staff, rest.onset + rest.ticks),
        _surplus(others, item.beyond, rest.onset + rest.ticks),
    )
    ends = _surplus(others, item.staff, rest.onset), _surplus(others, item.beyond, rest.onset)
    begins = rest.onset > 0
    own = starts[0] > 0 or (begins and ends[0] < 0)
    beyond = starts[1] > 0 or (begins and ends[1] < 0)
    return beyond and not own


def _surplus(placed: Sequence[Placed], staff: int, time: int) -> int:
    """How many more notes and rests of a staff begin at a time than end there."""
    here = [entry for entry in placed if entry.item.staff == staff]
    return sum(entry.onset == time for entry in here) - sum(entry.onset + entry.ticks == time for entry in here)
