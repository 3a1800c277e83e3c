"""A second look: bars that say other notes in further looks at a page are found, doubted, offered and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui import edits
from gui.alternatives import alternatives
from gui.document import Document
from gui.encoding import decoded, encoded
from gui.looks import others_of, read_again, touched, with_other
from gui.problems import UNSEEN, problems
from gui.recognised import recognised
from gui.rereading import Rereader, checked, measures_at
from gui.state import PageEntry, State, carried
from gui.suspicion import NAMES, signs_of, suspicions
from omr import agreement
from omr.agreement import FIRST, NUMBERS, dissent
from omr.geometry import Box
from omr.labels import NOTEHEADS
from omr.notation import NotationGraph
from omr.pipeline import PageResult
from omr.second_look import OtherBar, other_bars
from omr.sound import Sound, sound_of
from tests.reading.paper import Paper

BARS = 3


def page(*, steps: str = "CDEF", missing: int | None = None) -> PageResult:
    """Bars of the same four quarter notes, the second without note `missing`."""
    paper = Paper()
    paper.clef()
    for bar in range(BARS):
        for beat in range(4):
            if bar != 1 or beat != missing:
                paper.note(230 + 250 * bar + 55 * beat, (steps if bar == 1 else "CDEF")[beat] + "5")
        paper.line(445 + 250 * bar)
    found = paper.page()
    graph = NotationGraph(tuple(replace(node, score=0.999) for node in found.graph.nodes), found.graph.edges)
    return PageResult(
        index=0,
        graph=graph,
        staves=found.staves,
        reading=replace(found, graph=graph),
        to_page=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        seconds=(),
    )


THREE = (page(), page(), page())
"""Looks at a page that agree."""


def looked(first: PageResult, *others: PageResult) -> State:
    entry = recognised(PageEntry(id="p1", source="page.png"), first)
    return State(pages=(replace(entry, looks=other_bars(first, [other.reading.graph for other in others])),))


def sounds(state: State) -> list[Sound]:
    heard = Rereader().read(state)
    return [sound_of(measures_at(heard, place)) for place in range(len(heard.bars))]


def test_what_is_seen_alike_says_nothing() -> None:
    assert other_bars(page(), [page().reading.graph]) == ()


def test_bars_that_say_other_notes_are_told_with_what_makes_them() -> None:
    (other,) = other_bars(page(), [page().reading.graph, page(steps="CEEF").reading.graph])
    assert (other.size, other.system) == (1, 0)
    assert {node.label for node in other.found} & set(NOTEHEADS)
    assert all(node.id < 0 for node in other.found)
    assert other.gone
    assert other.sound == sounds(looked(page(steps="CEEF")))[1]


@pytest.mark.parametrize("other", [page(steps="CEEF"), page(missing=3)], ids=["a step higher", "a note fewer"])
def test_a_bar_taken_from_the_look_reads_as_it_does_there(other: PageResult) -> None:
    state = looked(page(), other)
    heard = Rereader().read(state)
    (own,) = others_of(heard, 1)
    assert not list(others_of(heard, 0))
    before = sounds(state)
    assert sounds(with_other(state, "p1", own)) == [before[0], sounds(looked(other))[1], before[2]]


def test_what_the_look_found_anew_is_a_persons_decision_and_survives_recognition() -> None:
    state = looked(page(missing=2), page())
    heard = Rereader().read(state)
    mended = with_other(state, "p1", next(others_of(heard, 1)))
    again = State(pages=(recognised(mended.pages[0], page(missing=2)),))
    assert again.pages[0].looks is None
    assert sounds(again)[1] == sounds(looked(page()))[1]


def test_the_look_is_offered_and_doubted_until_a_person_touches_the_bar() -> None:
    state = looked(page(missing=1), page(), page(missing=1), page())
    rereader = Rereader()
    heard = checked(rereader.read(state))
    wanted = sounds(looked(page()))[1]
    assert sound_of(alternatives(heard, heard.bars[1], rereader)[0].measures) == wanted
    places = NAMES.index("other"), NAMES.index("others")
    signs = signs_of(heard)
    assert [tuple(row[place] for place in places) for row in signs] == [(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    heads = sorted((n for n in state.pages[0].graph.nodes if n.label in NOTEHEADS), key=lambda node: node.box.left)
    inside = next(node.id for node in heads if node.box.left > 460)
    moved = checked(rereader.read(edits.set_pitch_step(state, "p1", [inside], 1)))
    assert [touched(moved, place) for place in range(BARS)] == [False, True, False]
    assert signs_of(moved)[1][places[0]] == 0.0


def test_a_bar_that_only_a_second_look_doubts_is_listed_and_says_so() -> None:
    state = looked(page(steps="CEEF"), *THREE, page())
    once = replace(state.pages[0], looks=())
    assert 1 not in [problem.measure for problem in problems(checked(Rereader().read(State(pages=(once,)))))]
    found = problems(checked(Rereader().read(state)))
    (problem,) = (problem for problem in found if problem.measure == 1)
    assert (problem.code, problem.message) == (UNSEEN, "bar 2 looks doubtful, a second look read other notes")


def test_what_a_look_found_is_saved_with_the_page() -> None:
    state = looked(page(missing=1), page())
    assert state.pages[0].looks
    assert decoded(encoded(state)).pages[0].looks == state.pages[0].looks
    plain = encoded(replace(state, pages=(replace(state.pages[0], looks=None),)))
    assert decoded(plain).pages[0].looks is None
    del plain["pages"]["p1"]["looks"]
    assert decoded(plain).pages[0].looks is None, "projects of earlier versions have none"


def test_undo_keeps_what_a_look_found_meanwhile() -> None:
    before = looked(page(), page(steps="CEEF"))
    looks = before.pages[0].looks
    unseen = State(pages=(replace(before.pages[0], looks=None),))
    head = next(node.id for node in unseen.pages[0].graph.nodes if node.label in NOTEHEADS)
    edited = edits.set_pitch_step(unseen, "p1", [head], 1)
    now = State(pages=(replace(edited.pages[0], looks=looks),))
    undone = carried(now, edited, unseen)
    assert undone.pages[0].looks == looks
    assert undone.pages[0].graph == unseen.pages[0].graph


def test_a_bar_whose_ends_are_not_seen_has_no_sound_of_its_own() -> None:
    first, other = page(), page()
    lines = [node.id for node in other.reading.graph.nodes if node.label == "barline"]
    without = other.reading.graph.without_nodes(frozenset(lines[1:2]))
    found = other_bars(first, [without])
    assert found
    assert {bar.sound for bar in found} == {None}
    assert all(isinstance(bar, OtherBar) and all(isinstance(box, Box) for _, box in bar.moved) for bar in found)


def taken(first: PageResult, *others: PageResult) -> State:
    state = looked(first, *others)
    return read_again(Rereader().read(state), ["p1"])


def test_a_bar_on_which_three_looks_agree_is_taken_and_the_first_reading_kept() -> None:
    state = taken(page(steps="CEEF"), page(missing=2), *THREE)
    assert sounds(state) == sounds(looked(page()))
    *agreeing, first = state.pages[0].looks or ()
    assert (first.size, first.sound) == (FIRST, sounds(looked(page(steps="CEEF")))[1])
    assert [look.size for look in agreeing] == list(NUMBERS[1:])
    assert dissent(others_of(Rereader().read(state), 1), sounds(state)[1]) == 2, (
        "the first look and that without a note"
    )
    assert all(node.origin == "model" for node in state.pages[0].graph.nodes), "it is no decision of a person"
    assert not state.pages[0].erased
    assert decoded(encoded(state)).pages[0].looks == state.pages[0].looks
    rereader = Rereader()
    heard = checked(rereader.read(state))
    offered = alternatives(heard, heard.bars[1], rereader)
    assert not [other for other in offered if other.label == "as a second look shows it"], "it says so already"
    (back,) = (other for other in offered if other.label == "as it was read first")
    assert sound_of(back.measures) == first.sound
    assert sounds(back.state) == sounds(looked(page(steps="CEEF")))


def test_a_bar_that_was_read_again_says_so_where_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    every = suspicions()._replace(again=replace(suspicions().again, listed=0.0))
    monkeypatch.setattr("gui.problems.suspicions", lambda: every)
    messages = {
        problem.measure: problem.message
        for problem in problems(checked(Rereader().read(taken(page(steps="CEEF"), *THREE))))
    }
    assert messages[1] == "bar 2 looks doubtful, it was read again: further looks agreed on other notes"
    assert "read again" not in messages[2]


@pytest.mark.parametrize("first", [page(missing=1), page(steps="CEEF")], ids=["a note more", "a step lower"])
def test_the_first_reading_comes_back_as_it_was(first: PageResult) -> None:
    state = taken(first, *THREE)
    before = looked(first)
    assert sounds(state) != sounds(before)
    *_, own = state.pages[0].looks or ()
    assert sounds(with_other(state, "p1", own)) == sounds(before)


@pytest.mark.parametrize(
    "others",
    [
        (page(steps="CEEF"),) * 2,
        (page(steps="CEEF"), page(), page(), page(steps="CEEF")),
        (page(steps="CEEF"), page(missing=2), page(steps="CEEF"), page(missing=2)),
    ],
    ids=["two looks", "two of four", "four that differ"],
)
def test_nothing_is_taken_without_agreement(others: tuple[PageResult, ...]) -> None:
    assert taken(page(), *others) == looked(page(), *others)


def test_what_a_person_decided_is_not_read_again() -> None:
    state = looked(page(), *(page(steps="CEEF") for _ in range(3)))
    heard = Rereader().read(state)
    heads = sorted((n for n in state.pages[0].graph.nodes if n.label in NOTEHEADS), key=lambda node: node.box.left)
    inside = next(node for node in heads if node.box.left > 460)
    stem = state.pages[0].graph.targets(inside.id)[0].id
    decided = [
        edits.mark_checked(state, [heard.bars[1]]),
        edits.set_pitch_step(state, "p1", [inside.id], 1),
        edits.delete(state, "p1", [inside.id]),
        edits.cut_edge(state, "p1", inside.id, stem),
    ]
    for own in decided:
        assert read_again(Rereader().read(own), ["p1"]) == own
    assert read_again(heard, ["p2"]) == state


def test_a_page_read_again_without_a_window_says_the_same() -> None:
    first = page(steps="CEEF")
    others = other_bars(first, [other.reading.graph for other in THREE])
    entry = PageEntry(id="p1", source="page.png", status="done", result=agreement.read_again(first, others))
    assert sounds(State(pages=(entry,))) == sounds(looked(page()))
    assert agreement.read_again(first, others[:1]) == first


def test_bars_are_read_again_in_one_step_that_can_be_undone(qapp: object) -> None:
    document = Document()
    document.add_pages([PageEntry(id="p1", source="page.png")])
    document.page_recognised("p1", page(steps="CEEF"))
    document.settle()
    before = document.state
    looks = looked(page(steps="CEEF"), *THREE).pages[0].looks
    document.page_looked(before.pages[0], looks or ())
    document.settle()
    assert document.undo_stack.count() == 1
    assert sounds(document.state) == sounds(looked(page()))
    document.undo_stack.undo()
    document.settle()
    assert document.undo_stack.count() == 1
    assert sounds(document.state) == sounds(before)
    assert document.state.pages[0].looks == looks
    document.close()


def test_steps_that_can_be_redone_are_not_lost_to_a_look(qapp: object) -> None:
    document = Document()
    document.add_pages([PageEntry(id="p1", source="page.png")])
    document.page_recognised("p1", page(steps="CEEF"))
    head = next(node.id for node in document.state.pages[0].graph.nodes if node.label in NOTEHEADS)
    document.apply("Raise", edits.set_pitch_step(document.state, "p1", [head], 1))
    document.undo_stack.undo()
    document.settle()
    document.page_looked(document.state.pages[0], looked(page(steps="CEEF"), *THREE).pages[0].looks or ())
    document.settle()
    assert document.undo_stack.canRedo()
    assert sounds(document.state) == sounds(looked(page(steps="CEEF")))
    document.close()
