"""Where five equidistant thin lines may lie: one number for each row and each half staff space across the page.

Assumes that staff lines are thin and level over two staff spaces, so that ink averaged along the row stands out against the
rows just above and below; noteheads and beams, which are thick, show no such contrast and neither help nor harm.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]

LINES: Final = 5
STEP: Final = 0.5
"""Staff spaces between the sampled columns."""
SMEAR: Final = 1.6
"""Staff spaces along the row over which ink is averaged."""
FLANK: Final = 0.3
"""Staff spaces from the middle of a line to where its paper must show."""
OUTSIDE: Final = 0.5
"""Weight of lines found one space above and below the five: six or more lines are no staff."""
ENOUGH: Final = 0.4
"""Of the page's usual line contrast: counts as a full line, so that breaks in it are forgiven."""
FAINTEST: Final = 9.0
"""Gray levels; less contrast than that is noise."""
FULL: Final = 50
"""A full line in the bytes in which evidence is summed: five lines stay below 256."""
USUAL: Final = 99.0
"""Percentile of the fourth-best line of all combs that is taken as the page's usual line contrast."""


def column_step(space: float) -> int:
    """Pixels between the columns at which evidence is taken."""
    return max(1, round(STEP * space))


def line_contrast(image: Image, space: float, flank_space: float) -> Image:
    """(height, columns) gray levels by which each row is darker than the paper FLANK * flank_space above and below it."""
    step = column_step(space)
    width = max(3, round(SMEAR * space)) | 1
    smeared = np.ascontiguousarray(255 - cv2.blur(image, (width, 1))[:, step // 2 :: step])
    flank = max(2, round(FLANK * flank_space))
    padded = cv2.copyMakeBorder(smeared, flank, flank, 0, 0, cv2.BORDER_REPLICATE)
    around = cv2.max(padded[: -2 * flank], padded[2 * flank :])
    return np.asarray(cv2.dilate(cv2.subtract(smeared, around), np.ones((3, 1), np.uint8)), dtype=np.uint8)


def usual_contrast(contrast: Image, space: float) -> float:
    """Gray levels of a line that lasts, judged where at least four lines of five lie `space` apart."""
    shifted = _Shifted(contrast, reach=(LINES // 2) * space)
    least = second = np.full_like(contrast, 255)
    for k in range(LINES):
        line = shifted.at((k - LINES // 2) * space)
        second = np.minimum(second, np.maximum(least, line))
        least = np.minimum(least, line)
    counts = np.cumsum(np.bincount(second.ravel(), minlength=256))
    return float(np.searchsorted(counts, USUAL / 100 * counts[-1]))


def comb_evidence(contrast: Image, spaces: tuple[float, ...], usual: float) -> Field:
    """(height, columns), 0-1: how surely the middle line of a staff passes, at the best of the given staff spaces."""
    level = max(FAINTEST, ENOUGH * usual)
    table = np.minimum(np.arange(256) / level, 1.0) * FULL
    shifted = _Shifted(table.round().astype(np.uint8)[contrast], reach=(LINES // 2 + 1) * max(spaces))
    best = np.zeros_like(contrast)
    for space in spaces:
        inside = shifted.at(0)
        for k in range(1, LINES // 2 + 1):
            inside = inside + shifted.at(-k * space) + shifted.at(k * space)
        beside = np.maximum(shifted.at(-(LINES // 2 + 1) * space), shifted.at((LINES // 2 + 1) * space))
        best = np.maximum(best, inside - np.minimum(inside, (beside * (OUTSIDE * LINES / 2)).astype(np.uint8)))
    return np.asarray(best / np.float32(FULL * LINES), dtype=np.float32)


class _Shifted:
    """A field that can be read some rows further up or down, zero outside."""

    def __init__(self, field: Image, *, reach: float) -> None:
        self._margin = round(reach) + 1
        self._rows = len(field)
        self._padded = np.pad(field, ((self._margin, self._margin), (0, 0)))

    def at(self, rows: float) -> Image:
        """Row y of the result is row y + rows of the field."""
        first = self._margin + round(rows)
        return self._padded[first : first + self._rows]
