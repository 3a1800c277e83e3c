"""Findings made by hand."""

from __future__ import annotations

import numpy as np

from omr import labels
from omr.detect.findings import Findings

Box = tuple[float, float, float, float]


def findings(*rows: tuple[str, float, Box]) -> Findings:
    """(class, score, left top right bottom) as a detector gives them, uncut, without features."""
    scores = np.zeros((len(rows), len(labels.DETECTED)), np.float32)
    for row, (label, score, _) in enumerate(rows):
        scores[row, labels.INDEX[label]] = score
    boxes = np.array([box for _, _, box in rows], np.float32).reshape(-1, 4)
    count = len(rows)
    return Findings(
        boxes, scores, np.zeros((count, 4), bool), np.zeros(count, np.intp), np.zeros((count, 0), np.float32)
    )
