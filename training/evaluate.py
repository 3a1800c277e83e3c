"""How well a detector finds symbols: average precision on labelled tiles and, with the program's own merging, on pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from datasets import muscima
from datasets.sample import Sample
from datasets.yolo import MIN_SIDE, STAFF_SPACE
from omr import labels
from omr.detect import Detector, detect
from omr.geometry import Box
from omr.metrics.detection import Precision, average_precision, match_in_order, overlaps
from omr.notation import Node
from training.tiles import list_tiles, read_tile

Floats = npt.NDArray[np.float64]
IOUS: Final = tuple(np.arange(0.5, 0.96, 0.05).round(2).tolist())
SEEN: Final = 0.3  # overlap from which a symbol counts as seen when thresholds are chosen
ENOUGH: Final = 5  # instances of a class for a threshold of its own
LOWEST, HIGHEST = 0.1, 0.3  # range of the thresholds
JUDGED: Final = {
    "augmentationDot": 0.06
}  # what the reader weighs by its score against the length of the bar: nearly all of it
NEARLY: Final = 0.01
FLOOR: Final = 0.05  # score from which findings enter the precision curve


@dataclass(frozen=True, slots=True)
class Findings:
    """Truth and findings, page by page."""

    truth: Sequence[Sequence[Node]]
    found: Sequence[Sequence[Node]]


def on_tiles(detector: Detector, folder: Path, split: str, most: int) -> Findings:
    """Every n-th tile of a split, at most `most`."""
    tiles = list_tiles([folder], split)
    chosen = tiles[:: max(1, len(tiles) // most)][:most]
    truth, found = [], []
    for path in chosen:
        tile = read_tile(path)
        truth.append(_truth(tile.rows))
        nodes = detect(tile.image, detector, threshold=FLOOR, thresholds={})
        found.append(tuple(replace(node, box=node.box.at_least(MIN_SIDE)) for node in nodes))  # as tiles are labelled
    return Findings(truth, found)


def on_pages(detector: Detector, pages: Sequence[Sample]) -> Findings:
    """Whole pages, boxes in page pixels, unpadded."""
    truth, found = [], []
    for page in pages:
        scale = STAFF_SPACE / page.staff_space
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image = np.asarray(cv2.resize(page.image, None, fx=scale, fy=scale, interpolation=way), np.uint8)
        nodes = detect(image, detector, threshold=FLOOR, thresholds={})
        truth.append(page.graph.nodes)
        found.append(tuple(_scaled(node, 1 / scale) for node in nodes))
    return Findings(truth, found)


def on_muscima(detector: Detector, folder: Path, split: str, lines: bool, most: int) -> Findings:
    """Whole pages of a MUSCIMA++ split, in our classes."""
    drawn = muscima.StaffLines.KEPT if lines else muscima.StaffLines.REMOVED
    return on_pages(detector, tuple(islice(muscima.samples(folder, split, drawn), most)))


def figures(findings: Findings) -> dict[str, object]:
    """AP50 and AP50-95 over classes and the classes' own AP50 with their number of instances."""
    truth = findings.truth
    tables = [average_precision(truth, findings.found, iou=iou) for iou in IOUS]
    half = tables[0]
    return {
        "pages": len(truth),
        "symbols": sum(map(len, truth)),
        "ap50_macro": round(half.macro, 4),
        "ap50_macro_all": round(half.macro_all, 4),
        "ap50_weighted": round(half.weighted, 4),
        "ap50_95_macro": round(_mean(tables, "macro"), 4),
        "ap50_95_weighted": round(_mean(tables, "weighted"), 4),
        "ap50_by_class": {one.label: [one.count, round(one.precision, 3)] for one in half.classes},
    }


def best_thresholds(findings: Findings) -> dict[str, float]:
    """By class JUDGED's score, or the lowest whose balance of missed and false symbols (F1) is the best, within NEARLY.

    Never above the usual threshold by much: real pages are harder than the tiles this is measured on, and scores there lower.
    """
    best = dict(JUDGED)
    for label in labels.DETECTED:
        scores, right, count = hits(findings, label)
        if label in JUDGED or count < ENOUGH or not right.any():
            continue
        order = np.argsort(-scores, kind="stable")
        so_far = np.cumsum(right[order])
        balance = 2 * so_far / (count + np.arange(1, len(so_far) + 1))
        score = float(scores[order][balance >= balance.max() - NEARLY].min())
        best[label] = round(float(np.clip(score, LOWEST, HIGHEST)), 2)
    return best


def hits(findings: Findings, label: str) -> tuple[Floats, npt.NDArray[np.bool_], int]:
    """Scores of all findings of a class, whether each is right, and how many there are in truth."""
    scores: list[Floats] = []
    right: list[npt.NDArray[np.bool_]] = []
    count = 0
    for truth, found in zip(findings.truth, findings.found, strict=True):
        true = [node for node in truth if node.label == label]
        mine = sorted((node for node in found if node.label == label), key=lambda node: -node.score)
        count += len(true)
        scores.append(np.array([node.score for node in mine]))
        right.append(match_in_order(overlaps(_boxes(mine), _boxes(true)), SEEN) >= 0)
    return np.concatenate(scores), np.concatenate(right), count


def _boxes(nodes: Sequence[Node]) -> Floats:
    rows = [(node.box.left, node.box.top, node.box.right, node.box.bottom) for node in nodes]
    return np.array(rows, np.float64).reshape(-1, 4)


def _mean(tables: Sequence[Precision], name: str) -> float:
    return float(np.mean([getattr(table, name) for table in tables]))


def _truth(rows: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> tuple[Node, ...]:
    return tuple(
        Node(id=index, label=labels.DETECTED[int(row[0])], box=Box(*row[1:].tolist())) for index, row in enumerate(rows)
    )


def _scaled(node: Node, factor: float) -> Node:
    return Node(id=node.id, label=node.label, box=node.box.scaled(factor), score=node.score)
