from __future__ import annotations

from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine
from omr.staves import split_asides, without_asides


def staff(index: int, system: int, left: float, right: float, space: float = 16.0) -> Staff:
    top = 100.0 + 160 * index
    lines = tuple(StaffLine(xs=(left, right), ys=(top + k * space,) * 2) for k in range(5))
    return Staff(index=index, system=system, lines=lines, box=Box(left, top, right, top + 4 * space), staff_space=space)


PIANO = (staff(0, 0, 100, 1800), staff(1, 0, 100, 1800), staff(2, 1, 100, 1800), staff(3, 1, 100, 1800))
FOOTNOTE = staff(4, 2, 200, 520, 12.0)


def test_a_footnote_is_set_apart() -> None:
    assert split_asides((*PIANO, FOOTNOTE)) == (PIANO, (FOOTNOTE,))


def test_two_footnotes_side_by_side_are_set_apart() -> None:
    notes = (staff(4, 2, 300, 500, 11.0), staff(5, 2, 900, 1100, 11.0))
    assert split_asides((*PIANO, *notes)) == (PIANO, notes)


def test_the_music_is_numbered_anew() -> None:
    ossia, upper, lower = staff(0, 0, 600, 900, 10.0), staff(1, 1, 100, 1800), staff(2, 1, 100, 1800)
    music, asides = split_asides((ossia, upper, lower))
    assert asides == (ossia,)
    assert [(one.index, one.system, one.box) for one in music] == [(0, 0, upper.box), (1, 0, lower.box)]


def test_a_melody_with_a_short_last_line_is_all_music() -> None:
    melody = (staff(0, 0, 100, 1800), staff(1, 1, 100, 1800), staff(2, 2, 100, 800))
    assert split_asides(melody) == (melody, ())


def test_short_staves_that_are_joined_are_music() -> None:
    joined = (*PIANO, staff(4, 2, 100, 500), staff(5, 2, 100, 500))
    assert split_asides(joined) == (joined, ())


def test_no_staves_at_all() -> None:
    assert split_asides(()) == ((), ())


def test_symbols_on_an_aside_leave_with_it_and_others_stay() -> None:
    on_aside = Node(id=1, label="noteheadFull", box=Box(300, 760, 312, 772))
    beside_it = Node(id=2, label="noteheadFull", box=Box(900, 760, 912, 772))
    on_music = Node(id=3, label="noteheadFull", box=Box(300, 640, 312, 652))
    assert without_asides((on_aside, beside_it, on_music), PIANO, (FOOTNOTE,)) == (beside_it, on_music)
