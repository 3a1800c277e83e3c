"""Triplets that no figure marks, in every beat of the page: the printed metre tells them from a longer bar."""

from __future__ import annotations

from fractions import Fraction

from omr.reading import read_score
from tests.reading.paper import WIDTH, Paper


def _triplets() -> Paper:
    """Two staves of three beats of three beamed eighths a bar, three bars, with 3/4 at the start."""
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(3, 4, row, x=140)
    for bar in range(3):
        for row, name, top in ((0, "G4", 60), (1, "C3", 220)):
            for beat in range(3):
                first = 190 + 330 * bar + 100 * beat
                paper.beam([paper.note(first + 32 * i, name, staff=row) for i in range(3)], y=top)
        paper.line(505 + 330 * bar if bar < 2 else WIDTH)
    return paper


def test_a_metre_on_every_staff_makes_them_triplets() -> None:
    measures = read_score([_triplets().page()]).parts[0].measures
    time = measures[0].time
    assert time is not None
    assert (time.beats, time.beat_type) == (3, 4)
    for measure in measures:
        upper = [event for event in measure.events if event.staff == 1]
        assert [event.onset for event in upper] == [Fraction(i, 3) for i in range(9)]
        assert {event.time_modification for event in upper} == {(3, 2)}
        assert {event.type for event in upper} == {"eighth"}


def test_bars_keep_their_length_in_quarters() -> None:
    measures = read_score([_triplets().page()]).parts[0].measures
    assert {measure.duration for measure in measures} == {Fraction(3)}


def test_sextuplets_in_one_bar_that_adds_up_only_with_them() -> None:
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(4, 4, row, x=120)
    for beat in range(4):
        first = 160 + 180 * beat
        paper.note(first, "G4")
        paper.beam([paper.note(first + 30 * i, "C3", staff=1) for i in range(6)], levels=2, y=220)
    paper.line(890)
    paper.note(920, "G4", head="noteheadWhole", stem=False)
    paper.note(920, "C3", staff=1, head="noteheadWhole", stem=False)
    paper.line(WIDTH)
    measure = read_score([paper.page()]).parts[0].measures[0]
    assert [event.onset for event in measure.events if event.staff == 2] == [Fraction(i, 6) for i in range(24)]
    assert [event.onset for event in measure.events if event.staff == 1] == [0, 1, 2, 3]
