"""Which way a page lies, and whether it is a negative: told by where its staves show.

Assumes that five thin equidistant lines that last show far more often along staves than across them, and in ink rather than
in the paper between. A page that lies on its head shows the same staves: see omr.turn_over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.page import PageImage
from omr.prepare.desk import without_desk
from omr.prepare.light import dark_ink, even_light
from omr.prepare.measure import Measures, measure

Image = npt.NDArray[np.uint8]

MIN_COMBS: Final = 24
"""Places (of 400 columns) that must show five lines before a page counts as music: a twentieth of one staff."""
CLEAR_COMBS: Final = 600
"""As many show on two staves: such a page is neither turned nor a negative."""
CLEARLY_MORE: Final = 3.0
"""How many times more combs the page must show turned or inverted to be taken so."""
DARK: Final = 110
"""Gray level; a page of which less than half is lighter may be a negative."""
SAMPLE: Final = 16
"""Every so many pixels are looked at for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A page in even light, set upright, dark on light."""

    lit: Image
    turns: int
    """Quarter turns clockwise from the page that was given."""
    measures: Measures | None

    @property
    def combs(self) -> int:
        return self.measures.combs if self.measures else 0


def best_look(pixels: Image) -> Look:
    """`pixels` as they are, or turned, or inverted where only that shows staves."""
    best = _look(dark_ink(even_light(without_desk(pixels))), 0)
    if best.combs >= CLEAR_COMBS:
        return best
    for other in _other_looks(pixels, best.lit):
        if other.combs >= max(MIN_COMBS, CLEARLY_MORE * best.combs):
            best = other
    return best


def _other_looks(pixels: Image, lit: Image) -> Iterator[Look]:
    yield _look(_turned(lit, 1), 1)
    if np.median(pixels[::SAMPLE, ::SAMPLE]) < DARK:
        negative = dark_ink(even_light(255 - pixels))
        yield _look(negative, 0)
        yield _look(_turned(negative, 1), 1)


def _look(lit: Image, turns: int) -> Look:
    return Look(lit=lit, turns=turns, measures=measure(lit))


def _turned(pixels: Image, turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(pixels, -turns))


def turned(page: PageImage, turns: int) -> PageImage:
    """`page` turned clockwise by so many quarters; itself for none."""
    if turns % 4 == 0:
        return page
    return PageImage(pixels=_turned(page.pixels, turns), source=page.source, index=page.index)
