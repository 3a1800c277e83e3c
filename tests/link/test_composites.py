"""Composite symbols: which parts make one, and whose edges they take over."""

from __future__ import annotations

from omr.composites import with_composites
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine


def staff(index: int, system: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(50.0, 1000.0), ys=(top + 16 * n,) * 2) for n in range(5))
    return Staff(index=index, system=system, lines=lines, box=Box(50, top, 1000, top + 64), staff_space=16)


def node(identity: int, label: str, left: float, top: float, right: float, bottom: float) -> Node:
    return Node(id=identity, label=label, box=Box(left, top, right, bottom))


STAVES = (staff(0, 0, 100), staff(1, 0, 300), staff(2, 1, 600))


def parts(graph: NotationGraph, label: str) -> set[tuple[int, ...]]:
    return {
        tuple(target.id for target in graph.targets(composite.id))
        for composite in graph.nodes
        if composite.label == label
    }


def test_loose_accidentals_side_by_side_are_a_key_signature() -> None:
    head = node(9, "noteheadFull", 320, 140, 340, 156)
    nodes = (
        node(0, "accidentalSharp", 100, 90, 114, 130),
        node(1, "accidentalSharp", 116, 110, 130, 150),
        node(2, "accidentalSharp", 300, 130, 314, 166),
        node(3, "accidentalFlat", 100, 300, 114, 330),
        head,
    )
    found = with_composites(NotationGraph(nodes, (Edge(9, 2),)), STAVES)
    assert parts(found, "keySignature") == {(0, 1), (3,)}


def test_numerals_above_each_other_are_a_time_signature_and_linked_ones_a_tuplet() -> None:
    nodes = (
        node(0, "numeral3", 100, 100, 120, 130),
        node(1, "numeral4", 100, 134, 120, 164),
        node(2, "numeral3", 400, 60, 410, 80),
        node(3, "tupleBracket", 350, 66, 460, 74),
        node(4, "noteheadFull", 350, 140, 370, 156),
        node(5, "restQuarter", 440, 120, 456, 160),
    )
    edges = (Edge(4, 2, 0.9), Edge(4, 3, 0.8), Edge(5, 2, 0.7))
    found = with_composites(NotationGraph(nodes, edges), STAVES)
    assert parts(found, "timeSignature") == {(0, 1)}
    assert parts(found, "tuple") == {(2, 3)}
    tuplet = next(n for n in found.nodes if n.label == "tuple")
    assert [source.id for source in found.sources(tuplet.id)] == [4, 5]
    assert found.targets(4) == (tuplet,)


def test_pieces_of_one_system_and_lines_of_a_double_bar_are_one_separator() -> None:
    nodes = (
        node(0, "barline", 500, 100, 503, 164),
        node(1, "barline", 501, 300, 504, 364),
        node(2, "barline", 500, 600, 503, 664),
        node(3, "barlineHeavy", 508, 600, 516, 664),
        node(4, "barline", 50, 100, 53, 364),
        node(5, "brace", 30, 100, 45, 364),
    )
    found = with_composites(NotationGraph(nodes), STAVES)
    assert parts(found, "measureSeparator") == {(0, 1), (2, 3)}
    assert parts(found, "staffGrouping") == {(4, 5)}


def test_a_brace_within_a_longer_line_is_nested() -> None:
    staves = (*STAVES[:2], staff(2, 0, 600))
    nodes = (node(0, "barline", 50, 100, 53, 664), node(1, "brace", 30, 300, 45, 664))
    found = with_composites(NotationGraph(nodes), staves)
    outer, inner = (
        next(n for n in found.nodes if found.targets(n.id) and part in found.targets(n.id)) for part in nodes
    )
    assert outer != inner
    assert inner in found.targets(outer.id)


def test_a_repeat_takes_over_lines_and_dots() -> None:
    nodes = (
        node(0, "barline", 500, 100, 503, 164),
        node(1, "barlineHeavy", 508, 100, 516, 164),
        node(2, "repeatDot", 488, 120, 494, 126),
        node(3, "repeatDot", 488, 136, 494, 142),
    )
    edges = tuple(Edge(line, dot) for line in (0, 1) for dot in (2, 3))
    found = with_composites(NotationGraph(nodes, edges), STAVES)
    assert parts(found, "repeat") == {(0, 1, 2, 3)}
    assert found.targets(0) == ()


def test_letters_beside_each_other_are_one_dynamic() -> None:
    nodes = (
        node(0, "dynamicLetterM", 100, 200, 118, 216),
        node(1, "dynamicLetterF", 117, 196, 132, 220),
        node(2, "dynamicLetterP", 300, 200, 316, 220),
    )
    found = with_composites(NotationGraph(nodes), STAVES)
    assert parts(found, "dynamicsText") == {(0, 1), (2,)}


def test_an_empty_page_stays_empty() -> None:
    assert with_composites(NotationGraph(), ()) == NotationGraph()


def test_a_sixteenth_has_two_flags() -> None:
    nodes = (node(0, "noteheadFull", 100, 140, 120, 156), node(1, "flag16thDown", 100, 200, 120, 250))
    found = with_composites(NotationGraph(nodes, (Edge(0, 1, 0.7),)), STAVES)
    flags = {flag.label: flag for flag in found.targets(0)}
    assert sorted(flags) == ["flag16thDown", "flag8thDown"]
    assert flags["flag8thDown"].box.bottom == 250
    assert flags["flag16thDown"].box.top == 200
    assert flags["flag16thDown"].box.bottom > flags["flag8thDown"].box.top
    assert {edge.score for edge in found.edges} == {0.7}
