"""Dots are boxed around their specks."""

from __future__ import annotations

import numpy as np
import pytest

from omr.detect.specks import measured, parted
from tests.detect.made_findings import findings


@pytest.fixture
def image() -> np.ndarray:
    """A dot of 5 x 6 pixels, another grown into a line."""
    image = np.full((100, 200), 255, np.uint8)
    image[40:46, 60:65] = 0
    image[40:46, 120:125] = 0
    image[45:47, 90:190] = 0
    return image


def test_a_dot_is_as_large_as_its_speck(image: np.ndarray) -> None:
    found = measured(findings(("augmentationDot", 0.5, (57, 38, 64, 44))), image, ("augmentationDot",))
    assert found.boxes[0].tolist() == [60, 40, 65, 46]


def test_a_dot_that_touches_a_line_keeps_its_box(image: np.ndarray) -> None:
    box = (119.0, 39.0, 126.0, 46.0)
    assert measured(findings(("repeatDot", 0.5, box)), image, ("repeatDot",)).boxes[0].tolist() == list(box)


@pytest.mark.parametrize(("label", "box"), [("repeatDot", (57, 38, 64, 44)), ("augmentationDot", (10, 10, 16, 16))])
def test_other_classes_and_white_paper_stay(image: np.ndarray, label: str, box: tuple[float, ...]) -> None:
    left, top, right, bottom = map(float, box)
    found = measured(findings((label, 0.5, (left, top, right, bottom))), image, ("augmentationDot",))
    assert found.boxes[0].tolist() == [left, top, right, bottom]


def test_a_box_as_wide_as_two_dots_that_holds_two_is_two() -> None:
    image = np.full((100, 200), 255, np.uint8)
    image[40:46, 60:66] = image[40:46, 69:75] = 0
    pair = ("augmentationDot", 0.7, (59.0, 39.0, 76.0, 47.0))
    assert parted(findings(pair), image).boxes.tolist() == [[60, 39, 66, 47], [69, 39, 75, 47]]


@pytest.mark.parametrize(("label", "right"), [("augmentationDot", 66), ("repeatDot", 75)])
def test_a_single_dot_and_other_signs_are_one(label: str, right: int) -> None:
    image = np.full((100, 200), 255, np.uint8)
    image[40:46, 60:66] = 0
    image[40:46, 69:right] = 0
    box = (59.0, 39.0, 76.0, 47.0)
    assert parted(findings((label, 0.7, box)), image).boxes.tolist() == [list(box)]
