"""Ledger lines measured on the ink: each as long and as thick as its stroke, one finding for one stroke.

Assumes a level stroke that is free of other ink somewhere, usually at its ends beside the notehead. Between the heads of a
second the line is hidden, so that a network sees it in pieces; the ink joins them again. A line through a head sticks out on
both its sides: what does not, and was hardly seen, is the head's own ink, above all of a head that stands on a line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.detect.findings import Findings, Flags
from omr.detect.tiling import INK, Image

LEDGER: Final = labels.INDEX["legerLine"]
REACH: Final = 48  # columns followed beyond the box on either side, three staff spaces: what goes on is a staff line
THICKEST: Final = 9  # rows: taller runs of ink are heads, stems or beams
LEAST: Final = 3  # columns that must show the stroke alone
OVERHANG: Final = 4.0  # pixels, a quarter of a staff space: a line through a head sticks out farther on both sides
SURE: Final = 0.35  # score from which a line is one whatever sticks out
HEAD: Final = np.array([label in labels.NOTEHEADS for label in labels.DETECTED])

Places = npt.NDArray[np.int64]


def measured(found: Findings, image: Image) -> Findings:
    """`found` with the boxes of ledger lines around their ink on the page (height, width), without pieces of staff lines."""
    dark = image < INK
    boxes, kept = found.boxes.copy(), np.ones(len(found.boxes), bool)
    for index in np.flatnonzero(found.classes == LEDGER).tolist():
        box = _stroke(boxes[index].astype(np.float64), dark)
        if box is not None:
            kept[index] = boxes[index, 0] - box[0] < REACH or box[2] - boxes[index, 2] < REACH
            boxes[index] = box
    found = replace(found, boxes=boxes).at(kept)
    return found.at(~_within_head(found))


def _within_head(found: Findings) -> Flags:
    """Rows that are hardly seen lines through a head, which do not stick out on both sides of it."""
    heads = found.boxes[HEAD[found.classes]]
    within = np.zeros(len(found.boxes), bool)
    for index in np.flatnonzero((found.classes == LEDGER) & (found.best < SURE)).tolist():
        left, top, right, bottom = found.boxes[index].tolist()
        x, y = (left + right) / 2, (top + bottom) / 2
        around = heads[(heads[:, 0] <= x) & (x < heads[:, 2]) & (heads[:, 1] <= y) & (y < heads[:, 3])]
        within[index] = bool(np.any(np.minimum(around[:, 0] - left, right - around[:, 2]) < OVERHANG))
    return within


def _stroke(box: npt.NDArray[np.float64], dark: Flags) -> tuple[float, float, float, float] | None:
    """The stroke through the middle of `box`; None where no column shows it alone."""
    row = int((box[1] + box[3]) / 2)
    left, right = max(0, int(box[0]) - REACH), min(dark.shape[1], int(np.ceil(box[2])) + REACH)
    top, bottom = max(0, row - THICKEST), min(dark.shape[0], row + THICKEST + 1)
    if right - left < 4 or bottom - top < THICKEST:
        return None
    patch = dark[top:bottom, left:right]
    tops, heights = _runs(patch, row - top)
    inside = np.zeros(right - left, bool)
    inside[max(0, int(box[0]) - left) : int(np.ceil(box[2])) - left] = True
    alone = (heights > 0) & (heights < THICKEST) & inside
    if alone.sum() < LEAST:
        return None
    upper, thickness = float(np.median(tops[alone])), float(np.median(heights[alone]))
    middle = round(upper + thickness / 2 - 0.5)
    inked = np.asarray(patch[max(0, middle - 1) : middle + 2].any(axis=0), np.bool_)
    start, stop = _extent(inked, int(np.flatnonzero(alone)[0]), int(np.flatnonzero(alone)[-1]))
    return left + start, top + upper, left + stop, top + upper + thickness


def _runs(patch: Flags, row: int) -> tuple[Places, Places]:
    """First row and number of rows of the run of ink at or next to `row` in each column; 0 rows where there is none."""
    near = [place for place in (row, row - 1, row + 1, row - 2, row + 2) if 0 <= place < len(patch)]
    inked = patch[near]
    start = np.array(near)[inked.argmax(axis=0)]
    rows = np.arange(len(patch))[:, None]
    white = ~patch
    first = np.where(white & (rows < start), rows, -1).max(axis=0) + 1
    last = np.where(white & (rows > start), rows, len(patch)).min(axis=0)
    return first, np.where(inked.any(axis=0), last - first, 0)


def _extent(inked: Flags, first: int, last: int) -> tuple[int, int]:
    """First and one past the last column of the run of ink around columns `first` to `last`."""
    white = np.flatnonzero(~inked)
    before, after = white[white < first], white[white > last]
    return int(before[-1]) + 1 if len(before) else 0, int(after[0]) if len(after) else len(inked)
