"""Black margins vanish, music at the page's edge stays."""

from __future__ import annotations

import numpy as np

from omr.prepare.margins import without_margins

SPACE = 16.0


def _page() -> np.ndarray:
    """A staff that runs to the right edge, with a notehead and a thick double beam."""
    page = np.full((400, 600), 255, np.uint8)
    for line in range(5):
        page[150 + 16 * line : 152 + 16 * line, 90:] = 0
    page[160:176, 300:320] = 0
    page[100:120, 300:420] = 0
    return page


def test_a_page_without_margins_is_left_alone() -> None:
    page = _page()
    assert without_margins(page, SPACE) is page


def test_a_ragged_black_strip_becomes_paper() -> None:
    clean = _page()
    page = clean.copy()
    page[:, :40] = 0
    chance = np.random.default_rng(4)
    for row in range(0, 400, 7):
        page[row : row + 5, 40 : 40 + int(chance.integers(0, 8))] = 0
    assert np.array_equal(without_margins(page, SPACE), clean)


def test_a_narrow_strip_becomes_paper() -> None:
    page = _page()
    page[:8] = 0
    cleaned = without_margins(page, SPACE)
    assert cleaned[:8].min() == 255
    assert np.array_equal(cleaned[20:], _page()[20:])


def test_a_black_picture_inside_the_page_stays() -> None:
    page = _page()
    page[300:360, 200:300] = 0
    assert without_margins(page, SPACE)[330, 250] == 0


def test_a_strip_beside_the_edge_becomes_paper_and_a_heavy_barline_stays() -> None:
    page = _page()
    page[:, 12:34] = 0
    page[150:216, 92:100] = 0
    cleaned = without_margins(page, SPACE)
    assert cleaned[:, :40].min() == 255
    assert cleaned[150:216, 92:100].max() == 0
