"""Which bar a chord or rest stands in, told at the height of its own staff.

A pen's barline leans, and where each staff has a stroke of its own these stand apart. Between the outermost edges of such a
line there is music of both bars. Of a leaning stroke only the box is known; it leans the way that leaves the music the most
room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omr.geometry import Box
from omr.reading.items import Item
from omr.reading.layout import Separator, System

LEANING = 0.6  # staff spaces: a wider stroke leans
ROOM = 1.0  # staff spaces beside a line beyond which more room tells nothing
SURE = 0.5  # staff spaces of room more, with which a line tells its own lean

_Place = tuple[float, float]
"""(x, y) of an item, pixels."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A barline with the way its tall strokes lean: 1 to the right going down, -1 to the left."""

    strokes: tuple[Box, ...]
    lean: int

    def x_at(self, y: float) -> float:
        stroke = min(self.strokes, key=lambda box: (max(box.top - y, y - box.bottom, 0.0), box.left))
        down = min(1.0, max(0.0, (y - stroke.top) / max(1.0, stroke.height)))
        return stroke.left + stroke.width * (down if self.lean > 0 else 1 - down)


def by_bars(system: System, items: Sequence[Item]) -> tuple[tuple[Item, ...], ...]:
    """The items of each bar of `system`; what stands before its first bar or after its last is in none."""
    first, last = system.spans[0].left, system.spans[-1].right
    music = [(item, _place(item)) for item in items if first <= item.x < last]
    lines = _lines(system, [place for _, place in music])
    found: list[list[Item]] = [[] for _ in system.spans]
    for item, (_, y) in music:
        found[_bar(system, lines, item.x, y)].append(item)
    return tuple(map(tuple, found))


def _bar(system: System, lines: Sequence[_Line | None], x: float, y: float) -> int:
    for bar, (before, after) in enumerate(pairwise(system.spans)):
        line = lines[bar]
        if x < before.right or (x < after.left and (line is None or x < line.x_at(y))):
            return bar
    return len(system.spans) - 1


def _lines(system: System, places: Sequence[_Place]) -> list[_Line | None]:
    """The line between each bar and the next; None where nothing leans."""
    closing = [span.closing for span in system.spans[:-1]]
    votes = [0.0 if line is None else _vote(line, places, system.space) for line in closing]
    usual = 1 if sum(votes) >= 0 else -1
    return [
        None
        if line is None or not line.strokes
        else _Line(line.strokes, (1 if vote > 0 else -1) if abs(vote) > SURE else usual)
        for line, vote in zip(closing, votes, strict=True)
    ]


def _vote(line: Separator, places: Sequence[_Place], space: float) -> float:
    """How much more room the music has where the line's wide strokes lean to the right, staff spaces."""
    vote = 0.0
    for stroke in line.strokes:
        if stroke.width <= LEANING * space or stroke.height < stroke.width:
            continue
        right, left = _Line((stroke,), 1), _Line((stroke,), -1)
        for x, y in places:
            if stroke.top <= y <= stroke.bottom and stroke.left - space < x < stroke.right + space:
                vote += min(ROOM, abs(x - right.x_at(y)) / space) - min(ROOM, abs(x - left.x_at(y)) / space)
    return vote


def _place(item: Item) -> _Place:
    node = item.rest if item.rest is not None else item.heads[0].node
    return node.box.center.x, node.box.center.y
