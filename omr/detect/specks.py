"""Dots measured on the ink: each as wide and high as its speck, and two where a note has two.

Assumes that a dot stands free of other ink, as it does in a space between two staff lines. A network is a pixel or two out,
which is nothing for a notehead and a third of a dot. A dot that touches a line or a stem keeps the network's box.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from omr import labels
from omr.detect.findings import Findings, Floats
from omr.detect.tiling import INK, Image

DOTS: Final = ("augmentationDot", "articulationStaccato", "repeatDot")
AROUND: Final = 16  # pixels beyond the box within which a speck must end, a staff space
LARGEST: Final = 16  # pixels a dot may be wide and high
LEAST: Final = 2  # pixels of ink within the box
WIDE: Final = 1.7  # times its height: the box of two dots side by side
AUGMENTATION: Final = labels.INDEX["augmentationDot"]


def measured(found: Findings, image: Image, wanted: Collection[str]) -> Findings:
    """`found` with the boxes of those of DOTS that are `wanted` around their specks on the page (height, width)."""
    classes = [labels.INDEX[label] for label in DOTS if label in wanted]
    boxes = found.boxes.copy()
    for index in np.flatnonzero(np.isin(found.classes, classes)).tolist():
        speck = _speck(boxes[index], image)
        if speck is not None:
            boxes[index] = speck
    return replace(found, boxes=boxes)


def parted(found: Findings, image: Image) -> Findings:
    """`found` with two dots in the place of one that is as wide as two and holds two specks of the page (height, width).

    Engravers draw the dots of a double dotted note as one sign, and a network that learned from them finds it so.
    """
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    rows, boxes = list[int](), list[Floats]()
    for index, box in enumerate(found.boxes):
        pair: list[Floats] = []
        if found.classes[index] == AUGMENTATION and sizes[index, 0] > WIDE * sizes[index, 1]:
            pair = _pair(box, image)
        rows += [index] * max(1, len(pair))
        boxes += pair or [box]
    if len(rows) == len(found.boxes):
        return found
    return replace(found.at(np.array(rows, np.intp)), boxes=np.array(boxes, np.float32))


def _pair(box: Floats, image: Image) -> list[Floats]:
    """The boxes of the two pieces of ink in `box`; none where there are more or fewer."""
    left, top, right, bottom = (max(0, round(float(side))) for side in box)
    columns = (image[top:bottom, left:right] < INK).any(axis=0)
    ends = np.flatnonzero(np.diff(np.concatenate(([0], columns.astype(np.int8), [0])))).reshape(-1, 2)
    specks = [(start, end) for start, end in ends.tolist() if end - start >= LEAST]
    if len(specks) != 2:
        return []
    return [np.array([left + start, box[1], left + end, box[3]], np.float32) for start, end in specks]


def _speck(box: Floats, image: Image) -> tuple[float, float, float, float] | None:
    """The box around the piece of ink that fills most of `box`; None where that is no dot."""
    left, top = max(0, int(box[0]) - 1), max(0, int(box[1]) - 1)
    right, bottom = int(np.ceil(box[2])) + 1, int(np.ceil(box[3])) + 1
    x, y = max(0, left - AROUND), max(0, top - AROUND)
    dark = (image[y : bottom + AROUND, x : right + AROUND] < INK).astype(np.uint8)
    if not dark.size:
        return None
    count, pieces, bounds, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    inked = np.bincount(pieces[top - y : bottom - y, left - x : right - x].ravel(), minlength=count)
    inked[0] = 0  # paper
    piece = int(inked.argmax())
    across, down, width, height, _ = bounds[piece].tolist()
    if inked[piece] < LEAST or width > LARGEST or height > LARGEST:
        return None
    return x + across, y + down, x + across + width, y + down + height
