"""Staff space, line thickness and skew of a page, from vertical runs of ink.

Assumes that five thin equidistant runs of ink above one another are nearly always a staff: text, beams and pictures repeat
a distance four times only by chance. After the most common sum of neighbouring runs (Cardoso and Rebelo 2010), but counting
whole staves instead of single line pairs, so that neither noise nor text shifts the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

COLUMNS: Final = 400
"""Columns into which the page's width is averaged: the mean over a few pixels removes single specks and mends small gaps."""
THRESHOLDS: Final = (128, 185, 222, 240)
"""Gray levels tried as the border of ink; the one that shows most height of staves wins (faint lines need a high one).

Height and not number: the grain of paper at the border makes thousands of tiny combs.
"""
PERIODS: Final = 4
"""Distances between five lines."""
JITTER: Final = 0.14
"""Largest departure of one line distance from the mean of four, as a share of that mean."""
JITTER_PIXELS: Final = 1.1
"""The same for small images, where rounding to whole pixels weighs more."""
THICKEST_LINE: Final = 0.45
"""Of the line distance."""
SAME_SIZE: Final = 0.08
"""Line distances within this share of one another belong to staves of one size."""
LASTING: Final = 3.0
"""Staff spaces over which combs must follow one another from left to right."""
MENDED: Final = 1.5
"""Staff spaces without a comb (a note, a barline) that do not end such a row."""
SMALLEST_SPACE: Final = 2.5
"""Pixels; below, lines are not resolved."""
SKEW_SEARCH: Final = ((12.0, 0.25, 0.5), (0.3, 0.02, 0.25), (0.1, 0.01, 0.12))
"""Degrees searched either side of the last finding, their step, and the height of a row in staff spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combs:
    """Places where five thin equidistant runs lie above one another: one row per place."""

    x: Floats
    """Pixels."""
    y: Floats
    """Middle of the third run, pixels."""
    space: Floats
    """Mean distance of neighbouring runs, pixels."""
    thickness: Floats
    """Median height of the five runs, pixels."""

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a page's staves look like as a whole."""

    staff_space: float
    """Pixels between the middles of neighbouring lines, measured across the lines."""
    line_thickness: float
    """Pixels."""
    skew: float
    """Degrees by which lines fall from left to right."""
    combs: int
    """Number of places, of COLUMNS on each staff, that showed a staff of this size."""


def find_combs(pixels: Image) -> Combs:
    """Combs of `pixels` (height, width; 0 = ink) at the threshold that shows the greatest height of them."""
    height, width = pixels.shape
    columns = min(COLUMNS, width)
    narrow = cv2.resize(pixels, (columns, height), interpolation=cv2.INTER_AREA) if columns < width else pixels
    turned = np.ascontiguousarray(narrow.T, dtype=np.uint8)
    best = max([_combs_at(turned, threshold) for threshold in THRESHOLDS], key=_height)
    step = width / columns
    return Combs(x=(best.x + 0.5) * step, y=best.y, space=best.space, thickness=best.thickness)


def _height(combs: Combs) -> float:
    """Pixels of height of the combs of the commonest size: those of grain are tiny and of many sizes."""
    if len(combs) == 0:
        return 0.0
    common = _common_space(combs.space)
    return common * float(np.count_nonzero(_same_size(combs, common)))


