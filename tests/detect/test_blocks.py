"""Beams drawn so near that their ink is one block, as old prints in black and white have them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from omr.detect.beams import measured
from omr.detect.blocks import closed, strokes_of
from tests.detect.made_findings import findings

Bar = tuple[int, int, int, int, int]
THICK = 10.0


def page(*bars: Bar) -> npt.NDArray[np.uint8]:
    """Bars from (x, y) to (x, y) of a thickness, with stems of 60 pixels below every 80th column of the first."""
    image = np.full((300, 900), 255, np.uint8)
    for left, top, right, bottom, thickness in bars:
        half = thickness / 2
        corners = np.array([(left, top - half), (right, bottom - half), (right, bottom + half), (left, top + half)])
        cv2.fillPoly(image, [np.round(corners).astype(np.int32)], 0)
    left, top, right, bottom, _ = bars[0]
    for x in range(left, right + 1, 80):
        y = round(top + (bottom - top) * (x - left) / (right - left))
        cv2.line(image, (x, y), (x, y + 60), 0, 2)
    return image


@pytest.mark.parametrize("fall", [-60, 0, 25, 60])
def test_a_block_as_thick_as_two_beams_is_two(fall: int) -> None:
    image = page((100, 150, 420, 150 + fall, 10), (100, 161, 420, 161 + fall, 12))
    strokes = strokes_of(np.array([110.0, 150.0, 400.0, 160.0 + fall]), closed(image < 128), THICK)
    assert len(strokes) == 2
    for stroke, level in zip(strokes, (150, 162), strict=True):
        assert (stroke.left, stroke.right) == pytest.approx((100, 421), abs=4)
        for x, y in ((100, level), (420, level + fall)):
            assert stroke.level + stroke.slant * x == pytest.approx(y, abs=2)


def test_the_second_beam_ends_where_the_block_steps() -> None:
    image = page((100, 150, 420, 150, 10), (260, 161, 420, 161, 12))
    first, second = strokes_of(np.array([110.0, 150.0, 400.0, 160.0]), closed(image < 128), THICK)
    assert (first.left, first.right) == pytest.approx((100, 421), abs=4)
    assert (second.left, second.right) == pytest.approx((260, 421), abs=5)


def test_a_slit_of_paper_does_not_part_what_a_gap_does() -> None:
    box = np.array([110.0, 146.0, 400.0, 156.0])
    slit = page((100, 150, 420, 150, 10), (100, 162, 420, 162, 10))  # one row of paper is left between them
    gap = page((100, 150, 420, 150, 10), (100, 165, 420, 165, 10))
    assert len(strokes_of(box, closed(slit < 128), THICK)) == 2
    assert len(strokes_of(box, closed(gap < 128), THICK)) == 1


def test_boxes_that_a_network_laid_over_a_block_come_to_lie_on_its_beams() -> None:
    single = (500, 250, 800, 250, 10)
    image = page(
        (100, 150, 420, 210, 10), (100, 161, 420, 221, 12), single, (500, 60, 800, 60, 10), (500, 100, 800, 100, 10)
    )
    known = [("beam", 0.9, (500.0, y - 5.0, 800.0, y + 5.0)) for y in (250, 60, 100)]
    seen = [("beam", 0.8, (110.0, 150.0, 400.0, 214.0)), ("beam", 0.7, (100.0, 160.0, 420.0, 230.0))]
    boxes = measured(findings(*known, *seen), image).boxes[3:]
    assert boxes[0] == pytest.approx((100, 145, 421, 215), abs=4)
    assert boxes[1] == pytest.approx((100, 157, 421, 227), abs=4)


def test_a_staff_line_along_a_beam_makes_no_second_one() -> None:
    image = page((100, 150, 420, 150, 10), (500, 60, 800, 60, 10), (500, 100, 800, 100, 10), (500, 200, 800, 200, 10))
    cv2.line(image, (0, 160), (899, 160), 0, 3)
    known = [("beam", 0.9, (500.0, y - 5.0, 800.0, y + 5.0)) for y in (60, 100, 200)]
    found = measured(findings(*known, ("beam", 0.8, (110.0, 140.0, 400.0, 166.0))), image)
    assert len(found.boxes) == 4


def test_a_slur_has_no_strokes() -> None:
    image = np.full((300, 900), 255, np.uint8)
    cv2.ellipse(image, (260, 200), (150, 40), 0, 180, 360, 0, 4)
    assert strokes_of(np.array([110.0, 156.0, 410.0, 204.0]), closed(image < 128), THICK) == ()
