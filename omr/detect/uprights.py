"""Stems and barlines measured on the ink: as wide as their stroke, a barline as long as its stroke.

Assumes that both are upright strokes of even width on lighter paper. A network widens boxes of strokes two pixels wide, and a
barline through many staves is longer than it ever learned to see; the ink knows better. A stem keeps its ends, because heads,
beams and other stems continue its stroke.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.detect.findings import Findings
from omr.detect.tiling import INK, Image

STEM: Final = labels.INDEX["stem"]
BARLINE: Final = labels.INDEX["barline"]
AROUND: Final = 4  # pixels beside the box in which its stroke is sought
SHORTEST: Final = 6  # rows: less shows no stroke
NARROW, WIDE = 0.8, 7.0  # pixels a stroke may be wide
BLACK: Final = 0.6  # of the box's rows that a stroke's middle column inks
FREE: Final = 0.25  # of the rows show the stroke alone
GAP: Final = 4  # white rows at which a barline ends
REACH: Final = 1600  # rows followed beyond the box

Floats = npt.NDArray[np.float32]


def measured(found: Findings, image: Image) -> Findings:
    """`found` with the boxes of stems and barlines as wide, and barlines as long, as their ink on the page (height, width)."""
    boxes = found.boxes.copy()
    classes = found.classes
    paper = float(np.percentile(image[::8, ::8], 90))
    for index in np.flatnonzero((classes == STEM) | (classes == BARLINE)).tolist():
        stroke = _stroke(boxes[index], image, paper)
        if stroke is None:
            continue
        boxes[index, 0], boxes[index, 2] = stroke
        if classes[index] == BARLINE:
            boxes[index, 1], boxes[index, 3] = _ends(boxes[index], image)
    return replace(found, boxes=boxes)


def _stroke(box: Floats, image: Image, paper: float) -> tuple[float, float] | None:
    """Left and right edge of the upright stroke in `box`, to parts of a pixel; None where there is none."""
    left, right = max(0, int(box[0]) - AROUND), min(image.shape[1], int(np.ceil(box[2])) + AROUND)
    top, bottom = max(0, int(box[1])), min(image.shape[0], int(np.ceil(box[3])))
    if bottom - top < SHORTEST or right - left < 2:
        return None
    patch = image[top:bottom, left:right]
    ink = np.clip((paper - patch.astype(np.float32)) / max(1.0, paper - float(patch.min())), 0, 1)
    near = slice(max(0, int(box[0]) - left - 1), int(np.ceil(box[2])) - left + 1)
    share = (ink > 0.5).mean(axis=0)
    middle = int(np.argmax(share[near])) + near.start
    if share[middle] < BLACK:
        return None
    rows = ink[ink[:, middle] > 0.5]
    low, high = _arms(rows, middle, -1), _arms(rows, middle, 1)
    width = low + high + _share(rows[:, middle], 0.5)
    if not NARROW <= width <= WIDE:
        return None
    return left + middle - low, left + middle + 1 + high


def _arms(rows: Floats, middle: int, step: int) -> float:
    """Ink to one side of the middle column up to the first paper, pixels, in rows without a head, beam or line there."""
    side = rows[:, :middle][:, ::-1] if step < 0 else rows[:, middle + 1 :]
    if not side.shape[1]:
        return 0.0
    open_ink = np.cumprod(side > 0.15, axis=1)
    return _share((side * open_ink).sum(axis=1), FREE)


def _share(values: Floats, share: float) -> float:
    """The value below which `share` of `values` lie."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def _ends(box: Floats, image: Image) -> tuple[float, float]:
    """Top and bottom of the stroke through `box`."""
    columns = slice(max(0, int(box[0])), max(int(box[0]) + 1, int(np.ceil(box[2]))))
    dark = np.asarray((image[:, columns] < INK).any(axis=1), np.bool_)
    top, bottom = int(box[1]), min(len(dark), int(np.ceil(box[3])))
    return float(top - _run(dark[max(0, top - REACH) : top][::-1])), float(bottom + _run(dark[bottom : bottom + REACH]))


def _run(dark: npt.NDArray[np.bool_]) -> int:
    """How far ink goes on from the first row, bridging less than GAP white rows."""
    padded = np.concatenate((dark, np.zeros(GAP, bool)))
    white = ~np.lib.stride_tricks.sliding_window_view(padded, GAP).any(axis=1)
    return int(np.argmax(white)) if white.any() else len(dark)
