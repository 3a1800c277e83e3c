"""Words in a running hand: a pen that makes arches, loops and ticks along a line and says nothing.

The detector reads no words; it only must not take them for music. So the letters are strokes such as letters have.
"""

from __future__ import annotations

import random
from typing import Final

import skia

from datasets.synthetic import outline
from omr.geometry import Box

LETTER: Final = (0.3, 0.55)  # width of a letter, of the height of the line
SMALL: Final = (0.3, 0.45)  # height of a letter without stroke above, likewise
LEAN: Final = (-0.6, 0.1)  # sideways by height
PEN: Final = (0.08, 0.2)  # staff spaces
BASE: Final = 0.75  # of the height of the line: where letters stand
WORD: Final = 0.15  # chance that a word ends with a letter
LIFT: Final = 0.25  # chance that the pen is lifted between two letters


def words(box: Box, chance: random.Random, staff_space: float) -> skia.Path:
    """The outline of words about as large as `box`, at least one letter."""
    letter = chance.uniform(*LETTER) * box.height
    small = chance.uniform(*SMALL) * box.height
    base = box.top + BASE * box.height
    builder = skia.PathBuilder()
    x = box.left
    builder.moveTo(x, base)
    while x + letter <= box.right or x == box.left:
        width = letter * chance.uniform(0.7, 1.3)
        _letter(builder, x, base, width, small * chance.uniform(0.8, 1.2), chance)
        x += width
        if chance.random() < WORD:
            x += letter
        elif chance.random() >= LIFT:
            continue
        builder.moveTo(x, base + small * chance.uniform(-0.8, 0.1))
    pen = chance.uniform(*PEN) * staff_space
    lean = skia.Matrix.Translate(0, base)
    lean.preSkew(chance.uniform(*LEAN), 0)
    lean.preTranslate(0, -base)
    return outline.placed(outline.stroked(builder.detach(), pen, cap="round", join="round"), lean)


def _letter(
    builder: skia.PathBuilder, x: float, base: float, width: float, small: float, chance: random.Random
) -> None:
    """One letter from x to x + width."""
    kind = chance.choices(("arch", "cup", "loop", "tall", "low", "tick"), (4, 3, 4, 2, 1, 1))[0]
    end = x + width
    if kind == "arch":
        builder.cubicTo(x + 0.1 * width, base - 1.5 * small, x + 0.7 * width, base - 1.5 * small, end, base)
    elif kind == "cup":
        builder.lineTo(x + 0.1 * width, base - small)
        builder.cubicTo(x, base + 0.3 * small, x + 0.8 * width, base + 0.3 * small, end, base - small)
        builder.lineTo(end, base)
    elif kind == "tick":
        builder.lineTo(x + 0.4 * width, base - small)
        builder.lineTo(x + 0.5 * width, base)
        builder.lineTo(end, base - 0.1 * small)
    else:
        reach = {"loop": -1.4, "tall": -3.0, "low": 2.2}[kind] * small
        builder.cubicTo(x + 1.7 * width, base + reach, x - 0.4 * width, base + reach, end, base)
