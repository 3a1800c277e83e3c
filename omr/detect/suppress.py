"""One finding for one piece of ink: repeated findings of a symbol are dropped, the best is kept.

Assumes that two boxes of the same class that share most of their area are one symbol. Two exceptions: beams of a slanting group
overlap although they are different ink, so they must agree better; and boxes of thin ink (a stem, a ledger line) are widened
first, because a shift of one pixel would already count as another symbol.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from omr import labels
from omr.detect.findings import LONG, Findings, Flags, Floats, Indices

THIN: Final = 8.0  # pixels, half a staff space: thinner boxes are widened to it for comparison
SAME: Final = 0.45  # overlap (IoU) from which two boxes of one class are one symbol
SAME_OF: Final = {"beam": 0.65, "slur": 0.6, "tie": 0.6, "text": 0.6}
SAME_BY_CLASS: Final = np.array([SAME_OF.get(label, SAME) for label in labels.DETECTED], np.float32)
RIVALS: Final = 0.6  # overlap from which two classes claim the same ink
RIVALS_LONG: Final = 0.75
HEAD: Final = np.array([label in labels.NOTEHEADS for label in labels.DETECTED])
SAME_HEADS: Final = 0.25  # the heads of a chord never overlap: neighbours in pitch stand on either side of the stem
BEAM: Final = labels.INDEX["beam"]
SAME_WIDTH: Final = 0.6  # of the joint width of two beams
LEVEL: Final = (
    5.0  # pixels between the middles of two boxes: the beams of a group are three quarters of a staff space apart
)
CLEF: Final = np.array([label in ("gClef", "fClef", "cClef") for label in labels.DETECTED])
CLEF_PART: Final = np.array(
    [label in (*labels.NOTEHEADS, "augmentationDot", "repeatDot", "articulationStaccato") for label in labels.DETECTED]
)
CLEF_SURE: Final = 0.5  # score of a clef from which the heads and dots inside its box are its own curls and dots
DOT: Final = labels.INDEX["augmentationDot"]
LEDGER: Final = labels.INDEX["legerLine"]
BAND: Final = 256  # pixels of the page's height in which boxes are compared with each other
STUB: Final = 3.0  # pixels around a ledger line: a dot stands in a space, what is on the line is the line's end
TALLEST: Final = {"accidentalFlat": 58.0, "accidentalNatural": 70.0, "accidentalSharp": 68.0}
"""Pixels, 1.45 times an accidental's height: a taller box that was hardly seen is two accidentals above each other."""
TALLEST_BY_CLASS: Final = np.array([TALLEST.get(label, np.inf) for label in labels.DETECTED], np.float32)
HARDLY_SEEN: Final = 0.5
INSIDE: Final = 0.8  # of a box's area
SLACK: Final = 8.0  # pixels that a cut box may stick out of the one that holds the whole symbol


def suppress(found: Findings) -> Findings:
    """The best finding of each piece of ink, best first."""
    found = found.at(~_two_in_one(found))
    order = np.argsort(-found.best, kind="stable")
    found = found.at(order)
    boxes, classes = widened(found.boxes), found.classes
    first, second = overlapping(boxes)
    better, worse = np.minimum(first, second), np.maximum(first, second)
    overlap = ious(boxes, better, worse)
    drops = overlap >= alike(classes[better], classes[worse])
    drops |= (classes[better] == BEAM) & (classes[worse] == BEAM) & _level(found.boxes, better, worse)
    kept = _greedy(len(boxes), better[drops], worse[drops])
    both = kept[first] & kept[second]
    first, second = first[both], second[both]
    kept &= ~_cut_inside(found, kept, first, second)
    kept &= ~_part_of_clef(found, kept, first, second)
    kept &= ~_end_of_ledger(found, kept, first, second)
    return found.at(np.flatnonzero(kept))


def _two_in_one(found: Findings) -> Flags:
    """Findings too tall for their class and hardly seen."""
    tall: Flags = found.boxes[:, 3] - found.boxes[:, 1] > TALLEST_BY_CLASS[found.classes]
    return tall & (found.best < HARDLY_SEEN)


def widened(boxes: Floats) -> Floats:
    """Boxes (n, 4) with each side at least THIN, about their centres."""
    lack = np.maximum(0, THIN - (boxes[:, 2:] - boxes[:, :2])) / 2
    return np.concatenate((boxes[:, :2] - lack, boxes[:, 2:] + lack), axis=1)


def overlapping(boxes: Floats) -> tuple[Indices, Indices]:
    """Index pairs of boxes (n, 4) that share area, found by a sweep from left to right in each band of the page."""
    top, bottom = int(np.floor(boxes[:, 1].min(initial=0))), int(boxes[:, 3].max(initial=0)) + 1
    pairs = [_meeting(boxes, upper, upper + BAND) for upper in range(top, bottom, BAND)]
    first, second = np.concatenate(pairs, axis=1)
    return first, second


