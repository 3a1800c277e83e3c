"""From a staff's rough course to its five lines on the ink, with their true ends.

Assumes that the five lines run nearly parallel: where a line is hidden by noteheads or broken, the other four say where it
lies, and each line departs from them only slowly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.staves.evidence import LINES
from omr.staves.path import Course

Image = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MARGIN: Final = 4.0
"""Staff spaces above and below the middle line that are straightened with the staff."""
REACH: Final = 8.0
"""Staff spaces by which a course is extended at both ends to look for the true ends."""
SEARCH: Final = 0.36
"""Staff spaces around its expected row in which a line is looked for."""
FLANK: Final = 0.3
"""Staff spaces from the middle of a line to where its paper must show."""
BLUR: Final = 1.0
"""Staff spaces along the line over which its ink is averaged."""
STRIDE: Final = 4
"""Pixels between the columns looked at; the ink was averaged over BLUR, so that none is missed."""
COMMON_WINDOW: Final = 3.0
"""Staff spaces over which the common course of the five lines is smoothed."""
OWN_WINDOW: Final = 12.0
"""Staff spaces over which a line's own departure from the common course is smoothed."""
OWN_REACH: Final = 0.2
"""Staff spaces by which a line may depart from the common course."""
NEAR: Final = 0.15
"""Staff spaces from its expected place within which ink belongs to a line."""
TRUST: Final = 0.15
"""Share of full ink that a line must show over OWN_WINDOW for half of its own departure to be believed."""
FULL_INK: Final = 75
"""Percentile over the columns of the third-best line's ink that counts as a staff's full ink."""
PRESENT: Final = 0.3
"""Share of the staff's full ink from which a line counts as there."""
SOLID_WINDOW: Final = 33
"""Pixels: two staff spaces."""
DARK_PIXELS: Final = 85
"""Percentile of the pixels on the shown lines that is taken for their full ink."""
COVERED: Final = 0.5
"""Share of the staff's full ink from which something thick that lies on a line hides it."""
SPACING_RANGE: Final = 0.12
"""Share by which the staff space may differ from the rough one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """Five lines over a range of columns, in pixels of the image."""

    left: int
    """First pixel column."""
    rows: Floats
    """(5, columns): continuous height of each line at each column."""
    ink: Floats
    """(5, columns): line-like ink found on the line, 0-1 of the staff's usual contrast."""
    hidden: Bools
    """(5, columns): where a notehead or beam lies on the line, so that nothing can be said about it."""
    beside: Floats
    """(2, columns): line-like ink one space above the top line and below the bottom line."""
    solid: Floats
    """(5, columns): ink averaged over SOLID_WINDOW along the line as a share of the line's dark pixels; text is not solid."""
    space: float
    """Pixels."""


