"""Black scan margins become paper.

Assumes that no ink of music is a solid block wider and higher than BLOCK, nor a solid upright STRIP: the one at the picture's
edge, the other near it is the scanner's lid, the gutter or the table. Left alone, its ragged edge is taken for a column of
noteheads.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

REDUCTION: Final = 4
"""The margins are looked for on a picture this many times smaller."""
BLOCK: Final = 1.7  # staff spaces: thicker than a brace, a heavy barline or a group of beams run together
STRIP: Final = (1.0, 12.0)  # staff spaces wide and high: heavier than a heavy barline
STRIP_REACH: Final = 0.12  # of the page's width from its left or right edge
RAGGED: Final = 0.6  # staff spaces by which a margin's edge may be frayed
DARK: Final = 128


def without_margins(image: Image, staff_space: float) -> Image:
    """`image` (height, width; 0 = ink) with the black regions along its edges painted white; itself when there are none."""
    small = np.asarray(
        cv2.resize(image, None, fx=1 / REDUCTION, fy=1 / REDUCTION, interpolation=cv2.INTER_AREA), np.uint8
    )
    side = max(3, round(BLOCK * staff_space / REDUCTION))
    dark = np.pad((small < DARK).astype(np.uint8), side, constant_values=1)
    blocks = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _, labelled = cv2.connectedComponents(blocks, connectivity=4)
    margin = (labelled == labelled[0, 0])[side:-side, side:-side].astype(np.uint8)
    margin |= _strips(small, staff_space / REDUCTION)
    if not margin.any():
        return image
    reach = 2 * max(1, round(RAGGED * staff_space / REDUCTION)) + 1
    grown = cv2.dilate(margin, np.ones((reach, reach), np.uint8))
    full = cv2.resize(grown, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(full > 0, 255, image).astype(np.uint8)


def _strips(small: Image, staff_space: float) -> Image:
    """1 where a solid upright strip stands near the left or right edge."""
    width, height = (max(2, round(side * staff_space)) for side in STRIP)
    dark = (small < DARK).astype(np.uint8)
    strips = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    reach = int(STRIP_REACH * small.shape[1])
    strips[:, reach : small.shape[1] - reach] = 0
    return np.asarray(strips, np.uint8)
