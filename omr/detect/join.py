"""Symbols longer than the overlap of the tiles, found in pieces, become one again.

Assumes that two pieces of one symbol end at the facing edges of neighbouring tiles and lie on each other in the strip that both
tiles see; of several candidates (the beams of a group) those belong together that share most of their height there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from omr.detect.findings import LONG, Findings, Flags, Floats, Indices
from omr.detect.suppress import overlapping

APART: Final = 4.0  # pixels two pieces may lie apart across their length
FACING: Final = ((2, 0), (3, 1))  # (side at which the first piece is cut, side of the second): right-left, bottom-top


def join(found: Findings) -> Findings:
    """`found` with the pieces of long symbols joined: the joint box, the class vector of the surer piece."""
    while len(pairs := _pairs(found)):
        one, other = pairs.T
        surer = found.best[one] >= found.best[other]
        keep, drop = np.where(surer, one, other), np.where(surer, other, one)
        boxes, cut = found.boxes.copy(), found.cut.copy()
        boxes[keep] = _unions(found.boxes[one], found.boxes[other])
        cut[keep] = _open_sides(found, one, other)
        rest = np.ones(len(boxes), bool)
        rest[drop] = False
        found = replace(found, boxes=boxes, cut=cut).at(rest)
    return found


def _pairs(found: Findings) -> Indices:
    """(pairs, 2) pieces to be joined now, each piece at most once, the best matches first."""
    classes = found.classes
    boxes = found.boxes + np.array([-APART, -APART, APART, APART], np.float32)
    first, second = overlapping(boxes)
    alike = (classes[first] == classes[second]) & LONG[classes[first]] & (found.tiles[first] != found.tiles[second])
    first, second = first[alike], second[alike]
    one, other, worth = [], [], []
    for low, high in FACING:
        for a, b in ((first, second), (second, first)):
            facing = found.cut[a, low] & found.cut[b, high] & (found.boxes[a, high] < found.boxes[b, high])
            facing &= found.boxes[a, low] < found.boxes[b, low]
            one.append(a[facing])
            other.append(b[facing])
            worth.append(_agreement(boxes, a[facing], b[facing], across=1 - high))
    return _disjoint(np.concatenate(one), np.concatenate(other), np.concatenate(worth), len(boxes))


def _agreement(boxes: Floats, one: Indices, other: Indices, *, across: int) -> Floats:
    """(pairs,) how much of their extent across the length (0: x, 1: y) two pieces share."""
    low = np.maximum(boxes[one, across], boxes[other, across])
    high = np.minimum(boxes[one, across + 2], boxes[other, across + 2])
    wide = np.maximum(boxes[one, across + 2], boxes[other, across + 2])
    wide = wide - np.minimum(boxes[one, across], boxes[other, across])
    share: Floats = (high - low) / np.maximum(wide, 1e-6)
    return share


def _disjoint(one: Indices, other: Indices, worth: Floats, count: int) -> Indices:
    used: Flags = np.zeros(count, bool)
    chosen = []
    for index in np.lexsort((other, one, -worth)).tolist():
        a, b = int(one[index]), int(other[index])
        if not used[a] and not used[b]:
            used[[a, b]] = True
            chosen.append((a, b))
    return np.array(chosen, np.intp).reshape(-1, 2)


def _unions(one: Floats, other: Floats) -> Floats:
    return np.concatenate((np.minimum(one[:, :2], other[:, :2]), np.maximum(one[:, 2:], other[:, 2:])), axis=1)


def _open_sides(found: Findings, one: Indices, other: Indices) -> Flags:
    """(pairs, 4) sides at which the joint box still ends at an edge of its outermost tile."""
    boxes, cut = found.boxes, found.cut
    low = boxes[one, :2] <= boxes[other, :2]
    high = boxes[one, 2:] >= boxes[other, 2:]
    outer = np.concatenate((low, high), axis=1)
    sides: Flags = np.where(outer, cut[one], cut[other])
    return sides
