"""Staves whose barlines stand above each other are one system, staves with bars of their own are not."""

from __future__ import annotations

from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine
from omr.staves import systems_by_barlines

TOPS = (0.0, 160.0, 320.0)


def _staves() -> tuple[Staff, ...]:
    """Three systems of one staff of 64 px."""
    return tuple(
        Staff(
            index=index,
            system=index,
            lines=tuple(StaffLine(xs=(0.0, 900.0), ys=(top + 16 * row, top + 16 * row)) for row in range(5)),
            box=Box(0, top, 900, top + 64),
            staff_space=16.0,
        )
        for index, top in enumerate(TOPS)
    )


def _lines(*places: tuple[float, ...]) -> list[Node]:
    """Barlines of the staves, from the top one down, with the one at the right end."""
    boxes = [Box(x, TOPS[row], x + 3, TOPS[row] + 64) for row, xs in enumerate(places) for x in (*xs, 895.0)]
    return [Node(id=number, label="barline", box=box) for number, box in enumerate(boxes)]


def _systems(*places: tuple[float, ...]) -> list[int]:
    return [staff.system for staff in systems_by_barlines(_staves(), _lines(*places))]


def test_lines_above_each_other_join_their_staves() -> None:
    assert _systems((200, 420, 700), (204, 415, 706), (300, 500, 650)) == [0, 0, 1]


def test_a_whole_page_may_be_one_system() -> None:
    assert _systems((200, 420, 700), (204, 415, 706), (207, 411, 710)) == [0, 0, 0]


def test_two_lines_in_common_are_too_few() -> None:
    assert _systems((200, 420), (200, 420), (200, 420)) == [0, 1, 2]


def test_bars_of_their_own_keep_staves_apart() -> None:
    assert _systems((200, 420, 700), (200, 420, 600, 760), (90, 420, 700)) == [0, 1, 2]


def test_a_double_bar_counts_once() -> None:
    assert _systems((200, 210, 420), (200, 210, 420), (200, 210, 420)) == [0, 1, 2]


def test_a_line_through_half_the_staff_is_none() -> None:
    stems = [
        Node(id=i, label="barline", box=Box(x, top, x + 3, top + 30))
        for top in TOPS
        for i, x in enumerate((200, 420, 700))
    ]
    assert [staff.system for staff in systems_by_barlines(_staves(), stems)] == [0, 1, 2]
