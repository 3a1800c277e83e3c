"""Voices that share a staff push each other aside, and still begin together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr import labels
from omr.geometry import Box
from omr.notation import Node
from omr.reading import read_score
from omr.reading.columns import merge_fragments
from omr.reading.items import Head, Item
from omr.score import Measure
from tests.reading.paper import Paper
from tests.reading.test_read_score import bars, four_four, notes


def _first_bar(paper: Paper) -> Measure:
    return bars(read_score([paper.page()]))[0]


def test_whole_notes_a_second_apart_are_one_chord() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    paper.note(first, "C4", "E4", head="noteheadWhole", stem=False)
    paper.note(first + 24, "D4", head="noteheadWhole", stem=False)
    assert notes(_first_bar(paper)) == [(0, name, 4) for name in ("C4", "D4", "E4")]
    assert len(_first_bar(paper).events) == 1


def test_opposite_stems_of_a_second_are_two_voices() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    for beat in (0, 2):
        x = first + 100 * beat
        paper.note(x, "B4")
        paper.note(x + 100, "C5")
        paper.note(x + 18, "A4", head="noteheadHalf", up=False)  # its stem in line with the other's
    measure = _first_bar(paper)
    assert notes(measure) == [
        *((beat, name, length) for beat in (0,) for name, length in (("A4", 2), ("B4", 1))),
        (1, "C5", 1),
        *((beat, name, length) for beat in (2,) for name, length in (("A4", 2), ("B4", 1))),
        (3, "C5", 1),
    ]
    assert {event.voice for event in measure.events if event.duration == 2}.isdisjoint(
        {event.voice for event in measure.events if event.duration == 1}
    )


@pytest.mark.parametrize("apart", [20, 24])
def test_a_whole_note_pushed_aside_begins_with_the_beat(apart: int) -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    paper.note(first - apart, "C3", staff=1, head="noteheadWhole", stem=False)
    for beat in range(4):
        paper.note(first + 100 * beat, "C3" if beat == 0 else "E3", staff=1)
        paper.note(first + 100 * beat, "G4")
    measure = _first_bar(paper)
    assert (Fraction(0), "C3", Fraction(4)) in notes(measure, 2)
    assert [onset for onset, name, _ in notes(measure, 1)] == [0, 1, 2, 3]


def test_an_accidental_holds_for_the_other_voice_at_its_moment() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    low = paper.note(first + 18, "F4", head="noteheadWhole", stem=False)
    sign = paper.mark("accidentalSharp", first - 20, paper.position("F4", 0))
    paper.join(low[0], sign)
    for beat, name in enumerate(("F4", "G4", "A4", "B4")):
        paper.note(first + 100 * beat, name)
    assert [name for onset, name, _ in notes(_first_bar(paper)) if onset == 0] == ["F#4", "F#4"]


def test_triplets_with_rests_go_on_without_a_figure() -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    for beat in range(4):
        x = first + 110 * beat
        paper.note(x, "C3", staff=1)
        rest = paper.rest("rest8th", x)
        pair = [paper.note(x + 34 * place, "C5") for place in (1, 2)]
        paper.beam(pair)
        if beat == 0:
            figure = paper.put("numeral3", Box(x + 28, 30, x + 38, 46))
            for member in (rest, pair[0][0], pair[1][0]):
                paper.join(member, figure)
    thirds = [Fraction(place, 3) for place in range(12) if place % 3]
    assert [onset for onset, _, _ in notes(_first_bar(paper), 1)] == thirds


@pytest.mark.parametrize(("named", "tied"), [(False, False), (True, True)])
def test_a_slur_over_one_height_is_a_tie_only_where_a_detector_named_it(named: bool, tied: bool) -> None:
    paper = Paper()
    first, _ = four_four(paper)
    for beat in range(4):
        paper.note(first + 100 * beat, "C4", up=True)
    y = paper.y(paper.position("C4", 0), 0)
    arc = paper.put("slur", Box(first + 8, y + 10, first + 92, y + 20))
    if named:
        scores = tuple(0.9 if label == "slur" else 0.0 for label in labels.DETECTED)
        paper.nodes[arc] = replace(paper.nodes[arc], scores=scores)
    assert [event.tones[0].tie_start for event in _first_bar(paper).events] == [tied, False, False, False]


def test_a_cluster_of_whole_notes_is_one_chord_whichever_of_them_stand_aside() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    paper.note(first, "F4", "B4", head="noteheadWhole", stem=False)
    paper.note(first + 24, "D4", "G4", head="noteheadWhole", stem=False)
    measure = _first_bar(paper)
    assert notes(measure) == [(0, name, 4) for name in ("B4", "D4", "F4", "G4")]
    assert len(measure.events) == 1


def test_a_dotted_whole_note_over_a_plain_one_is_another_voice() -> None:
    paper = Paper()
    paper.clef()
    paper.time(6, 4)
    paper.dot(paper.note(300, "E4", head="noteheadWhole", stem=False)[0])
    paper.note(300, "C4", head="noteheadWhole", stem=False)
    paper.note(700, "C4", head="noteheadHalf", up=False)
    paper.line(1000)
    assert notes(_first_bar(paper)) == [(0, "C4", 4), (0, "E4", 6), (4, "C4", 2)]


def test_an_accidental_between_two_heads_that_begin_together_is_the_second_s_alone() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    for beat, name in enumerate(("F4", "G4", "A4", "B4")):
        paper.note(first + 100 * beat, name)
    low = paper.note(first + 40, "F4", head="noteheadHalf", up=False)
    paper.note(first + 200, "C4", head="noteheadHalf", up=False)
    paper.join(low[0], paper.mark("accidentalSharp", first + 20, paper.position("F4", 0)))
    assert sorted(name for onset, name, _ in notes(_first_bar(paper)) if onset == 0) == ["F#4", "F4"]


@pytest.mark.parametrize("line", [272, 300])
def test_a_second_of_whole_notes_stands_where_another_staff_has_a_note(line: int) -> None:
    items = [_whole(1, 272, 4, staff=1), _whole(2, 300, 3, staff=1), _whole(3, line, 0, staff=0)]
    assert sorted((item.staff, item.x) for item in merge_fragments(items, 16.0)) == [(0, line), (1, line)]


def _whole(name: int, x: float, position: int, *, staff: int) -> Item:
    node = Node(id=name, label="noteheadWhole", box=Box(x - 14, 100 + 8 * position, x + 14, 116 + 8 * position))
    return Item(id=name, x=x, staff=staff, heads=(Head(node=node, staff=staff, position=position),))
