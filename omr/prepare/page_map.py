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

NEWTON_STEPS: Final = 4

Affine = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Page x and y, each as shares of prepared x, prepared y and 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Places known at the knots of a square net, linear in between and beyond."""

    step: float
    """Prepared pixels between knots."""
    places: npt.NDArray[np.float32]
    """(rows, columns, 2): page x and y of the knot at prepared x = column * step, y = row * step; two of each at least."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mesh) and self.step == other.step and np.array_equal(self.places, other.places)

    def __hash__(self) -> int:
        return hash((self.step, self.places.shape, self.places.tobytes()))


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


def as_affine(matrix: Floats) -> Affine:
    """A (2, 3) array as values."""
    (a, b, c), (d, e, f) = matrix.tolist()
    return (a, b, c), (d, e, f)


def to_prepared(page_map: PageMap, points: Floats) -> Floats:
    """Prepared coordinates (n, 2) of page `points` (n, 2): the inverse of to_page."""
    if isinstance(page_map, Stack):
        return np.array([_in_pieces(page_map, point) for point in points]).reshape(-1, 2)
    if isinstance(page_map, Mesh):
        return np.array([_nearest(page_map, point) for point in points]).reshape(-1, 2)
    matrix = np.asarray(page_map)
    return np.asarray((points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T)


def scale_at(page_map: PageMap, point: Floats) -> Floats:
    """(2, 2) page pixels for each prepared pixel across and down at a prepared `point` (2,)."""
    if not isinstance(page_map, Mesh | Stack):
        return np.asarray(page_map)[:, :2]
    around = point + np.array([(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5)])
    right, left, below, above = to_page(page_map, around)
    return np.column_stack([right - left, below - above])


def encoded(page_map: PageMap) -> Any:
    """`page_map` as lists, names and numbers, for a JSON file."""
    if isinstance(page_map, Mesh):
        rows, columns = page_map.places.shape[:2]
        return {"step": page_map.step, "size": [rows, columns], "places": page_map.places.ravel().tolist()}
    if isinstance(page_map, Stack):
        return [[start, encoded(piece)] for start, piece in page_map.pieces]
    return [list(row) for row in page_map]


def decoded(value: Any) -> PageMap:
    """The map that `encoded` made `value` of; raises ValueError, KeyError or TypeError where it is none."""
    if isinstance(value, dict):
        rows, columns = value["size"]
        places = np.array(value["places"], np.float32).reshape(rows, columns, 2)
        return Mesh(step=float(value["step"]), places=places)
    if len(value[0]) == 2:
        return Stack(pieces=tuple((float(start), decoded(piece)) for start, piece in value))
    (a, b, c), (d, e, f) = value
    return (float(a), float(b), float(c)), (float(d), float(e), float(f))


def _nearest(mesh: Mesh, point: Floats) -> Floats:
    """Prepared coordinates of one page point, by Newton's steps from the nearest knot."""
    away = ((mesh.places - point) ** 2).sum(axis=2)
    row, column = np.unravel_index(int(away.argmin()), away.shape)
    found = np.array([column * mesh.step, row * mesh.step], np.float64)
    for _ in range(NEWTON_STEPS):
        off = point - to_page(mesh, found[None])[0]
        found = found + np.linalg.lstsq(scale_at(mesh, found), off, rcond=None)[0]
    return np.asarray(found)


def _in_pieces(stack: Stack, point: Floats) -> Floats:
    """Prepared coordinates of one page point: in the piece within whose rows it lies, or nearest to them."""
    starts = [start for start, _ in stack.pieces]
    best, least = np.zeros(2), np.inf
    for start, end, (_, piece) in zip(starts, [*starts[1:], np.inf], stack.pieces, strict=True):
        x, y = to_prepared(piece, point[None])[0]
        beyond = max(-y, start + y - end, -x, 0.0)
        if beyond < least:
            best, least = np.array([x, start + y]), beyond
    return best


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
