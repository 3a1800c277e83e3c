"""Where on the page a place of the prepared image lies.

A flat scan needs one rotation and scale (`Affine`); a photograph, whose sheet bends and leans, a net of places (`Mesh`); an
open book two of these, one page below the other (`Stack`). Coordinates are continuous: the middle of the first pixel is
0.5, 0.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Affine = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Page x and y, each as shares of prepared x, prepared y and 1."""


NEWTON_STEPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Places known at the knots of a square net, linear in between and beyond."""

    step: float
    """Prepared pixels between knots."""
    places: npt.NDArray[np.float32]
    """(rows, columns, 2): page x and y of the knot at prepared x = column * step, y = row * step; two of each at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Pieces of the prepared image below one another."""

    pieces: tuple[tuple[float, PageMap], ...]
    """(prepared row at which it begins, its map counted from there), from top to bottom."""


PageMap: TypeAlias = Affine | Mesh | Stack


def to_page(page_map: PageMap, points: Floats) -> Floats:
    """Page coordinates (n, 2) of prepared `points` (n, 2)."""
    if isinstance(page_map, Mesh):
        return _in_mesh(page_map, points)
    if isinstance(page_map, Stack):
        return _in_stack(page_map, points)
    matrix = np.asarray(page_map)
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def from_page(page_map: PageMap, point: tuple[float, float]) -> tuple[float, float]:
    """The prepared place that lies at `point` of the page: straight for a flat scan, by Newton's steps for a bent one."""
    if isinstance(page_map, Mesh):
        rows, columns = page_map.places.shape[:2]
        far = np.hypot(*(page_map.places - np.array(point, np.float32)).transpose(2, 0, 1))
        row, column = np.unravel_index(int(far.argmin()), (rows, columns))
        return _newton(page_map, np.array([float(column), float(row)]) * page_map.step, point)
    if isinstance(page_map, Stack):
        found = [(start, from_page(piece, point)) for start, piece in page_map.pieces]
        ends = [*(start for start, _ in page_map.pieces[1:]), np.inf]
        inside = [(x, start + y) for (start, (x, y)), end in zip(found, ends, strict=True) if 0 <= y < end - start]
        return inside[0] if inside else (found[0][1][0], found[0][0] + found[0][1][1])
    matrix = np.asarray(page_map)
    x, y = np.linalg.solve(matrix[:, :2], np.array(point) - matrix[:, 2]).tolist()
    return x, y


def _newton(mesh: Mesh, place: Floats, point: tuple[float, float]) -> tuple[float, float]:
    for _ in range(NEWTON_STEPS):
        here, right, below = to_page(mesh, place + np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]))
        slope = np.stack((right - here, below - here), axis=1)
        place = place + np.linalg.lstsq(slope, np.array(point) - here, rcond=None)[0]
    x, y = place.tolist()
    return x, y


def as_table(page_map: PageMap) -> Any:
    """The map as plain lists and numbers, ready for JSON; from_table gives an equal map back."""
    if isinstance(page_map, Mesh):
        return {"step": page_map.step, "places": page_map.places.tolist()}
    if isinstance(page_map, Stack):
        return {"pieces": [[start, as_table(piece)] for start, piece in page_map.pieces]}
    return [list(row) for row in page_map]


def from_table(table: Any) -> PageMap:
    """The map that `as_table` wrote; raises KeyError, TypeError or ValueError where it is none."""
    if isinstance(table, dict) and "pieces" in table:
        return Stack(pieces=tuple((float(start), from_table(piece)) for start, piece in table["pieces"]))
    if isinstance(table, dict):
        places = np.array(table["places"], np.float32)
        if places.ndim != 3 or places.shape[2] != 2 or min(places.shape[:2]) < 2:
            raise ValueError("a page's map has no places")
        return Mesh(step=float(table["step"]), places=places)
    return as_affine(np.array(table, np.float64))


def as_affine(matrix: Floats) -> Affine:
    """A (2, 3) array as values."""
    (a, b, c), (d, e, f) = matrix.tolist()
    return (a, b, c), (d, e, f)


def _in_mesh(mesh: Mesh, points: Floats) -> Floats:
    rows, columns = mesh.places.shape[:2]
    across, down = points[:, 0] / mesh.step, points[:, 1] / mesh.step
    column = np.clip(np.floor(across).astype(int), 0, columns - 2)
    row = np.clip(np.floor(down).astype(int), 0, rows - 2)
    right, below = (across - column)[:, None], (down - row)[:, None]
    places = mesh.places
    upper = places[row, column] * (1 - right) + places[row, column + 1] * right
    lower = places[row + 1, column] * (1 - right) + places[row + 1, column + 1] * right
    return np.asarray(upper * (1 - below) + lower * below, dtype=np.float64)


def _in_stack(stack: Stack, points: Floats) -> Floats:
    found = np.empty_like(points, dtype=np.float64)
    starts = np.array([start for start, _ in stack.pieces])
    piece = np.clip(np.searchsorted(starts, points[:, 1], side="right") - 1, 0, len(starts) - 1)
    for index, (start, page_map) in enumerate(stack.pieces):
        mine = piece == index
        found[mine] = to_page(page_map, points[mine] - np.array([0.0, start]))
    return found
