"""What lies around a photographed page becomes paper: the desk, a hand at its edge, the room.

Assumes that the page is one bright area without dents, lighter than all around it, and that something of what is around it
shows. Wood grain and cloth, evenly lit, look like staves and take the detector's time.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

SIDE: Final = 256
"""Pixels of the longer side of the reduced picture on which the page is looked for."""
INK: Final = 9
"""Reduced pixels across within which some paper shows between the ink."""
PAGE: Final = (0.15, 0.94)
"""Shares of the picture between which the page's area lies."""
WHOLE: Final = 0.88
"""Of the smallest area without dents around it that the bright area must fill."""
DARKER: Final = 0.93
"""Of the brightness just within the page's edge: the desk just beyond it is at most so bright. Light falls off more slowly."""
EDGE_SHOWN: Final = 0.75
"""Share of the page's edge within the picture along which it must be."""
BESIDE: Final = 4.0
"""Reduced pixels from the edge to either side at which that is judged."""
PAPER: Final = 70
"""Percentile of the page's pixels that is paper in usual light."""
EDGE: Final = 2
"""Reduced pixels along the page's edge that are left out: its shadow."""


def without_desk(pixels: Image) -> Image:
    """`pixels` (height, width; 0 = ink) with all around the page as bright as its paper; itself where nothing else shows."""
    outline = page_outline(pixels)
    if outline is None:
        return pixels
    mask = np.zeros(pixels.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(outline).astype(np.int32), 1)
    paper = int(np.percentile(pixels[::8, ::8][mask[::8, ::8] > 0], PAPER))
    return np.where(mask > 0, pixels, paper).astype(np.uint8)


def page_outline(pixels: Image) -> npt.NDArray[np.float64] | None:
    """(n, 2) corners x, y of the page, none where the picture shows nothing else."""
    factor = SIDE / max(pixels.shape)
    if factor >= 1:
        return None
    small = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    kernel = np.ones((INK, INK), np.uint8)
    clear = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    _, bright = cv2.threshold(clear, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, labelled, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=4)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    component = (labelled == largest).astype(np.uint8)
    outlines, _ = cv2.findContours(component, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.concatenate(outlines))
    page = np.zeros_like(component)
    cv2.fillConvexPoly(page, hull, 1)
    corners = hull[:, 0].astype(np.float64)
    plain = PAGE[0] <= page.mean() <= PAGE[1] and component.sum() >= WHOLE * page.sum()
    if not plain or _edge_shown(np.asarray(clear, np.uint8), corners) < EDGE_SHOWN:
        return None
    return np.asarray(_inset(corners, small.shape) / factor, np.float64)


def _edge_shown(clear: Image, hull: npt.NDArray[np.float64]) -> float:
    """Share of the outline, where it runs within the picture, beyond which it is suddenly darker; 0 where none does."""
    height, width = clear.shape
    following = np.roll(hull, -1, axis=0)
    lengths = np.hypot(*(following - hull).T)
    shares = [np.arange(0.5, max(1.0, length)) / max(1.0, length) for length in lengths]
    points = np.concatenate(
        [start + share[:, None] * (end - start) for start, end, share in zip(hull, following, shares, strict=True)]
    )
    outward = points - hull.mean(axis=0)
    outward /= np.maximum(np.hypot(*outward.T), 1e-6)[:, None]
    within, beyond = points - BESIDE * outward, points + BESIDE * outward
    seen = ((beyond >= 0) & (beyond <= np.array([width, height]) - 1)).all(axis=1)
    if not seen.any():
        return 0.0
    (x, y), (far_x, far_y) = (np.rint(one[seen]).astype(int).T for one in (within, beyond))
    return float(np.mean(clear[far_y, far_x] <= DARKER * clear[y, x].astype(np.float64)))


def _inset(hull: npt.NDArray[np.float64], shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """`hull` drawn in by EDGE, except where it runs along the picture's own edge."""
    height, width = shape
    moved = hull + EDGE * np.sign(hull.mean(axis=0) - hull)
    at_side = np.column_stack(
        [(hull[:, 0] <= 1) | (hull[:, 0] >= width - 2), (hull[:, 1] <= 1) | (hull[:, 1] >= height - 2)]
    )
    far = np.where(hull > hull.mean(axis=0), np.array([width, height]), 0.0)
    return np.where(at_side, far, moved + 0.5)
