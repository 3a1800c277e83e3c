"""What does most harm comes first, and each doubt about a bar counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations

import pytest

from omr.check import bars_to_check, check_graph, harm, located, ranked
from omr.check.harm import PRICES, bar_harm
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.score import Event, Issue, Measure, Part, Pitch, Score, Tone


def issue(code: str, measure: int | None = 0, **changes: object) -> Issue:
    return replace(Issue(code=code, message=code, measure=measure, part="P1"), **changes)  # type: ignore[arg-type]


ORDER = (
    "bar-too-long", "bar-too-short", "illegal-relation", "rhythm-unlikely", "note-unlikely", "flag-without-head",
    "low-confidence",
)  # fmt: skip


def test_bars_that_do_not_add_up_come_before_relations_notes_and_dim_symbols() -> None:
    issues = [issue(code, bar) for bar, code in enumerate(reversed(ORDER))]
    assert [each.code for each in ranked(issues)] == list(ORDER)


def test_the_order_does_not_depend_on_the_order_found() -> None:
    issues = (
        issue("bar-empty", 3),
        issue("low-confidence", 3),
        issue("tie-dangling", 1),
        issue("low-confidence", None),
    )
    assert {ranked(order) for order in permutations(issues)} == {ranked(issues)}


def test_a_likelier_note_comes_first() -> None:
    sure, unsure = issue("note-unlikely", 5, probability=0.9), issue("note-unlikely", 1, probability=0.3)
    assert ranked((unsure, sure)) == (sure, unsure)


def test_more_doubts_about_a_bar_never_do_less_harm() -> None:
    codes = ("low-confidence", "dot-without-note", "note-unlikely", "bar-too-short")
    harms = [bar_harm([issue(code) for code in codes[:count]]) for count in range(1, 5)]
    assert all(less < more for less, more in pairwise(harms))
    assert (
        ranked([issue("low-confidence", 7), issue("low-confidence", 9), issue("dot-without-note", 9)])[0].measure == 9
    )


def test_a_dim_symbol_alone_is_no_bar_to_check() -> None:
    issues = [issue("bar-empty", 4), issue("low-confidence", 2), issue("note-unlikely", 1, probability=0.6)]
    assert bars_to_check([*issues, issue("bar-missing", None)]) == (1, 4)


@pytest.mark.parametrize("code", sorted(PRICES))
def test_every_price_is_a_probability_of_something(code: str) -> None:
    probability, notes = PRICES[code]
    assert 0 < probability < 1
    assert harm(issue(code)) == probability * notes > 0


def test_a_symbol_is_put_into_the_bar_of_its_note_else_where_it_lies_or_the_nearest() -> None:
    nodes = (
        Node(id=0, label="noteheadFull", box=Box(10, 50, 20, 60)),
        Node(id=1, label="stem", box=Box(20, 20, 21, 55), score=0.1),
        Node(id=2, label="gClef", box=Box(150, 50, 160, 60), score=0.1),
        Node(id=3, label="gClef", box=Box(500, 50, 510, 60), score=0.1),
    )
    graph = NotationGraph(nodes, (Edge(0, 1),))
    lines = tuple(StaffLine(xs=(0.0, 200.0), ys=(y, y)) for y in (40.0, 50.0, 60.0, 70.0, 80.0))
    staff = Staff(index=0, system=0, lines=lines, box=Box(0, 40, 200, 80), staff_space=10)
    tone = Tone(pitch=Pitch("C", 5), nodes=((0, 0),))
    event = Event(onset=Fraction(0), duration=Fraction(1), type="quarter", tones=(tone,))
    bars = tuple(
        Measure(index=i, number=str(i + 1), duration=Fraction(1), left_x=100 * i, right_x=100 * i + 100, events=events)
        for i, events in enumerate(((event,), ()))
    )
    score = Score(parts=(Part(id="P1", name="", staves=1, measures=bars),))
    found = located(check_graph(graph), score, graph, (staff,), 0)
    assert [(each.nodes[0][1], each.measure, each.part) for each in found] == [
        (1, 0, "P1"),
        (2, 1, "P1"),
        (3, 1, "P1"),
    ]
