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
USUAL: Final = 99.0
"""Percentile of the fourth-best line of all combs that is taken as the page's usual line contrast."""


def column_step(space: float) -> int:
    """Pixels between the columns at which evidence is taken."""
    return max(1, round(STEP * space))


def line_contrast(image: Image, space: float, flank_space: float) -> Field:
    """(height, columns) gray levels by which each row is darker than the paper FLANK * flank_space above and below it."""
    step = column_step(space)
    width = max(3, round(SMEAR * space)) | 1
    smeared = np.ascontiguousarray(255 - cv2.blur(image, (width, 1))[:, step // 2 :: step])
    flank = max(2, round(FLANK * flank_space))
    padded = np.pad(smeared, ((flank, flank), (0, 0)), mode="edge")
    around = np.maximum(padded[: -2 * flank], padded[2 * flank :])
    contrast = cv2.subtract(smeared, around)
    return np.asarray(cv2.dilate(contrast, np.ones((3, 1), np.uint8)), dtype=np.float32)


def usual_contrast(contrast: Field, space: float) -> float:
    """Gray levels of a line that lasts, judged where at least four lines of five lie `space` apart."""
    stacked = np.sort(np.stack([_shifted(contrast, (k - LINES // 2) * space) for k in range(LINES)]), axis=0)
    return float(np.percentile(stacked[1], USUAL))


def comb_evidence(contrast: Field, spaces: tuple[float, ...], usual: float) -> Field:
    """(height, columns), at most 1: how surely the middle line of a staff passes, at the best of the given staff spaces."""
    full = np.minimum(contrast / max(FAINTEST, ENOUGH * usual), 1.0).astype(np.float32)
    best: Field | None = None
    for space in spaces:
        inside = sum(_shifted(full, (k - LINES // 2) * space) for k in range(LINES)) / LINES
        beside = np.maximum(_shifted(full, -(LINES // 2 + 1) * space), _shifted(full, (LINES // 2 + 1) * space))
        score = np.asarray(inside - OUTSIDE / 2 * beside, dtype=np.float32)
        best = score if best is None else np.maximum(best, score)
    assert best is not None
    return best


def _shifted(field: Field, rows: float) -> Field:
    """Row y of the result is row y + rows of `field`, zero outside."""
    by = round(rows)
    moved = np.zeros_like(field)
    if by >= 0:
        moved[: max(0, len(field) - by)] = field[by:]
    else:
        moved[-by:] = field[:by]
    return moved
