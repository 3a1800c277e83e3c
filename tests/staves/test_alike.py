"""Broken systems are mended after the page's whole ones, and only where the staves stand close enough."""

from __future__ import annotations

from omr.geometry import Box
from omr.notation import Staff, StaffLine
from omr.staves.alike import mended_systems


def _page(rows: list[tuple[int, float]]) -> tuple[Staff, ...]:
    """Staves of 64 px at the given (system, top)."""
    staves = []
    for index, (system, top) in enumerate(rows):
        lines = tuple(StaffLine(xs=(0.0, 900.0), ys=(top + 16 * row, top + 16 * row)) for row in range(5))
        box = Box(0, top, 900, top + 64)
        staves.append(Staff(index=index, system=system, lines=lines, box=box, staff_space=16.0))
    return tuple(staves)


def _systems(staves: tuple[Staff, ...]) -> list[int]:
    return [staff.system for staff in staves]


def test_a_voice_torn_from_its_piano_comes_back() -> None:
    page = _page([(0, 0), (0, 150), (0, 300), (1, 600), (2, 750), (2, 900), (3, 1200), (3, 1350), (3, 1500)])
    assert _systems(mended_systems(page)) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_staves_far_apart_stay_apart() -> None:
    page = _page([(0, 0), (0, 150), (1, 450), (2, 900)])
    assert _systems(mended_systems(page)) == [0, 0, 1, 2]


def test_whole_systems_stay_as_they_are() -> None:
    page = _page([(0, 0), (0, 150), (1, 300), (1, 450), (2, 600), (2, 750)])
    assert _systems(mended_systems(page)) == [0, 0, 1, 1, 2, 2]


def test_a_page_of_single_staves_stays_single() -> None:
    page = _page([(0, 0), (1, 150), (2, 300)])
    assert _systems(mended_systems(page)) == [0, 1, 2]


def test_single_staves_need_more_than_one_whole_system() -> None:
    once = _page([(0, 0), (0, 150), (1, 450), (2, 600)])
    twice = _page([(0, 0), (0, 150), (1, 450), (2, 600), (3, 900), (3, 1050)])
    assert _systems(mended_systems(once)) == [0, 0, 1, 2]
    assert _systems(mended_systems(twice)) == [0, 0, 1, 1, 2, 2]
