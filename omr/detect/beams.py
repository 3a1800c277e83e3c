"""Beams measured on the ink: a beam's box ends where its ink ends.

Assumes that a beam is a straight bar of even thickness, several times as thick as a staff line. A network regresses the sides
of a long box from some place within it and tends to stop short; the ink does not. The box gives the slant (it is as high as the
slant and the thickness together), the columns in it give the exact line, and the line is followed outwards while it is black.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.detect.beam_ink import Bar
from omr.detect.blocks import LEAST, Stroke, closed, strokes_of
from omr.detect.findings import Findings, Flags
from omr.detect.hooks import hangs, is_hook
from omr.detect.own_ink import have_own_ink
from omr.detect.tiling import INK, Image

BEAM: Final = labels.INDEX["beam"]
HEAD: Final = labels.INDEX["noteheadFull"]
STEM: Final = labels.INDEX["stem"]
WEAK: Final = 0.03  # least score of what may be a hook
SEEN: Final = 0.5  # score of a hook that the ink shows and the network hardly saw
THIN, THICK = 4.0, 13.0  # pixels a beam may be thick, a staff space being 16
USUAL: Final = 8.0
CORE: Final = 0.6  # of the thickness: the part in which a row of pixels must be black
BLACK: Final = 0.75  # of the core's rows in a column
GAP: Final = 3  # columns of other ink or paper at which a beam has ended
FILLED: Final = 0.8  # of the columns in the box: less is no beam that could be followed
NEAR: Final = 64  # pixels followed first
REACH: Final = 900  # pixels followed beyond the box
STEEP: Final = 0.7  # slant of the steepest beam
SHARED: Final = 0.6  # of a box's width: what it shares with a beam whose ink it may claim
KNOWN: Final = 3  # beams measured on a page that tell how thick its beams are
ROUNDS: Final = 2  # a longer piece gives a better line, which may be followed further

Floats = npt.NDArray[np.float64]


def measured(found: Findings, image: Image, *, blocks: bool = True, least: float = 0.0) -> Findings:
    """`found`, best first, with boxes of beams as the ink of the page (height, width) has them; one a bar.

    Hooks taken for heads become beams. Of beams that score less than `least` hooks alone stay, that the ink shows.
    `blocks`: what is as thick as several beams is so many, as on engraved pages; a pen's beams are not even enough to tell.
    """
    dark = image < INK
    boxes, kept = found.boxes.copy(), np.ones(len(found.boxes), bool)
    bars: list[tuple[Floats, Bar]] = []
    unread: list[int] = []
    beams = found.classes == BEAM
    for index in np.flatnonzero(beams & (found.best >= least)).tolist():
        box, bar = _followed(boxes[index].astype(np.float64), dark)
        if any(_same(box, bar, *other) for other in bars):
            kept[index] = False
        elif bar is not None:
            boxes[index] = box
            bars.append((box, bar))
        else:
            unread.append(index)
    scores = found.scores.copy()
    if blocks:
        stems = found.boxes[found.classes == STEM]
        hooks = [row for row in unread if hangs(boxes[row].astype(np.float64), bars, stems, dark)]
        _part([row for row in unread if row not in hooks], boxes, kept, bars, dark)
    for row in np.flatnonzero(beams & (found.best < least)).tolist():
        kept[row] = blocks and hangs(boxes[row].astype(np.float64), bars, stems, dark)
        scores[row, BEAM] = max(scores[row, BEAM], SEEN)
    for index in np.flatnonzero(found.classes == HEAD).tolist():
        if is_hook(boxes[index].astype(np.float64), bars, dark):
            scores[index, BEAM], scores[index, HEAD] = scores[index, HEAD], 0.0
    return replace(found, boxes=boxes, scores=scores).at(kept)


def _part(
    unread: Sequence[int],
    boxes: npt.NDArray[np.float32],
    kept: Flags,
    bars: Sequence[tuple[Floats, Bar]],
    dark: Flags,
) -> None:
    """Set the `boxes` of beams in blocks of ink that hold several; those for which the ink has no beam are not `kept`.

    `unread` are the rows of beams of which no single bar was made, best first. A block never gives more beams than were
    seen in it: a staff line along a beam makes it as thick as two. What is neither bar nor block must have ink of its own.
    """
    usual = float(np.median([bar.thickness for _, bar in bars])) if len(bars) >= KNOWN else USUAL
    ink = closed(dark) if unread else dark
    waiting, loose, known = list(unread), [], list(bars)
    while waiting:
        first = waiting.pop(0)
        strokes = strokes_of(boxes[first].astype(np.float64), ink, usual)
        if not strokes:
            loose.append(first)
            continue
        mine = [first, *(other for other in waiting if _within(boxes[other], strokes))]
        waiting = [other for other in waiting if other not in mine]
        found = [(stroke.box(), Bar(stroke.level, stroke.slant, stroke.thickness)) for stroke in strokes]
        fresh = [box for box, bar in found if not any(_same(box, bar, *other) for other in bars)]
        known.extend(found)
        for row, box in zip(mine, fresh, strict=False):
            boxes[row] = box
        kept[mine[len(fresh) :]] = False
    kept[loose] = have_own_ink(boxes[loose].astype(np.float64), dark, known, LEAST * usual)


def _within(box: npt.NDArray[np.float32], strokes: Sequence[Stroke]) -> bool:
    """Whether the middle of a box lies on one of the strokes or between them."""
    x, y = float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2
    heights = [stroke.level + stroke.slant * x for stroke in strokes]
    half = strokes[0].thickness / 2
    inside = min(stroke.left for stroke in strokes) <= x <= max(stroke.right for stroke in strokes)
    return inside and min(heights) - half <= y <= max(heights) + half


def _followed(box: Floats, dark: Flags) -> tuple[Floats, Bar | None]:
    """The bar whose ink passes through `box` (left, top, right, bottom), with its own box; `box` and None without one."""
    bar = None
    for _ in range(ROUNDS):
        bar = _bar_in(box, dark)
        if bar is None:
            break
        left, right = _end(bar, box[0], -1, dark), _end(bar, box[2] - 1, 1, dark) + 1
        if left == box[0] and right == box[2]:
            break
        ends = bar.level + bar.slant * np.array([left, right])
        box = np.array([left, ends.min() - bar.thickness / 2, right, ends.max() + bar.thickness / 2])
    return box, bar


def _same(box: Floats, bar: Bar | None, other_box: Floats, other: Bar) -> bool:
    """Whether a box claims the ink of a surer beam: the same line, or, where no line was found in it, that beam's line."""
    left, right = max(box[0], other_box[0]), min(box[2], other_box[2])
    if right - left < SHARED * (box[2] - box[0]):
        return False
    middle = (left + right) / 2
    if bar is None:
        return all(box[1] <= other.level + other.slant * x <= box[3] for x in (left, middle, right))
    there = other.level + other.slant * middle
    return bool(abs(bar.level + bar.slant * (left + right) / 2 - there) < other.thickness / 2)


