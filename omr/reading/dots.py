"""Whose augmentation dot it is, where heads crowd: the head's next to it, and of two voices on one head only one's.

A dot stands right of its head. Where the head of another voice stands between the two in the same row, the dot is that one's;
and where two voices share a head, the dot is printed once although it may lengthen one of them only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.labels import NOTEHEADS
from omr.notation import Edge, Node, NotationGraph
from omr.reading.ink import Ink
from omr.reading.items import Item

DOT_X = 2.4  # staff spaces from the right side of a head to the centre of its dot
DOT_Y = 0.75  # staff spaces between a head's centre and its dot
ROW = 0.4  # staff spaces between the middles of two heads in one row
PAST = 0.5  # staff spaces a nearer head stands further right, at least
INTO = 0.3  # staff spaces a head may reach into its dot


def with_nearest_dots(graph: NotationGraph, space: float) -> NotationGraph:
    """The graph with each dot related to the last head before it in the row of the head it was related to.

    Relations of probability 1 stay as they are.
    """
    by_id = graph.by_id
    heads = [node for node in graph.nodes if node.label in NOTEHEADS]
    moved = {
        edge: nearest.id
        for edge in graph.edges
        if edge.score < 1.0 and by_id[edge.target].label == "augmentationDot"
        for nearest in [_last_before(by_id[edge.target], by_id[edge.source], heads, space)]
        if nearest is not by_id[edge.source]
    }
    if not moved:
        return graph
    edges = {(edge.source, edge.target): edge for edge in graph.edges if edge not in moved}
    for edge, head in moved.items():
        edges.setdefault((head, edge.target), Edge(head, edge.target, edge.score))
    return NotationGraph(graph.nodes, tuple(sorted(edges.values())))


def _last_before(dot: Node, owner: Node, heads: Sequence[Node], space: float) -> Node:
    """The head nearest to the dot in the owner's row, or the owner, which may be a rest."""
    if owner.label not in NOTEHEADS:
        return owner
    between = [
        head
        for head in heads
        if head.box.left > owner.box.left + PAST * space
        and head.box.right < dot.box.left + INTO * space
        and abs(head.box.center.y - owner.box.center.y) < ROW * space
    ]
    return max(between, key=lambda head: head.box.right, default=owner)


def with_shared_dots(items: Sequence[Item]) -> list[Item]:
    """The items, those marked that share both a head and its dot with one of the other stem direction."""
    owners: dict[int, list[Item]] = {}
    for item in items:
        for head in item.heads if item.dots else ():
            owners.setdefault(head.node.id, []).append(item)
    shared = {item.id for some in owners.values() if len({item.direction for item in some}) > 1 for item in some}
    return [replace(item, shared_dots=True) if item.id in shared else item for item in items]


def dots_of(nodes: Sequence[Node], ink: Ink, space: float) -> tuple[int, tuple[Node, ...]]:
    """Number of dots of a chord or rest and their nodes: the most any one head has."""
    linked = {
        node.id: tuple(dot for dot in ink.graph.targets(node.id) if dot.label == "augmentationDot") for node in nodes
    }
    if not any(linked.values()) and not ink.trusted:
        linked = {node.id: _dots_beside(node, ink, space) for node in nodes}
    every = {dot.id: dot for dots in linked.values() for dot in dots}
    if not every:
        return 0, ()
    dots = tuple(every[key] for key in sorted(every))
    rows = [sum(abs(dot.box.center.y - other.box.center.y) < 0.35 * space for other in dots) for dot in dots]
    return min(2, max(rows)), dots


def _dots_beside(node: Node, ink: Ink, space: float) -> tuple[Node, ...]:
    centre = node.box.center
    return tuple(
        dot
        for dot in ink.dots
        if 0 < (middle := dot.box.center).x - node.box.right < DOT_X * space
        and abs(middle.y - centre.y) < DOT_Y * space
        and not ink.graph.sources(dot.id)
    )[:2]
