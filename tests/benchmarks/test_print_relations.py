"""Kinds of relations, and what counts as found, on graphs drawn by hand."""

from __future__ import annotations

from benchmarks.print_relations import by_kind, compared, kinds
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from training.detected_pages import related


def staff(index: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(0.0, 1000.0), ys=(top + 16 * n,) * 2) for n in range(5))
    return Staff(index=index, system=0, lines=lines, box=Box(0, top, 1000, top + 64), staff_space=16)


def node(identity: int, label: str, left: float, top: float, right: float, bottom: float) -> Node:
    return Node(id=identity, label=label, box=Box(left, top, right, bottom))


STAVES = (staff(0, 100), staff(1, 300))
LOW = node(0, "noteheadFull", 100, 140, 120, 156)
HIGH = node(1, "noteheadFull", 100, 108, 120, 124)
STEM = node(2, "stem", 118, 60, 120, 148)
SHARP = node(3, "accidentalSharp", 80, 130, 94, 166)
SLUR = node(4, "slur", 110, 170, 400, 190)
INNER = node(5, "noteheadFull", 240, 140, 260, 156)
BEAM = node(6, "beam", 118, 200, 360, 212)
BELOW = node(7, "noteheadFull", 340, 320, 360, 336)
NODES = (LOW, HIGH, STEM, SHARP, SLUR, INNER, BEAM, BELOW)
PAIRS = ((0, 2), (1, 2), (0, 3), (0, 4), (5, 4), (0, 6), (7, 6))
TRUTH = NotationGraph(NODES, tuple(Edge(*pair) for pair in PAIRS))


def test_hard_relations_have_a_kind_of_their_own() -> None:
    assert kinds(Edge(0, 3), TRUTH, STAVES) == ("all", "head -> accidental", "accidental in chord")
    assert kinds(Edge(0, 4), TRUTH, STAVES)[2:] == ("slur: end head",)
    assert kinds(Edge(5, 4), TRUTH, STAVES)[2:] == ("slur: covered head",)
    assert kinds(Edge(7, 6), TRUTH, STAVES)[2:] == ("beam across staves",)
    assert kinds(Edge(0, 2), TRUTH, STAVES) == ("all", "head -> stem")


def test_missed_symbols_lower_the_ceiling_and_wrong_relations_the_figure() -> None:
    found = NotationGraph(tuple(n for n in NODES if n.id != 3), (Edge(0, 2), Edge(5, 2), *TRUTH.edges[3:]))
    page = compared(TRUTH, STAVES, found)
    assert len(page.reachable) == 6
    assert len(page.right) == 5
    figures = by_kind([page])
    assert figures["all"] == {"relations": 7, "f1": round(10 / 13, 4), "ceiling": round(12 / 13, 4)}


def test_findings_take_over_the_relations_of_what_they_are() -> None:
    shifted = tuple(Node(id=n.id + 50, label=n.label, box=n.box.shifted(0.5, 1)) for n in NODES[:4])
    false = node(90, "stem", 700, 100, 702, 160)
    assert [(e.source, e.target) for e in related((*shifted, false), TRUTH)] == [(50, 52), (50, 53), (51, 52)]
