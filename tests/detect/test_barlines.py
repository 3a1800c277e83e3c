"""Handwritten barlines are followed to their ends."""

from __future__ import annotations

import numpy as np

from omr.detect.barlines import followed
from tests.detect.made_findings import findings


def _page() -> np.ndarray:
    """A stroke of three columns that leans to the right, crossed by two staves of lines."""
    image = np.full((400, 120), 255, np.uint8)
    for row in range(50, 351):
        left = 50 + (row - 50) // 30
        image[row, left : left + 3] = 0
    for top in (50, 286):
        for line in range(5):
            image[top + 16 * line : top + 16 * line + 2, 10:110] = 0
    return image


def test_a_leaning_stroke_is_boxed_whole() -> None:
    found = followed(findings(("barline", 0.5, (52, 120, 58, 220))), _page())
    assert found.boxes[0].tolist() == [50, 50, 62, 352]


def test_it_ends_where_the_ink_does() -> None:
    image = _page()
    image[200:212] = 255
    assert followed(findings(("barline", 0.5, (48, 60, 58, 180))), image).boxes[0, 3] == 200


def test_a_stroke_that_never_stands_alone_keeps_its_box() -> None:
    image = np.zeros((100, 100), np.uint8)
    box = (40.0, 10.0, 46.0, 90.0)
    assert followed(findings(("barline", 0.5, box)), image).boxes[0].tolist() == list(box)


def test_nothing_but_barlines_is_followed() -> None:
    box = (52.0, 120.0, 58.0, 220.0)
    assert followed(findings(("stem", 0.5, box)), _page()).boxes[0].tolist() == list(box)
