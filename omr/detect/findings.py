"""What a detector says about one tile, as a table of candidates in page pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.detect.tiling import Frame

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

AT_EDGE: Final = 3.0  # pixels from a tile's inner edge: a box that ends there was cut, or as good as
LEARNED_SLACK: Final = 1.3  # a side up to this many times the learned one stands for it
LONG: Final = np.array(
    [
        label in (*labels.BARLINES, *labels.HAIRPINS, "slur", "tie", "beam", "brace", "bracket", "voltaBracket", "tupleBracket",
                  "arpeggio", "glissando", "ottava", "dottedHorizontalSpanner", "wiggleTrill", "pedalMark", "stem", "text",
                  "multiMeasureRest", "systemSeparator")
        for label in labels.DETECTED
    ]
)  # fmt: skip
"""By class: may be longer than the overlap of the tiles."""


@dataclass(frozen=True)
class Findings:
    """Candidates, one a row."""

    boxes: Floats
    """(n, 4) left, top, right, bottom."""
    scores: Floats
    """(n, classes) soft class vectors."""
    cut: Flags
    """(n, 4): ends at the left, top, right, bottom edge of its tile where the page goes on."""
    tiles: Indices
    """(n,) which tile."""
    features: Floats
    """(n, features) what the network saw there, for later stages; no columns where the model does not give them."""

    @cached_property
    def classes(self) -> Indices:
        classes: Indices = self.scores.argmax(axis=1)
        return classes

    @cached_property
    def best(self) -> Floats:
        best: Floats = self.scores.max(axis=1, initial=0)
        return best

    def at(self, index: Indices | Flags) -> Findings:
        return Findings(
            boxes=self.boxes[index],
            scores=self.scores[index],
            cut=self.cut[index],
            tiles=self.tiles[index],
            features=self.features[index],
        )


def read_tile(output: Floats, features: Floats, frame: Frame, index: int, least: Floats) -> Findings:
    """Candidates of one tile from (4 + classes, anchors) centre x, y, width, height and scores; `least` score by class.

    `features` (features, anchors) go with them.

    Short symbols cut by an inner edge are left to the neighbouring tile, which sees them whole.
    """
    wanted = np.flatnonzero(output[4:].max(axis=0) >= least.min())
    scores = output[4:, wanted].T.copy()
    rows = np.arange(len(wanted))
    sure = scores[rows, scores.argmax(axis=1)] >= least[scores.argmax(axis=1)]
    wanted, scores = wanted[sure], scores[sure]
    middle, half = output[:2, wanted].T, output[2:4, wanted].T / 2
    sides = (frame.width, frame.height)
    local = np.clip(np.concatenate((middle - half, middle + half), axis=1), 0, sides * 2)
    near = np.concatenate((local[:, :2] <= AT_EDGE, local[:, 2:] >= np.array(sides) - AT_EDGE), axis=1)
    cut = near & np.array(frame.inner)
    boxes = local + np.array([frame.left, frame.top] * 2, np.float32)
    kept = ~cut.any(axis=1) | LONG[scores.argmax(axis=1)]
    tiles = np.full(len(boxes), index, np.intp)
    return Findings(boxes.astype(np.float32), scores, cut, tiles, features[:, wanted].T).at(kept)


def gathered(parts: list[Findings]) -> Findings:
    if not parts:
        nothing = np.zeros((0, 4), np.float32)
        scores = np.zeros((0, len(labels.DETECTED)), np.float32)
        return Findings(nothing, scores, nothing > 0, np.zeros(0, np.intp), np.zeros((0, 0), np.float32))
    columns = zip(*((part.boxes, part.scores, part.cut, part.tiles, part.features) for part in parts), strict=True)
    boxes, scores, cut, tiles, features = (np.concatenate(column) for column in columns)
    return Findings(boxes, scores, cut, tiles, features)


def as_drawn(found: Findings, sides: Mapping[str, tuple[float, float]]) -> Findings:
    """`found` with the sides of tiny ink, learned longer than they are, brought back to their true length."""
    learned, true = (np.array([sides.get(label, (0.0, 0.0))[end] for label in labels.DETECTED]) for end in (0, 1))
    classes = found.classes[:, None]
    middle, size = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2, found.boxes[:, 2:] - found.boxes[:, :2]
    half = np.where(size < LEARNED_SLACK * learned[classes], true[classes], size) / 2
    boxes = np.concatenate((middle - half, middle + half), axis=1).astype(np.float32)
    return replace(found, boxes=boxes)
