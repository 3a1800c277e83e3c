"""What a pen does and a press does not: leaning barlines, staves out of line, empty staves, notes nearer to another staff."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr.geometry import Box
from omr.notation import Staff
from omr.reading import read_score
from tests.reading.paper import SPACE, WIDTH, Paper
from tests.reading.test_read_score import bars, four_four, notes

BROKEN = {"bar-too-short", "bar-too-long"}


def in_four(paper: Paper) -> None:
    for row in range(paper.rows):
        paper.clef(row)
        paper.time(4, 4, row)


@pytest.mark.parametrize("lean", [1, -1])
def test_music_beside_a_leaning_barline_keeps_to_its_bar(lean: int) -> None:
    paper = Paper(staves=2)
    in_four(paper)
    upper, lower = paper.staves
    middle, half = 700.0, 25.0
    paper.put("barline", Box(middle - half, upper.box.top, middle + half, lower.box.bottom))
    paper.line(WIDTH)
    for row, side in ((0, -1), (1, 1)):
        shift = 1.0 * side * lean * half
        for beat in range(4):
            paper.note(300 + 115 * beat + shift, "A4" if row == 0 else "C3", staff=row)
            paper.note(middle + 30 + 110 * beat + shift, "B4" if row == 0 else "D3", staff=row)
    score = read_score([paper.page()])
    first, second = bars(score)
    assert sorted(pitch for _, pitch, _ in notes(first)) == ["A4"] * 4 + ["C3"] * 4
    assert sorted(pitch for _, pitch, _ in notes(second)) == ["B4"] * 4 + ["D3"] * 4
    assert not {issue.code for issue in score.issues} & BROKEN


def test_strokes_apart_on_two_staves_are_one_barline() -> None:
    paper = Paper(staves=2)
    in_four(paper)
    upper, lower = paper.staves
    for staff, x in ((upper, 690.0), (lower, 725.0)):
        paper.put("barline", Box(x - 2, staff.box.top, x + 2, staff.box.bottom))
    paper.line(WIDTH)
    for row, x in ((0, 690.0), (1, 725.0)):
        for beat in range(4):
            paper.note(x - 420 + 130 * beat, "A4" if row == 0 else "C3", staff=row)
            paper.note(x + 20 + 110 * beat, "B4" if row == 0 else "D3", staff=row)
    score = read_score([paper.page()])
    assert len(bars(score)) == 2
    assert not {issue.code for issue in score.issues} & BROKEN


def test_staves_out_of_line_add_up_each_by_itself() -> None:
    paper = Paper(staves=2)
    in_four(paper)
    paper.line(WIDTH)
    for x in (280, 560, 760, 960):
        paper.note(x, "A4")
    low = [paper.note(300 + 60 * place, "C3", staff=1) for place in range(4)]
    paper.beam(low, y=230)
    for x in (610, 1080):
        paper.note(x, "D3", staff=1)
    score = read_score([paper.page()])
    (bar,) = bars(score)
    assert [onset for onset, _, _ in notes(bar, 1)] == [0, 1, 2, 3]
    assert [onset for onset, _, _ in notes(bar, 2)] == [0, 0.5, 1, 1.5, 2, 3]
    assert not {issue.code for issue in score.issues} & BROKEN


def test_an_empty_staff_is_no_music() -> None:
    paper = Paper(systems=2)
    starts = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(starts[0] + 200 * beat, "G4")
    paper.nodes = [node for node in paper.nodes if node.box.center.y < paper.staves[1].box.top]
    score = read_score([paper.page()])
    assert len(bars(score)) == 1
    assert bars(score)[0].system == 0


def test_ledger_lines_beyond_doubt_lead_across_to_another_system() -> None:
    paper = Paper(systems=2)
    upper, lower = paper.staves
    paper.staves = (upper, _nearer(lower, upper.box.bottom + 9 * SPACE))
    for staff in (0, 1):
        paper.clef(staff)
    paper.time(4, 4)
    for system in (0, 1):
        paper.line(WIDTH, system)
    for x in (300, 500, 700, 900):
        paper.note(x, "G4")
        (high,) = paper.note(x, "A6", staff=1, up=False)
        for rung in range(-2, paper.position("A6", 1) - 1, -2):
            y = paper.y(rung, 1)
            paper.join(high, paper.put("legerLine", Box(x - 14, y - 1, x + 14, y + 1)))
    first, second = bars(read_score([paper.page()]))
    assert [pitch for _, pitch, _ in notes(first)] == ["G4"] * 4
    assert [pitch for _, pitch, _ in notes(second)] == ["A6"] * 4


def _nearer(staff: Staff, top: float) -> Staff:
    """The staff moved up or down to `top`."""
    down = top - staff.box.top
    lines = tuple(replace(line, ys=tuple(y + down for y in line.ys)) for line in staff.lines)
    box = Box(staff.box.left, staff.box.top + down, staff.box.right, staff.box.bottom + down)
    return replace(staff, lines=lines, box=box)


def test_a_repeated_bar_is_written_out() -> None:
    paper = Paper()
    start, after = four_four(paper, bars=2)
    for beat in range(4):
        paper.note(start + 100 * beat, "A4")
    paper.mark("repeat1Bar", after + 150, 4)
    score = read_score([paper.page()])
    first, second = bars(score)
    assert notes(second) == notes(first)
    assert not {issue.code for issue in score.issues} & BROKEN


def test_bars_of_no_common_length_are_as_long_as_their_staves() -> None:
    paper = Paper(staves=3, clefs=("gClef", "gClef", "gClef"))
    for row in range(3):
        paper.clef(row)
    for x in (400, WIDTH):
        paper.line(x)
    for row in range(3):
        for x in (200, 260, 320):
            paper.note(x, "A4", staff=row)
        for place in range(7):
            paper.note(440 + 100 * place, "B4", staff=row)
    score = read_score([paper.page()])
    assert [bar.duration for bar in bars(score)] == [3, 7]
    assert not {issue.code for issue in score.issues} & BROKEN


def test_black_chords_in_turn_may_stand_for_a_half_note() -> None:
    paper = Paper()
    first, second = four_four(paper)
    for beat in range(4):
        paper.note(first + 100 * beat, "A4")
    for place in (0, 1):
        x = second + 200 * place
        pair = [paper.note(x, "G4")[0], paper.note(x + 100, "B4")[0]]
        stems = [edge.target for edge in paper.edges if edge.source in pair]
        for stroke in (0, 1):
            strokes = paper.put("multipleNoteTremolo", Box(x + 14, 105 + 12 * stroke, x + 104, 113 + 12 * stroke))
            for stem in stems:
                paper.join(stem, strokes)
    score = read_score([paper.page()])
    assert notes(bars(score)[1]) == [(beat, pitch, 1) for beat, pitch in enumerate(("G4", "B4", "G4", "B4"))]


def test_a_slip_of_the_pen_leaves_bars_of_no_common_length_their_own() -> None:
    paper = Paper(staves=4, clefs=("gClef",) * 4)
    for row in range(4):
        paper.clef(row)
    for x in (400, WIDTH):
        paper.line(x)
    for row in range(4):
        for x in (200, 260, 320):
            paper.note(x, "A4", staff=row)
        for place in range(7):  # two staves say another length each
            slip = {2: "noteheadHalf", 3: "noteheadWhole"}.get(row) if place == 6 else None
            paper.note(440 + 100 * place, "B4", staff=row, head=slip or "noteheadFull", stem=slip != "noteheadWhole")
    assert [bar.duration for bar in bars(read_score([paper.page()]))] == [3, 7]


def test_a_pen_forgets_a_dot_and_an_engraver_does_not() -> None:
    lengths: dict[float, list[Fraction]] = {}
    for lean in (0.0, 8.0):
        paper = Paper()
        first, start = four_four(paper)
        for beat in range(4):
            paper.note(first + 100 * beat, "A4")
        paper.note(start, "A4")
        paper.note(start + 120, "B4", label="flag8thUp")
        paper.note(start + 200, "C5", up=False)
        paper.note(start + 300, "B4")
        paper.nodes = [
            replace(node, box=Box(node.box.left, node.box.top, node.box.right + lean, node.box.bottom))
            if node.label == "stem"
            else node
            for node in paper.nodes
        ]
        score = read_score([paper.page()])
        lengths[lean] = [length for _, _, length in notes(bars(score)[1])]
    assert sum(lengths[8.0]) == 4
    assert sum(lengths[0.0]) == 3.5


@pytest.mark.parametrize("related", [True, False])
def test_small_digits_of_a_pen_are_a_time_signature_unless_they_are_a_notes(related: bool) -> None:
    paper = Paper()
    paper.clef()
    paper.line(WIDTH)
    heads = [paper.note(300 + 120 * beat, "A4") for beat in range(5)]
    for label, position in (("numeral5", 3.7), ("numeral4", 7.6)):
        y = paper.y(position, 0)
        digit = paper.put(label, Box(210, y - 10, 224, y + 10))
        if related:
            paper.join(heads[0][0], digit)
    times = [measure.time for measure in bars(read_score([paper.page()]))]
    assert (times[0] is not None and times[0].printed) == (not related)
