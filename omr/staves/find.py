"""Staves of a prepared page: courses of five lines, traced, cut at their true ends and checked against look-alikes.

Assumes one main size of staff and perhaps a few smaller or larger ones (an ossia, a solo part above the piano). A text line,
a hatched picture or six lines of tablature fails one of the checks: four lines must last, and nothing like them may run
beside them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from omr.geometry import Box
from omr.notation import Staff, StaffLine
from omr.staves.evidence import LINES, STEP, Field, column_step, comb_evidence, line_contrast, usual_contrast
from omr.staves.extent import SHORTEST, Stretch, clear_stretches, grown
from omr.staves.path import find_courses
from omr.staves.trace import PRESENT, trace

Image = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

MAIN_SIZES: Final = (0.91, 0.955, 1.0, 1.045, 1.09)
OTHER_SIZES: Final = (
    (0.5, 0.53, 0.56, 0.59, 0.62),
    (0.65, 0.68, 0.71, 0.74, 0.77, 0.8),
    (0.83, 0.87),
    (1.14, 1.2, 1.26, 1.32, 1.38),
)
"""Staff spaces looked for, as shares of the main one; a course wanders among those of its group."""
LEAST_EVIDENCE: Final = 0.45
"""Mean gain of evidence for each staff space of SHORTEST that a course must show."""
LEAST_MEAN: Final = 0.15
"""Mean gain of evidence for each sampled column; real staves show .25 to .7, chance courses .03 to .2."""
CLEAR: Final = 0.7
"""Evidence of a staff without disturbance; a page that shows none has no staff of that size."""
CLEARANCE: Final = 5.2
"""Staff spaces between the middle lines of two staves that overlap in width."""
APART: Final = 1.0
"""Staff spaces of paper that part any two staves."""
SAME_HEIGHT: Final = 2.0
"""Staff spaces between the middle lines below which two staves stand side by side."""
SHOWN: Final = 0.6
"""Share of the columns where nothing hides it in which each line of a staff must be there, the faintest one excepted."""
FAINTEST_SHOWN: Final = 0.35
"""The same for the faintest line."""
SEEN: Final = 0.12
"""Share of all columns in which even the line most often hidden must be there."""
SOLID: Final = 0.3
"""Usual share of ink along the lines in view: prose, whose lines of letters can look like staff lines, has a quarter."""
SOLID_OTHER_SIZE: Final = 0.45
"""The same for a staff of another than the main size, which may be chance among the main ones."""
EQUAL: Final = 0.14
"""Staff spaces by which the widest and the narrowest of the four mean distances may differ."""
BESIDE: Final = 0.8
"""Share of the length over which a sixth line makes the five no staff."""
SAMPLE: Final = 1.0
"""Staff spaces between the samples of a traced line."""


def find_staves(image: Image, staff_space: float = 16.0) -> tuple[Staff, ...]:
    """Staves of `image` (height, width; 0 = ink) from top to bottom, lines as curves; every staff a system of its own."""
    contrast = line_contrast(image, staff_space, staff_space)
    usual = usual_contrast(contrast, staff_space)
    found = _of_size(image, contrast, usual, staff_space, MAIN_SIZES, ())
    for sizes in OTHER_SIZES:
        fine = line_contrast(image, staff_space, staff_space * sizes[0])
        found = (*found, *_of_size(image, fine, usual, staff_space, sizes, found))
    return tuple(_as_staff(stretch, index) for index, stretch in enumerate(_in_order(found)))


def _of_size(
    image: Image, contrast: Image, usual: float, main: float, sizes: tuple[float, ...], taken: tuple[Stretch, ...]
) -> tuple[Stretch, ...]:
    """Staves whose staff space is one of `sizes` times `main`, none over those already taken."""
    step = column_step(main)
    spaces = tuple(size * main for size in sizes)
    solid = SOLID if sizes == MAIN_SIZES else SOLID_OTHER_SIZE
    space = spaces[len(spaces) // 2]
    evidence = comb_evidence(contrast, spaces, usual)
    for stretch in taken:
        _blank(evidence, stretch, step)
    if np.count_nonzero(evidence >= CLEAR) < SHORTEST / STEP:
        return ()
    least = LEAST_EVIDENCE * SHORTEST * space / step
    courses = find_courses(evidence, least_gain=least, clearance=CLEARANCE * space)
    found: tuple[Stretch, ...] = ()
    for course in courses:
        if course.gain < LEAST_MEAN * len(course.rows):
            continue
        traced = trace(image, course, step=step, space=space)
        plain = tuple(stretch for stretch in clear_stretches(traced) if _is_staff(stretch, solid=solid))
        for stretch in grown(plain):
            if not any(_collide(stretch, other) for other in (*taken, *found)):
                found = (*found, stretch)
    return found


def _blank(evidence: Field, stretch: Stretch, step: int) -> None:
    """Removes the evidence where a staff already stands."""
    traced = stretch.traced
    columns = np.arange(stretch.left // step, min(evidence.shape[1], stretch.right // step + 1))
    at = np.clip(columns * step + step // 2 - traced.left, 0, traced.rows.shape[1] - 1)
    first = np.maximum(0, np.rint(traced.rows[0, at] - traced.space).astype(int))
    last = np.rint(traced.rows[-1, at] + traced.space).astype(int)
    for column, top, bottom in zip(columns.tolist(), first.tolist(), last.tolist(), strict=True):
        evidence[top : bottom + 1, column] = 0


def _is_staff(stretch: Stretch, *, solid: float) -> bool:
    """Whether five lines last wherever nothing hides them, at equal distances, and no sixth runs beside them."""
    traced = stretch.traced
    piece = stretch.piece
    there = traced.ink[:, piece] >= PRESENT
    open_to_view = ~traced.hidden[:, piece]
    shown = np.sort((there & open_to_view).sum(axis=1) / np.maximum(open_to_view.sum(axis=1), 1))
    distances = np.diff(traced.rows[:, piece].mean(axis=1)) / traced.space
    beside = (traced.beside[:, piece] >= PRESENT).mean(axis=1)
    return bool(
        shown[1] >= SHOWN
        and shown[0] >= FAINTEST_SHOWN
        and there.mean(axis=1).min() >= SEEN
        and np.median(traced.solid[:, piece][open_to_view]) >= solid
        and np.ptp(distances) <= EQUAL
        and beside.max() < BESIDE
    )


def _middle(stretch: Stretch) -> float:
    return float(stretch.traced.rows[LINES // 2, stretch.piece].mean())


def _in_order(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """From top to bottom, those at one height from left to right."""
    ordered: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda one: (_middle(one), one.left)):
        if ordered and _middle(stretch) - _middle(ordered[-1][0]) < SAME_HEIGHT * stretch.traced.space:
            ordered[-1].append(stretch)
        else:
            ordered.append([stretch])
    return tuple(one for row in ordered for one in sorted(row, key=lambda one: one.left))


def _collide(one: Stretch, other: Stretch) -> bool:
    """Whether two staves cover the same place or nearly touch, as a chance staff does that borrows a true one's line."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    if shared <= 0:
        return False
    x = (max(one.left, other.left) + min(one.right, other.right)) // 2
    a, b = one.traced.rows[:, x - one.traced.left], other.traced.rows[:, x - other.traced.left]
    apart = max(a[0], b[0]) - min(a[-1], b[-1])
    return bool(apart < APART * min(one.traced.space, other.traced.space))


def _as_staff(stretch: Stretch, index: int) -> Staff:
    traced = stretch.traced
    count = max(2, round((stretch.right - stretch.left) / (SAMPLE * traced.space)) + 1)
    columns = np.unique(np.linspace(stretch.left, stretch.right - 1, count).round().astype(int))
    heights = traced.rows[:, columns - traced.left]
    xs = tuple((columns + 0.5).tolist())
    return Staff(
        index=index,
        system=index,
        lines=tuple(StaffLine(xs=xs, ys=tuple(row.tolist())) for row in heights),
        box=Box(float(stretch.left), float(heights[0].min()), float(stretch.right), float(heights[-1].max())),
        staff_space=float(np.mean(heights[-1] - heights[0])) / (LINES - 1),
    )
