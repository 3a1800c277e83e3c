"""What planted signs are made of: pieces of ink, each with its class.

Lengths are in units of a SMuFL font, 250 a staff space, y downwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import skia

from datasets.synthetic import outline, smufl
from datasets.synthetic.glyph_shapes import glyph_outline

UNIT: Final = 250.0  # font units a staff space
STEM: Final = 0.12 * UNIT  # thickness
FALLBACK: Final = "Bravura"  # has the signs that other fonts lack


@dataclass(frozen=True, slots=True)
class Piece:
    """A class and its ink."""

    label: str
    path: skia.Path
    note: int = 0
    """Which of the sign's notes it is of; notes 2n and 2n + 1 are one beam's, if it has one."""


Draw = Callable[[random.Random, str], Sequence[Piece]]
"""Of chance and the page's font."""


@lru_cache(maxsize=512)
def glyph(code_point: int, font: str) -> skia.Path:
    """The outline of a glyph; raises ValueError when no font has it."""
    found = glyph_outline(font, code_point) or glyph_outline(FALLBACK, code_point)
    if found is None:
        raise ValueError(f"{FALLBACK} has no glyph {code_point:04X}")
    return found


def moved(path: skia.Path, x: float, y: float) -> skia.Path:
    """`path` shifted."""
    return outline.placed(path, skia.Matrix.Translate(x, y))


def centred(code_point: int, font: str, x: float = 0.0, y: float = 0.0) -> Piece:
    """A glyph with the middle of its ink at (x, y)."""
    path = glyph(code_point, font)
    middle = outline.box_of((path,)).center
    return Piece(smufl.label_of(code_point) or "", moved(path, x - middle.x, y - middle.y))
