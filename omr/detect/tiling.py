"""Where tiles lie on a page: evenly spread with an overlap, and only where there is ink.

Assumes that nearly every symbol is smaller than the overlap, so that some tile sees it whole; the few longer ones (slurs,
beams, braces) are cut by tile borders and joined afterwards.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

OVERLAP: Final = 96  # pixels, six staff spaces: the tallest clef and most accidentals, rests and stems
INK: Final = 160  # a pixel darker than this may be ink
LEAST_INK: Final = 12  # pixels: less is dust
PAPER: Final = 255


class Frame(NamedTuple):
    """A tile's place on the page, pixels."""

    left: int
    top: int
    side: int
    inner: tuple[bool, bool, bool, bool]
    """Whether the page goes on beyond the left, top, right and bottom edge."""


def frames(image: Image, side: int) -> tuple[Frame, ...]:
    """The tiles of a page (height, width) that hold ink, row by row."""
    height, width = image.shape
    found = []
    for top in starts(height, side):
        for left in starts(width, side):
            piece = image[top : top + side, left : left + side]
            if np.count_nonzero(piece < INK) >= LEAST_INK:
                inner = (left > 0, top > 0, left + side < width, top + side < height)
                found.append(Frame(left, top, side, inner))
    return tuple(found)


def starts(length: int, side: int) -> tuple[int, ...]:
    """Where the fewest tiles begin that cover `length` with at least OVERLAP between neighbours."""
    if length <= side:
        return (0,)
    count = -(-(length - OVERLAP) // (side - OVERLAP))
    step = (length - side) / (count - 1)
    return tuple(round(index * step) for index in range(count))


def crop(image: Image, frame: Frame) -> Image:
    """(side, side): the frame's part of the page, paper beyond the page's edge."""
    piece = image[frame.top : frame.top + frame.side, frame.left : frame.left + frame.side]
    if piece.shape == (frame.side, frame.side):
        return np.ascontiguousarray(piece)
    tile = np.full((frame.side, frame.side), PAPER, np.uint8)
    tile[: piece.shape[0], : piece.shape[1]] = piece
    return tile
