"""The ink of each system of a page: what lies between the systems above and below it.

What stands between two systems belongs to the ink of both; which of them it is read with is decided by distance later.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from omr.geometry import Point
from omr.labels import CLEFS, NOTEHEADS, REPEATED_MEASURES, RESTS
from omr.memory import present
from omr.notation import NotationGraph, Staff
from omr.reading.page import ReadPage

WRITTEN = frozenset((*NOTEHEADS, *RESTS, *CLEFS, *REPEATED_MEASURES, "multiMeasureRest"))
"""Without any of these a staff is empty."""


def staves_by_system(staves: Sequence[Staff]) -> tuple[tuple[Staff, ...], ...]:
    """The staves of each system, systems and staves from top to bottom."""
    rows: dict[int, list[Staff]] = {}
    for staff in sorted(staves, key=lambda staff: staff.index):
        rows.setdefault(staff.system, []).append(staff)
    return tuple(tuple(rows[index]) for index in sorted(rows))


def in_use(page: ReadPage, rows: Sequence[tuple[Staff, ...]]) -> tuple[tuple[Staff, ...], ...]:
    """The staves on which something is written: music paper has some that stay empty; all where none is in use."""
    centres = [node.box.center for node in page.graph.nodes if node.label in WRITTEN]
    used = (tuple(staff for staff in row if _written(staff, centres)) for row in rows)
    return tuple(row for row in used if row) or tuple(rows)


def _written(staff: Staff, centres: Sequence[Point]) -> bool:
    return any(staff.box.contains(centre) for centre in centres)


def zones(page: ReadPage, rows: Sequence[Sequence[Staff]]) -> tuple[NotationGraph, ...]:
    """The graph of each system of `rows`: symbols that reach into the space up to its neighbours, and their relations."""
    tops = [min(staff.box.top for staff in row) for row in rows]
    bottoms = [max(staff.box.bottom for staff in row) for row in rows]
    found = []
    for top, bottom in zip(tops, bottoms, strict=True):
        above = max([other for other in bottoms if other <= top], default=-inf)
        below = min([other for other in tops if other >= bottom], default=inf)
        found.append(_zone(page.graph, above, below))
    return tuple(found)


def _zone(graph: NotationGraph, top: float, bottom: float) -> NotationGraph:
    nodes = tuple([node for node in graph.nodes if node.box.bottom >= top and node.box.top <= bottom])
    if len(nodes) == len(graph.nodes):
        return graph
    ids = {node.id for node in nodes}
    edges = tuple([edge for edge in graph.edges if edge.source in ids and edge.target in ids])
    memory = present()
    if memory is None:
        return NotationGraph(nodes, edges)
    key = "zone", tuple(map(id, nodes)), tuple(map(id, edges))
    return memory.recall(key, (nodes, edges), lambda: NotationGraph(nodes, edges))
