"""The bar in which a symbol stands: that of the note read from it, else of a note related to it, else where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from omr.notation import Node, NotationGraph, Staff
from omr.score import Issue, NodeRef, Part, Score

Bar = tuple[int, str]
"""(index of the bar, id of the part)."""


def located(
    issues: Iterable[Issue], score: Score, graph: NotationGraph, staves: tuple[Staff, ...], page: int
) -> tuple[Issue, ...]:
    """Issues of one page's graph, page 0 in their references, as those of page `page` of the score, with bar and part.

    The bars' edges and the graph must be in the same coordinates. What lies beyond the bars of its
    system gets the nearest; without bars, none.
    """
    inks = dict(_inks(score))
    found = []
    for issue in issues:
        nodes = tuple((page, node) for _, node in issue.nodes)
        measure, part = _bar_of(nodes, score, graph, staves, inks) or (None, None)
        found.append(replace(issue, nodes=nodes, measure=measure, part=part))
    return tuple(found)


def _inks(score: Score) -> Iterator[tuple[NodeRef, Bar]]:
    for part in score.parts:
        for measure in part.measures:
            for event in measure.events:
                for tone in event.tones:
                    yield from ((node, (measure.index, part.id)) for node in tone.nodes)
                yield from ((node, (measure.index, part.id)) for node in event.nodes)


def _bar_of(
    nodes: tuple[NodeRef, ...],
    score: Score,
    graph: NotationGraph,
    staves: tuple[Staff, ...],
    inks: Mapping[NodeRef, Bar],
) -> Bar | None:
    related = ((page, other.id) for page, node in nodes for other in (*graph.sources(node), *graph.targets(node)))
    for reference in (*nodes, *related):
        if reference in inks:
            return inks[reference]
    for page, node in nodes:
        bar = _bar_at(graph.by_id[node], score, staves, page)
        if bar is not None:
            return bar
    return None


def _bar_at(node: Node, score: Score, staves: tuple[Staff, ...], page: int) -> Bar | None:
    """The bar of the nearest staff that `node` lies in."""
    if not staves:
        return None
    centre = node.box.center
    staff = min(staves, key=lambda each: abs(each.box.center.y - centre.y))
    row = sum(each.system == staff.system and each.box.center.y < staff.box.center.y for each in staves)
    for part in score.parts:
        if row < part.staves or part is score.parts[-1]:
            return _bar_in(part, staff.system, page, centre.x)
        row -= part.staves
    return None


def _bar_in(part: Part, system: int, page: int, x: float) -> Bar | None:
    """The bar of a system that holds x or is nearest to it; None where the part has none there."""
    near = [
        (max(measure.left_x - x, x - measure.right_x, 0.0), measure.index)
        for measure in part.measures
        if (measure.page, measure.system) == (page, system)
    ]
    return (min(near)[1], part.id) if near else None
