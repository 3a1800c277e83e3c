"""Where the columns of a straightened page lie on the bent one.

Assumes that a symbol is as much wider where the page is nearer as the distance of the staff lines there is greater.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from omr.prepare.levels import Course
from omr.prepare.prepared import STAFF_SPACE

Floats = npt.NDArray[np.float64]

OTHER_SIZE: Final = 0.04
"""Share by which a staff space departs from the page's surface without being another size of staff."""
LARGEST: Final = 1.6
"""Times by which the staff space of any place may differ from the usual one."""


def column_starts(courses: Sequence[Course], width: int, height: int, step: float) -> Floats:
    """x, at half the height of the picture, of columns that will lie `step` pixels apart; they cover its `width`."""
    x = np.linspace(0.0, width, max(2, width // 8))
    space = spaces_at(courses, x, height / 2)
    along = np.concatenate([[0.0], np.cumsum(np.diff(x) * STAFF_SPACE / ((space[1:] + space[:-1]) / 2))])
    return np.asarray(np.interp(np.arange(0.0, along[-1] + step, step), along, x, right=width), np.float64)


def spaces_at(courses: Sequence[Course], x: Floats, y: float) -> Floats:
    """Staff space at each `x` and height `y`, from a smooth surface through that of most staves."""
    columns = np.concatenate([course.columns for course in courses])
    rows = np.concatenate([course.heights.mean(axis=0) for course in courses])
    spaces = np.concatenate(
        [(course.heights[-1] - course.heights[0]) / (len(course.heights) - 1) for course in courses]
    )
    usual = float(np.median(spaces))
    shares = np.log(np.maximum(spaces, 1.0) / usual)
    center, reach = (columns.mean(), rows.mean()), max(1.0, float(np.ptp(columns)), float(np.ptp(rows)))

    def basis(x: Floats, y: Floats) -> Floats:
        across, down = (x - center[0]) / reach, (y - center[1]) / reach
        return np.stack([np.ones_like(across), across, down, across**2], axis=-1)

    known = basis(columns, rows)
    found = least_squares(lambda values: known @ values - shares, np.zeros(4), loss="soft_l1", f_scale=OTHER_SIZE).x
    limit = float(np.log(LARGEST))
    return np.asarray(usual * np.exp(np.clip(basis(x, np.full_like(x, y)) @ found, -limit, limit)), np.float64)
