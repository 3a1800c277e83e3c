"""Systems: which staves are played together.

Assumes that two staves of a system share at least one vertical line, the one at their left end or a barline, from the top of
the upper to the bottom of the lower, or three that run at least from middle to middle; a stem may cross the gap too, but
hardly so much of both staves.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.notation import Staff, StaffLine
from omr.staves.alike import mended_systems

Image = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

INK_SHARE: Final = 0.5
"""Of the staff lines' own darkness: darker pixels belong to a stroke, however faint the page."""
INK_RANGE: Final = (25, 110)
"""Gray levels darker than paper between which that limit stays."""
LEAN: Final = 1 / 12
"""Pixels sideways for each pixel down that a joining stroke may lean or bend."""
OVERHANG: Final = 1.5
"""Staff spaces beyond the staves' ends within which the joining line is looked for."""
THROUGH: Final = 0.88
"""Share of the way from the top of the upper to the bottom of the lower staff that one stroke must cover."""
EDGE: Final = 5.0
"""Staff spaces from where the search begins that hold the line at the left end."""
ACROSS: Final = 0.9
"""Share of the way between the middle lines of two staves that each of SEVERAL strokes must cover."""
SEVERAL: Final = 3
MIDDLE: Final = 2
"""Index of a staff's middle line."""
WIDEST_GAP: Final = 40.0
"""Staff spaces between two staves of one system."""


def group_systems(staves: tuple[Staff, ...], image: Image) -> tuple[Staff, ...]:
    """`staves` (top to bottom) with `system` set: neighbours joined by a vertical stroke of `image` share one.

    Parts of a system that is whole elsewhere on the page are put together without one.
    """
    system = 0
    grouped: list[Staff] = []
    for index, staff in enumerate(staves):
        if index > 0 and not joined(staves[index - 1], staff, image):
            system += 1
        grouped.append(dataclasses.replace(staff, system=system))
    return mended_systems(tuple(grouped))


def joined(upper: Staff, lower: Staff, image: Image) -> bool:
    """Whether a line runs through `upper` and `lower`, or several from the middle of one to that of the other."""
    space = (upper.staff_space + lower.staff_space) / 2
    left = max(0, int(max(upper.box.left, lower.box.left) - OVERHANG * space))
    right = min(image.shape[1], int(min(upper.box.right, lower.box.right) + OVERHANG * space) + 1)
    if right - left < space:
        return False
    x = (left + right) / 2
    if not 0 < lower.lines[0].y_at(x) - upper.lines[-1].y_at(x) < WIDEST_GAP * space:
        return False
    limit = float(np.clip(INK_SHARE * min(_line_darkness(staff, image) for staff in (upper, lower)), *INK_RANGE))
    edge = min(right, left + round(EDGE * space))
    for end in (edge, right):  # nearly every system has its line at the left end: look there first
        whole = _pixels_between(upper.lines[0], lower.lines[-1], image, left, end)
        if _stroke_cover(whole < 255 - limit).max() >= THROUGH:
            return True
    gap = _pixels_between(upper.lines[MIDDLE], lower.lines[MIDDLE], image, left, right)
    across = _stroke_cover(gap < 255 - limit) >= ACROSS
    return int(np.count_nonzero(across[1:] & ~across[:-1])) >= SEVERAL


def _pixels_between(top_line: StaffLine, bottom_line: StaffLine, image: Image, left: int, right: int) -> Image:
    """(rows, columns) of `image` from one line to the other, each column stretched to the same number of rows."""
    columns = np.arange(left, right)
    top = np.interp(columns, top_line.xs, top_line.ys)
    bottom = np.interp(columns, bottom_line.xs, bottom_line.ys)
    count = max(2, round(float(np.median(bottom - top))))
    rows = np.linspace(0, 1, count)[:, None] * (bottom - top)[None, :]
    rows += top
    places = rows.astype(np.int32)
    np.clip(places, 0, image.shape[0] - 1, out=places)
    places *= image.shape[1]
    places += columns.astype(np.int32)
    return np.take(image, places)


def _line_darkness(staff: Staff, image: Image) -> float:
    """Median gray levels by which the staff's lines are darker than white paper."""
    rows = np.concatenate([line.ys for line in staff.lines]).astype(int)
    columns = np.concatenate([line.xs for line in staff.lines]).astype(int)
    inside = (rows >= 0) & (rows < image.shape[0]) & (columns >= 0) & (columns < image.shape[1])
    return float(255 - np.median(image[rows[inside], columns[inside]])) if inside.any() else 255.0


def _stroke_cover(ink: Bools) -> Floats:
    """For every column of the last row the share of ink on the darkest nearly upright way down to it."""
    every = round(1 / LEAN)
    first, *others = np.add.reduceat(ink, [0, *range(every - 1, len(ink), every)], axis=0, dtype=np.int32)
    best = first
    for rows in others:  # sideways by one column after so many rows
        wider = best.copy()
        np.maximum(wider[1:], best[:-1], out=wider[1:])
        np.maximum(wider[:-1], best[1:], out=wider[:-1])
        best = wider + rows
    return np.asarray(best / len(ink))
