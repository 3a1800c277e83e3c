"""Average precision of detected symbols in the manner of COCO: 101 recall points, one box for one box, no cap a page.

A page of music holds over 700 symbols, so the usual caps of 100 or 300 detections an image would cut it; a thin symbol
(a stem, a ledger line) is held to the same overlap as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omr.notation import Node

Floats = npt.NDArray[np.float64]
RECALLS: Floats = np.linspace(0.0, 1.0, 101)
COMMON = 10
"""A class of fewer instances says little: one miss costs ten points."""


@dataclass(frozen=True, slots=True)
class ClassPrecision:
    """Average precision of one class over all pages."""

    label: str
    count: int
    """Instances in the truth."""
    precision: float


@dataclass(frozen=True, slots=True)
class Precision:
    """Average precision of every class present in the truth, by label."""

    classes: tuple[ClassPrecision, ...]

    @property
    def weighted(self) -> float:
        """Mean over instances."""
        count = sum(one.count for one in self.classes)
        return sum(one.count * one.precision for one in self.classes) / count if count else 0.0

    @property
    def macro(self) -> float:
        """Mean over the classes with at least COMMON instances."""
        return _mean(one.precision for one in self.classes if one.count >= COMMON)

    @property
    def macro_all(self) -> float:
        """Mean over all classes present."""
        return _mean(one.precision for one in self.classes)


def _mean(values: Iterable[float]) -> float:
    known = tuple(values)
    return sum(known) / len(known) if known else 0.0


def average_precision(
    truth: Sequence[Sequence[Node]], found: Sequence[Sequence[Node]], *, iou: float = 0.5
) -> Precision:
    """Average precision by class at one overlap; both arguments hold the symbols page by page.

    Raises ValueError when the numbers of pages differ. Labels of `found` that the truth never has are not scored.
    """
    labels = sorted({node.label for page in truth for node in page})
    truth_boxes, found_boxes = [_by_label(page) for page in truth], [_by_label(page) for page in found]
    return Precision(tuple(_class_precision(label, truth_boxes, found_boxes, iou) for label in labels))


Boxes = tuple[Floats, Floats]
"""(n, 4) left, top, right, bottom and (n,) scores, best first."""
NOTHING: Boxes = (np.zeros((0, 4)), np.zeros(0))


def _by_label(page: Iterable[Node]) -> dict[str, Boxes]:
    groups: dict[str, list[tuple[float, float, float, float, float]]] = {}
    for node in page:
        box = node.box
        groups.setdefault(node.label, []).append((-node.score, box.left, box.top, box.right, box.bottom))
    tables = {label: np.array(sorted(rows)) for label, rows in groups.items()}
    return {label: (table[:, 1:], -table[:, 0]) for label, table in tables.items()}


def _class_precision(
    label: str, truth: Sequence[dict[str, Boxes]], found: Sequence[dict[str, Boxes]], iou: float
) -> ClassPrecision:
    hits, scores, count = [np.zeros(0, bool)], [np.zeros(0)], 0
    for true_page, found_page in zip(truth, found, strict=True):
        true_boxes = true_page.get(label, NOTHING)[0]
        boxes, page_scores = found_page.get(label, NOTHING)
        hits.append(match_in_order(overlaps(boxes, true_boxes), iou) >= 0)
        scores.append(page_scores)
        count += len(true_boxes)
    return ClassPrecision(label, count, interpolated_precision(np.concatenate(hits), np.concatenate(scores), count))


def overlaps(boxes: Floats, others: Floats) -> Floats:
    """(n, m) intersection over union of every pair of boxes given as left, top, right, bottom."""
    sides = np.minimum(boxes[:, None, 2:], others[None, :, 2:]) - np.maximum(boxes[:, None, :2], others[None, :, :2])
    shared = np.prod(np.clip(sides, 0.0, None), axis=2)
    areas, other_areas = (np.prod(table[:, 2:] - table[:, :2], axis=1) for table in (boxes, others))
    joint = areas[:, None] + other_areas[None, :] - shared
    ratio: Floats = np.divide(shared, joint, out=np.zeros_like(shared), where=joint > 0)
    return ratio


def match_in_order(overlap: Floats, threshold: float) -> npt.NDArray[np.intp]:
    """For each row (best score first) the free column that it overlaps most, by at least `threshold`; -1 where none is left."""
    taken = np.full(len(overlap), -1, np.intp)
    if not overlap.size:
        return taken
    free = overlap.copy()
    for row in np.flatnonzero(overlap.max(axis=1) >= threshold):
        column = int(np.argmax(free[row]))
        if free[row, column] >= threshold:
            taken[row] = column
            free[:, column] = -1.0
    return taken


def interpolated_precision(hits: npt.NDArray[np.bool_], scores: Floats, count: int) -> float:
    """Mean over 101 recalls of the best precision at that recall or beyond; 0 when there is nothing to find."""
    if not count or not len(hits):
        return 0.0
    order = np.argsort(-scores, kind="stable")
    true_positives = np.cumsum(hits[order])
    precision = true_positives / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(true_positives / count, RECALLS, side="left")
    return float(np.append(envelope, 0.0)[places].mean())
