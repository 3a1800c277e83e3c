"""At which heights the lines of bent staves run, also where a staff does not reach.

Assumes that a sheet bends smoothly: beyond a staff's ends its lines run as the page's other staves do, and what lies between
two staves moves with both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.notation import Staff
from omr.prepare.bend import LONG, sampled
from omr.prepare.prepared import STAFF_SPACE

Floats = npt.NDArray[np.float64]

ACROSS: Final = 4
"""Degree of the smooth surface across the page."""
DOWN: Final = 2
"""The same down the page."""
EDGE: Final = 0.02
"""Share of the width at the staves' ends whose slope goes on beyond them."""
RIDGE: Final = 1e-3
"""Weight of zero against the surface's coefficients, so that few staves give a tame one."""
OWN_DEGREE: Final = 3
"""Of a staff's own departure from that surface."""
OFF: Final = 1.0
"""Prepared pixels by which it may be missed before a place is left out."""
DENSE: Final = 64
"""Places at which each staff is sampled."""
SHARED: Final = 5.0
"""Staff spaces of width that two staves must share to be set below one another."""
TOUCHING: Final = 6.0
"""Staff spaces between the levels of two staves that stand at one height."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A staff's lines as found, and where they belong."""

    columns: Floats
    """(n,) prepared x."""
    heights: Floats
    """(lines, n) prepared y."""
    level: float
    """Height of its top line once straightened; the others follow at STAFF_SPACE."""

    @property
    def levels(self) -> Floats:
        return np.asarray(self.level + STAFF_SPACE * np.arange(len(self.heights)), np.float64)

    @property
    def space(self) -> float:
        return float((self.heights[-1] - self.heights[0]).mean()) / (len(self.heights) - 1)


def courses_of(staves: Sequence[Staff]) -> tuple[Course, ...]:
    """The staves long enough to speak, from top to bottom, each set at its usual distance from the one above."""
    found: list[Course] = []
    for staff in sorted(staves, key=lambda one: one.box.center.y):
        if staff.box.width < LONG * STAFF_SPACE or len(staff.lines) < 2:
            continue
        columns, heights = sampled(staff, DENSE)
        level = max((_below(above, columns, heights) for above in found), default=-np.inf)
        if not np.isfinite(level):
            level = float(heights[0].mean())
        found.append(Course(columns=columns, heights=heights, level=level))
    return tuple(found)


def _below(above: Course, columns: Floats, heights: Floats) -> float:
    """Level of a staff that shares some width with `above`, from the usual gap between them; minus infinity for none."""
    left, right = max(above.columns[0], columns[0]), min(above.columns[-1], columns[-1])
    if right - left < SHARED * STAFF_SPACE:
        return -np.inf
    x = np.linspace(left, right, DENSE)
    gap = np.interp(x, columns, heights[0]) - np.interp(x, above.columns, above.heights[-1])
    space = (above.space + float((heights[-1] - heights[0]).mean()) / (len(heights) - 1)) / 2
    return float(above.levels[-1] + np.median(gap) / space * STAFF_SPACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Height on the picture as a smooth function of x and level."""

    coefficients: Floats
    x: tuple[float, float]
    """Least and greatest x of the staves."""
    level: tuple[float, float]

    def at(self, x: Floats, level: Floats | float) -> Floats:
        """Heights at `x`; linear beyond the staves, where a polynomial would run away."""
        x, levels = np.broadcast_arrays(x, np.asarray(level, np.float64))
        inside = np.clip(x, *self.x)
        value = self._inside(inside, levels)
        beyond = x != inside
        if not beyond.any():
            return value
        edge, levels = inside[beyond], levels[beyond]
        inner = edge + np.where(edge == self.x[0], 1.0, -1.0) * (self.x[1] - self.x[0]) * EDGE
        slope = (value[beyond] - self._inside(inner, levels)) / (edge - inner)
        value[beyond] += slope * (x[beyond] - edge)
        return value

    def _inside(self, x: Floats, level: Floats) -> Floats:
        return np.array(_basis(x, level, self.x, self.level) @ self.coefficients)


def surface_of(courses: Sequence[Course]) -> Surface:
    """The smooth surface nearest to all lines."""
    x = np.concatenate([np.tile(one.columns, len(one.heights)) for one in courses])
    level = np.concatenate([np.repeat(one.levels, len(one.columns)) for one in courses])
    height = np.concatenate([one.heights.ravel() for one in courses])
    ranges = (float(x.min()), float(x.max())), (float(level.min()), float(level.max()))
    basis = _basis(x, level, *ranges)
    weight = len(x) * RIDGE * _roughness()
    found = np.linalg.solve(basis.T @ basis + np.diag(weight), basis.T @ height)
    return Surface(coefficients=found, x=ranges[0], level=ranges[1])


def _basis(x: Floats, level: Floats, x_range: tuple[float, float], level_range: tuple[float, float]) -> Floats:
    across = 2 * (x - x_range[0]) / max(1.0, x_range[1] - x_range[0]) - 1
    down = 2 * (level - level_range[0]) / max(1.0, level_range[1] - level_range[0]) - 1
    return np.stack([across**a * down**b for a in range(ACROSS + 1) for b in range(DOWN + 1)], axis=-1)


def _roughness() -> Floats:
    """How much each coefficient is held down: a level plane not at all."""
    return np.array([float(max(0, a + b - 1)) for a in range(ACROSS + 1) for b in range(DOWN + 1)])


def lines_at(course: Course, x: Floats, surface: Surface) -> Floats:
    """(lines, n) heights of the lines of `course` at `x` (lines, n): as the page bends, and as this staff departs from that."""
    left, right = course.columns[0], course.columns[-1]
    along = (2 * np.clip(x, left, right) - left - right) / (right - left)
    return np.asarray(surface.at(x, course.levels[:, None]) + np.polyval(_departure(course, surface), along))


def _departure(course: Course, surface: Surface) -> Floats:
    """Coefficients of the polynomial, over -1 to 1 along the staff, by which its lines together depart from the surface.

    Left out is what departs from it alone, as a line's end does that was traced along a heavy barline.
    """
    left, right = course.columns[0], course.columns[-1]
    along = (2 * course.columns - left - right) / (right - left)
    found = course.heights - surface.at(course.columns[None, :], course.levels[:, None])
    common = np.median(found, axis=0)
    kept = np.ones(len(common), bool)
    for _ in range(2):
        fitted = np.polyfit(along[kept], common[kept], OWN_DEGREE)
        off = np.abs(common - np.polyval(fitted, along))
        kept = off <= max(OFF, 2.5 * float(np.median(off)))
    return np.asarray(np.polyfit(along[kept], common[kept], OWN_DEGREE), np.float64)


def reaching(courses: Sequence[Course], x: float) -> list[Course]:
    """The courses that say where things at `x` belong: of those at one height only the nearest."""
    kept: list[Course] = []
    for course in sorted(courses, key=lambda one: max(one.columns[0] - x, x - one.columns[-1], 0.0)):
        if all(abs(course.level - other.level) >= TOUCHING * STAFF_SPACE for other in kept):
            kept.append(course)
    return sorted(kept, key=lambda one: one.level)
