"""How far upright strokes lean, all over a prepared page.

Assumes that stems and barlines were printed upright, and that they are most of what is steep on a page of music. In a
photograph they point at one place far above or below the page, so that they lean the more the further to the side they stand.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

TILE: Final = 192  # pixels: twelve staff spaces
STEEPEST: Final = 0.3
"""Sideways for each pixel down; strokes that lean more are slurs, accidentals and letters."""
BIN: Final = 0.01
EDGE: Final = 90.0
"""Gray levels a pixel (Sobel's sum over eight) across the side of a stroke."""
FEWEST: Final = 60
"""Pixels on the sides of strokes that make a tile count."""
SMOOTH: Final = 1.2
"""Pixels (standard deviation): slanted strokes in a picture of pixels are stairs."""
SURE: Final = 0.02
"""Departures of a tile's lean that count in full; larger ones are slanted by hand or chance."""


def lean_of(image: Image) -> Floats:
    """(3,): a, b, c of lean = a + b * (x - width / 2) + c * (y - height / 2), sideways for each pixel down.

    Zeros where too little shows.
    """
    x, y, lean, weight = _tiles(image)
    if len(x) < 3:
        return np.zeros(3)
    height, width = image.shape
    scale = np.array([1.0, max(width, height), max(width, height)])
    basis = np.column_stack([np.ones(len(x)), x - width / 2, y - height / 2]) / scale

    def off(values: Floats) -> Floats:
        return np.asarray((basis @ values - lean) * np.sqrt(weight))

    start = np.array([np.median(lean), 0.0, 0.0])
    found = least_squares(off, start, loss="soft_l1", f_scale=SURE * float(np.sqrt(np.median(weight))))
    return np.asarray(found.x / scale)


def _tiles(image: Image) -> tuple[Floats, Floats, Floats, Floats]:
    """Middle x and y, usual lean and weight of every tile with enough strokes."""
    soft = cv2.GaussianBlur(image, (0, 0), SMOOTH)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    rows, columns = np.nonzero((np.abs(across) >= EDGE) & (np.abs(down) <= STEEPEST * np.abs(across)))
    strength = np.abs(across[rows, columns])
    lean = -down[rows, columns] / across[rows, columns]
    bins = np.clip(((lean + STEEPEST) / BIN).round().astype(int), 0, round(2 * STEEPEST / BIN))
    wide, high = -(-image.shape[1] // TILE), -(-image.shape[0] // TILE)
    tile = rows // TILE * wide + columns // TILE
    size = wide * high, round(2 * STEEPEST / BIN) + 1
    counts = np.bincount(tile, minlength=size[0])
    seen = np.bincount(tile * size[1] + bins, weights=strength, minlength=size[0] * size[1]).reshape(size)
    smooth = cv2.GaussianBlur(seen, (0, 0), sigmaX=1.5, sigmaY=0.01, borderType=cv2.BORDER_CONSTANT)
    used = np.flatnonzero(counts >= FEWEST)
    usual = _peaks(np.asarray(smooth[used], np.float64)) * BIN - STEEPEST
    middle_x, middle_y = (used % wide + 0.5) * TILE, (used // wide + 0.5) * TILE
    return middle_x, middle_y, usual, np.minimum(counts[used] / FEWEST, 8.0)


def _peaks(rows: Floats) -> Floats:
    """Where each row is highest, to parts of a bin."""
    top = np.clip(rows.argmax(axis=1), 1, rows.shape[1] - 2)
    at = np.arange(len(rows))
    left, middle, right = rows[at, top - 1], rows[at, top], rows[at, top + 1]
    bent = left - 2 * middle + right
    return np.asarray(top + np.where(bent < 0, 0.5 * (left - right) / np.where(bent < 0, bent, 1), 0), np.float64)


def upright_ways(starts: Floats, rows: Floats, lean: Floats, width: int, height: int) -> Floats:
    """(rows, starts) x of the upright ways that pass x = `starts` at half the height, where strokes lean as `lean` says."""

    def slope(x: Floats, y: float) -> Floats:
        return np.asarray(
            np.clip(lean[0] + lean[1] * (x - width / 2) + lean[2] * (y - height / 2), -STEEPEST, STEEPEST)
        )

    middle = int(np.argmin(np.abs(rows - height / 2)))
    ways = np.empty((len(rows), len(starts)))
    ways[middle] = starts
    for indexes in (range(middle + 1, len(rows)), range(middle - 1, -1, -1)):
        for index in indexes:
            before = index - 1 if index > middle else index + 1
            step = rows[index] - rows[before]
            half = ways[before] + slope(ways[before], rows[before]) * step / 2
            ways[index] = ways[before] + slope(half, rows[before] + step / 2) * step
    return ways
