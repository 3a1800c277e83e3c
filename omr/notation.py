"""The notation graph: symbols found on a page, the relations between them, and the staves they stand on.

Music notation is read as a graph in the manner of MUSCIMA++ (Hajic and Pecina 2017): a node is a piece of ink with a class,
an edge says that its source needs its target to be understood (a notehead its stem). All coordinates are page pixels.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from omr.geometry import Box

Origin = Literal["model", "human", "truth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One symbol. `label` is one of omr.labels.DETECTED or COMPOSITES."""

    id: int
    label: str
    box: Box
    score: float = 1.0
    """Probability that `label` is right, 0-1."""
    scores: tuple[float, ...] = ()
    """Soft class vector in the order of labels.DETECTED, or empty when the symbol was not scored by a model."""
    origin: Origin = "model"
    features: tuple[float, ...] = ()
    """What the detector's network saw there, or empty: for models that learn more about a symbol."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`source` needs `target` to be understood; both are node ids."""

    source: int
    target: int
    score: float = 1.0
    """Probability of the relation, 0-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """One staff line as a curve: y at sampled x, linear between the samples, level beyond them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def y_at(self, x: float) -> float:
        place = bisect_right(self.xs, x)
        if place == 0 or place == len(self.xs):
            return float(self.ys[max(0, place - 1)])
        left, right = self.xs[place - 1], self.xs[place]
        share = (x - left) / (right - left)
        return float(self.ys[place - 1] + share * (self.ys[place] - self.ys[place - 1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A staff: its lines from top to bottom (five, or one for percussion)."""

    index: int
    """0 = topmost staff of the page."""
    system: int
    """0 = topmost system of the page."""
    lines: tuple[StaffLine, ...]
    box: Box
    staff_space: float
    """Mean distance of neighbouring lines, pixels."""

    def position_at(self, x: float, y: float) -> float:
        """Staff position of a point in half staff spaces counted downwards: 0 = top line, 1 = first space, 8 = bottom line."""
        ys = self._heights(x)
        if len(ys) == 1:
            return (y - ys[0]) / self.staff_space * 2 + 4  # a lone line stands where the middle line would
        if y <= ys[0]:
            return (y - ys[0]) / self.staff_space * 2
        if y >= ys[-1]:
            return 2 * (len(ys) - 1) + (y - ys[-1]) / self.staff_space * 2
        place = bisect_right(ys, y) - 1
        return 2 / (ys[place + 1] - ys[place]) * (y - ys[place]) + 2 * place

    def y_of(self, x: float, position: float) -> float:
        """Height of staff position `position` (half spaces below the top line) at `x`; the inverse of position_at."""
        ys = self._heights(x)
        if len(ys) == 1:
            return ys[0] + (position - 4) * self.staff_space / 2
        last = 2 * (len(ys) - 1)
        if position <= 0:
            return ys[0] + position * self.staff_space / 2
        if position >= last:
            return ys[-1] + (position - last) * self.staff_space / 2
        place = int(position // 2)
        return (ys[place + 1] - ys[place]) / 2 * (position - 2 * place) + ys[place]

    def _heights(self, x: float) -> list[float]:
        """Of the lines at `x`."""
        xs = self.lines[0].xs
        for line in self.lines:
            if line.xs is not xs:
                return [line.y_at(x) for line in self.lines]
        place = bisect_right(xs, x)
        if place == 0 or place == len(xs):
            return [float(line.ys[max(0, place - 1)]) for line in self.lines]
        share = (x - xs[place - 1]) / (xs[place] - xs[place - 1])
        return [line.ys[place - 1] + share * (line.ys[place] - line.ys[place - 1]) for line in self.lines]


@dataclass(frozen=True)
class NotationGraph:
    """Nodes and edges of one page; every edge is stored once and joins nodes that are present.

    Raises ValueError for a repeated node id, a repeated edge or an edge without both its nodes.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def __post_init__(self) -> None:
        if len(self.by_id) != len(self.nodes):
            raise ValueError("two nodes share an id")
        pairs = {(edge.source, edge.target) for edge in self.edges}
        if len(pairs) != len(self.edges):
            raise ValueError("an edge is stored twice")
        for edge in self.edges:
            if edge.source not in self.by_id or edge.target not in self.by_id:
                raise ValueError(f"edge {edge.source} -> {edge.target} lacks a node")

    @cached_property
    def by_id(self) -> Mapping[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _targets(self) -> Mapping[int, tuple[Node, ...]]:
        return _neighbours(self.by_id, ((edge.source, edge.target) for edge in self.edges))

    @cached_property
    def _sources(self) -> Mapping[int, tuple[Node, ...]]:
        return _neighbours(self.by_id, ((edge.target, edge.source) for edge in self.edges))

    def targets(self, node_id: int) -> tuple[Node, ...]:
        """Nodes that `node_id` points to, by id."""
        return self._targets.get(node_id, ())

    def sources(self, node_id: int) -> tuple[Node, ...]:
        """Nodes that point to `node_id`, by id."""
        return self._sources.get(node_id, ())

    def with_nodes(self, added: Iterable[Node]) -> NotationGraph:
        return replace(self, nodes=(*self.nodes, *added))

    def with_edges(self, added: Iterable[Edge]) -> NotationGraph:
        return replace(self, edges=(*self.edges, *added))

    def without_nodes(self, ids: Iterable[int]) -> NotationGraph:
        """This graph less the given nodes and every edge that touches them."""
        gone = frozenset(ids)
        nodes = tuple(node for node in self.nodes if node.id not in gone)
        edges = tuple(edge for edge in self.edges if edge.source not in gone and edge.target not in gone)
        return NotationGraph(nodes, edges)


def _neighbours(by_id: Mapping[int, Node], pairs: Iterable[tuple[int, int]]) -> Mapping[int, tuple[Node, ...]]:
    found: dict[int, list[int]] = {}
    for here, there in pairs:
        found.setdefault(here, []).append(there)
    return {here: tuple(by_id[there] for there in sorted(ends)) for here, ends in found.items()}
