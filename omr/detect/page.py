"""A page's symbols from a detector that sees one strip at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from omr import labels
from omr.detect.beams import measured
from omr.detect.findings import Findings, Floats, as_drawn, gathered, read_tile
from omr.detect.join import join
from omr.detect.suppress import suppress
from omr.detect.tiling import Image, crop, frames
from omr.detect.uprights import upright
from omr.geometry import Box
from omr.notation import Node

THRESHOLD: Final = 0.25


class Detector(Protocol):
    """Finds symbols in images whose sides are multiples of tiling.GRID."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Least score by class, for classes where it is not THRESHOLD."""

    @property
    def sides(self) -> Mapping[str, tuple[float, float]]:
        """By class (learned, true) pixels: sides shorter than `learned` were learned as that long and are `true` long."""

    def scan(self, tiles: Sequence[Image], use: Callable[[int, Floats], None]) -> None:
        """Calls `use`(index, output) for every (height, width) image: (4 + classes, anchors) centre, size, scores."""


def detect(
    image: Image, detector: Detector, *, threshold: float = THRESHOLD, thresholds: Mapping[str, float] | None = None
) -> tuple[Node, ...]:
    """Symbols of a prepared page (height, width), 0 = ink, in its pixels, from top to bottom; ids count from 0.

    `threshold` is the least score of a symbol, `thresholds` the same for single classes, by default the detector's own.
    """
    wanted = (detector.thresholds if thresholds is None else thresholds).get
    least = np.array([wanted(label, threshold) for label in labels.DETECTED], np.float32)
    places = frames(image)
    parts: dict[int, Findings] = {}

    def use(index: int, output: Floats) -> None:
        parts[index] = read_tile(output, places[index], index, least)

    detector.scan([crop(image, frame) for frame in places], use)
    candidates = gathered([parts[index] for index in sorted(parts)])
    found = suppress(upright(measured(join(suppress(candidates)), image), image))
    found = as_drawn(found, detector.sides)
    return _nodes(found, image.shape[1], image.shape[0])


def _nodes(found: Findings, width: int, height: int) -> tuple[Node, ...]:
    limits = np.array([width, height, width, height], np.float32)
    boxes = np.clip(found.boxes, 0, limits).round(2)
    classes = found.classes
    order = np.lexsort((classes, boxes[:, 0], boxes[:, 1]))
    return tuple(
        Node(
            id=number,
            label=labels.DETECTED[classes[row]],
            box=Box(*boxes[row].tolist()),
            score=float(found.scores[row, classes[row]]),
            scores=tuple(found.scores[row].tolist()),
        )
        for number, row in enumerate(order)
    )
