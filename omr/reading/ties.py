"""Ties: an arc between two heads of the same height with nothing but time between them.

Slurs over two neighbouring notes of one height are ties; the two differ by nothing else on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation import Node, NotationGraph
from omr.reading.items import Head, Item
from omr.reading.layout import System

END_X = 2.0  # staff spaces between an end of a tie and the centre of its head
END_Y = 2.2  # the same, vertically
FLAT = 2.2  # staff spaces: a slur higher than this is no tie
LONG = 26.0  # staff spaces: nor one longer than this
REACH = 8.0  # staff spaces above and below the system within which its ties lie
EDGE = 3.0  # staff spaces from the system's end: a tie that ends there goes on below


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs of head ids, and the heads whose tie leaves the system at its end or enters it at its start."""

    pairs: tuple[tuple[int, int], ...]
    leaving: frozenset[int]
    entering: frozenset[int]
    ink: frozenset[int]
    """Arcs that are ties, so no slurs."""


def read_ties(graph: NotationGraph, system: System, items: Sequence[Item]) -> Ties:
    """The ties of one system."""
    heads = sorted((h for item in items for h in item.heads), key=lambda h: (h.node.box.center.x, h.node.id))
    last = max((span.right for span in system.spans), default=0.0)
    first = min((head.node.box.left for head in heads), default=0.0)
    pairs: dict[int, int] = {}
    leaving: set[int] = set()
    entering: set[int] = set()
    ink: set[int] = set()
    top, bottom = system.staves[0].box.top - REACH * system.space, system.staves[-1].box.bottom + REACH * system.space
    arcs = [n for n in graph.nodes if n.label in ("tie", "slur") and n.box.bottom > top and n.box.top < bottom]
    for arc in sorted(arcs, key=lambda n: (n.box.left, n.id)):
        if arc.label == "slur" and (arc.box.height > FLAT * system.space or arc.box.width > LONG * system.space):
            continue
        linked = {source.id for source in graph.sources(arc.id)}
        starts = _near(heads, arc, arc.box.left, linked, system)
        ends = _near(heads, arc, arc.box.right, linked, system)
        pair = _pair(starts, ends, pairs, heads, strict=arc.label == "slur")
        if pair is not None:
            pairs[pair[0]] = pair[1]
            ink.add(arc.id)
        elif arc.label == "tie" and starts and arc.box.right > last - EDGE * system.space:
            leaving.add(starts[0].node.id)
            ink.add(arc.id)
        elif arc.label == "tie" and ends and arc.box.left < first + 0.5 * system.space:
            entering.add(ends[0].node.id)
            ink.add(arc.id)
    return Ties(tuple(sorted(pairs.items())), frozenset(leaving), frozenset(entering), frozenset(ink))


def _near(heads: Sequence[Head], arc: Node, x: float, linked: set[int], system: System) -> list[Head]:
    """Heads near one end of an arc, best first."""
    space = system.space
    found = []
    for head in heads:
        box = head.node.box
        dx = abs(box.left + box.right - 2 * x) / 2 / space
        if dx > END_X:
            continue
        centre = box.center
        dy = max(arc.box.top - centre.y, centre.y - arc.box.bottom, 0.0) / space
        if dy <= END_Y:
            found.append((dx + dy - (0.5 if head.node.id in linked else 0.0), head.node.id, head))
    return [head for _, _, head in sorted(found, key=lambda entry: entry[:2])]


def _pair(
    starts: Sequence[Head], ends: Sequence[Head], taken: dict[int, int], heads: Sequence[Head], *, strict: bool
) -> tuple[int, int] | None:
    used = set(taken.values())
    for start in starts:
        for end in ends:
            same = start.staff == end.staff and start.position == end.position and start.node.id != end.node.id
            forward = end.node.box.center.x > start.node.box.center.x
            free = start.node.id not in taken and end.node.id not in used
            if same and forward and free and not (strict and _between(start, end, heads)):
                return start.node.id, end.node.id
    return None


def _between(start: Head, end: Head, heads: Sequence[Head]) -> bool:
    """Whether another head of the staff sounds between two heads: then the arc is a slur."""
    low, high = start.node.box.right, end.node.box.left
    return any(head.staff == start.staff and low < head.node.box.center.x < high for head in heads)
