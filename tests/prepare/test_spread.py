"""The two pages of an open book are read one below the other."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.painted_staves import Layout, paint
from omr.flatten import Flat, flatten
from omr.page import PageImage
from omr.prepare import prepare
from omr.prepare.spread import fold
from omr.staves import find_staves, group_systems

LEFT = Layout(width=1000, height=1100, left=90.0, right=970.0, tops=(150.0, 320.0, 620.0, 790.0), notes=16)
RIGHT = Layout(width=1000, height=1100, left=120.0, right=900.0, tops=(190.0, 360.0, 700.0, 870.0), notes=16)


def spread() -> np.ndarray:
    """Both pages beside one another, a dark fold between them, as close to the left staves as books have it."""
    both = np.concatenate([paint(LEFT).image, paint(RIGHT, seed=1).image], axis=1).astype(np.float32)
    both *= 1 - 0.6 * np.exp(-(((np.arange(2000) - 1000) / 12.0) ** 2))
    return both.astype(np.uint8)


def page(pixels: np.ndarray) -> PageImage:
    return PageImage(pixels=pixels, source="book.png", index=0)


@pytest.fixture(scope="module")
def flat() -> Flat:
    return flatten(prepare(page(spread())))


def test_left_page_first_and_systems_apart(flat: Flat) -> None:
    on_page = [flat.prepared.staff_to_page(staff) for staff in flat.staves]
    tops = [staff.lines[0].y_at(staff.box.center.x) for staff in on_page]
    assert tops == pytest.approx([*LEFT.tops, *RIGHT.tops], abs=3)
    assert [staff.box.center.x < 1000 for staff in on_page] == [True] * 4 + [False] * 4
    systems = [staff.system for staff in group_systems(flat.staves, flat.prepared.image)]
    assert systems == [0, 0, 1, 1, 2, 2, 3, 3]


def test_staves_of_both_pages_begin_above_one_another(flat: Flat) -> None:
    lefts = [staff.box.left for staff in flat.staves]
    assert max(lefts) - min(lefts) < 8


@pytest.mark.parametrize("layout", [LEFT, Layout(width=1600, height=700, right=1500.0, tops=(150.0, 320.0), notes=30)])
def test_one_page_has_no_fold(layout: Layout) -> None:
    image = prepare(page(paint(layout).image.copy())).image
    assert fold(find_staves(image), image) is None
