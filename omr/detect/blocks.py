"""Beams that ink has run together: a block as thick as two or more beams is read as so many, from its straight side inwards.

Assumes that the beams of a group are parallel, evenly thick and begin at one side: that side of the block is a straight line
over its whole length, the other one steps where a further beam begins or ends. Old prints and black and white scans close the
paper between beams, and a network's boxes are not exact there.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PITCH: Final = 12.0  # pixels from beam to beam, a staff space being 16
PITCHES: Final = (9.5, 14.0)
MOST: Final = 5  # beams of a block
LEAST: Final = 0.6  # of a beam's thickness, in a column: less is a staff line
SLIT: Final = 2  # pixels of paper between two beams that do not part them
LONGER: Final = 6  # pixels a column may be longer than the one before: more is a stem that crosses, unless it lasts
CROSSING: Final = 6  # columns a stem takes, with a dot of ink beside it
LOST: Final = 3  # columns without ink at which the block has ended
REACH: Final = 900  # columns followed either way
LINE: Final = 2.0  # pixels an edge may stray from a straight line
STRAIGHT: Final = 0.7  # of the columns whose edge must not
SMOOTH: Final = 7  # columns over which a thickness is taken
LIKE: Final = 3.0  # pixels a single beam may be thinner or thicker than the page's others
SHORTEST: Final = 9  # columns of a beam
ROUNDED: Final = 0.25  # of a further beam that need not be seen; a staff line at a beam makes up two thirds of one


class Stroke(NamedTuple):
    """One beam of a block: y = `level` + `slant` * x in the middle, from column `left` to before `right`."""

    left: float
    right: float
    level: float
    slant: float
    thickness: float

    def box(self) -> Floats:
        """(4,) left, top, right, bottom."""
        ends = self.level + self.slant * np.array([self.left, self.right])
        half = self.thickness / 2
        return np.array([self.left, ends.min() - half, self.right, ends.max() + half])


def closed(dark: Flags) -> Flags:
    """The page (height, width) with slits of paper between two bodies of ink, one above the other, filled."""
    filled = dark.copy()
    for gap in range(1, SLIT + 1):
        for inside in range(1, gap + 1):
            above, below = dark[: -gap - 1], dark[gap + 1 :]
            filled[inside : inside + len(above)] |= above & below
    return filled


def strokes_of(box: Floats, ink: Flags, thickness: float) -> tuple[Stroke, ...]:
    """The beams of the block of `closed` ink through the middle of `box`, the one at its straight side first; none: no block.

    `thickness` is that of the page's single beams in pixels.
    """
    outline = _outline(box, ink, thickness)
    if outline is None:
        return ()
    xs, tops, bottoms = outline
    edges = [(_line(xs, tops), tops, 1), (_line(xs, bottoms), bottoms, -1)]
    (slant, level, share), _, inward = max(edges, key=lambda edge: edge[0][2])
    if share < STRAIGHT:
        return ()
    lengths = _smoothed(bottoms - tops)
    counts = 1 + np.floor((lengths - thickness) / PITCH + ROUNDED).clip(0, MOST - 1)
    if counts.max() == 1 and abs(float(np.median(lengths)) - thickness) > LIKE:
        return ()
    several = counts > 1
    pitches = (lengths[several] - thickness) / (counts[several] - 1)
    pitch = float(np.clip(np.median(pitches), *PITCHES)) if len(pitches) else PITCH
    return tuple(
        Stroke(left, right, level + inward * (thickness / 2 + number * pitch), slant, thickness)
        for number in range(int(counts.max()))
        for left, right in _stretches(xs, counts > number)
    )


def _outline(box: Floats, ink: Flags, thickness: float) -> tuple[Floats, Floats, Floats] | None:
    """(columns, first row, row after the last) of the block, without the columns where a stem crosses it."""
    most = thickness + (MOST - 1) * PITCH
    middle, height = int((box[0] + box[2]) / 2), (box[1] + box[3]) / 2
    start = None
    for aside in (0, 4, -4, 8, -8, 12, -12):
        if 0 <= middle + aside < ink.shape[1] and box[0] <= middle + aside < box[2]:
            run = _run(ink[:, middle + aside], int(height) - 4, int(height) + 5)
            if run is not None and LEAST * thickness <= run[1] - run[0] <= most:
                start = middle + aside, run
                break
    if start is None:
        return None
    found = {start[0]: start[1]}
    for step in (1, -1):
        found.update(_tracked(ink, *start, step, (LEAST * thickness, most)))
    xs = np.array(sorted(found), np.float64)
    runs = np.array([found[int(x)] for x in xs], np.float64)
    return (xs, runs[:, 0], runs[:, 1]) if len(xs) >= SHORTEST else None


def _tracked(
    ink: Flags, column: int, run: tuple[int, int], step: int, lengths: tuple[float, float]
) -> dict[int, tuple[int, int]]:
    least, most = lengths
    found: dict[int, tuple[int, int]] = {}
    held: dict[int, tuple[int, int]] = {}  # columns longer than those before: a stem, or a further beam
    lost = 0
    for x in range(column + step, column + step * REACH, step):
        if not 0 <= x < ink.shape[1]:
            break
        here = _run(ink[:, x], run[0], run[1])
        length = here[1] - here[0] if here is not None else 0
        if here is None or length < least:
            lost += 1
            if lost > LOST:
                break
        elif length > most:
            lost += 1
            if lost > CROSSING:
                break
        elif length > run[1] - run[0] + LONGER:
            held[x], lost = here, 0
            if len(held) > CROSSING:
                found.update(held)
                run, held = here, {}
        else:
            found[x] = run = here
            held, lost = {}, 0
    return found


def _run(column: Flags, first: int, last: int) -> tuple[int, int] | None:
    """(first row, row after the last) of the longest run of ink that meets the rows from `first` to before `last`."""
    low, high = max(0, first - 80), min(len(column), last + 80)
    rows = np.flatnonzero(np.diff(np.concatenate(([0], column[low:high].view(np.int8), [0])))) + low
    runs = [(int(top), int(bottom)) for top, bottom in rows.reshape(-1, 2) if top < last and bottom > first]
    return max(runs, key=lambda one: min(one[1], last) - max(one[0], first), default=None)


def _line(xs: Floats, ys: Floats) -> tuple[float, float, float]:
    """(slant, level, share of the points on it) of the straight line that most points lie on."""
    places = np.linspace(0, len(xs) - 1, min(len(xs), 40)).astype(int)
    a, b = np.meshgrid(places, places)
    far = b - a >= max(2, len(xs) // 4)
    slants = (ys[b[far]] - ys[a[far]]) / (xs[b[far]] - xs[a[far]])
    best = (0.0, 0.0, 0.0)
    for slant in np.unique(np.round(np.percentile(slants, range(5, 100, 5)), 3)):
        rest = ys - slant * xs
        level = _mode(rest)
        near = np.abs(rest - level) <= LINE
        if near.mean() > best[2]:
            best = (float(slant), level, float(near.mean()))
    near = np.abs(ys - best[0] * xs - best[1]) <= LINE
    if near.sum() < SHORTEST:
        return best
    slant, level = np.polyfit(xs[near], ys[near], 1).tolist()
    return slant, level, float((np.abs(ys - slant * xs - level) <= LINE).mean())


def _mode(values: Floats) -> float:
    """The value that most values are near to."""
    ordered = np.sort(values)
    ends = np.searchsorted(ordered, ordered + 2 * LINE, side="right")
    start = int((ends - np.arange(len(ordered))).argmax())
    return float(ordered[start : ends[start]].mean())


def _smoothed(values: Floats) -> Floats:
    """Running median."""
    width = min(SMOOTH, len(values) | 1)
    padded = np.pad(values, width // 2, mode="edge")
    medians: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)[: len(values)]
    return medians


def _stretches(xs: Floats, flags: Flags) -> list[tuple[float, float]]:
    """(first column, column after the last) of each stretch of columns with a flag, short gaps and ends overlooked."""
    found: list[list[float]] = []
    for x in xs[flags].tolist():
        if found and x - found[-1][1] <= CROSSING + LOST:
            found[-1][1] = x + 1
        else:
            found.append([x, x + 1])
    return [(left, right) for left, right in found if right - left >= SHORTEST]
