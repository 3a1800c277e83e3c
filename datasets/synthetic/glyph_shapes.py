"""Which glyph an outline shows: the most alike of the font's own, for engravers that draw outlines without names.

Assumes that the family (heads, rests, flags ...) is known, so that few and very different shapes compete. Outlines are drawn
into a small square, each side scaled by itself, and compared there together with their proportions.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import skia
import verovio
from lxml import etree

from datasets.synthetic import outline, smufl

FONTS: Final = Path(verovio.__file__).parent / "data"
SIDE: Final = 24
SHAPE, PROPORTION = 1.0, 0.5  # weights of the two differences
ALIKE: Final = 0.34  # difference above which an outline shows none of the glyphs

Floats = npt.NDArray[np.float64]
Signature = tuple[Floats, float]


def label_of(path: skia.Path, font: str, family: tuple[tuple[int, int], ...], alike: float = ALIKE) -> str | None:
    """The class of the glyph of `font` among code points `family` ((first, last), ...) that `path` shows.

    None where all of them differ by `alike` or more.
    """
    mine = _signature(path)
    differences = [(_difference(mine, theirs), label) for label, theirs in _glyphs(font, family)]
    difference, label = min(differences, default=(1.0, ""))
    return label if difference < alike else None


@lru_cache(maxsize=64)
def _glyphs(font: str, family: tuple[tuple[int, int], ...]) -> tuple[tuple[str, Signature], ...]:
    rows = []
    for low, high in family:
        for code_point in range(low, high + 1):
            label, path = smufl.label_of(code_point), glyph_outline(font, code_point)
            if label is not None and path is not None and code_point not in smufl.OCTAVE_CLEFS:
                rows.append((label, _signature(path)))
    return tuple(rows)


def glyph_outline(font: str, code_point: int) -> skia.Path | None:
    """The glyph of verovio's copy of a font, right way up."""
    file = FONTS / font / f"{code_point:04X}.xml"
    if not file.is_file():
        return None
    root = etree.parse(str(file)).getroot()
    drawn = root if root.tag.endswith("path") else root.find(".//{*}path")
    if drawn is None or not drawn.get("d"):
        return None
    return outline.placed(outline.path_of(drawn.get("d") or ""), skia.Matrix.Scale(1, -1))


def _signature(path: skia.Path) -> Signature:
    """(SIDE, SIDE) coverage and the logarithm of width over height."""
    bounds = path.computeTightBounds()
    width, height = max(bounds.width(), 1e-6), max(bounds.height(), 1e-6)
    matrix = skia.Matrix.Scale(SIDE / width, SIDE / height)
    matrix.preTranslate(-bounds.left(), -bounds.top())
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    skia.Canvas(pixels).drawPath(outline.placed(path, matrix), skia.Paint(AntiAlias=True, Color=0xFFFFFFFF))
    return pixels[:, :, 3].astype(np.float64) / 255, float(np.log(width / height))


def _difference(one: Signature, other: Signature) -> float:
    return SHAPE * float(np.abs(one[0] - other[0]).mean()) + PROPORTION * abs(one[1] - other[1]) / 4
