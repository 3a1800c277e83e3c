"""Even light: paper becomes white all over the page, and ink black.

Assumes that most of every neighbourhood of a page is paper, so that the bright end of a neighbourhood is the paper's own
brightness there; a photograph's shadow or a yellowed edge changes slowly, ink does not. The darkest of a page is ink: pencil
and pale ink are as black as print to all that follows.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

BACKGROUND_SIDE: Final = 128
"""Pixels of the longer side of the reduced page on which the paper is estimated: one covers about a staff space."""
NEIGHBOURHOOD: Final = 7
"""Reduced pixels across within which some paper is expected to show."""
UNEVEN: Final = 12
"""Gray levels between bright and dark paper, or between paper and white, below which a page is left as it is."""
DARKEST_PAPER: Final = 0.35
"""Of the brightest paper; what is darker is a scanner's lid or a table, not paper in shadow."""

DARKEST: Final = 0.3
"""Per cent of a page's pixels that are the darkest ink: a few symbols."""
PALE_INK: Final = 40
"""Gray level up to which the darkest ink counts as black."""
PALEST_INK: Final = 130
"""Gray level beyond which the darkest of a page is taken for stains on an empty sheet, and darkened no further."""


def even_light(pixels: Image) -> Image:
    """`pixels` (height, width; 0 = ink) divided by the brightness of the paper around; itself when that is white everywhere."""
    paper = paper_brightness(pixels)
    brightest = float(np.percentile(paper, 95))
    lit = paper[paper >= DARKEST_PAPER * brightest]
    if 255 - float(np.percentile(lit, 5)) <= UNEVEN:
        return pixels
    floor = np.maximum(paper, DARKEST_PAPER * brightest).astype(np.uint8)
    height, width = pixels.shape
    full = cv2.resize(floor, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, full, scale=255), dtype=np.uint8)


def dark_ink(lit: Image) -> Image:
    """`lit` (height, width; white paper) with its darkest ink made black; itself where that is black already."""
    ink = min(float(np.percentile(lit[::3, ::3], DARKEST)), PALEST_INK)
    if ink <= PALE_INK:
        return lit
    table = np.clip((np.arange(256) - ink) * 255 / (255 - ink), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(lit, table), dtype=np.uint8)


def paper_brightness(pixels: Image) -> Image:
    """Brightness of the paper behind the ink on a grid of at most BACKGROUND_SIDE cells a side."""
    height, width = pixels.shape
    factor = min(1.0, BACKGROUND_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    # a few samples a cell keep white gaps between staff lines, which the mean of a whole cell would darken
    fine = cv2.resize(pixels, (size[0] * 4, size[1] * 4), interpolation=cv2.INTER_AREA)
    kernel = np.ones((NEIGHBOURHOOD * 4, NEIGHBOURHOOD * 4), np.uint8)
    bright = cv2.erode(cv2.dilate(fine, kernel), kernel)
    smooth = cv2.blur(cv2.resize(bright, size, interpolation=cv2.INTER_AREA), (NEIGHBOURHOOD, NEIGHBOURHOOD))
    return np.asarray(smooth, dtype=np.uint8)
