"""A page's symbols from a detector that sees one strip at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from omr import labels
from omr.detect import barlines, beams, ledgers, specks, stem_dots, uprights
from omr.detect.findings import Findings, Floats, as_drawn, gathered, read_tile
from omr.detect.join import join
from omr.detect.looks import combined, least_of_a_look, on_page, resized
from omr.detect.suppress import suppress
from omr.detect.tiling import Image, crop, frames
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

    @property
    def calibration(self) -> Mapping[str, Sequence[tuple[float, float]]]:
        """By class ("" for all others) points (score, share of such findings that are right), both rising."""

    @property
    def looks(self) -> Sequence[float]:
        """Times its size at which the page is looked at, one after another."""

    @property
    def measured(self) -> Collection[str]:
        """Classes of strokes whose boxes are measured on the ink."""

    def scan(self, tiles: Sequence[Image], use: Callable[[int, Floats, Floats], None], *, least: float = 0.0) -> None:
        """Calls `use`(index, output, features) for every (height, width) image.

        Output is (4 + classes, anchors) centre, size, scores; features are (features, anchors), at times none. Anchors
        with no score of at least `least` may be left out.
        """


def detect(
    image: Image, detector: Detector, *, threshold: float = THRESHOLD, thresholds: Mapping[str, float] | None = None
) -> tuple[Node, ...]:
    """Symbols of a prepared page (height, width), 0 = ink, in its pixels, from top to bottom; ids count from 0.

    `threshold` is the least score of a symbol, `thresholds` the same for single classes, by default the detector's own.
    """
    wanted = (detector.thresholds if thresholds is None else thresholds).get
    least = np.array([wanted(label, threshold) for label in labels.DETECTED], np.float32)
    seen = _weakest(least, detector)
    partial = least_of_a_look(seen, len(detector.looks))
    looks = [
        on_page(_seen(resized(image, factor), detector, partial), factor, detector.sides) for factor in detector.looks
    ]
    found = combined(looks)
    found = on_ink(found.at(found.best >= seen[found.classes]), image, detector, least=float(least[beams.BEAM]))
    found = suppress(found)
    found = stem_dots.settled(found, float(least[stem_dots.STACCATO]))
    return _nodes(found, image.shape[1], image.shape[0], detector.calibration)


def _weakest(least: Floats, detector: Detector) -> Floats:
    """Least score by class of what the ink may yet speak for: hooks in print."""
    seen = least.copy()
    if {"beam", "stem"} <= set(detector.measured):
        seen[beams.BEAM] = min(seen[beams.BEAM], beams.WEAK)
    return seen


def _seen(image: Image, detector: Detector, least: Floats) -> Findings:
    """What one look at `image` finds, in its pixels; `least` score by class."""
    places = frames(image)
    parts: dict[int, Findings] = {}

    def use(index: int, output: Floats, features: Floats) -> None:
        parts[index] = read_tile(output, features, places[index], index, least)

    detector.scan([crop(image, frame) for frame in places], use, least=float(least.min()))
    return join(suppress(gathered([parts[index] for index in sorted(parts)])))


def on_ink(found: Findings, image: Image, detector: Detector, *, least: float = 0.0) -> Findings:
    """`found`, best first, with boxes as the ink has them where a network cannot be exact; `least` is a beam's least score."""
    if "beam" in detector.measured:
        found = beams.measured(found, image, blocks="stem" in detector.measured, least=least)
    if "stem" in detector.measured:
        found = uprights.measured(found, image)
    elif "barline" in detector.measured:
        found = barlines.followed(found, image)
    found = specks.parted(as_drawn(found, detector.sides), image)
    found = specks.measured(found, image, detector.measured)
    return ledgers.measured(found, image) if "legerLine" in detector.measured else found


def _nodes(
    found: Findings, width: int, height: int, calibration: Mapping[str, Sequence[tuple[float, float]]]
) -> tuple[Node, ...]:
    limits = np.array([width, height, width, height], np.float32)
    boxes = np.clip(found.boxes, 0, limits).round(2)
    classes = found.classes
    order = np.lexsort((classes, boxes[:, 0], boxes[:, 1]))
    scores = found.scores[np.arange(len(classes)), classes]
    sure = [0.0] * len(classes)
    for kind in np.unique(classes).tolist():
        rows = np.flatnonzero(classes == kind)
        values = calibrated(scores[rows], labels.DETECTED[kind], calibration)
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            sure[row] = value
    return tuple(
        Node(
            id=number,
            label=labels.DETECTED[classes[row]],
            box=Box(*boxes[row].tolist()),
            score=sure[row],
            scores=tuple(found.scores[row].tolist()),
            features=tuple(found.features[row].tolist()),
        )
        for number, row in enumerate(order.tolist())
    )


def calibrated(scores: Floats, label: str, calibration: Mapping[str, Sequence[tuple[float, float]]]) -> Floats:
    """The probabilities that findings with these scores are right; the scores themselves where nothing is known."""
    points = calibration.get(label) or calibration.get("")
    if not points:
        return scores
    known, shares = zip(*points, strict=True)
    probabilities: Floats = np.interp(scores, known, shares)
    return probabilities
