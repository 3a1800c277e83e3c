"""A reliability diagram: for findings of like score, how many are right (after DeGroot and Fienberg 1983)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from benchmarks.png import png

SIDE: Final = 480  # pixels of the square
EDGE: Final = 60
INK: Final = (90, 90, 90)
BAR: Final = (180, 119, 31)


def draw_reliability(rows: Sequence[tuple[float, float, int]], error: float) -> bytes:
    """A PNG of (mean score, share of right findings, findings) by bin, with the expected calibration `error`."""
    picture = np.full((SIDE + 2 * EDGE, SIDE + 2 * EDGE, 3), 255, np.uint8)

    def place(x: float, y: float) -> tuple[int, int]:
        return round(EDGE + x * SIDE), round(EDGE + (1 - y) * SIDE)

    cv2.rectangle(picture, place(0, 1), place(1, 0), INK, 1)
    cv2.line(picture, place(0, 0), place(1, 1), INK, 1, cv2.LINE_AA)
    points = [place(score, share) for score, share, _ in rows]
    for (x, y), (_, _, number) in zip(points, rows, strict=True):
        cv2.circle(picture, (x, y), 5, BAR, -1, cv2.LINE_AA)
        _write(picture, str(number), (x + 8, y + 14), 0.4)
    cv2.polylines(picture, [np.array(points, np.int32)], False, BAR, 2, cv2.LINE_AA)
    for share in (0.0, 0.5, 1.0):
        _write(picture, f"{share:.1f}", (place(share, 0)[0] - 10, EDGE + SIDE + 20), 0.45)
        _write(picture, f"{share:.1f}", (EDGE - 36, place(0, share)[1] + 5), 0.45)
    _write(picture, "score of the finding", (EDGE + SIDE // 3, EDGE + SIDE + 44), 0.5)
    _write(picture, f"share that is right; expected calibration error {error:.3f}", (EDGE, EDGE - 20), 0.5)
    return png(picture)


def _write(
    picture: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], text: str, at: tuple[int, int], size: float
) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, INK, 1, cv2.LINE_AA)
