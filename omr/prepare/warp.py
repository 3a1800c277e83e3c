"""One resampling from page pixels to the prepared image, and the way back.

Assumes one rotation and one scale for the whole page; what departs from it (curl, perspective) stays for tracing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.errors import NoStavesError
from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine
from omr.page import PageImage
from omr.prepare.light import even_light
from omr.prepare.margins import without_margins
from omr.prepare.measure import Measures, measure

Image = npt.NDArray[np.uint8]
Affine = npt.NDArray[np.float64]

STAFF_SPACE: Final = 16.0
"""Pixels between neighbouring staff lines of the prepared image."""
MIN_COMBS: Final = 24
"""Places (of 400 columns) that must show five lines before a page counts as music: a twentieth of one staff."""
LEVEL: Final = 0.04
"""Degrees of skew that are not worth a rotation: half a pixel over a staff's length."""
CLEARLY_LEVEL: Final = 240
"""Combs of more than half a staff: such a page is not turned."""
CLEARLY_TURNED: Final = 3.0
"""How many times more combs the turned page must show before it is turned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A page ready for recognition."""

    image: Image
    """(height, width), 0 = ink, paper near 255, level staves with STAFF_SPACE between their lines."""
    to_page: Affine
    """(2, 3): prepared -> page coordinates, both continuous (the middle of the first pixel is 0.5, 0.5)."""
    page_staff_space: float
    """Staff space on the page, pixels."""

    def box_to_page(self, box: Box) -> Box:
        """The upright box on the page around `box`."""
        corners = np.array([(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)])
        turned = corners @ self.to_page.T
        (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))

    def node_to_page(self, node: Node) -> Node:
        return dataclasses.replace(node, box=self.box_to_page(node.box))

    def staff_to_page(self, staff: Staff) -> Staff:
        """`staff` with its lines, box and space in page pixels."""
        scale = self.page_staff_space / STAFF_SPACE
        return dataclasses.replace(
            staff,
            lines=tuple(self._line_to_page(line) for line in staff.lines),
            box=self.box_to_page(staff.box),
            staff_space=staff.staff_space * scale,
        )

    def _line_to_page(self, line: StaffLine) -> StaffLine:
        points = np.column_stack([line.xs, line.ys, np.ones(len(line.xs))]) @ self.to_page.T
        return StaffLine(xs=tuple(points[:, 0].tolist()), ys=tuple(points[:, 1].tolist()))


def upright(page: PageImage) -> PageImage:
    """`page` itself, or turned by a quarter (clockwise) where its staves run from top to bottom."""
    level = _combs(page.pixels)
    if level >= CLEARLY_LEVEL:
        return page
    turned = np.ascontiguousarray(np.rot90(page.pixels, -1))
    if _combs(turned) < max(MIN_COMBS, CLEARLY_TURNED * level):
        return page
    return PageImage(pixels=turned, source=page.source, index=page.index)


def _combs(pixels: Image) -> int:
    measures = measure(even_light(pixels))
    return measures.combs if measures else 0


def prepare(page: PageImage) -> Prepared:
    """`page` in even light, without skew and at STAFF_SPACE; raises NoStavesError when no staff shows."""
    even = even_light(page.pixels)
    measures = measure(even)
    if measures is None or measures.combs < MIN_COMBS:
        raise NoStavesError(
            f"{page.source}: page {page.index + 1} shows no staves; leave it out or scan it at 200 dpi or more"
        )
    matrix, size = _to_prepared(even.shape, measures)
    image = without_margins(_warped(even, matrix, size, STAFF_SPACE / measures.staff_space), STAFF_SPACE)
    to_page = np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float64)
    return Prepared(image=image, to_page=to_page, page_staff_space=measures.staff_space)


def _to_prepared(shape: tuple[int, ...], measures: Measures) -> tuple[Affine, tuple[int, int]]:
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


def _warped(pixels: Image, matrix: Affine, size: tuple[int, int], scale: float) -> Image:
    """`pixels` through `matrix` (continuous coordinates) on white paper; shrinking takes the mean of what a pixel covers."""
    level = matrix[0, 1] == 0
    if level:
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)
    source, matrix = _smoothed(pixels, matrix, scale)
    shift = matrix @ np.array([0.5, 0.5, 1.0]) - 0.5  # OpenCV counts from the middle of the first pixel
    centred = np.column_stack([matrix[:, :2], shift])
    return np.asarray(
        cv2.warpAffine(source, centred, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255),
        dtype=np.uint8,
    )


def _smoothed(pixels: Image, matrix: Affine, scale: float) -> tuple[Image, Affine]:
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
