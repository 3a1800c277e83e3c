"""Which heads count, and whose they are: digits, far heads of chords, heads that two voices share."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr.geometry import Box
from omr.reading import read_score
from omr.score import Measure
from tests.reading.paper import SPACE, Paper
from tests.reading.test_read_score import bars, four_four


def _weighed(paper: Paper) -> list[Measure]:
    """The bars read from relations that a model is not quite certain of."""
    paper.edges = [replace(edge, score=0.9) for edge in paper.edges]
    return list(bars(read_score([paper.page()])))


def _lengths(measure: Measure) -> set[tuple[Fraction, Fraction, int]]:
    """(onset, length, heads) of each chord."""
    return {(event.onset, event.duration, len(event.tones)) for event in measure.events if event.tones}


def test_a_digit_under_a_note_is_no_head() -> None:
    paper = Paper(systems=2)
    start, _ = four_four(paper, bars=2)
    for beat in range(4):
        paper.note(start + 50 * beat, "G4")
    digit = paper.put("noteheadFull", Box(start + 4, paper.y(9, 0), start + 14, paper.y(9, 0) + 16))
    stem = next(node for node in paper.nodes if node.label == "stem")
    paper.join(digit, stem.id)
    assert all(heads == 1 for _, _, heads in _lengths(_weighed(paper)[0]))


def test_a_small_head_at_its_stem_is_a_grace_note() -> None:
    paper = Paper(systems=2)
    start, _ = four_four(paper, bars=2)
    paper.note(start - 30, "A4", small=True, label="flag8thUp")
    for beat in range(4):
        paper.note(start + 50 * beat, "G4")
    events = _weighed(paper)[0].events
    assert [event.grace is not None for event in events] == [True, False, False, False, False]


def test_a_far_head_of_a_chord_needs_no_ledger_line() -> None:
    paper = Paper(systems=2)
    start, _ = four_four(paper, bars=2)
    paper.note(start, "E3", "E4", "C5")
    for beat in range(1, 4):
        paper.note(start + 50 * beat, "G4")
    assert max(heads for _, _, heads in _lengths(_weighed(paper)[0])) == 3


def test_a_white_head_in_a_beamed_group_sounds_twice() -> None:
    paper = Paper(systems=2)
    start, _ = four_four(paper, bars=2)
    (shared,) = paper.note(start, "G4", head="noteheadHalf")
    box = paper.nodes[shared].box
    paper.put("stem", Box(box.left - 1, box.center.y, box.left + 1, box.bottom + 56))
    (second,) = paper.note(start + 40, "G4")
    top = paper.nodes[shared + 1].box.top
    beam = paper.put("beam", Box(box.left, top, start + 60, top + 8))
    paper.join(second, beam)
    for place in (80, 130, 180):
        paper.note(start + place, "G4")
    first = [event for event in _weighed(paper)[0].events if event.onset == 0]
    assert {(event.duration, bool(event.beams)) for event in first} == {(Fraction(1, 2), True), (Fraction(2), False)}


def test_black_and_white_heads_of_one_stem_are_two_voices() -> None:
    paper = Paper(systems=2)
    start, _ = four_four(paper, bars=2)
    (black,) = paper.note(start, "C5", up=False)
    white = paper.put("noteheadHalf", replace(paper.nodes[black].box, top=paper.y(8, 0) - 8, bottom=paper.y(8, 0) + 8))
    paper.join(white, black + 1)
    for beat in range(1, 4):
        paper.note(start + 50 * beat, "G4")
    found = _lengths(_weighed(paper)[0])
    assert {(Fraction(0), Fraction(1), 1), (Fraction(0), Fraction(2), 1)} <= found


@pytest.mark.parametrize(("above", "read"), [(3.0, True), (6.5, False)])
def test_a_rest_stands_near_its_staff(above: float, read: bool) -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(3):
        paper.note(start + 200 * beat, "B4")
    y = paper.staves[0].box.top - above * SPACE
    paper.put("restQuarter", Box(start + 592, y - 16, start + 608, y + 16), 0.9)
    events = _weighed(paper)[0].events
    assert any(not event.tones and not event.padding for event in events) == read
