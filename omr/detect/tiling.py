"""What the network looks at: the inked part of a page in bands with blank rows between them, or in strips where it has none.

The network is convolutional and computes any size, and takes memory for every pixel. Blank rows cut nothing. Every other
border between pieces costs time for the overlap and symbols that are cut: only what would take too much memory otherwise has
such. Assumes that nearly every symbol is smaller than the overlap, so that some strip sees it whole; the few longer ones
(slurs, beams, braces) are cut by the strips' borders and joined afterwards. Sides on a coarse grid let pages of one book share
a shape, which the runtime prepares once, and show the network all bands in the same raster.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from omr.detect.bands import bands

Image = npt.NDArray[np.uint8]

OVERLAP: Final = 96  # pixels, six staff spaces: the tallest clef and most accidentals, rests and stems
MARGIN: Final = 32  # pixels of paper around the ink
GRID: Final = 32  # pixels, the network's coarsest stride: strips' sides and the steps between bands are multiples of it
MOST_WIDTH: Final = 4096  # pixels
USUAL_PIXELS: Final = 2_000_000  # of a band, two or three systems: about 220 MB while it is computed
MOST_PIXELS: Final = 6_000_000  # of a strip, an ordinary page
INK: Final = 160  # a pixel darker than this may be ink
LEAST_INK: Final = 12  # pixels: less is dust
PAPER: Final = 255


class Frame(NamedTuple):
    """A strip's place on the page, pixels; it may stick out to the right and below."""

    left: int
    top: int
    width: int
    height: int
    inner: tuple[bool, bool, bool, bool]
    """Whether there is more ink beyond the left, top, right and bottom edge."""
    rows: tuple[int, int]
    """First row of the page that shows in the strip, and the row after the last; above and below is paper."""


def frames(image: Image) -> tuple[Frame, ...]:
    """The strips of a page (height, width) that hold ink, row by row, those of a band of one size."""
    dark = (image < INK).astype(np.uint8)
    columns = np.flatnonzero(cv2.reduce(dark, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0])
    inked = cv2.reduce(dark, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] > 0
    if not len(columns):
        return ()
    sides = _around(columns, image.shape[1])
    usual = USUAL_PIXELS // _side(sides[1] - sides[0], MOST_WIDTH)
    return tuple(frame for rows in bands(inked, usual) for frame in _of_band(dark, inked, sides, rows))


def _of_band(dark: Image, inked: npt.NDArray[np.bool_], sides: tuple[int, int], rows: tuple[int, int]) -> list[Frame]:
    """The strips that cover the ink of a band of the page."""
    left, right = sides
    first = _around(np.flatnonzero(inked), len(dark))[0]
    top, bottom = _around(np.flatnonzero(inked[slice(*rows)]) + rows[0], len(dark))
    top -= (top - first) % GRID
    width = _side(right - left, MOST_WIDTH)
    height = _side(bottom - top, max(2 * OVERLAP, MOST_PIXELS // width))
    found = []
    for y in starts(bottom - top, height):
        for x in starts(right - left, width):
            inner = (x > 0, y > 0, left + x + width < right, top + y + height < bottom)
            frame = Frame(left + x, top + y, width, height, inner, rows)
            if np.count_nonzero(_shown(dark, frame)) >= LEAST_INK:
                found.append(frame)
    return found


def _around(inked: npt.NDArray[np.intp], length: int) -> tuple[int, int]:
    """First place and the one after the last of ink with MARGIN around it on a side of `length`."""
    return max(0, int(inked[0]) - MARGIN), min(length, int(inked[-1]) + MARGIN)


def starts(length: int, side: int) -> tuple[int, ...]:
    """Where the fewest pieces begin that cover `length` with at least OVERLAP between neighbours."""
    if length <= side:
        return (0,)
    count = -(-(length - OVERLAP) // (side - OVERLAP))
    step = (length - side) / (count - 1)
    return tuple(round(index * step) for index in range(count))


def crop(image: Image, frame: Frame) -> Image:
    """(height, width) of the frame: its part of the page, paper around its rows and beyond the page's edge."""
    piece = _shown(image, frame)
    strip = np.full((frame.height, frame.width), PAPER, np.uint8)
    top = max(frame.top, frame.rows[0]) - frame.top
    strip[top : top + piece.shape[0], : piece.shape[1]] = piece
    return strip


def _shown(image: Image, frame: Frame) -> Image:
    """The part of `image` that shows in the frame."""
    top, bottom = max(frame.top, frame.rows[0]), min(frame.top + frame.height, frame.rows[1])
    return image[top:bottom, frame.left : frame.left + frame.width]


def _side(length: int, most: int) -> int:
    """The least side on the grid with which the fewest pieces cover `length`."""
    if length <= most:
        return _on_grid(length)
    count = -(-(length - OVERLAP) // (most - OVERLAP))
    return _on_grid(-(-(length + (count - 1) * OVERLAP) // count))


def _on_grid(length: int) -> int:
    return -(-length // GRID) * GRID