def _meeting(boxes: Floats, upper: int, lower: int) -> Indices:
    """(2, pairs) boxes that share area which begins from `upper` to before `lower`."""
    order = np.flatnonzero((boxes[:, 1] < lower) & (boxes[:, 3] > upper))
    order = order[np.argsort(boxes[order, 0], kind="stable")]
    left, top, right, bottom = boxes[order].T
    ends = np.searchsorted(left, right, side="left")
    counts = ends - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), counts)
    second = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts) + first + 1
    begin = np.maximum(top[first], top[second])
    meet = (top[first] < bottom[second]) & (top[second] < bottom[first]) & (begin >= upper) & (begin < lower)
    found: Indices = order[np.stack((first[meet], second[meet]))]
    return found


def ious(boxes: Floats, first: Indices, second: Indices) -> Floats:
    """(pairs,) intersection over union."""
    one, other = boxes[first], boxes[second]
    shared = _shared(one, other)
    joint = (one[:, 2:] - one[:, :2]).prod(axis=1) + (other[:, 2:] - other[:, :2]).prod(axis=1) - shared
    ratio: Floats = shared / np.maximum(joint, 1e-6)
    return ratio


def _shared(one: Floats, other: Floats) -> Floats:
    """(pairs,) area that two boxes share."""
    sides = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    area: Floats = np.clip(sides, 0, None).prod(axis=1)
    return area


def alike(one: Indices, other: Indices) -> Floats:
    """(pairs,) overlap from which two findings of these classes claim the same ink."""
    rivals = np.where(LONG[one] | LONG[other], RIVALS_LONG, RIVALS)
    limits: Floats = np.where(one == other, SAME_BY_CLASS[one], rivals).astype(np.float32)
    limits[HEAD[one] & HEAD[other]] = SAME_HEADS
    return limits


def _level(boxes: Floats, one: Indices, other: Indices) -> Flags:
    """(pairs,) whether two boxes span nearly the same width at nearly the same height: two beams of a group never do."""
    left, right = np.maximum(boxes[one, 0], boxes[other, 0]), np.minimum(boxes[one, 2], boxes[other, 2])
    joint = np.maximum(boxes[one, 2], boxes[other, 2]) - np.minimum(boxes[one, 0], boxes[other, 0])
    apart = np.abs(boxes[one, 1] + boxes[one, 3] - boxes[other, 1] - boxes[other, 3]) / 2
    level: Flags = (right - left >= SAME_WIDTH * joint) & (apart < LEVEL)
    return level


def _greedy(count: int, better: Indices, worse: Indices) -> Flags:
    """Which of `count` findings, best first, are kept when each kept one drops its worse neighbours."""
    kept = np.ones(count, bool)
    order = np.argsort(better, kind="stable")
    for strong, weak in zip(better[order].tolist(), worse[order].tolist(), strict=True):
        if kept[strong]:
            kept[weak] = False
    return kept


def _part_of_clef(found: Findings, kept: Flags, first: Indices, second: Indices) -> Flags:
    """Heads and dots inside a clef: the curl of a G clef looks like a notehead, the dots of an F clef like any dot."""
    gone = np.zeros(len(found.boxes), bool)
    classes, boxes = found.classes, found.boxes
    for part, whole in ((first, second), (second, first)):
        pair = kept[part] & kept[whole] & CLEF[classes[whole]] & CLEF_PART[classes[part]]
        pair &= found.best[whole] >= CLEF_SURE
        areas = (boxes[part, 2:] - boxes[part, :2]).prod(axis=1)
        gone[part[pair & (_shared(boxes[part], boxes[whole]) >= INSIDE * areas)]] = True
    return gone


def _end_of_ledger(found: Findings, kept: Flags, first: Indices, second: Indices) -> Flags:
    """Dots on a ledger line that is seen as surely: ends of the line."""
    gone = np.zeros(len(found.boxes), bool)
    classes, boxes = found.classes, found.boxes
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    for dot, line in ((first, second), (second, first)):
        pair = kept[dot] & kept[line] & (classes[dot] == DOT) & (classes[line] == LEDGER)
        pair &= found.best[line] >= found.best[dot]
        across = (middles[dot, 0] > boxes[line, 0] - STUB) & (middles[dot, 0] < boxes[line, 2] + STUB)
        gone[dot[pair & across & (np.abs(middles[dot, 1] - middles[line, 1]) < STUB)]] = True
    return gone


def _cut_inside(found: Findings, kept: Flags, first: Indices, second: Indices) -> Flags:
    """Cut findings that lie inside a kept finding of their class from another tile, which saw more of the symbol."""
    gone = np.zeros(len(found.boxes), bool)
    classes, boxes = found.classes, found.boxes
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    grown = boxes + np.array([-SLACK, -SLACK, SLACK, SLACK], np.float32)
    for part, whole in ((first, second), (second, first)):
        pair = kept[part] & kept[whole] & (classes[part] == classes[whole]) & (found.tiles[part] != found.tiles[whole])
        pair &= found.cut[part].any(axis=1) & (areas[whole] > areas[part])
        inside = (boxes[part, :2] >= grown[whole, :2]).all(axis=1) & (boxes[part, 2:] <= grown[whole, 2:]).all(axis=1)
        gone[part[pair & inside]] = True
    return gone
