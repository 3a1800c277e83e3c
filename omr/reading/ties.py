"""Ties: an arc between two heads of the same height with nothing but time between them.

A slur that a detector sees over two neighbouring notes of one height is taken for one: the two differ by nothing else on paper.
Where every relation is certain, and no detector named the arcs, relations tell which heads a tie joins: nothing is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from omr.notation import Node, NotationGraph
from omr.reading.items import Head, Item
from omr.reading.layout import System
from omr.reading.page import trusted

END_X = 2.0  # staff spaces between an end of a tie and the centre of its head
END_LINKED = 3.2  # the same where the two are related: dots and seconds push a tie away
END_Y = 2.2  # the same, vertically
END_LONG = 0.075  # of its length by which the end of a longer arc may lie farther off
FLAT = 2.2  # staff spaces: a slur higher than this is no tie, unless it is long
FLAT_LONG = 0.1  # of its length
LONG = 26.0  # staff spaces: nor one longer than this
REACH = 8.0  # staff spaces above and below the system within which its ties lie
LINKED = 0.5  # staff spaces a related head counts as nearer
EDGE = 3.0  # staff spaces from the system's end: a tie that ends there goes on below


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of head ids, and the heads whose tie leaves the system at its end or enters it at its start."""

    pairs: tuple[tuple[int, int], ...]
    leaving: frozenset[int]
    entering: frozenset[int]
    ink: frozenset[int]
    """Arcs that are ties, so no slurs."""
    out: tuple[tuple[int, int], ...] = ()
    """(head, slur): the last head of a staff, and a slur from it that leaves the system at its end."""
    into: tuple[tuple[int, int], ...] = ()
    """(head, slur): the first head of a staff, and a slur to it that enters the system at its start."""


def read_ties(graph: NotationGraph, system: System, items: Sequence[Item]) -> Ties:
    """The ties of one system."""
    heads = _by_place([head for item in items for head in item.heads])
    if trusted(graph) and not any(node.scores for node in graph.nodes if node.label in ("tie", "slur")):
        return _related(graph, heads)
    last = max((span.right for span in system.spans), default=0.0)
    first = min((head.node.box.left for head in heads), default=0.0)
    leaving: set[int] = set()
    entering: set[int] = set()
    ink: set[int] = set()
    top, bottom = system.staves[0].box.top - REACH * system.space, system.staves[-1].box.bottom + REACH * system.space
    arcs = [n for n in graph.nodes if n.label in ("tie", "slur") and n.box.bottom > top and n.box.top < bottom]
    ends = {arc.id: _ends(arc, heads, graph, system) for arc in arcs if _may_be_tie(arc, system.space)}
    pairs = _matched(arcs, ends, heads, ink)
    out: list[tuple[int, int]] = []
    into: list[tuple[int, int]] = []
    for arc in sorted(arcs, key=lambda n: (n.box.left, n.id)):
        if arc.id in ink or arc.id not in ends:
            continue
        starts, stops = ends[arc.id]
        if starts and arc.box.right > last - EDGE * system.space:
            if arc.label == "tie":
                leaving.add(starts[0][1].node.id)
                ink.add(arc.id)
            else:
                out += [
                    (head.node.id, arc.id) for _, head in starts if head.node.id in _outermost(heads, head.staff, -1)
                ]
        elif stops and arc.box.left < first + 0.5 * system.space:
            if arc.label == "tie":
                entering.add(stops[0][1].node.id)
                ink.add(arc.id)
            else:
                into += [
                    (head.node.id, arc.id) for _, head in stops if head.node.id in _outermost(heads, head.staff, 0)
                ]
    return Ties(
        tuple(sorted(pairs.items())), frozenset(leaving), frozenset(entering), frozenset(ink), tuple(out), tuple(into)
    )


def _outermost(heads: Sequence[Head], staff: int, end: int) -> frozenset[int]:
    """The heads of the first (`end` 0) or last (-1) chord of a staff."""
    own = [head for head in heads if head.staff == staff]
    edge = own[end].node.box
    return frozenset(head.node.id for head in own if abs(head.node.box.center.x - edge.center.x) < edge.width)


def joined(
    before: Ties, heads: Sequence[Head], after: Ties, following: Sequence[Head], rows: Mapping[int, int]
) -> tuple[Ties, Ties]:
    """The ties of a system and of the next, with those that run over the break although one piece was missed or called a slur.

    `heads` and `following` are those of the two systems, `rows` the staff of the next system by that of this one. A tie holds
    from the last chord of a staff to the first one: where their heights are equal, one named piece, or two slurs, tell it.
    """
    behind = _by_place(following)
    opening = {staff: _outermost(behind, staff, 0) for staff in {head.staff for head in behind}}
    firsts = {(head.staff, head.position): head.node.id for head in behind if head.node.id in opening[head.staff]}
    ordered = _by_place(heads)
    out, into = dict(before.out), dict(after.into)
    leaving, entering = set(before.leaving), set(after.entering)
    for staff, row in rows.items():
        last = _outermost(ordered, staff, -1) if any(head.staff == staff for head in ordered) else frozenset()
        for head in ordered:
            other = firsts.get((row, head.position))
            if head.staff != staff or head.node.id not in last or other is None:
                continue
            if other in after.entering or (head.node.id in out and other in into):
                leaving.add(head.node.id)
                entering.add(other)
    arcs = {arc for head, arc in before.out if head in leaving}, {arc for head, arc in after.into if head in entering}
    return (
        replace(before, leaving=frozenset(leaving), ink=before.ink | arcs[0]),
        replace(after, entering=frozenset(entering), ink=after.ink | arcs[1]),
    )