def trace(image: Image, course: Course, *, step: int, space: float) -> Traced:
    """The five lines of the staff whose middle line follows `course`, at every pixel column."""
    left, middle = _extended(course, step=step, space=space, width=image.shape[1])
    columns = np.arange(len(middle))
    sampled = columns[::STRIDE]
    along, _, _ = _line_ink(image, middle, left=left, space=space)
    space = _refined_space(along, space)
    middle = middle + np.interp(columns, sampled, _common_course(*_departures(along, space), space))
    along, dark, thin = _line_ink(image, middle, left=left, space=space)
    space = _refined_space(along, space)
    departures, strength = _departures(along, space)
    full = max(1.0, float(np.percentile(np.median(strength, axis=0), FULL_INK)))
    departures = _smooth_departures(departures, strength / full, space)
    expected = space * (np.arange(LINES) - LINES // 2)[:, None]
    covered = _darkness(dark, departures + expected)
    solid = _solidity(thin, departures + expected, shown=strength >= PRESENT * full)
    beside = np.stack([_peak(along, side * (LINES // 2 + 1) * space, space)[1] for side in (-1, 1)])

    def everywhere(values: Floats | Bools) -> Floats:
        return np.stack([np.interp(columns, sampled, row) for row in values])

    return Traced(
        left=left,
        rows=middle + expected + everywhere(departures) + 0.5,
        ink=np.minimum(everywhere(strength / full), 1),
        hidden=everywhere((strength < PRESENT * full) & (covered >= COVERED * full)) >= 0.5,
        beside=np.minimum(everywhere(beside / full), 1),
        solid=everywhere(solid),
        space=space,
    )


def _extended(course: Course, *, step: int, space: float, width: int) -> tuple[int, Floats]:
    """First pixel column and the smoothed middle row at every pixel column of a course made REACH longer at both ends."""
    centres = (course.start + np.arange(len(course.rows))) * step + step // 2
    window = max(1, round(COMMON_WINDOW * space / step)) | 1
    rows = _smooth(course.rows.astype(np.float64), np.ones(len(course.rows)), window)
    reach = round(REACH * space)
    left, right = max(0, int(centres[0]) - reach), min(width, int(centres[-1]) + reach + 1)
    return left, np.interp(np.arange(left, right), centres, rows)


def _line_ink(image: Image, middle: Floats, *, left: int, space: float) -> tuple[Image, Image, Image]:
    """In gray levels around `middle`: line-like ink and all ink of every STRIDE columns, and line-like ink as it is.

    Ink counts as line-like by how much darker it is than the rows FLANK above and below: staff lines stay, noteheads, stems
    and beams vanish. The first two are averaged over BLUR along the line.
    """
    reach = round(MARGIN * space)
    columns = np.broadcast_to(np.arange(left, left + len(middle), dtype=np.float32), (2 * reach + 1, len(middle)))
    rows = middle.astype(np.float32)[None, :] + np.arange(-reach, reach + 1, dtype=np.float32)[:, None]
    strip = 255 - cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    flank = max(2, round(FLANK * space))
    padded = cv2.copyMakeBorder(strip, flank, flank, 0, 0, cv2.BORDER_REPLICATE)
    thin = cv2.subtract(strip, cv2.max(padded[: -2 * flank], padded[2 * flank :]))
    window = (round(BLUR * space) | 1, 1)
    along = np.asarray(cv2.blur(thin, window, borderType=cv2.BORDER_REPLICATE), dtype=np.uint8)
    dark = np.asarray(cv2.blur(strip, window, borderType=cv2.BORDER_REPLICATE), dtype=np.uint8)
    return _sampled(along), _sampled(dark), np.asarray(thin, dtype=np.uint8)


def _sampled(strip: Image) -> Image:
    return np.ascontiguousarray(strip[:, ::STRIDE])


def _darkness(dark: Image, rows: Floats) -> Floats:
    """(5, columns) gray levels of `dark` at `rows`, which count from its middle row."""
    at = np.clip(np.rint(rows).astype(int) + len(dark) // 2, 0, len(dark) - 1)
    return np.asarray(dark[at, np.arange(dark.shape[1])[None, :]], dtype=np.float64)


def _solidity(thin: Image, rows: Floats, *, shown: Bools) -> Floats:
    """(5, columns) ink averaged along the lines at `rows` as a share of the ink of their dark pixels, where lines are shown."""
    tall = np.asarray(cv2.dilate(thin, np.ones((3, 1), np.uint8)), dtype=np.uint8)
    lasting = _sampled(np.asarray(cv2.blur(tall, (SOLID_WINDOW, 1)), dtype=np.uint8))
    dark = _darkness(_sampled(tall), rows)
    full = float(np.percentile(dark[shown], DARK_PIXELS)) if shown.any() else 255.0
    return np.minimum(_darkness(lasting, rows) / max(full, 1.0), 1)


def _peak(along: Image, row: float, space: float) -> tuple[Floats, Floats]:
    """For every column the centre of the strongest ink within SEARCH of `row` (0 = middle), and its strength."""
    reach = max(2, round(SEARCH * space))
    first = len(along) // 2 + round(row) - reach
    window = along[first : first + 2 * reach + 1]
    top = np.argmax(window, axis=0)
    columns = np.arange(window.shape[1])
    padded = np.zeros((len(window) + 4, len(columns)))
    padded[2:-2] = window
    near = [padded[top + k, columns] for k in range(5)]
    mass = np.maximum(sum(near), 1e-6)
    centre = top + (2 * (near[4] - near[0]) + near[3] - near[1]) / mass
    return centre + (round(row) - reach), near[2]


def _refined_space(along: Image, space: float) -> float:
    """The staff space at which five lines gather most ink of the whole strip."""
    profile = along.mean(axis=1)
    tried = space * np.linspace(1 - SPACING_RANGE, 1 + SPACING_RANGE, 49)
    offsets = np.linspace(-0.4, 0.4, 17) * space
    lines = np.arange(LINES) - LINES // 2
    rows = len(along) // 2 + offsets[None, :, None] + tried[:, None, None] * lines
    gathered = np.interp(rows, np.arange(len(profile)), profile).sum(axis=2).max(axis=1)
    return float(tried[int(np.argmax(gathered))])


def _departures(along: Image, space: float) -> tuple[Floats, Floats]:
    """(5, columns) rows by which each line's ink departs from its expected row, and the strength of that ink."""
    expected = (np.arange(LINES) - LINES // 2) * space
    peaks = [_peak(along, row, space) for row in expected]
    return np.stack([centre for centre, _ in peaks]) - expected[:, None], np.stack([strength for _, strength in peaks])


def _common_course(departures: Floats, weight: Floats, space: float) -> Floats:
    """For every column the rows by which the five lines together depart, smoothed over COMMON_WINDOW."""
    return _smooth(_weighted_median(departures, weight), weight.sum(axis=0), _window(COMMON_WINDOW, space))


def _smooth_departures(departures: Floats, weight: Floats, space: float) -> Floats:
    """(5, columns) the common course and what each line adds of its own, the less believed the less ink it rests on.

    Ink far from where a line was last thought to run (the tip of a notehead, a ledger line) is left out and the rest smoothed
    again, twice.
    """
    window = _window(OWN_WINDOW, space)
    common = _common_course(departures, weight, space)
    own = np.zeros_like(departures)
    for _ in range(2):
        near = weight * (np.abs(departures - common - own) <= NEAR * space)
        common = _smooth((_weighted_mean(departures - own, near)), near.sum(axis=0), _window(COMMON_WINDOW, space))
        believed = cv2.blur(near, (window, 1), borderType=cv2.BORDER_REPLICATE)
        own = _smooth(departures - common, near, window) * believed / (believed + TRUST)
        own = np.clip(own, -OWN_REACH * space, OWN_REACH * space)
    return np.asarray(common + own)


def _window(length: float, space: float) -> int:
    """Odd number of sampled columns over `length` staff spaces."""
    return round(length * space / STRIDE) | 1


def _weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Mean down each column, every value counting by its weight; 0 where all weigh nothing."""
    return np.asarray((values * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-6))


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    """Median down each column, every value counting by its weight."""
    order = np.argsort(values, axis=0)
    sorted_values = np.take_along_axis(values, order, axis=0)
    total = np.cumsum(np.take_along_axis(weights, order, axis=0) + 1e-6, axis=0)
    at = np.argmax(total >= total[-1] / 2, axis=0)
    return np.asarray(np.take_along_axis(sorted_values, at[None], axis=0)[0])


def _smooth(values: Floats, weights: Floats, window: int) -> Floats:
    """Moving average of `values`, one row or several, over `window` columns, weighted."""
    weights = np.atleast_2d(weights)
    weights = weights + 1e-3 * (weights.max(axis=1, initial=0.0, keepdims=True) + 1e-6)
    summed = cv2.blur(values * weights, (window, 1), borderType=cv2.BORDER_REPLICATE)
    smooth = summed / cv2.blur(weights, (window, 1), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(smooth.reshape(values.shape))
