"""How well a detector finds symbols: average precision on labelled tiles and, with the program's own merging, on pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets import muscima
from datasets.sample import Sample
from datasets.yolo import STAFF_SPACE
from omr import labels
from omr.detect import Detector, detect
from omr.geometry import Box
from omr.metrics.detection import Precision, average_precision
from omr.notation import Node
from training.tiles import list_tiles, read_tile

IOUS: Final = tuple(np.arange(0.5, 0.96, 0.05).round(2).tolist())
FLOOR: Final = 0.05  # score from which findings enter the precision curve


def on_tiles(detector: Detector, folder: Path, split: str, most: int) -> dict[str, object]:
    """Figures on every n-th tile of a split, at most `most`."""
    tiles = list_tiles([folder], split)
    chosen = tiles[:: max(1, len(tiles) // most)][:most]
    truth, found = [], []
    for path in chosen:
        tile = read_tile(path)
        truth.append(_truth(tile.rows))
        found.append(detect(tile.image, detector, threshold=FLOOR))
    return figures(truth, found)


def on_pages(detector: Detector, pages: Sequence[Sample]) -> dict[str, object]:
    """Figures on whole pages, boxes compared in page pixels, unpadded."""
    truth, found = [], []
    for page in pages:
        scale = STAFF_SPACE / page.staff_space
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        image = np.asarray(cv2.resize(page.image, None, fx=scale, fy=scale, interpolation=way), np.uint8)
        nodes = detect(image, detector, threshold=FLOOR)
        truth.append(page.graph.nodes)
        found.append(tuple(_scaled(node, 1 / scale) for node in nodes))
    return figures(truth, found)


def on_muscima(detector: Detector, folder: Path, split: str, lines: bool, most: int) -> dict[str, object]:
    """Figures on whole pages of a MUSCIMA++ split, in our classes."""
    drawn = muscima.StaffLines.KEPT if lines else muscima.StaffLines.REMOVED
    return on_pages(detector, tuple(islice(muscima.samples(folder, split, drawn), most)))


def figures(truth: Sequence[Sequence[Node]], found: Sequence[Sequence[Node]]) -> dict[str, object]:
    """AP50 and AP50-95 over classes, the classes' own AP50, and precision and recall at the default threshold."""
    tables = [average_precision(truth, found, iou=iou) for iou in IOUS]
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


def _mean(tables: Sequence[Precision], name: str) -> float:
    return float(np.mean([getattr(table, name) for table in tables]))


def _truth(rows: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> tuple[Node, ...]:
    return tuple(
        Node(id=index, label=labels.DETECTED[int(row[0])], box=Box(*row[1:].tolist())) for index, row in enumerate(rows)
    )


def _scaled(node: Node, factor: float) -> Node:
    return Node(id=node.id, label=node.label, box=node.box.scaled(factor), score=node.score)