def _combs_at(turned: Image, threshold: int) -> Combs:
    """Combs of an image given as (columns, rows); a pixel below `threshold` is ink; x counts columns."""
    columns, rows = turned.shape
    ink = np.zeros((columns, rows + 2), np.int8)
    ink[:, 1:-1] = turned < threshold
    steps = np.diff(ink, axis=1)
    column, start = np.nonzero(steps > 0)
    _, end = np.nonzero(steps < 0)
    if len(start) <= PERIODS:
        return Combs(x=np.zeros(0), y=np.zeros(0), space=np.zeros(0), thickness=np.zeros(0))
    middle = (start + end) / 2.0
    thickness = (end - start).astype(np.float64)
    space = (middle[PERIODS:] - middle[:-PERIODS]) / PERIODS
    good = (column[PERIODS:] == column[:-PERIODS]) & (space >= SMALLEST_SPACE)
    tolerance = np.maximum(JITTER_PIXELS, JITTER * space)
    count = len(space)
    for k in range(PERIODS):
        good &= np.abs(middle[k + 1 : k + 1 + count] - middle[k : k + count] - space) <= tolerance
    for k in range(PERIODS + 1):
        good &= thickness[k : k + count] <= np.maximum(1.0, THICKEST_LINE * space)
    at = np.nonzero(good)[0]
    runs = np.stack([thickness[at + k] for k in range(PERIODS + 1)])
    return Combs(
        x=column[at].astype(np.float64),
        y=middle[at + PERIODS // 2],
        space=space[at],
        thickness=np.median(runs, axis=0) if len(at) else np.zeros(0),
    )


def measure(pixels: Image) -> Measures | None:
    """Measures of the most common size of staff in `pixels` (height, width; 0 = ink), None where nothing looks like one."""
    combs = find_combs(pixels)
    if len(combs) == 0:
        return None
    common = _common_space(combs.space)
    same = _same_size(combs, common)
    skew = _skew(combs.x[same], combs.y[same], common)
    slant = float(np.cos(np.radians(skew)))
    x, y = combs.x[same], combs.y[same]
    step = max(1.0, pixels.shape[1] / COLUMNS)
    return Measures(
        staff_space=float(np.mean(combs.space[same])) * slant,
        line_thickness=float(np.median(combs.thickness[same])) * slant,
        skew=skew,
        combs=_count_lasting(x, y - x * float(np.tan(np.radians(skew))), common, step),
    )


def _same_size(combs: Combs, space: float) -> Bools:
    return np.asarray(np.abs(combs.space - space) <= max(SAME_SIZE * space, 0.5))


def _common_space(spaces: Floats) -> float:
    """The space with most others within SAME_SIZE of it."""
    ordered = np.sort(spaces)
    low = np.searchsorted(ordered, ordered * (1 - SAME_SIZE))
    high = np.searchsorted(ordered, ordered * (1 + SAME_SIZE), side="right")
    count = high - low
    top = np.nonzero(count == count.max())[0]
    at = top[len(top) // 2]
    return float(np.mean(ordered[low[at] : high[at]]))


def _count_lasting(x: Floats, y: Floats, space: float, step: float) -> int:
    """How many combs at (x, y), without skew, follow one another over at least LASTING, `step` pixels apart.

    Letters show combs too, but in short rows.
    """
    if len(x) == 0:
        return 0
    column = (x / step).astype(int)
    row = ((y - y.min()) / (space / 3)).astype(int)
    grid = np.zeros((int(row.max()) + 1, int(column.max()) + 1), np.uint8)
    grid[row, column] = 1
    mend, last = (np.ones((1, max(1, round(length * space / step))), np.uint8) for length in (MENDED, LASTING))
    mended = cv2.morphologyEx(cv2.dilate(grid, np.ones((3, 1), np.uint8)), cv2.MORPH_CLOSE, mend)
    lasting = np.asarray(cv2.morphologyEx(mended, cv2.MORPH_OPEN, last))
    return int(np.count_nonzero(lasting[row, column]))


def _skew(x: Floats, y: Floats, space: float) -> float:
    """The angle in degrees at which the points (x, y) on staff lines gather in the fewest rows."""
    best = 0.0
    for reach, step, row in SKEW_SEARCH:
        tried = np.arange(round(-reach / step), round(reach / step) + 1) * step + best
        best = float(max(tried, key=lambda angle: _gathering(x, y, float(angle), row * space)))
    return round(best, 3)


def _gathering(x: Floats, y: Floats, angle: float, row: float) -> float:
    """Sum of squares of the points' histogram over rows of height `row` that lean by `angle` degrees."""
    level = (y - x * np.tan(np.radians(angle))) / row
    level -= level.min()
    whole = np.floor(level).astype(np.int64)
    part = level - whole
    bins = int(whole.max()) + 2
    counts = np.bincount(whole, weights=1 - part, minlength=bins) + np.bincount(whole + 1, weights=part, minlength=bins)
    return float(np.sum(counts**2))
