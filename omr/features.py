"""The numbers a linker judges symbols and pairs of symbols by; the same code trains and infers.

Assumption: what makes two symbols belong together is how they lie to each other and to the staff, measured in staff
spaces, so that no number depends on the page's resolution or on the place of a system on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.candidates import class_vectors
from omr.labels import ACCIDENTALS, ARTICULATIONS, DETECTED, FLAGS, INDEX, NOTEHEADS, NUMERALS
from omr.notation import Node, Staff
from omr.proximity import Boxes, Indices, box_array, distance, rank, staff_space

Floats = npt.NDArray[np.float32]

NODE_FEATURES: Final = len(DETECTED) + 9
EDGE_FEATURES: Final = 21
LINEAR_RANGE: Final = 2.0  # staff spaces within which an offset is also given linearly, where small differences decide


def node_features(nodes: Sequence[Node], staves: Sequence[Staff]) -> Floats:
    """(n, NODE_FEATURES): class vector of sum 1, confidence, size, place on the nearest staff."""
    boxes = box_array(nodes, staff_space(nodes, staves))
    classes = class_vectors(nodes)
    classes = classes / np.maximum(classes.sum(axis=1, keepdims=True), 1e-6)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    _, place = nearest_staff(nodes, staves)
    columns = [
        np.array([node.score for node in nodes]),
        np.log1p(width),
        np.log1p(height),
        np.minimum(width, 4),
        np.minimum(height, 4),
        np.clip(place, 0, 8) / 8,
        _signed_log(np.where(place < 0, place, np.maximum(place - 8, 0))),
        (place >= 0) & (place <= 8),
        np.full(len(nodes), bool(staves)),
    ]
    return np.concatenate([classes, np.stack(columns, axis=1)], axis=1).astype(np.float32)


def edge_features(nodes: Sequence[Node], pairs: Indices, staves: Sequence[Staff], candidates: int) -> Floats:
    """(pairs, EDGE_FEATURES): how each target lies to its source and how many rivals are nearer.

    The first `candidates` pairs are possible relations, the rest context (candidates.graph_pairs).
    """
    boxes = box_array(nodes, staff_space(nodes, staves))
    source, target = pairs[:, 0], pairs[:, 1]
    staff, _ = nearest_staff(nodes, staves)
    gap = distance(boxes, pairs)
    kind = np.array([_KIND[INDEX.get(node.label, -1)] for node in nodes], np.int64)
    columns = [
        *_offsets(boxes[source], boxes[target]).T,
        np.log1p(gap),
        1 / (1 + rank(source * len(_KIND) + kind[target], gap)),
        1 / (1 + rank(target * len(_KIND) + kind[source], gap)),
        staff[source] == staff[target],
        np.clip(staff[target] - staff[source], -2, 2) / 2,
        np.arange(len(pairs)) >= candidates,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def nearest_staff(nodes: Sequence[Node], staves: Sequence[Staff]) -> tuple[Indices, Boxes]:
    """For each node the position in `staves` of the one nearest to its centre, and its place on that staff.

    -1 without staves; the place is in half staff spaces below the top line, as Staff.position_at gives it.
    """
    if not staves or not nodes:
        return np.full(len(nodes), -1, np.int64), np.zeros(len(nodes))
    boxes = box_array(nodes)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    places = np.stack([_places(staff, x, y) for staff in staves], axis=1)
    above_or_below = np.maximum(np.maximum(-places, places - 8), 0)
    aside = np.stack([_aside(staff, x) for staff in staves], axis=1)
    nearest = np.argmin(above_or_below + aside, axis=1)
    return nearest, places[np.arange(len(nodes)), nearest]


def _places(staff: Staff, x: Boxes, y: Boxes) -> Boxes:
    top = np.interp(x, staff.lines[0].xs, staff.lines[0].ys)
    bottom = np.interp(x, staff.lines[-1].xs, staff.lines[-1].ys)
    if len(staff.lines) == 1:  # a lone line stands where the middle line would
        return (y - top) / staff.staff_space * 2 + 4
    return (y - top) / np.maximum(bottom - top, 1e-6) * 8


def _aside(staff: Staff, x: Boxes) -> Boxes:
    """Half staff spaces by which x lies left or right of the staff."""
    beyond = np.maximum(staff.box.left - x, x - staff.box.right)
    return np.maximum(beyond, 0) / staff.staff_space * 2


def _offsets(here: Boxes, there: Boxes) -> Boxes:
    """(n, 15): signed log offsets of centres, like and unlike edges; shared width and height; small offsets."""
    centre = (there[:, :2] + there[:, 2:] - here[:, :2] - here[:, 2:]) / 2
    unlike = np.concatenate([there[:, :2] - here[:, 2:], there[:, 2:] - here[:, :2]], axis=1)
    shared = np.minimum(here[:, 2:], there[:, 2:]) - np.maximum(here[:, :2], there[:, :2])
    smaller = np.minimum(here[:, 2:] - here[:, :2], there[:, 2:] - there[:, :2])
    share = np.clip(shared / np.maximum(smaller, 0.05), -1, 1)
    small = np.clip(np.concatenate([centre, unlike[:, :1]], axis=1), -LINEAR_RANGE, LINEAR_RANGE)
    return np.concatenate([_signed_log(np.concatenate([centre, there - here, unlike], axis=1)), share, small], axis=1)


def _signed_log(values: Boxes) -> Boxes:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)), np.float64)


def _kinds() -> npt.NDArray[np.int64]:
    """Class -> kind: all heads are rivals of each other, all flags too, and so on; the last entry: no class."""
    groups = (NOTEHEADS, FLAGS, ACCIDENTALS, NUMERALS, ARTICULATIONS)
    first = {label: group[0] for group in groups for label in group}
    return np.array([*(INDEX[first.get(label, label)] for label in DETECTED), len(DETECTED)], np.int64)


_KIND: Final = _kinds()
