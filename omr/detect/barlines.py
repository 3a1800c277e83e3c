"""Handwritten barlines followed on the ink, from a place where the stroke stands alone to its two ends.

Assumes a thin stroke that goes down the page without a gap and leans or bends by at most a pixel a row. A barline through
several staves is longer than a network has learned to see, and slants more than its box can tell. Engraved ones are straight:
`omr.detect.uprights` measures those to parts of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from omr import labels
from omr.detect.findings import Findings, Flags, Floats
from omr.detect.tiling import INK, Image

BARLINE: Final = labels.INDEX["barline"]
WIDE: Final = 8  # pixels: a wider run of ink is a staff line, a beam or a head that the stroke crosses
GAP: Final = 4  # white rows at which the stroke ends
LEAN: Final = 1  # pixels the stroke may move sideways from row to row


@dataclass(frozen=True, slots=True)
class _Run:
    """Ink in one row: columns from `start` to before `stop`."""

    row: int
    start: int
    stop: int


def followed(found: Findings, image: Image) -> Findings:
    """`found` with the boxes of barlines around their strokes on the page (height, width)."""
    dark = image < INK
    boxes = found.boxes.copy()
    for index in np.flatnonzero(found.classes == BARLINE).tolist():
        begin = _alone(boxes[index], dark)
        if begin is not None:
            up, down = _followed(dark, begin, -1), _followed(dark, begin, 1)
            boxes[index] = (min(up.start, down.start), up.row, max(up.stop, down.stop), down.row + 1)
    return replace(found, boxes=boxes)


def _alone(box: Floats, dark: Flags) -> _Run | None:
    """The stroke where it stands alone, as near to the middle of the box as possible; None where it never does."""
    left, right = max(0, int(box[0]) - 1), int(np.ceil(box[2])) + 2
    top, bottom = max(0, int(box[1])), min(len(dark), int(np.ceil(box[3])))
    middle = (top + bottom) // 2
    for row in sorted(range(top, bottom), key=lambda row: abs(row - middle)):
        inked = np.flatnonzero(dark[row, left:right])
        if not len(inked):
            continue
        run = _run(dark, row, left + int(inked[0]), left + int(inked[-1]) + 1)
        if run.stop - run.start <= WIDE and dark[row, run.start : run.stop].all():
            return run
    return None


def _followed(dark: Flags, begin: _Run, step: int) -> _Run:
    """Upwards (-1) or downwards (1): the last row with ink and the outermost columns of the stroke."""
    start, stop = begin.start, begin.stop
    last, left, right = begin.row, start, stop
    row = begin.row + step
    while 0 <= row < len(dark) and abs(row - last) <= GAP:
        first = max(0, start - LEAN)
        inked = np.flatnonzero(dark[row, first : stop + LEAN])
        if len(inked):
            last = row
            run = _run(dark, row, first + int(inked[0]), first + int(inked[-1]) + 1)
            if run.stop - run.start <= WIDE:
                start, stop = run.start, run.stop
                left, right = min(left, start), max(right, stop)
        row += step
    return _Run(last, left, right)


def _run(dark: Flags, row: int, start: int, stop: int) -> _Run:
    """The ink of a row between two columns and as far as it goes on beside them, to just over WIDE pixels."""
    while start > 0 and dark[row, start - 1] and stop - start <= WIDE:
        start -= 1
    while stop < dark.shape[1] and dark[row, stop] and stop - start <= WIDE:
        stop += 1
    return _Run(row, start, stop)
