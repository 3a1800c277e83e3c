"""One resampling from page pixels to the prepared image, and the way back.

Assumes one rotation and one scale for the whole page; what departs from it (curl, perspective) is left to
omr.prepare.straighten.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.errors import NoStavesError
from omr.page import PageImage
from omr.prepare.margins import without_margins
from omr.prepare.measure import Measures
from omr.prepare.orient import MIN_COMBS, best_look
from omr.prepare.page_map import as_affine
from omr.prepare.prepared import STAFF_SPACE, Prepared

Image = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

LEVEL: Final = 0.04
"""Degrees of skew that are not worth a rotation: half a pixel over a staff's length."""


def prepare(page: PageImage) -> Prepared:
    """`page` upright, dark on light, in even light, without skew and at STAFF_SPACE.

    Raises NoStavesError when no staff shows.
    """
    look = best_look(page.pixels)
    if look.measures is None or look.combs < MIN_COMBS:
        raise NoStavesError(
            f"{page.source}: page {page.index + 1} shows no staves; leave it out or scan it at 200 dpi or more"
        )
    return dataclasses.replace(levelled(look.lit, look.measures), turns=look.turns)


def levelled(lit: Image, measures: Measures) -> Prepared:
    """The page whose pixels in even light are `lit`, rotated and scaled."""
    matrix, size = _to_prepared(lit.shape, measures)
    image = without_margins(_warped(lit, matrix, size, STAFF_SPACE / measures.staff_space), STAFF_SPACE)
    back = np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float64)
    return Prepared(image=image, to_page=as_affine(back), page_staff_space=measures.staff_space, lit=lit)


def _to_prepared(shape: tuple[int, ...], measures: Measures) -> tuple[Matrix, tuple[int, int]]:
    """The map from page to prepared coordinates, and the prepared width and height that hold the whole page."""
    height, width = shape
    scale = STAFF_SPACE / measures.staff_space
    if abs(measures.skew) < LEVEL:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return np.array([[size[0] / width, 0.0, 0.0], [0.0, size[1] / height, 0.0]]), size
    angle = np.radians(measures.skew)
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cosine, sine], [-sine, cosine]])
    corners = np.array([(x, y) for x in (0, width) for y in (0, height)]) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    extent = np.ceil(high - low).astype(int)
    return np.column_stack([turn, -low]), (int(extent[0]), int(extent[1]))


def _warped(pixels: Image, matrix: Matrix, size: tuple[int, int], scale: float) -> Image:
    """`pixels` through `matrix` (continuous coordinates) on white paper; shrinking takes the mean of what a pixel covers."""
    level = matrix[0, 1] == 0
    if level:
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)
    source, matrix = smoothed(pixels, matrix, scale)
    shift = matrix @ np.array([0.5, 0.5, 1.0]) - 0.5  # OpenCV counts from the middle of the first pixel
    centred = np.column_stack([matrix[:, :2], shift])
    return np.asarray(
        cv2.warpAffine(source, centred, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255),
        dtype=np.uint8,
    )


def smoothed(pixels: Image, matrix: Matrix, scale: float) -> tuple[Image, Matrix]:
    """`pixels` less the detail that an image smaller by `scale` cannot show, and the map that now fits them.

    The blur has the variance of the mean over the pixels that one new pixel covers.
    """
    factor = 1 / scale
    if factor >= 2:
        whole = int(factor)
        height, width = pixels.shape
        size = (max(1, width // whole), max(1, height // whole))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        step = np.array([width / size[0], height / size[1], 1.0])
        matrix = matrix * step
        factor /= whole
    if factor > 1:
        sigma = float(np.sqrt((factor**2 - 1) / 12))
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.uint8)
    return pixels, matrix
