"""Signs that change how notes sound: accidentals, octave lines, strokes between two chords, a beam that leaves its staff."""

from __future__ import annotations

from fractions import Fraction

import pytest

from omr.files.musicxml import to_musicxml
from omr.geometry import Box
from omr.reading import read_score
from omr.score import Score
from tests.reading.paper import SPACE, WIDTH, Paper
from tests.reading.test_read_score import bars, four_four, notes


def under_a_line(left: float, right: float, *, systems: int = 1, sign: bool = True) -> Paper:
    paper = Paper(systems=systems)
    for start in four_four(paper, bars=1):
        for beat in range(4):
            paper.note(start + 200 * beat, "G5", up=False)
    if sign:
        paper.put("ottava", Box(left, 50, left + 30, 76))
    paper.put("dottedHorizontalSpanner", Box(left + 36, 60, right, 64))
    return paper


def shifts(score: Score) -> list[tuple[Fraction, str]]:
    return [(d.onset, d.value) for m in score.parts[0].measures for d in m.directions if d.kind == "octave-shift"]


def test_what_stands_under_an_octave_line_sounds_higher() -> None:
    (start,) = four_four(Paper(), bars=1)
    score = read_score([under_a_line(start + 190, start + 420).page()])
    assert [pitch for _, pitch, _ in notes(bars(score)[0])] == ["G5", "G6", "G6", "G5"]
    assert shifts(score) == [(1, "down"), (3, "stop")]
    assert b'<octave-shift type="down" size="8"' in to_musicxml(score)


def test_a_dashed_line_without_its_sign_changes_nothing() -> None:
    (start,) = four_four(Paper(), bars=1)
    score = read_score([under_a_line(start + 190, start + 420, sign=False).page()])
    assert {pitch for _, pitch, _ in notes(bars(score)[0])} == {"G5"}
    assert shifts(score) == []


def test_an_octave_line_goes_on_in_the_next_system() -> None:
    paper = Paper(systems=2)
    for system in (0, 1):
        paper.clef(system)
        if system == 0:
            paper.time(4, 4, 0)
        paper.line(WIDTH, system)
        for beat in range(4):
            paper.note(300 + 200 * beat, "G5", staff=system, up=False)
    paper.put("ottava", Box(690, 50, 720, 76))
    paper.put("dottedHorizontalSpanner", Box(726, 60, WIDTH - 4, 64))
    paper.put("dottedHorizontalSpanner", Box(150, 460, 520, 464))
    score = read_score([paper.page()])
    assert [pitch for _, pitch, _ in notes(bars(score)[0])] == ["G5", "G5", "G6", "G6"]
    assert [pitch for _, pitch, _ in notes(bars(score)[1])] == ["G6", "G6", "G5", "G5"]
    assert shifts(score) == [(2, "down"), (2, "stop")]


def test_two_chords_in_turn_share_the_length_each_is_printed_with() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    stems = []
    for place, name in enumerate(("C5", "E5", "D5", "F5")):
        heads = paper.note(start + 200 * place, name, head="noteheadHalf", up=False)
        stems.append(next(edge.target for edge in paper.edges if edge.source == heads[0]))
    for pair in (stems[:2], stems[2:]):
        for stroke in (230, 240):
            left, right = (paper.nodes[stem].box for stem in pair)
            node = paper.put("multipleNoteTremolo", Box(left.right + 20, stroke, right.left - 20, stroke + 6))
            for stem in pair:
                paper.join(stem, node)
    score = read_score([paper.page()])
    assert [(onset, length) for onset, _, length in notes(bars(score)[0])] == [(beat, 1) for beat in range(4)]
    events = [event for event in bars(score)[0].events if event.tones]
    assert [event.tremolo for event in events] == [("start", 2), ("stop", 2)] * 2
    written = to_musicxml(score)
    assert (
        written.count(b'<tremolo type="start">2</tremolo>') == written.count(b'<tremolo type="stop">2</tremolo>') == 2
    )


def test_a_chord_above_a_beam_that_comes_from_the_other_staff_is_a_voice_of_its_own() -> None:
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(2, 4, row)
    paper.line(WIDTH)
    low = [paper.note(280 + 110 * k, "E3", staff=1) for k in range(4)]
    paper.beam(low, levels=2, y=230)
    first = paper.note(720, "C4", up=False)
    rest = [paper.note(830 + 110 * k, "G3", staff=1, up=True) for k in range(3)]
    paper.beam([first, *rest], levels=2, y=215)
    paper.note(720, "A4", "E5", label="flag16thUp")
    (bar,) = bars(read_score([paper.page()]))
    assert [(onset, length) for onset, _, length in notes(bar, 1)] == [(1, Fraction(1, 4))] * 3
    assert len(notes(bar, 2)) == 7


def test_a_rest_made_of_the_digits_of_a_time_signature_is_none() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(start + 200 * beat, "G4")
    digits = [node.box for node in paper.nodes if node.label == "numeral4"]
    paper.put("rest16th", Box(digits[0].left, digits[0].top + 8, digits[0].right, digits[1].bottom), 0.5)
    assert [event.is_rest for event in bars(read_score([paper.page()]))[0].events] == [False] * 4


@pytest.mark.parametrize(("gap", "related", "alter"), [(4, False, 1), (6, False, 0), (6, True, 1), (8, True, 0)])
def test_an_accidental_related_to_its_head_may_stand_farther_off(gap: float, related: bool, alter: int) -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    (head,) = paper.note(start + 200, "F4", head="noteheadWhole", stem=False)
    sharp = paper.mark("accidentalSharp", paper.nodes[head].box.center.x - gap * SPACE, paper.position("F4", 0))
    if related:
        paper.join(head, sharp)
    (event,) = bars(read_score([paper.page()]))[0].events
    assert event.tones[0].pitch.alter == alter


def test_an_octave_line_begins_with_the_chord_under_its_sign_not_the_one_before() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for x in (0, 40, 200, 400):
        paper.note(start + x, "G5", up=False)
    paper.put("ottava", Box(start + 8, 50, start + 40, 76))
    paper.put("dottedHorizontalSpanner", Box(start + 46, 60, start + 420, 64))
    assert [pitch for _, pitch, _ in notes(bars(read_score([paper.page()]))[0])] == ["G5", "G6", "G6", "G6"]


@pytest.mark.parametrize(("row", "sounding"), [(0, "E3"), (1, "G4")])
def test_an_octave_line_between_two_staves_is_that_ones_which_has_notes_at_it(row: int, sounding: str) -> None:
    paper = Paper(staves=2)
    four_four(paper, bars=1)
    paper.clef(1)
    middle = (paper.staves[0].box.bottom + paper.staves[1].box.top) / 2
    for beat in range(4):
        paper.note(300 + 200 * beat, "E4" if row == 0 else "G3", staff=row, up=row == 0)
    paper.put("ottava", Box(280, middle - 13, 310, middle + 13))
    paper.put("dottedHorizontalSpanner", Box(316, middle - 2, 940, middle + 2))
    assert [pitch for _, pitch, _ in notes(bars(read_score([paper.page()]))[0])] == [sounding] * 4
