"""The arithmetic of bars on hard ink: stems in pieces, beams found twice, three notes against two, voices without rests."""

from __future__ import annotations

from fractions import Fraction

from omr.geometry import Box
from omr.reading import read_score
from omr.reading.beaming import beam_levels
from omr.score import Key
from tests.reading.paper import WIDTH, Paper
from tests.reading.test_read_score import bars, four_four, notes, onsets


def test_a_stem_in_two_pieces_is_one_chord() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        x = start + 200 * beat
        paper.note(x, "G4", up=False)
        paper.put("noteheadFull", Box(x - 9, paper.y(0, 0) - 8, x + 9, paper.y(0, 0) + 8))
        piece = paper.put("stem", Box(x - 10, paper.y(0, 0), x - 8, paper.y(0, 0) + 20))
        paper.join(len(paper.nodes) - 2, piece)
    (bar,) = bars(read_score([paper.page()]))
    assert notes(bar) == [(beat, pitch, 1) for beat in range(4) for pitch in ("F5", "G4")]


def test_a_beam_found_twice_counts_once() -> None:
    paper = Paper()
    stem = paper.nodes[paper.put("stem", Box(300, 60, 302, 140))]
    beams = [paper.nodes[paper.put("beam", Box(250, top, 400, top + 8))] for top in (60, 61, 74)]
    assert beam_levels(beams, stem, 1, 16.0) == 2


def test_three_against_two_that_stand_almost_over_each_other() -> None:
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(2, 4, row)
    paper.line(WIDTH)
    for beat in (0, 1):
        start = 280 + 430 * beat
        heads = [paper.note(start + dx, "G4") for dx in (0, 130, 260)]
        figure = paper.mark("numeral3", start + 130, -5)
        for one in heads:
            paper.join(one[0], figure)
        paper.beam(heads)
        low = [paper.note(start + dx, "C3", staff=1) for dx in (0, 195)]
        paper.beam(low, y=230)
    (bar,) = bars(read_score([paper.page()]))
    assert [onset for onset, _, _ in notes(bar, 1)][:3] == [0, Fraction(1, 3), Fraction(2, 3)]
    assert [onset for onset, _, _ in notes(bar, 2)] == [0, Fraction(1, 2), 1, Fraction(3, 2)]


def test_a_repeat_right_after_the_header_opens_the_first_bar() -> None:
    paper = Paper()
    paper.clef()
    paper.line(110)
    paper.line(118, label="barlineHeavy")
    for position in (3, 5):
        paper.mark("repeatDot", 130, position, size=6)
    for bar in range(3):
        for beat in range(4):
            paper.note(180 + 340 * bar + 70 * beat, "G4")
        paper.line(470 + 340 * bar if bar < 2 else WIDTH)
    found = bars(read_score([paper.page()]))
    assert [onsets(bar) for bar in found] == [[0, 1, 2, 3]] * 3
    assert found[0].left.repeat == "forward"


def test_a_key_change_after_a_double_line() -> None:
    paper = Paper(staves=2)
    four_four(paper, bars=2)
    for row in (0, 1):
        paper.key(("F5", "C5") if row == 0 else ("F3", "C3"), row)
        paper.key(("B4",) if row == 0 else ("B2",), row, x=745, label="accidentalFlat")
        for bar in range(2):
            for beat in range(4):
                paper.note(280 + 510 * bar + 90 * beat, "B4" if row == 0 else "C3", staff=row)
    paper.line(731)
    found = bars(read_score([paper.page()]))
    assert [bar.key for bar in found] == [Key(2), Key(-1)]
    assert {pitch for _, pitch, _ in notes(found[1], 1)} == {"Bb4"}
    assert {pitch for _, pitch, _ in notes(found[0], 2)} == {"C#3"}
    assert found[0].right.style == "light-light"


def test_a_clef_change_within_the_bar_moves_only_what_follows() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(start + 200 * beat, "B4", up=False)
    paper.mark("fClef", start + 350, 4, size=30)
    (bar,) = bars(read_score([paper.page()]))
    assert [pitch for _, pitch, _ in notes(bar)] == ["B4", "B4", "D3", "D3"]
    assert [(change.onset, change.clef.sign) for change in bar.clefs] == [(0, "G"), (2, "F")]


def test_beams_of_dotted_quarters_make_six_eights() -> None:
    paper = Paper()
    paper.clef()
    for bar in range(3):
        for half in (0, 1):
            paper.beam([paper.note(190 + 330 * bar + 150 * half + 45 * i, "G4") for i in range(3)])
        paper.line(500 + 330 * bar if bar < 2 else WIDTH)
    found = bars(read_score([paper.page()]))
    assert found[0].time is not None
    assert (found[0].time.beats, found[0].time.beat_type, found[0].time.printed) == (6, 8, False)
    assert onsets(found[1]) == [Fraction(i, 2) for i in range(6)]


def test_brackets_over_bars_are_first_and_second_endings() -> None:
    paper = Paper()
    starts = four_four(paper, bars=3)
    for start in starts:
        for beat in range(4):
            paper.note(start + 70 * beat, "G4")
    for left, right in ((570, 880), (890, 1190)):
        paper.put("voltaBracket", Box(left, 20, right, 40))
    found = bars(read_score([paper.page()]))
    assert [bar.left.ending for bar in found] == [None, ("start", "1"), ("start", "2")]
    assert [bar.right.ending for bar in found] == [None, ("discontinue", "1"), ("discontinue", "2")]


def test_a_waltz_with_beams_of_three_stays_in_three_four() -> None:
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
    for bar in range(3):
        start = 190 + 330 * bar
        paper.dot(paper.note(start, "G4")[0])
        paper.beam([paper.note(start + 150 + 45 * i, "G4") for i in range(3)])
        for i in range(3):
            paper.note(start + (0, 103, 195)[i], "C3", staff=1)
        paper.line(505 + 330 * bar if bar < 2 else WIDTH)
    time = bars(read_score([paper.page()]))[0].time
    assert time is not None
    assert (time.beats, time.beat_type) == (3, 4)
