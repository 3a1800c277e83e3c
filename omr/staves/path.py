"""Courses of staves through the evidence: the best level-ish paths from left to right.

Assumes that a staff's course rises or falls by at most one row per sampled column. Dynamic programming with free ends
(local alignment, as Smith and Waterman align sequences) starts and stops each course where it gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

DOUBT: Final = 0.3
"""Evidence at which a column neither helps nor harms a course."""
DENSE: Final = -0.08
"""The least a column may count: bars black with notes must not cut a staff."""
BEGINS: Final = 2
"""Marks where a course begins, in place of a row step."""
CLIMB: Final = 0.2
"""Cost of one row up or down; that of a whole staff space outweighs what a worn stretch gains by slipping to the next line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Way of a staff's middle line: a row for every sampled column from `start` on."""

    start: int
    rows: Ints
    gain: float
    """Sum of the evidence above DOUBT along the way."""


@dataclass(frozen=True, kw_only=True)
class _Ways:
    """Courses ending in each cell (columns, height): the best sum from one side, and the row step taken (-1, 0, 1, BEGINS)."""

    best: Field
    steps: npt.NDArray[np.int8]

    @cached_property
    def flat(self) -> memoryview:
        """The steps one column after the other, for reading single ones."""
        return self.steps.ravel().data


def find_courses(evidence: Field, *, least_gain: float, clearance: float) -> tuple[Course, ...]:
    """Courses through `evidence` (height, columns), best first, at least `clearance` rows apart where they share columns."""
    gain = np.ascontiguousarray(evidence.T) - np.float32(DOUBT)
    np.maximum(gain, np.float32(DENSE), out=gain)
    forward = _ways(gain)
    backward = _ways(gain[::-1])
    total = forward.best + backward.best[::-1]
    total -= gain
    total[gain <= 0] = 0
    free = np.ones(gain.shape, dtype=bool)
    unclaimed = free.ravel().data  # the same cells, for reading single ones
    found: list[Course] = []
    for cell in _seeds(total, least_gain).tolist():
        if not unclaimed[cell]:
            continue
        x, y = divmod(cell, gain.shape[1])
        course = _free_part(_course_through(y, x, forward, backward), x, gain, free)
        _take(free, course, clearance)
        if course.gain >= least_gain:
            found.append(course)
    return tuple(found)


def _seeds(total: Field, least: float) -> Ints:
    """Cells (places in `total` laid flat) worth starting from, the best first: rows of a column that no neighbour exceeds."""
    padded = np.pad(total, ((0, 0), (1, 1)))
    peak = (total >= least) & (total >= padded[:, :-2]) & (total >= padded[:, 2:])
    cells = np.flatnonzero(peak)
    order = np.argsort(-total[peak], kind="stable")
    return np.asarray(cells[order], dtype=np.int64)


def _ways(gain: Field) -> _Ways:
    """Best sums over courses from the first column of `gain` (columns, height)."""
    columns, height = gain.shape
    best = np.zeros_like(gain)
    steps = np.zeros(gain.shape, dtype=np.int8)
    last = np.zeros(height + 2, dtype=np.float32)
    for x in range(columns):
        level = last[1:-1]
        above, below = last[:-2] - CLIMB, last[2:] - CLIMB
        step = steps[x]
        np.copyto(step, -1, where=above > level)
        level = np.maximum(level, above)
        np.copyto(step, 1, where=below > level)
        level = np.maximum(level, below)
        np.copyto(step, BEGINS, where=level <= 0)
        best[x] = gain[x] + np.maximum(level, 0)
        last[1:-1] = best[x]
    return _Ways(best=best, steps=steps)


def _followed(ways: _Ways, y: int, x: int) -> list[int]:
    """Rows from column x back to where the course begins, without the row at x itself."""
    rows = []
    steps, height = ways.flat, ways.steps.shape[1]
    while x > 0 and (step := steps[x * height + y]) != BEGINS:
        y += step
        x -= 1
        rows.append(y)
    return rows


def _course_through(y: int, x: int, forward: _Ways, backward: _Ways) -> tuple[int, list[int]]:
    columns = len(forward.best)
    left = _followed(forward, y, x)
    right = _followed(backward, y, columns - 1 - x)
    return x - len(left), [*reversed(left), y, *right]


def _free_part(course: tuple[int, list[int]], x: int, gain: Field, free: npt.NDArray[np.bool_]) -> Course:
    """The piece of a course around column `x` that no earlier course has taken."""
    start, way = course
    rows = np.asarray(way, dtype=np.int64)
    columns = np.arange(start, start + len(rows))
    open_here = free[columns, rows]
    left, right = x - start, x - start
    while left > 0 and open_here[left - 1]:
        left -= 1
    while right + 1 < len(rows) and open_here[right + 1]:
        right += 1
    kept = rows[left : right + 1]
    gained = float(gain[np.arange(start + left, start + right + 1), kept].sum())
    return Course(start=start + left, rows=kept, gain=gained)


def _take(free: npt.NDArray[np.bool_], course: Course, clearance: float) -> None:
    first = np.maximum(0, np.rint(course.rows - clearance)).astype(int).tolist()
    last = np.rint(course.rows + clearance).astype(int).tolist()
    for x, (top, bottom) in enumerate(zip(first, last, strict=True), start=course.start):
        free[x, top : bottom + 1] = False
