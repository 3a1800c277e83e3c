"""What the network looks at: the inked part of a page at once, or strips of it where that would take too much memory.

The network is convolutional and computes any size; every border between pieces costs time for the overlap and symbols that are
cut. Assumes that nearly every symbol is smaller than the overlap, so that some strip sees it whole; the few longer ones (slurs,
beams, braces) are cut by the strips' borders and joined afterwards. Sides on a coarse grid let pages of one book share a
shape, which the runtime prepares once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

OVERLAP: Final = 96  # pixels, six staff spaces: the tallest clef and most accidentals, rests and stems
GRID: Final = 64  # pixels: sides of strips are multiples of it, and of the network's coarsest stride
MOST_WIDTH: Final = 4096  # pixels
MOST_PIXELS: Final = 6_000_000  # of a strip, an ordinary page: about 700 MB while it is computed
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


def frames(image: Image) -> tuple[Frame, ...]:
    """The strips of a page (height, width) that hold ink, row by row, all of one size."""
    area = _inked(image)
    if area is None:
        return ()
    left, top, right, bottom = area
    width = _side(right - left, MOST_WIDTH)
    height = _side(bottom - top, max(2 * OVERLAP, MOST_PIXELS // width))
    found = []
    for y in starts(bottom - top, height):
        for x in starts(right - left, width):
            piece = image[top + y : min(bottom, top + y + height), left + x : min(right, left + x + width)]
            if np.count_nonzero(piece < INK) >= LEAST_INK:
                inner = (x > 0, y > 0, left + x + width < right, top + y + height < bottom)
                found.append(Frame(left + x, top + y, width, height, inner))
    return tuple(found)


def starts(length: int, side: int) -> tuple[int, ...]:
    """Where the fewest pieces begin that cover `length` with at least OVERLAP between neighbours."""
    if length <= side:
        return (0,)
    count = -(-(length - OVERLAP) // (side - OVERLAP))
    step = (length - side) / (count - 1)
    return tuple(round(index * step) for index in range(count))


def crop(image: Image, frame: Frame) -> Image:
    """(height, width) of the frame: its part of the page, paper beyond the page's edge."""
    piece = image[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
    if piece.shape == (frame.height, frame.width):
        return np.ascontiguousarray(piece)
    strip = np.full((frame.height, frame.width), PAPER, np.uint8)
    strip[: piece.shape[0], : piece.shape[1]] = piece
    return strip


def _inked(image: Image) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the ink with some paper around it, None for a blank page."""
    dark = (image < INK).astype(np.uint8)
    rows = np.flatnonzero(cv2.reduce(dark, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0])
    columns = np.flatnonzero(cv2.reduce(dark, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0])
    if not len(rows):
        return None
    margin = GRID // 2
    left, top = max(0, int(columns[0]) - margin), max(0, int(rows[0]) - margin)
    return left, top, min(image.shape[1], int(columns[-1]) + margin), min(image.shape[0], int(rows[-1]) + margin)


def _side(length: int, most: int) -> int:
    """The least side on the grid with which the fewest pieces cover `length`."""
    if length <= most:
        return _on_grid(length)
    count = -(-(length - OVERLAP) // (most - OVERLAP))
    return _on_grid(-(-(length + (count - 1) * OVERLAP) // count))


def _on_grid(length: int) -> int:
    return -(-length // GRID) * GRID