def _bar_in(box: Floats, dark: Flags) -> Bar | None:
    """The bar that fills the box from side to side, slanting either way."""
    xs = np.arange(max(0, int(box[0])), min(dark.shape[1], int(box[2])))
    width, height = box[2] - box[0], box[3] - box[1]
    if len(xs) < USUAL:
        return None
    rise = max(0.0, height - USUAL) / width
    middle = (box[1] + box[3]) / 2 - rise * np.array([1, -1]) * (box[0] + box[2]) / 2
    guesses = [Bar(float(level), slant, USUAL) for level, slant in zip(middle, (rise, -rise), strict=True)]
    guess = max(guesses, key=lambda bar: float(_core(bar, xs, dark).mean()))
    centers, lengths = _runs(guess, xs, dark)
    seen = (lengths >= THIN) & (lengths <= THICK)
    if seen.sum() < len(xs) / 2 or abs(rise) > STEEP:
        return None
    typical = float(np.median(lengths[seen]))
    even = seen & (np.abs(lengths - typical) <= typical / 3)
    if even.sum() < USUAL:
        return None
    slant, level = np.polyfit(xs[even], centers[even], 1).tolist()
    bar = Bar(level, slant, typical)
    return bar if _core(bar, xs, dark).mean() >= FILLED else None


def _runs(bar: Bar, xs: npt.NDArray[np.int64], dark: Flags) -> tuple[Floats, Floats]:
    """Middle and length of the black run through the bar's line in each column; length 0 where it is not black."""
    reach = int(THICK) + 1
    offsets = np.arange(-reach, reach + 1)
    ys = np.round(bar.level + bar.slant * xs).astype(np.int64)
    rows = np.clip(ys[None, :] + offsets[:, None], 0, dark.shape[0] - 1)
    white = ~dark[rows, xs[None, :]]
    above = np.argmax(white[reach::-1], axis=0)
    below = np.argmax(white[reach:], axis=0)
    above[~white[reach::-1].any(axis=0)] = reach
    below[~white[reach:].any(axis=0)] = reach
    lengths = np.where(above > 0, above + below - 1, 0).astype(np.float64)
    return ys + (below - above) / 2, lengths


def _core(bar: Bar, xs: npt.NDArray[np.int64], dark: Flags) -> Flags:
    """For each column whether the bar's core is black there."""
    half = max(1, round(bar.thickness * CORE / 2))
    ys = np.round(bar.level + bar.slant * xs).astype(np.int64)
    rows = ys + np.arange(-half, half + 1)[:, None]
    if ys.min() >= half and ys.max() + half < len(dark):
        inked = dark[rows, xs]
    else:
        inked = dark[np.clip(rows, 0, len(dark) - 1), xs] & (rows >= 0) & (rows < len(dark))
    black: Flags = np.add.reduce(inked, axis=0, dtype=np.int64) >= BLACK * len(rows)
    return black


def _end(bar: Bar, start: float, step: int, dark: Flags) -> float:
    """The last column, from `start` outwards, before the bar's core ends; `start` itself when it ends there."""
    stop = np.clip(start + step * REACH, -1 if step < 0 else 0, dark.shape[1])
    xs = np.arange(int(start), int(stop), step)
    if not len(xs):
        return start
    for near in (xs[:NEAR], xs):  # most beams end soon
        black = np.concatenate((_core(bar, near, dark), np.zeros(GAP * (len(near) == len(xs)), bool)))
        white = ~np.lib.stride_tricks.sliding_window_view(black, GAP).any(axis=1)
        if white.any():
            break
    last = int(np.argmax(white)) - 1
    return float(xs[last]) if last > 0 else start