def _by_place(heads: Sequence[Head]) -> list[Head]:
    return sorted(heads, key=lambda head: (head.node.box.center.x, head.node.id))


def _related(graph: NotationGraph, heads: Sequence[Head]) -> Ties:
    """The ties as the graph relates them: a tie of one head comes from the system before or goes on in the next."""
    place = {head.node.id: index for index, head in enumerate(heads)}
    pairs: dict[int, int] = {}
    leaving: set[int] = set()
    entering: set[int] = set()
    ink: set[int] = set()
    for arc in (node for node in graph.nodes if node.label == "tie"):
        ends = sorted({place[node.id] for node in graph.sources(arc.id) if node.id in place})
        if not ends or len(ends) > 2:
            continue
        ink.add(arc.id)
        one = heads[ends[0]].node
        if len(ends) == 2:
            pairs[one.id] = heads[ends[1]].node.id
        elif one.box.center.x < arc.box.center.x:
            leaving.add(one.id)
        else:
            entering.add(one.id)
    return Ties(tuple(sorted(pairs.items())), frozenset(leaving), frozenset(entering), frozenset(ink))


def _may_be_tie(arc: Node, space: float) -> bool:
    """A slur is one only where a detector named it, which may err, and where it is flat and short."""
    if arc.label == "tie" or not arc.scores:
        return arc.label == "tie"
    return arc.box.height <= max(FLAT * space, FLAT_LONG * arc.box.width) and arc.box.width <= LONG * space


def _ends(
    arc: Node, heads: Sequence[Head], graph: NotationGraph, system: System
) -> tuple[list[tuple[float, Head]], list[tuple[float, Head]]]:
    linked = {source.id for source in graph.sources(arc.id)}
    return _near(heads, arc, arc.box.left, linked, system), _near(heads, arc, arc.box.right, linked, system)


def _matched(
    arcs: Sequence[Node],
    ends: Mapping[int, tuple[list[tuple[float, Head]], list[tuple[float, Head]]]],
    heads: Sequence[Head],
    ink: set[int],
) -> dict[int, int]:
    """Head to head by id: the arcs of all ties at once, the best fitting first, no head twice at the same end."""
    found: list[tuple[float, int, Head, Head]] = []
    for arc in arcs:
        for near, start in ends.get(arc.id, ([], []))[0]:
            for far, end in ends[arc.id][1]:
                same = start.staff == end.staff and start.position == end.position
                forward = end.node.box.center.x > start.node.box.center.x and start.node.id != end.node.id
                if same and forward and not (arc.label == "slur" and _between(start, end, heads)):
                    found.append((near + far, arc.id, start, end))
    pairs: dict[int, int] = {}
    for _, arc_id, start, end in sorted(found, key=lambda row: (row[0], row[1], row[2].node.id, row[3].node.id)):
        if arc_id not in ink and start.node.id not in pairs and end.node.id not in pairs.values():
            pairs[start.node.id] = end.node.id
            ink.add(arc_id)
    return pairs


def _near(heads: Sequence[Head], arc: Node, x: float, linked: set[int], system: System) -> list[tuple[float, Head]]:
    """(distance, head) of the heads near one end of an arc, best first."""
    space = system.space
    reach = max(END_X, min(END_LINKED, END_LONG * arc.box.width / space + END_X / 2))
    found = []
    for head in heads:
        box = head.node.box
        dx = abs(box.left + box.right - 2 * x) / 2 / space
        if dx > (END_LINKED if arc.label == "tie" and head.node.id in linked else reach):
            continue
        centre = box.center
        dy = max(arc.box.top - centre.y, centre.y - arc.box.bottom, 0.0) / space
        if dy <= END_Y:
            found.append((dx + dy - (LINKED if head.node.id in linked else 0.0), head.node.id, head))
    return [(distance, head) for distance, _, head in sorted(found, key=lambda entry: entry[:2])]


def _between(start: Head, end: Head, heads: Sequence[Head]) -> bool:
    """Whether another head of the staff sounds between two heads: then the arc is a slur."""
    low, high = start.node.box.right, end.node.box.left
    return any(head.staff == start.staff and low < head.node.box.center.x < high for head in heads)
