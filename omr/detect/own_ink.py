"""Beams that a network sees where none is: on a staff line beside a group, or on the paper between a beam and its hook.

Assumes that a page's beams are far thicker than its staff lines, and that ink which is a measured beam's is no other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from omr.detect.beam_ink import Flags, Floats, Measured

OWN: Final = 0.3  # of a box's columns in which there must be a beam's ink that no measured beam has
EDGE: Final = 1.0  # pixels a beam's ink may be thicker than measured


def have_own_ink(boxes: Floats, dark: Flags, beams: Sequence[Measured], least: float) -> Flags:
    """For each of `boxes` (n, 4), best first, whether it holds ink of its own on the page `dark` (height, width).

    Ink is its own where it is not that of `beams` or of a better box, and at least `least` pixels thick.
    """
    found = np.zeros(len(boxes), bool)
    if not len(boxes):
        return found
    free = _without(dark, beams)
    for row, box in enumerate(boxes):
        left, top, right, bottom = _sides(box, free)
        found[row] = _thick(free[top:bottom, left:right], least) >= OWN
        if found[row]:
            free[top:bottom, left:right] = False
    return found


def _without(dark: Flags, beams: Sequence[Measured]) -> Flags:
    """The page without the ink of the beams."""
    free = dark.copy()
    for box, bar in beams:
        left, top, right, bottom = _sides(box, dark)
        middle = bar.level + bar.slant * np.arange(left, right)
        rows = np.arange(top, bottom)[:, None]
        free[top:bottom, left:right] &= np.abs(rows - middle) > bar.thickness / 2 + EDGE
    return free


def _sides(box: Floats, dark: Flags) -> tuple[int, int, int, int]:
    """The sides of a box in whole pixels of the page."""
    left, top, right, bottom = (max(0, round(side)) for side in box.tolist())
    return left, top, min(right, dark.shape[1]), min(bottom, dark.shape[0])


def _thick(patch: Flags, least: float) -> float:
    """The share of a patch's columns with a run of ink of at least `least` pixels."""
    if not patch.size:
        return 0.0
    length, longest = np.zeros(patch.shape[1]), np.zeros(patch.shape[1])
    for row in patch:
        length = (length + 1) * row
        longest = np.maximum(longest, length)
    return float((longest >= least).mean())
