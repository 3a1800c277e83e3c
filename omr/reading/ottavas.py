"""Octave lines: what stands under "8va" and its dashed line sounds an octave higher, what stands above "8va bassa" lower.

A figure without a line is taken for something else (a page number, a fingering). The side of the staff tells the direction,
as engravers never put the sign on the other side. A line that runs to the end of its system goes on in the next one, where
the sign need not be printed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.geometry import Box
from omr.labels import NOTEHEADS
from omr.notation import Node, NotationGraph
from omr.reading.layout import System
from omr.reading.placing import nearest

LEVEL = 1.5  # staff spaces between the middles of a sign and its line
GAP = 4.0  # staff spaces between the sign and the line, and between pieces of it
REACH = 9.0  # staff spaces from the staff to its octave line
ABOVE = 1.5  # staff spaces a line between two staves may be nearer to the upper one and still stand above the lower
ENDS = 3.0  # staff spaces from the system's end: a line that ends there goes on below
OPENS = 10.0  # staff spaces from the system's start: clef and key may stand before the line
BEFORE, AFTER = 1.2, 0.8  # staff spaces a head's middle may lie outside the line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ottava:
    """An octave line within one system."""

    row: int
    """Of its staff in the system, 0 = top."""
    octaves: int
    """1: sounds higher than written, -1: lower."""
    left: float
    right: float
    """Pixels: heads whose middles lie between them are shifted."""
    nodes: tuple[int, ...]
    begins: bool
    """False: goes on from the system before."""
    ends: bool

    @property
    def kind(self) -> str:
        """MusicXML's type: how the written notes lie to the sounding ones."""
        return "down" if self.octaves > 0 else "up"


def read_ottavas(graphs: Sequence[NotationGraph], systems: Sequence[System]) -> tuple[tuple[Ottava, ...], ...]:
    """The octave lines of each system; `graphs` runs parallel to `systems`."""
    found: list[tuple[Ottava, ...]] = []
    open_lines: tuple[Ottava, ...] = ()
    for graph, system in zip(graphs, systems, strict=True):
        own = _begun(graph, system)
        used = {node for line in own for node in line.nodes}
        own += tuple(
            line for before in open_lines if (line := _continued(graph, system, before, used, own)) is not None
        )
        found.append(tuple(sorted(own, key=lambda line: (line.left, line.row))))
        open_lines = tuple(line for line in own if not line.ends)
    return tuple(found)


def octaves_at(lines: Sequence[Ottava], row: int, x: float) -> int:
    """Octaves by which a head at x on a staff sounds higher than it is written."""
    return sum(line.octaves for line in lines if line.row == row and line.left <= x <= line.right)


def _begun(graph: NotationGraph, system: System) -> tuple[Ottava, ...]:
    spanners = [node for node in graph.nodes if node.label == "dottedHorizontalSpanner"]
    found = []
    for sign in sorted((n for n in graph.nodes if n.label == "ottava"), key=lambda n: (n.box.left, n.id)):
        pieces = _pieces(sign, spanners, system.space)
        side = _side(graph, system, (sign, *pieces))
        if pieces and side is not None:
            found.append(_ottava(graph, system, side, (sign, *pieces), begins=True))
    return tuple(found)


def _continued(
    graph: NotationGraph, system: System, before: Ottava, used: set[int], own: Sequence[Ottava]
) -> Ottava | None:
    """The rest of a line that the system before did not end; None where a new sign or nothing stands there."""
    edge = system.staves[0].box.left
    spanners = [n for n in graph.nodes if n.label == "dottedHorizontalSpanner" and n.id not in used]
    first = sorted((n for n in spanners if n.box.left < edge + OPENS * system.space), key=lambda n: (n.box.left, n.id))
    for node in first:
        side = _side(graph, system, (node,))
        if side == (before.row, before.octaves) and not any(
            line.row == before.row for line in own if line.left < node.box.right
        ):
            return _ottava(graph, system, side, (node, *_pieces(node, spanners, system.space)), begins=False)
    return None


def _pieces(start: Node, spanners: Sequence[Node], space: float) -> tuple[Node, ...]:
    """The dashed line right of a sign, piece by piece."""
    found: list[Node] = []
    end = start
    while True:
        near = [
            node
            for node in spanners
            if abs(node.box.center.y - start.box.center.y) < LEVEL * space
            and end.box.right - space < node.box.left < end.box.right + GAP * space
            and node.box.right > end.box.right
        ]
        if not near:
            return tuple(found)
        end = min(near, key=lambda node: (node.box.left, node.id))
        found.append(end)


def _side(graph: NotationGraph, system: System, nodes: Sequence[Node]) -> tuple[int, int] | None:
    """(row, octaves) of the staff that a sign with its line belongs to, None where it stands in or far from every staff.

    Of two staves it is the nearer one, or the only one that has notes over or under the line.
    """
    centre = nodes[0].box.center
    found = []
    for row, staff in enumerate(system.staves):
        position = staff.position_at(centre.x, centre.y)
        if -2 * REACH < position < -1:
            found.append((-position / 2, row, 1))
        elif 9 < position < 8 + 2 * REACH:
            found.append(((position - 8) / 2 + ABOVE, row, -1))
    left, right = _extent(nodes)
    heads = _heads(graph, left - BEFORE * system.space, right + AFTER * system.space)
    rows = {home[1] for head in heads if (home := nearest((system,), head.box)) is not None}
    return min([way for way in found if way[1] in rows] or found)[1:] if found else None


def _heads(graph: NotationGraph, left: float, right: float) -> list[Node]:
    """The heads whose middles lie between two places."""
    return [node for node in graph.nodes if node.label in NOTEHEADS and left <= node.box.center.x <= right]


def _extent(nodes: Sequence[Node]) -> tuple[float, float]:
    return min(node.box.left for node in nodes), max(node.box.right for node in nodes)


def _ottava(
    graph: NotationGraph, system: System, side: tuple[int, int], nodes: Sequence[Node], *, begins: bool
) -> Ottava:
    last = max((span.right for span in system.spans), default=0.0)
    left, right = _extent(nodes)
    return Ottava(
        row=side[0],
        octaves=side[1],
        left=_first(graph, system, side[0], nodes[0].box) if begins else left - BEFORE * system.space,
        right=right + AFTER * system.space,
        nodes=tuple(node.id for node in nodes),
        begins=begins,
        ends=right < last - ENDS * system.space,
    )


def _first(graph: NotationGraph, system: System, row: int, sign: Box) -> float:
    """From where on heads of a staff are a sign's: from those over or under it, else from shortly before it."""
    own = _heads(graph, sign.left, sign.right + AFTER * system.space)
    under = any(nearest((system,), head.box) == (0, row) for head in own)
    return sign.left if under else sign.left - BEFORE * system.space
