"""A page recognised, perhaps again: what a person did to it before stays, matched by where the ink lies.

A symbol is the same as one of another recognition when their boxes share most of their area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.state import Decisions, PageEntry
from omr.batch.project_file import light
from omr.ink import fresh_node_id, with_edge, with_nodes, without_edges, without_nodes
from omr.labels import GRAMMAR
from omr.notation import Node, NotationGraph

if TYPE_CHECKING:
    from omr.pipeline import PageResult

SAME = 0.4  # overlap (IoU) of two boxes around the same ink


def recognised(entry: PageEntry, result: PageResult) -> PageEntry:
    """The page with `result`, less ignored regions and erased symbols, with what a person put, changed and related."""
    result = light(result)
    hidden = [
        node.id
        for node in result.graph.nodes
        if any(region.contains(node.box.center) for region in entry.ignored)
        or any(node.label == gone.label and node.box.iou(gone.box) > SAME for gone in entry.erased)
    ]
    result = without_nodes(result, hidden)
    if entry.result is None:
        return replace(entry, status="done", message="", result=result, looks=None)
    result, names = _with_human(entry.result.graph, result)
    names = {**renamed(entry.result.graph, result.graph), **names}
    drawn, cut = _mapped(entry.drawn, names), _mapped(entry.cut, names)
    for source, target in sorted(drawn):
        by_id = result.graph.by_id
        if (by_id[source].label, by_id[target].label) in GRAMMAR:
            result = with_edge(result, source, target)
    values = {names[node]: value for node, value in entry.values.items() if node in names}
    result = without_edges(result, cut)
    return replace(entry, status="done", message="", result=result, drawn=drawn, cut=cut, values=values, looks=None)


def renamed(old: NotationGraph, new: NotationGraph) -> dict[int, int]:
    """The ids that symbols of `old` have in `new`, where the same ink has the same class again."""
    places: dict[str, list[Node]] = {}
    for node in new.nodes:
        places.setdefault(node.label, []).append(node)
    found = {}
    for node in old.nodes:
        best = max(places.get(node.label, ()), key=lambda other: (other.box.iou(node.box), -other.id), default=None)
        if best is not None and best.box.iou(node.box) > SAME:
            found[node.id] = best.id
    return found


def moved_timings(decisions: Decisions, page: str, names: Mapping[int, int]) -> Decisions:
    """The decisions with the timings of a page's bars in the new ids of their symbols; a timing that lost one goes."""
    bars = {}
    for bar, timing in decisions.bars.items():
        if bar.page != page:
            bars[bar] = timing
        elif all(node in names for node, _, _ in timing):
            bars[bar] = frozenset((names[node], onset, ticks) for node, onset, ticks in timing)
    return decisions if bars == decisions.bars else replace(decisions, bars=bars)


def _with_human(old: NotationGraph, result: PageResult) -> tuple[PageResult, dict[int, int]]:
    """`result` with the symbols of `old` that a person made, in the place of what lies there; and their new ids."""
    names: dict[int, int] = {}
    put = []
    fresh = fresh_node_id(result.graph)
    for node in old.nodes:
        if node.origin != "human":
            continue
        rivals = [
            other for other in result.graph.nodes if other.box.iou(node.box) > SAME and other.id not in names.values()
        ]
        if rivals:
            names[node.id] = max(rivals, key=lambda other: (other.box.iou(node.box), -other.id)).id
        else:
            names[node.id], fresh = fresh, fresh + 1
        put.append(replace(node, id=names[node.id]))
    result = with_nodes(result, put)
    by_id = result.graph.by_id
    illegal = [
        (edge.source, edge.target)
        for edge in result.graph.edges
        if {edge.source, edge.target} & set(names.values())
        and (by_id[edge.source].label, by_id[edge.target].label) not in GRAMMAR
    ]
    return without_edges(result, illegal), names


def _mapped(pairs: frozenset[tuple[int, int]], names: Mapping[int, int]) -> frozenset[tuple[int, int]]:
    return frozenset((names[a], names[b]) for a, b in pairs if a in names and b in names)
