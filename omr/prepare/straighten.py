"""Perspective and curl taken out of a page with the help of its own staves.

Assumes that staff lines were printed level and five staff spaces high everywhere, and stems and barlines upright. A net of
places is laid over the picture: its rows follow the staves, its columns follow the upright strokes, and the distance of
columns is that of the lines nearby. No border of the page needs to be seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.notation import Staff
from omr.prepare.levels import Course, Surface, courses_of, lines_at, reaching, surface_of
from omr.prepare.margins import without_margins
from omr.prepare.page_map import Mesh, to_page
from omr.prepare.prepared import STAFF_SPACE, Prepared
from omr.prepare.verticals import lean_of, upright_ways
from omr.prepare.warp import smoothed
from omr.prepare.widths import column_starts

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

STEP: Final = 16
"""Prepared pixels between the knots of the net."""
FEWEST: Final = 2
"""Staves that must speak."""
REACH: Final = 0.25
"""Of the height of the picture above and below it over which upright strokes are followed."""
CLOSER: Final = 3
"""Times that a crossing is taken from the place found before."""
LARGEST: Final = 2.0
"""Times the area of the picture that a straightened page may have; a larger one comes of a wrong net."""


def straightened(prepared: Prepared, staves: Sequence[Staff]) -> Prepared | None:
    """`prepared` taken anew from the page so that its `staves` are level and equal; None where they do not say how."""
    courses = courses_of(staves)
    if len(courses) < FEWEST:
        return None
    height, width = prepared.image.shape
    xs, ys = _net(courses, lean_of(prepared.image), width, height)
    size = (xs.shape[1] - 1) * STEP, (xs.shape[0] - 1) * STEP
    if not (np.isfinite(xs).all() and np.isfinite(ys).all()) or size[0] * size[1] > LARGEST * width * height:
        return None
    places = to_page(prepared.to_page, np.column_stack([xs.ravel(), ys.ravel()])).reshape(*xs.shape, 2)
    mesh = Mesh(step=float(STEP), places=places.astype(np.float32))
    image = resampled(prepared.lit, mesh, size, STAFF_SPACE / prepared.page_staff_space)
    return dataclasses.replace(prepared, image=without_margins(image, STAFF_SPACE), to_page=mesh)


def resampled(lit: Image, mesh: Mesh, size: tuple[int, int], scale: float) -> Image:
    """The image of `size` (width, height) that `mesh` takes from the page's pixels `lit`, smaller by about `scale`."""
    source, back = smoothed(lit, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), scale)
    factor = np.array([back[0, 0], back[1, 1]], np.float32)
    columns = (np.arange(size[0], dtype=np.float32) + 0.5) / mesh.step
    rows = (np.arange(size[1], dtype=np.float32) + 0.5) / mesh.step
    across, down = np.meshgrid(columns, rows)
    places = cv2.remap(mesh.places / factor - 0.5, across, down, cv2.INTER_LINEAR)
    image = cv2.remap(source, places, np.array([]), cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(image, np.uint8)


def _net(courses: Sequence[Course], lean: Floats, width: int, height: int) -> tuple[Floats, Floats]:
    """(rows, columns) of x and of y on the bent picture for the knots of the straight one."""
    surface = surface_of(courses)
    rows = np.arange(-REACH * height, (1 + REACH) * height + STEP, STEP)
    ways = upright_ways(column_starts(courses, width, height, STEP), rows, lean, width, height)
    knots = _knots(courses, surface, rows, ways)
    top = min(float(np.interp(0.0, ys, levels)) for levels, ys in knots)
    bottom = max(float(np.interp(height, ys, levels)) for levels, ys in knots)
    sought = np.arange(top, bottom + STEP, STEP)
    ys = np.stack([np.interp(sought, levels, heights) for levels, heights in knots], axis=1)
    return _at_rows(rows, ways, ys), ys


def _knots(courses: Sequence[Course], surface: Surface, rows: Floats, ways: Floats) -> list[tuple[Floats, Floats]]:
    """For every upright way (levels, heights on the picture), both rising, of the staff lines that it crosses."""
    crossings = {course: _crossings(course, surface, rows, ways) for course in courses}
    middle = ways[len(rows) // 2]
    return [
        _rising([(course.levels, crossings[course][:, at]) for course in near], far=float(np.ptp(rows)))
        for at, near in enumerate(reaching(courses, float(x)) for x in middle)
    ]


def _rising(crossed: Sequence[tuple[Floats, Floats]], far: float) -> tuple[Floats, Floats]:
    """Levels and heights of staves from top to bottom, continued by `far` above and below at the outer staves' scale."""
    levels = np.concatenate([one for one, _ in crossed])
    heights = np.maximum.accumulate(np.concatenate([one for _, one in crossed]))
    kept = np.concatenate([[True], np.diff(heights) > 0])
    levels, heights = levels[kept], heights[kept]
    first, last = ((one[-1] - one[0]) / (len(one) - 1) / STAFF_SPACE for _, one in (crossed[0], crossed[-1]))
    return (
        np.concatenate([[levels[0] - far], levels, [levels[-1] + far]]),
        np.concatenate([[heights[0] - far * first], heights, [heights[-1] + far * last]]),
    )


def _crossings(course: Course, surface: Surface, rows: Floats, ways: Floats) -> Floats:
    """(lines, ways) heights at which the ways cross the lines of `course`."""
    heights = np.full((len(course.heights), ways.shape[1]), float(course.heights.mean()))
    for _ in range(CLOSER):
        heights = lines_at(course, _at_rows(rows, ways, heights), surface)
    return heights


def _at_rows(rows: Floats, ways: Floats, heights: Floats) -> Floats:
    """Columns of each way (a column of `ways`) at any (n, ways) `heights`; its ends beyond `rows`."""
    place = np.clip((heights - rows[0]) / (rows[1] - rows[0]), 0, len(rows) - 1)
    before = np.minimum(place.astype(int), len(rows) - 2)
    at = np.arange(ways.shape[1])[None, :]
    share = place - before
    return np.asarray(ways[before, at] * (1 - share) + ways[before + 1, at] * share)
