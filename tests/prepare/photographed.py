"""Painted pages as a camera sees them, by a formula whose inverse is known."""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.painted_staves import Layout, paint

LAYOUT = Layout(width=1100, height=1300, right=1000.0, tops=(150.0, 320.0, 560.0, 730.0, 970.0, 1140.0), notes=20)
CORNERS = np.array([(0, 0), (1100, 0), (1100, 1300), (0, 1300)], np.float32)
SEEN_CORNERS = np.array([(190, 130), (1210, 60), (1330, 1440), (60, 1500)], np.float32)
SIZE = 1400, 1560
CURL = 26.0
"""Pixels by which the middle of the page rises."""


def seen_at(points: np.ndarray) -> np.ndarray:
    """Where in the photograph the places `points` (n, 2) of the painted page are."""
    matrix = cv2.getPerspectiveTransform(CORNERS, SEEN_CORNERS)
    curled = points - np.column_stack([np.zeros(len(points)), CURL * np.sin(np.pi * points[:, 0] / LAYOUT.width)])
    return cv2.perspectiveTransform(curled[None].astype(np.float64), matrix)[0]


def photograph() -> np.ndarray:
    """The painted page in perspective and curled, on white."""
    page = paint(LAYOUT).image
    columns, rows = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
    back = cv2.getPerspectiveTransform(SEEN_CORNERS, CORNERS)
    flat = cv2.perspectiveTransform(np.stack([columns, rows], axis=-1).reshape(1, -1, 2), back)[0]
    flat[:, 1] += CURL * np.sin(np.pi * np.clip(flat[:, 0], 0, LAYOUT.width) / LAYOUT.width)
    places = (flat - 0.5).reshape(SIZE[1], SIZE[0], 2).astype(np.float32)
    return cv2.remap(page, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
