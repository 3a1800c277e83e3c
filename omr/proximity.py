"""Boxes of a whole page as one array, and which of them lie near each other: array code, for thousands of symbols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.labels import NOTEHEADS
from omr.notation import Node, Staff

Boxes = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

HEAD_HEIGHT: Final = 1.0  # staff spaces: the ruler of a page on which no staff was found
DEFAULT_STAFF_SPACE: Final = 16.0  # pixels: with neither staves nor heads


def staff_space(nodes: Sequence[Node], staves: Sequence[Staff]) -> float:
    """The page's staff space in pixels: the staves' median, without staves the heads' height, without either 16."""
    if staves:
        return float(np.median([staff.staff_space for staff in staves]))
    heads = [node.box.height for node in nodes if node.label in NOTEHEADS]
    return float(np.median(heads)) / HEAD_HEIGHT if heads else DEFAULT_STAFF_SPACE


def box_array(nodes: Sequence[Node], unit: float = 1.0) -> Boxes:
    """(n, 4) left, top, right, bottom in multiples of `unit` pixels."""
    rows = [(node.box.left, node.box.top, node.box.right, node.box.bottom) for node in nodes]
    return np.array(rows, np.float64).reshape(len(nodes), 4) / unit


def near(boxes: Boxes, sources: Indices, targets: Indices, reach: tuple[float, float]) -> Indices:
    """(n, 2) pairs of `sources` x `targets` at most `reach` apart across and down, in the unit of `boxes`."""
    if len(sources) == 0 or len(targets) == 0:
        return np.zeros((0, 2), np.int64)
    axis = _narrower_axis(boxes, sources, targets, reach)
    sources = sources[np.argsort(boxes[sources, axis], kind="stable")]
    begins = boxes[sources, axis]
    longest = float((boxes[sources, axis + 2] - begins).max())
    low = np.searchsorted(begins, boxes[targets, axis] - reach[axis] - longest, side="left")
    high = np.searchsorted(begins, boxes[targets, axis + 2] + reach[axis], side="right")
    counts = np.maximum(high - low, 0)
    starts = np.repeat(low - (np.cumsum(counts) - counts), counts)
    pairs = np.stack([sources[np.arange(counts.sum()) + starts], np.repeat(targets, counts)], axis=1)
    x, y = gaps(boxes, pairs)
    return pairs[(x <= reach[0]) & (y <= reach[1])]


def _narrower_axis(boxes: Boxes, sources: Indices, targets: Indices, reach: tuple[float, float]) -> int:
    """0 (across) or 1 (down): the direction in which the windows around the targets hold fewer of the sources."""
    shares = []
    for axis in (0, 1):
        begins, ends = boxes[sources, axis], boxes[sources, axis + 2]
        window = (ends - begins).max() + 2 * reach[axis] + (boxes[targets, axis + 2] - boxes[targets, axis]).mean()
        shares.append(float(window / max(ends.max() - begins.min(), 1e-6)))
    return int(shares[1] < shares[0])


def gaps(boxes: Boxes, pairs: Indices) -> tuple[Boxes, Boxes]:
    """Horizontal and vertical gap of each pair; negative where the two overlap."""
    here, there = boxes[pairs[:, 0]], boxes[pairs[:, 1]]
    both = np.maximum(here[:, :2], there[:, :2]) - np.minimum(here[:, 2:], there[:, 2:])
    return both[:, 0], both[:, 1]


def distance(boxes: Boxes, pairs: Indices) -> Boxes:
    """Shortest way between the two boxes of each pair, 0 where they touch."""
    x, y = gaps(boxes, pairs)
    return np.hypot(np.maximum(x, 0), np.maximum(y, 0))


def rank(group: Indices, value: Boxes) -> Indices:
    """Place of each value within its group, smallest first, 0-based; equal values in input order."""
    order = np.lexsort((value, group))
    ordered = group[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    lengths = np.diff(starts, append=len(ordered))
    ranks = np.empty(len(group), np.int64)
    ranks[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return ranks


def unique_pairs(pairs: Indices, count: int) -> Indices:
    """`pairs` of positions below `count`, sorted, each once and none of a symbol with itself."""
    keys = np.unique(pairs[:, 0] * max(count, 1) + pairs[:, 1])
    once = np.stack([keys // max(count, 1), keys % max(count, 1)], axis=1)
    return np.asarray(once[once[:, 0] != once[:, 1]], np.int64)
