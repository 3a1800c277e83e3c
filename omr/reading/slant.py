"""Staves whose music does not stand straight under the music of the staff above: a page turned a little, a slanting hand.

What sounds together then stands along a slope, the same all through a system. The slope under which most chords and rests of
neighbouring staves stand over each other is taken, where it explains clearly more than none; all x are measured along it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from omr.reading.items import Item
from omr.reading.layout import System

STEEPEST: Final = 0.16  # sideways a unit downwards
STEPS: Final = 33
REACH: Final = 2.6  # staff spaces within which items of neighbouring staves may belong together
ALIKE: Final = 0.6  # staff spaces beyond which two do not stand over each other
BETTER: Final = 1.2  # times as many as without a slope
MORE: Final = 2.0  # and so many more


def upright(items: Sequence[Item], system: System) -> tuple[Item, ...]:
    """The items with x as if the music of all staves stood straight under each other, measured in the middle of the system."""
    slope = slope_of(items, system)
    if not slope:
        return tuple(items)
    heights = _heights(system)
    middle = (heights[0] + heights[-1]) / 2
    return tuple(replace(item, x=item.x - slope * (heights[item.staff] - middle)) for item in items)


def slope_of(items: Sequence[Item], system: System) -> float:
    """How far sideways the music of a system runs, a unit downwards; 0 where nothing clear tells."""
    heights = _heights(system)
    rows: list[list[float]] = [[] for _ in heights]
    for item in items:
        if not item.grace:
            rows[item.staff].append(item.x)
    apart: list[float] = []
    down: list[float] = []
    for (above, high), (below, low) in pairwise(zip(rows, heights, strict=True)):
        for x in below:
            near = [x - other for other in above if abs(x - other) < REACH * system.space]
            apart.extend(near)
            down.extend([low - high] * len(near))
    if not apart:
        return 0.0
    slopes = np.linspace(-STEEPEST, STEEPEST, STEPS)
    off = np.abs(np.array(apart)[None, :] - slopes[:, None] * np.array(down)[None, :]) / (ALIKE * system.space)
    votes = np.clip(1.0 - off, 0.0, None).sum(axis=1)
    best = int(np.argmax(votes))
    none = votes[STEPS // 2]
    return float(slopes[best]) if votes[best] > BETTER * none + MORE else 0.0


def _heights(system: System) -> list[float]:
    return [(staff.box.top + staff.box.bottom) / 2 for staff in system.staves]
