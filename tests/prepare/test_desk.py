"""What lies around a photographed page becomes paper; shade on the page does not."""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.painted_staves import Layout, paint
from omr.prepare.desk import page_outline, without_desk

LAYOUT = Layout(width=900, height=1000, right=820.0, tops=(150.0, 320.0, 560.0, 730.0), notes=16)
CORNERS = np.array([(200, 150), (1080, 120), (1120, 1180), (150, 1210)], np.float32)


def on_desk(level: float) -> np.ndarray:
    """A page lying slantwise on a streaky desk."""
    page = (paint(LAYOUT).image * 0.85).astype(np.uint8)
    source = np.array([(0, 0), (900, 0), (900, 1000), (0, 1000)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, CORNERS)
    streaks = np.random.default_rng(0).normal(level, 12, (1300, 1)).repeat(1250, axis=1).clip(0, 255).astype(np.uint8)
    seen = cv2.warpPerspective(page, matrix, (1250, 1300), flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.ones_like(page), matrix, (1250, 1300))
    return np.where(inside > 0, seen, streaks)


def test_the_desk_becomes_paper_and_the_music_stays() -> None:
    picture = on_desk(80)
    clean = without_desk(picture)
    assert np.ptp(clean[:100]) == 0
    assert clean[:100].min() > 180
    middle = (slice(250, 1100), slice(260, 1000))
    assert np.array_equal(clean[middle], picture[middle])


def test_the_page_is_found_where_it_lies() -> None:
    outline = page_outline(on_desk(80))
    assert outline is not None
    distance = [np.hypot(*(outline - corner).T).min() for corner in CORNERS]
    assert max(distance) < 30


def test_a_page_alone_is_left_alone() -> None:
    page = paint(LAYOUT).image
    shaded = (page * np.linspace(0.3, 1.0, page.shape[1])).astype(np.uint8)
    for picture in (page, shaded, np.full((400, 300), 200, np.uint8), np.zeros((400, 300), np.uint8)):
        assert without_desk(picture) is picture


def test_slips_of_a_picture_are_no_page() -> None:
    for shape in ((1, 1), (1, 30_000), (30_000, 1), (3, 900)):
        assert page_outline(np.zeros(shape, np.uint8)) is None
