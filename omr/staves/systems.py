"""Systems: which staves are played together.

Assumes that the staves of a system are joined by a vertical line at their left end, by barlines that run through the gap
between them, or both, and that no stroke as straight runs from one system to the next.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.notation import Staff

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

INK: Final = 110
"""Gray levels darker than paper from which a pixel belongs to a stroke."""
LEAN: Final = 1 / 12
"""Pixels sideways for each pixel down that a joining stroke may lean or bend."""
OVERHANG: Final = 1.5
"""Staff spaces beyond the staves' ends within which the joining line is looked for."""
JOINED: Final = 0.9
"""Share of the gap that a stroke must cover to join two staves."""
WIDEST_GAP: Final = 40.0
"""Staff spaces between two staves of one system."""


def group_systems(staves: tuple[Staff, ...], image: Image) -> tuple[Staff, ...]:
    """`staves` (top to bottom) with `system` set: neighbours joined by a vertical stroke of `image` share one."""
    system = 0
    grouped: list[Staff] = []
    for index, staff in enumerate(staves):
        if index > 0 and not joined(staves[index - 1], staff, image):
            system += 1
        grouped.append(dataclasses.replace(staff, system=system))
    return tuple(grouped)


def joined(upper: Staff, lower: Staff, image: Image) -> bool:
    """Whether a stroke runs from the bottom line of `upper` to the top line of `lower`."""
    space = (upper.staff_space + lower.staff_space) / 2
    left = max(0, int(max(upper.box.left, lower.box.left) - OVERHANG * space))
    right = min(image.shape[1], int(min(upper.box.right, lower.box.right) + OVERHANG * space) + 1)
    if right - left < space:
        return False
    x = (left + right) / 2
    if not 0 < lower.lines[0].y_at(x) - upper.lines[-1].y_at(x) < WIDEST_GAP * space:
        return False
    return bool(_stroke_cover(_gap_ink(upper, lower, image, left, right)).max() >= JOINED)


def _gap_ink(upper: Staff, lower: Staff, image: Image, left: int, right: int) -> npt.NDArray[np.bool_]:
    """(rows, columns) where ink lies between the staves; row 0 follows the upper staff's bottom line."""
    columns = np.arange(left, right)
    top = np.interp(columns, upper.lines[-1].xs, upper.lines[-1].ys)
    bottom = np.interp(columns, lower.lines[0].xs, lower.lines[0].ys)
    count = max(2, round(float(np.median(bottom - top))))
    rows = top[None, :] + np.linspace(0, 1, count)[:, None] * (bottom - top)[None, :]
    rows = np.clip(rows.astype(int), 0, image.shape[0] - 1)
    return np.asarray(image[rows, columns[None, :]] < 255 - INK)


def _stroke_cover(ink: npt.NDArray[np.bool_]) -> Floats:
    """For every column of the last row the share of ink on the darkest nearly upright way down to it."""
    every = round(1 / LEAN)
    best = np.zeros(ink.shape[1])
    for row in range(len(ink)):
        if row % every == every - 1:
            padded = np.pad(best, 1, constant_values=-np.inf)
            best = np.maximum(best, np.maximum(padded[:-2], padded[2:]))
        best = best + ink[row]
    return np.asarray(best / len(ink))
