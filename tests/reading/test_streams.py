"""What a pen leaves to counting: chords with a stem for each head, voices out of line, tuplets under a part of a beam."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr.reading import ReadPage, read, read_score
from omr.reading.c_clefs import agreed
from omr.reading.clefs import ClefSign
from omr.reading.values import TICKS
from omr.score import Clef
from tests.reading.paper import SPACE, Paper
from tests.reading.test_read_score import bars, four_four, notes

BROKEN = {"bar-too-short", "bar-too-long"}


def penned(paper: Paper) -> ReadPage:
    """The page with its stems as wide as a pen's lean makes them."""
    lean = 0.2 * SPACE
    paper.nodes = [
        replace(node, box=node.box.padded(lean, 0)) if node.label == "stem" else node for node in paper.nodes
    ]
    return paper.page()


@pytest.mark.parametrize("pen", [True, False])
def test_heads_over_each_other_with_stems_the_same_way_are_one_chord_of_a_pen(pen: bool) -> None:
    paper = Paper()
    (start, _) = four_four(paper, bars=2)
    for beat in range(4):
        for number, name in enumerate(("C5", "E4", "G3")):
            paper.note(start + 110 * beat + 0.7 * SPACE * number, name)
    bar = bars(read_score([penned(paper) if pen else paper.page()]))[0]
    chords = {tuple(str(tone.pitch) for tone in event.tones) for event in bar.events if event.tones}
    assert {len(chord) for chord in chords} == ({3} if pen else {1})
    if pen:
        assert [onset for onset, _, _ in notes(bar)] == [beat for beat in range(4) for _ in range(3)]


def test_notes_that_follow_each_other_are_no_chord_of_a_pen() -> None:
    paper = Paper()
    (start, _) = four_four(paper, bars=2)
    for place in range(4):
        paper.note(start + 1.5 * SPACE * place, "CEGB"[place] + "4")
    bar = bars(read_score([penned(paper)]))[0]
    assert [onset for onset, _, _ in notes(bar)] == [0, 1, 2, 3]


def test_voices_of_one_staff_out_of_line_are_counted_one_by_one() -> None:
    paper = Paper(staves=2)
    (start, _) = four_four(paper, bars=2)
    upper = [paper.note(start + 55 * place, "C5") for place in range(4)]
    paper.beam(upper[:2], y=60)
    paper.beam(upper[2:], y=60)
    for place in range(2):
        paper.note(start + 220 + 75 * place, "C5")
    for place, x in enumerate((0, 75, 190, 280)):
        paper.note(start + x, "FEDC"[place] + "4", up=False)
        paper.note(start + x, "C3", staff=1)
    score = read_score([paper.page()])
    bar = bars(score)[0]
    by_pitch = {pitch: onset for onset, pitch, _ in notes(bar, 1) if pitch != "C5"}
    assert [by_pitch[name] for name in ("F4", "E4", "D4", "C4")] == [0, 1, 2, 3]
    assert [onset for onset, pitch, _ in notes(bar, 1) if pitch == "C5"] == [0, 0.5, 1, 1.5, 2, 3]
    assert not {issue.code for issue in score.issues if issue.measure == 0} & BROKEN


def test_a_figure_tells_which_notes_of_a_beam_are_a_triplet() -> None:
    paper = Paper()
    paper.clef()
    paper.time(2, 4)
    paper.line(700)
    paper.line(1180)
    heads = [paper.note(280 + 70 * place, name) for place, name in enumerate(("G4", "A4", "A4", "A4", "G4"))]
    paper.beam(heads, y=60)
    paper.beam(heads[1:4], y=72)
    figure = paper.mark("numeral3", 420, -6)
    for one in heads[1:4]:
        paper.join(one[0], figure)
    paper.note(630, "C5", label="flag8thUp")
    bar = bars(read_score([paper.page()]))[0]
    third = Fraction(1, 6)
    assert [duration for _, _, duration in notes(bar)] == [Fraction(1, 2), third, third, third, *[Fraction(1, 2)] * 2]


def test_a_c_clef_between_two_lines_is_on_the_line_of_its_staff_s_sure_ones() -> None:
    def sign(height: float, line: int, x: float) -> ClefSign:
        return ClefSign(
            clef=Clef(sign="C", line=line), x=x, right=x, row=0, score=1.0, header=False, node=int(x), height=height
        )

    seen = [(sign(2.1, 4, 10.0),), (sign(3.2, 3, 20.0),)]
    assert [signs[0].clef.line for signs in agreed(seen, [(0, 0)])] == [4, 4]
    both = [(sign(2.1, 4, 10.0),), (sign(3.9, 3, 20.0),)]
    assert [signs[0].clef.line for signs in agreed(both, [(0, 0)])] == [4, 3]
    apart = [(sign(2.1, 4, 10.0),), (sign(3.2, 3, 20.0),)]
    assert [signs[0].clef.line for signs in agreed(apart, [(0, None), (None, 0)])] == [4, 3]


@pytest.mark.parametrize(("height", "line"), [(4.0, 3), (2.0, 4), (8.0, 1), (5.1, 3), (6.0, 2), (6.9, 1)])
def test_hardly_any_c_clef_stands_on_the_second_line(height: float, line: int) -> None:
    paper = Paper(clefs=("cClef",))
    paper.mark("cClef", 80, height, size=36)
    paper.line(700)
    for beat in range(4):
        paper.note(280 + 90 * beat, "C4")
    first = bars(read_score([paper.page()]))[0]
    assert first.clefs[0].clef.line == line


def beamed(paper: Paper, count: int, levels: int, digits: str, *, related: int) -> list[Fraction]:
    """The lengths of `count` notes under one beam, in two quarters with a quarter before them, under a figure."""
    paper.clef()
    paper.time(2, 4)
    paper.line(1180)
    paper.note(280, "C5")
    heads = [paper.note(380 + 50 * place, "G4") for place in range(count)]
    paper.beam(heads, levels, y=50)
    for number, digit in enumerate(digits):
        figure = paper.mark(f"numeral{digit}", 560 + 14 * number, -8)
        for one in heads[:related]:
            paper.join(one[0], figure)
    (bar,) = bars(read_score([paper.page()]))
    return [duration for _, pitch, duration in notes(bar) if pitch == "G4"]


def test_two_digits_are_one_number() -> None:
    assert beamed(Paper(), 10, 3, "10", related=10) == [Fraction(1, 10)] * 10


def test_seven_may_stand_for_eight() -> None:
    assert beamed(Paper(), 7, 3, "7", related=7) == [Fraction(1, 7)] * 7


def test_a_figure_that_counts_a_beam_is_all_of_its_notes() -> None:
    assert beamed(Paper(), 7, 3, "7", related=5) == [Fraction(1, 7)] * 7


def test_a_forgotten_beam_is_read_where_the_bar_needs_it() -> None:
    def price(end: float) -> float:
        paper = Paper()
        paper.clef()
        paper.time(2, 4)
        paper.line(1180)
        paper.note(280, "C5", label="flag8thUp")
        heads = [paper.note(420 + 70 * place, "G4") for place in range(6)]
        paper.beam(heads, y=50)
        paper.beam(heads[:5], y=62)
        last = paper.nodes[-1]
        paper.nodes[-1] = replace(last, box=replace(last.box, right=end))
        (bar,) = read([penned(paper)]).bars
        assert [entry.ticks for entry in bar.reading.placed] == [TICKS // 2, *[TICKS // 4] * 6]
        return bar.reading.cost

    assert price(780.0) + 1 < price(715.0)
