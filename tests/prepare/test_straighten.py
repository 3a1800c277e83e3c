"""Perspective and curl are taken out with the help of the staves; flat pages stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.painted_staves import paint
from omr.flatten import Flat, flatten
from omr.page import PageImage
from omr.prepare import STAFF_SPACE, prepare
from omr.prepare.bend import bend_of
from omr.staves import find_staves
from tests.prepare.photographed import LAYOUT, photograph, seen_at


def page(pixels: np.ndarray) -> PageImage:
    return PageImage(pixels=pixels.copy(), source="painted.png", index=0)


@pytest.fixture(scope="module")
def flat() -> Flat:
    return flatten(prepare(page(photograph())))


def test_a_photograph_is_worth_straightening_and_a_scan_is_not() -> None:
    bent, scanned = (prepare(page(pixels)).image for pixels in (photograph(), paint(LAYOUT).image))
    assert bend_of(find_staves(bent)).worth_straightening
    assert not bend_of(find_staves(scanned)).worth_straightening


def test_a_scan_is_left_alone() -> None:
    prepared = prepare(page(paint(LAYOUT).image))
    assert flatten(prepared).prepared is prepared


def test_staves_become_level_equal_and_upright(flat: Flat) -> None:
    bend = bend_of(flat.staves)
    assert len(flat.staves) == len(LAYOUT.tops)
    assert bend.sway < 0.15
    assert bend.narrowing < 0.015
    assert bend.lean < 0.01
    assert [staff.staff_space for staff in flat.staves] == pytest.approx([STAFF_SPACE] * 6, rel=0.03)


def test_the_page_keeps_its_proportions(flat: Flat) -> None:
    widths = [staff.box.width for staff in flat.staves]
    assert widths == pytest.approx([LAYOUT.right - LAYOUT.left] * 6, rel=0.08)


def test_places_return_to_the_photograph(flat: Flat) -> None:
    for staff, top in zip(flat.staves, LAYOUT.tops, strict=True):
        on_page = flat.prepared.staff_to_page(staff)
        first = np.array([(x, top) for x in np.linspace(LAYOUT.left + 20, LAYOUT.right - 20, 9)])
        for x, y in seen_at(first):
            assert on_page.lines[0].y_at(float(x)) == pytest.approx(float(y), abs=2.5)
        height = np.hypot(*(seen_at(first + np.array([0, 4 * LAYOUT.space])) - seen_at(first)).T).mean()
        assert on_page.staff_space == pytest.approx(float(height) / 4, rel=0.02)
