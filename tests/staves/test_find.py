from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.painted_staves import Layout, PaintedPage, paint
from omr.notation import Staff
from omr.staves import find_staves, group_systems

EXACT = 0.08
"""Staff spaces by which traced lines may err in the mean."""


def line_error(staff: Staff, painted: PaintedPage, index: int) -> float:
    """Mean distance of the traced lines from the painted ones, staff spaces."""
    distances = [
        np.abs(np.array(line.ys) - curve(np.array(line.xs))).mean()
        for line, curve in zip(staff.lines, painted.lines[index], strict=True)
    ]
    return float(np.mean(distances)) / staff.staff_space


@pytest.mark.parametrize(
    ("layout", "bend"),
    [
        (Layout(), 0.0),
        (Layout(), 14.0),
        (Layout(notes=70), 8.0),
        (Layout(line_ink=0.6, line_thickness=1.4), 5.0),
        (Layout(line_thickness=4.0), 10.0),
    ],
)
def test_bent_broken_and_crowded_lines_are_traced(layout: Layout, bend: float) -> None:
    painted = paint(layout, bend=bend, seed=1)
    staves = find_staves(painted.image)
    assert len(staves) == len(layout.tops)
    for index, staff in enumerate(staves):
        assert staff.index == index
        assert line_error(staff, painted, index) < EXACT
        assert staff.box.left == pytest.approx(layout.left, abs=8)
        assert staff.box.right == pytest.approx(layout.right, abs=8)


def test_faint_lines_are_found() -> None:
    painted = paint(Layout())
    noise = np.random.default_rng(5).normal(0, 4, painted.image.shape)
    faint = np.clip(255 - (255 - painted.image.astype(float)) * 0.12 + noise, 0, 255).astype(np.uint8)
    assert len(find_staves(faint)) == 6


def test_small_and_large_staves_are_found_beside_the_main_size() -> None:
    main = paint(Layout(height=700, tops=(150.0, 420.0))).image
    small = paint(Layout(height=400, space=9.6, left=200.0, right=900.0, tops=(100.0,), notes=12)).image
    large = paint(Layout(height=400, space=20.5, tops=(150.0,), notes=12)).image
    staves = find_staves(np.vstack([main, small, large]))
    assert [round(staff.staff_space) for staff in staves] == [16, 16, 10, 20]


def test_two_staves_side_by_side_are_two() -> None:
    image = paint(Layout(height=400, tops=(150.0,), notes=16)).image.copy()
    image[:, 700:820] = 255
    left, right = find_staves(image)
    assert left.box.right == pytest.approx(700, abs=8)
    assert right.box.left == pytest.approx(820, abs=8)


def test_a_staff_at_the_very_edge_is_found() -> None:
    image = paint(Layout(height=420, tops=(150.0,), notes=12)).image[147:]
    assert len(find_staves(image)) == 1


def prose() -> np.ndarray:
    page = np.full((1200, 1200), 255, np.uint8)
    for row in range(24):
        text = "Sphinx of black quartz, judge my vow; EEE ttt === 555"
        cv2.putText(page, text[row % 7 :], (40, 60 + 45 * row), cv2.FONT_HERSHEY_COMPLEX, 1.1, 0, 2)
    return page


def ruled(lines: int, gap: int) -> np.ndarray:
    page = np.full((900, 1200), 255, np.uint8)
    for k in range(lines):
        page[100 + k * gap : 102 + k * gap, 100:1100] = 0
    return page


def hatched() -> np.ndarray:
    page = np.full((900, 1200), 255, np.uint8)
    for k in range(-60, 120):
        cv2.line(page, (100, 100 + 16 * k), (1100, 140 + 16 * k), 0, 2)
    return page


@pytest.mark.parametrize(
    "image",
    [
        prose(),
        ruled(40, 16),
        ruled(6, 16),
        ruled(4, 16),
        hatched(),
        np.full((300, 300), 255, np.uint8),
        np.zeros((40, 40), np.uint8),
    ],
    ids=["prose", "ruled paper", "six lines", "four lines", "hatching", "blank", "black"],
)
def test_nothing_else_is_taken_for_a_staff(image: np.ndarray) -> None:
    assert find_staves(image) == ()


def test_noise_alone_is_no_staff() -> None:
    random = np.random.default_rng(11)
    assert find_staves(random.integers(0, 256, (700, 700)).astype(np.uint8)) == ()


def test_the_same_image_gives_the_same_staves() -> None:
    image = paint(Layout(height=500, tops=(150.0, 320.0)), bend=6).image
    assert group_systems(find_staves(image), image) == group_systems(find_staves(image), image)
