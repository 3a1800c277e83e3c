"""What lies under a point, in a rectangle or in a lasso: plain functions over the ink of a page, fast by a grid of cells.

Under a point the smallest symbol wins, so that a dot can be picked over a slur; stems and ledger lines come last, for they run
through everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import hypot
from typing import Final

from omr.geometry import Box, Point
from omr.notation import Edge, Node, NotationGraph

CELL: Final = 64.0  # pixels
KEPT: Final = 4  # graphs whose cells are kept
LAST: Final = frozenset(("stem", "legerLine", "slur", "tie", "brace", "bracket", "text"))

_Cells = Mapping[tuple[int, int], Sequence[Node]]


_grids: dict[int, tuple[NotationGraph, _Cells]] = {}
"""By the identity of the graph, the oldest first; only a few graphs are looked at at a time."""


def node_at(graph: NotationGraph, at: Point, *, reach: float = 0.0, among: Collection[int] | None = None) -> int | None:
    """The symbol under `at` or, where none is, the nearest within `reach` pixels; only of `among` where given."""
    near = [
        (_distance(node.box, at), node.label in LAST, node.box.area, node.id)
        for node in _around(graph, Box(at.x - reach, at.y - reach, at.x + reach, at.y + reach))
        if among is None or node.id in among
    ]
    return min((entry for entry in near if entry[0] <= reach), default=(0.0, False, 0.0, None))[3]


def nodes_in(graph: NotationGraph, region: Box) -> tuple[int, ...]:
    """The symbols whose middle lies in a rectangle, by id."""
    return tuple(sorted({node.id for node in _around(graph, region) if region.contains(node.box.center)}))


def nodes_in_lasso(graph: NotationGraph, points: Sequence[Point]) -> tuple[int, ...]:
    """The symbols whose middle lies in the closed line through `points`, by id."""
    if len(points) < 3:
        return ()
    xs, ys = [point.x for point in points], [point.y for point in points]
    region = Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    return tuple(node_id for node_id in nodes_in(graph, region) if _inside(graph.by_id[node_id].box.center, points))


def edge_at(graph: NotationGraph, at: Point, *, reach: float) -> Edge | None:
    """The relation, drawn as a line between the middles of its symbols, nearest to `at` within `reach` pixels."""
    near = [
        (_to_line(at, graph.by_id[edge.source].box.center, graph.by_id[edge.target].box.center), edge)
        for edge in graph.edges
    ]
    return min((entry for entry in near if entry[0] <= reach), default=(0.0, None))[1]


def _around(graph: NotationGraph, region: Box) -> Iterator[Node]:
    cells = _cells(graph)
    seen: set[int] = set()
    for cell in _covered(region):
        for node in cells.get(cell, ()):
            if node.id not in seen:
                seen.add(node.id)
                yield node


def _cells(graph: NotationGraph) -> _Cells:
    key = id(graph)
    entry = _grids.get(key)
    if entry is None or entry[0] is not graph:
        found: dict[tuple[int, int], list[Node]] = defaultdict(list)
        for node in graph.nodes:
            for cell in _covered(node.box):
                found[cell].append(node)
        while len(_grids) >= KEPT:
            _grids.pop(next(iter(_grids)))
        entry = _grids[key] = graph, dict(found)
    return entry[1]


def _covered(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // CELL), int(box.right // CELL) + 1):
        for row in range(int(box.top // CELL), int(box.bottom // CELL) + 1):
            yield column, row


def _distance(box: Box, at: Point) -> float:
    across = max(box.left - at.x, at.x - box.right, 0.0)
    along = max(box.top - at.y, at.y - box.bottom, 0.0)
    return hypot(across, along)


def _inside(at: Point, points: Sequence[Point]) -> bool:
    """Whether a ray from `at` to the right crosses the closed line an odd number of times."""
    odd = False
    for place, end in enumerate(points):
        start = points[place - 1]
        if (start.y > at.y) != (end.y > at.y):
            x = start.x + (at.y - start.y) / (end.y - start.y) * (end.x - start.x)
            odd = odd != (at.x < x)
    return odd


def _to_line(at: Point, start: Point, end: Point) -> float:
    """Distance of a point from a stretch."""
    length = (end.x - start.x) ** 2 + (end.y - start.y) ** 2
    along = ((at.x - start.x) * (end.x - start.x) + (at.y - start.y) * (end.y - start.y)) / length if length else 0.0
    along = max(0.0, min(1.0, along))
    return hypot(at.x - start.x - along * (end.x - start.x), at.y - start.y - along * (end.y - start.y))
