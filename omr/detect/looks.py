"""Several looks at one page, each at another size, as one list of findings.

Assumes that what a network makes up it seldom makes up again at another size, and that what it overlooks at one size it often
sees at another. So the class vectors of findings that lie on each other are averaged, those of a look that saw nothing
counting as nothing (test-time augmentation; the boxes are joined as in weighted boxes fusion, Solovyev et al. 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from omr.detect.findings import Findings, Floats, Indices, as_drawn, gathered
from omr.detect.suppress import alike, ious, overlapping, widened
from omr.detect.tiling import Image

LEAST: Final = 0.5
"""Of a symbol's least score: what one look must give for a finding to count at all."""


def resized(image: Image, factor: float) -> Image:
    """The page as a look at `factor` times its size sees it."""
    if factor == 1.0:
        return image
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=way), np.uint8)


def on_page(found: Findings, factor: float, sides: Mapping[str, tuple[float, float]]) -> Findings:
    """A look's findings in pixels of the page, sides of tiny ink as drawn; `sides` as Detector.sides has them."""
    boxes = (found.boxes / np.float32(factor)).astype(np.float32)
    return as_drawn(
        replace(found, boxes=boxes), {label: (learned / factor, true) for label, (learned, true) in sides.items()}
    )


def combined(looks: Sequence[Findings]) -> Findings:
    """The findings of all looks, at least one, those of the same ink as one, best first; each look has one for each ink."""
    if len(looks) == 1:
        return looks[0]
    found = gathered(list(looks))
    look = np.repeat(np.arange(len(looks)), [len(each.boxes) for each in looks])
    order = np.argsort(-found.best, kind="stable")
    found, look = found.at(order), look[order]
    groups = _groups(found, look, len(looks))
    weights = found.best
    total = np.bincount(groups, weights, minlength=len(found.boxes))
    boxes, scores = np.zeros_like(found.boxes), np.zeros_like(found.scores)
    np.add.at(boxes, groups, found.boxes * (weights / total[groups])[:, None].astype(np.float32))
    np.add.at(scores, groups, found.scores / np.float32(len(looks)))
    firsts = np.flatnonzero(groups == np.arange(len(groups)))
    joined = replace(found, boxes=boxes, scores=scores).at(firsts)
    return joined.at(np.argsort(-joined.best, kind="stable"))


def _groups(found: Findings, look: Indices, count: int) -> Indices:
    """(n,) for each finding, best first, the first of those that show the same ink: at most one of each look."""
    boxes = widened(found.boxes)
    first, second = overlapping(boxes)
    other = look[first] != look[second]
    first, second = first[other], second[other]
    overlap = ious(boxes, first, second)
    same = overlap >= alike(found.classes[first], found.classes[second])
    pairs = np.stack((first, second), axis=1)[same]
    groups = np.arange(len(look))
    seen = np.zeros((len(look), count), bool)
    seen[np.arange(len(look)), look] = True
    for one, two in pairs[np.argsort(-overlap[same], kind="stable")].tolist():
        lower, upper = sorted((int(groups[one]), int(groups[two])))
        if lower != upper and not (seen[lower] & seen[upper]).any():
            seen[lower] |= seen[upper]
            groups[groups == upper] = lower
    return groups


def least_of_a_look(least: Floats, count: int) -> Floats:
    """(classes,) least scores in one of `count` looks, given those of the whole."""
    return least if count == 1 else least * np.float32(LEAST)
