from __future__ import annotations

import cv2
import numpy as np

from benchmarks.painted_staves import Layout, paint
from omr.staves import find_staves, group_systems

LEFT, RIGHT = 120, 1290
TOPS = (150.0, 320.0, 490.0, 760.0, 930.0, 1100.0)
BOTTOM = 64
"""Pixels from a staff's top line to its bottom line."""


def bare() -> np.ndarray:
    """Six staves with notes and no vertical line between any two."""
    return np.minimum.reduce([paint(Layout(tops=(top,), notes=14), seed=k).image for k, top in enumerate(TOPS)])


def grouping(image: np.ndarray) -> list[int]:
    staves = find_staves(image)
    assert len(staves) == len(TOPS)
    return [staff.system for staff in group_systems(staves, image)]


def test_barlines_through_both_staves_join_them() -> None:
    image = paint(Layout()).image
    assert [staff.system for staff in group_systems(find_staves(image), image)] == [0, 0, 1, 1, 2, 2]


def test_staves_without_strokes_between_stand_alone() -> None:
    assert grouping(bare()) == [0, 1, 2, 3, 4, 5]


def test_the_line_at_the_left_end_joins_a_voice_to_its_piano() -> None:
    image = bare()
    for first, last in ((0, 2), (3, 5)):
        cv2.line(image, (LEFT, int(TOPS[first])), (LEFT, int(TOPS[last]) + BOTTOM), 0, 2)
    assert grouping(image) == [0, 0, 0, 1, 1, 1]


def test_a_leaning_and_broken_line_still_joins() -> None:
    image = bare()
    cv2.line(image, (LEFT, int(TOPS[0])), (LEFT + 8, int(TOPS[2]) + BOTTOM), 0, 2)
    image[230:238, LEFT - 3 : LEFT + 12] = 255
    assert grouping(image) == [0, 0, 0, 1, 2, 3]


def test_one_long_stem_across_the_gap_joins_nothing() -> None:
    image = bare()
    for x in (400, 800):
        cv2.line(image, (x, int(TOPS[0]) + 40), (x, int(TOPS[1]) + 20), 0, 2)
    assert grouping(image) == [0, 1, 2, 3, 4, 5]
