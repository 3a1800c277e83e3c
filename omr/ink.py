"""The ink of a page after a correction: the graph in page pixels and the one the reader takes, changed together.

A relation that is put in is certain: its probability is 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.prepare import from_page, to_page

if TYPE_CHECKING:
    from omr.pipeline import PageResult


def to_prepared(result: PageResult, box: Box) -> Box:
    """A box of the page on the prepared image: the upright one around it, the skew of the page taken off."""
    centre = from_page(result.to_page, (box.center.x, box.center.y))
    beside = np.array([centre, (centre[0] + 1.0, centre[1])])
    here, right = to_page(result.to_page, beside)
    scale = 1 / float(np.hypot(*(right - here)))
    width, height = box.width * scale / 2, box.height * scale / 2
    return Box(centre[0] - width, centre[1] - height, centre[0] + width, centre[1] + height)


def fresh_node_id(graph: NotationGraph) -> int:
    return max((node.id for node in graph.nodes), default=-1) + 1


def with_nodes(result: PageResult, nodes: Iterable[Node]) -> PageResult:
    """The page with `nodes` (page pixels) added, or put in place of those with the same ids."""
    changed = {node.id: node for node in nodes}
    read = {node_id: _prepared(result, node) for node_id, node in changed.items()}
    return _with_graphs(result, _put(result.graph, changed), _put(result.reading.graph, read))


def without_nodes(result: PageResult, ids: Iterable[int]) -> PageResult:
    """The page less some symbols and their relations."""
    gone = frozenset(ids)
    return _with_graphs(result, result.graph.without_nodes(gone), result.reading.graph.without_nodes(gone))


def with_edge(result: PageResult, source: int, target: int) -> PageResult:
    """The page with a certain relation."""
    edge = Edge(source, target, 1.0)

    def joined(graph: NotationGraph) -> NotationGraph:
        rest = tuple(own for own in graph.edges if (own.source, own.target) != (source, target))
        return NotationGraph(graph.nodes, tuple(sorted((*rest, edge))))

    return _with_graphs(result, joined(result.graph), joined(result.reading.graph))


def without_edges(result: PageResult, pairs: Iterable[tuple[int, int]]) -> PageResult:
    """The page less some relations, given as (source, target)."""
    gone = frozenset(pairs)

    def less(graph: NotationGraph) -> NotationGraph:
        return NotationGraph(graph.nodes, tuple(e for e in graph.edges if (e.source, e.target) not in gone))

    return _with_graphs(result, less(result.graph), less(result.reading.graph))


def staff_near(result: PageResult, box: Box) -> Staff | None:
    """The staff of the page (page pixels) whose height is nearest to the middle of `box`."""
    y = box.center.y
    return min(result.staves, key=lambda staff: max(staff.box.top - y, y - staff.box.bottom, 0.0), default=None)


def _prepared(result: PageResult, node: Node) -> Node:
    """`node` as the reader sees it; where only its class changed, its box there stays as it was."""
    old, read = result.graph.by_id.get(node.id), result.reading.graph.by_id.get(node.id)
    if old is not None and read is not None and old.box == node.box:
        return replace(node, box=read.box)
    return replace(node, box=to_prepared(result, node.box))


def _put(graph: NotationGraph, changed: dict[int, Node]) -> NotationGraph:
    kept = tuple(changed.get(node.id, node) for node in graph.nodes)
    added = tuple(node for node_id, node in changed.items() if node_id not in graph.by_id)
    return NotationGraph((*kept, *added), graph.edges)


def _with_graphs(result: PageResult, graph: NotationGraph, read: NotationGraph) -> PageResult:
    return replace(result, graph=graph, reading=replace(result.reading, graph=read))
