"""A bar told from others by its ink alone: a note added earlier in the system numbers all chords after it anew.

Chords and rests are numbered by their order; the ids of beam groups by their first appearance.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from omr.memory import mark, present
from omr.notation import Node
from omr.reading.items import Item
from omr.reading.steps import BarReading, Placed

Numbers = tuple[tuple[tuple[int, Placed], ...], BarReading]
"""(place of the item, entry, with the place of the item it follows instead of its id) of a reading, and the reading."""


class Renumbered:
    """The items of a bar's columns in the order of their ids, and the marks that tell the bar from others."""

    def __init__(self, columns: Sequence[Sequence[Item]]) -> None:
        self.items = tuple(sorted((item for column in columns for item in column), key=lambda item: item.id))
        self._places = {item.id: place for place, item in enumerate(self.items)}
        groups: dict[int, int] = {-1: -1}
        for group in sorted({item.group for item in self.items}):
            groups.setdefault(group, len(groups))
        self.marks: Hashable = tuple(
            tuple([(self._places[item.id], _mark(item, groups[item.group])) for item in column]) for column in columns
        )

    def numbered(self, reading: BarReading) -> Numbers:
        """`reading` by the places of its items."""
        placed = tuple(
            (self._places[entry.item.id], replace(entry, after=self._places.get(entry.after, -1)))
            for entry in reading.placed
        )
        return placed, reading

    def restored(self, numbers: Numbers) -> BarReading:
        """The reading with the items of this bar."""
        placed, reading = numbers
        ids = [item.id for item in self.items]
        return replace(
            reading,
            placed=tuple(
                replace(entry, item=self.items[place], after=ids[entry.after] if entry.after >= 0 else -1)
                for place, entry in placed
            ),
        )


def known(item: Item) -> Item:
    """The item as an earlier reading has it, where nothing about it has changed."""
    memory = present()
    if memory is None:
        return item
    return memory.recall(("item", item.id, _mark(item, item.group)), item, lambda: item)


def _mark(item: Item, group: int) -> Hashable:
    """All that an item is but its numbers."""
    return (
        item.x, item.staff, tuple([(id(head.node), head.staff, head.position) for head in item.heads]), mark(item.rest),
        mark(item.stem), item.direction, _ids(item.beams), group, _ids(item.flags), item.levels, item.spike,
        item.forgotten, item.dots, _ids(item.dot_nodes), _ids(item.figures), _ids(item.tremolos), item.grace, item.told,
        _ids(item.attached), item.shared_dots, item.certain,
    )  # fmt: skip


def _ids(nodes: Iterable[Node]) -> tuple[int, ...]:
    return tuple([id(node) for node in nodes])
