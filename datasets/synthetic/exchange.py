"""Signs that scores hardly ever hold, set in the place of their like (pages of rare signs only).

No engraver draws triangles as heads and no archive holds two hundred rests of a 128th; but such a sign looks the same wherever
it stands, so a page of rare signs prints some of its heads, rests, figures and letters as others of the family. The music is
wrong then; the picture and its labels agree.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

import skia

from datasets.synthetic import outline, smufl
from datasets.synthetic.glyph_shapes import glyph_outline
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.scene import Scene
from omr.labels import NUMERALS

UNITS: Final = 250.0  # of a SMuFL font a staff space
FALLBACK: Final = "Bravura"  # has the signs that other fonts lack
SHARES: Final = (0.3, 1.0)  # of the signs of a family on a page
FEWER: Final = 0.1  # times that of heads, of which a page has many


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Signs that may stand for each other."""

    labels: tuple[str, ...]
    """What is replaced."""
    by: tuple[int, ...]
    """SMuFL code points that are set instead, oftener where named twice."""
    fitted: bool = False
    """True: as high as what it replaces; else as large as the font has it."""
    rise: float = 0.0
    """Staff spaces that the replacing sign stands higher."""
    often: float = 1.0
    """Times the share of other families."""


FAMILIES: Final = (
    Family(labels=("restQuarter", "rest8th", "rest16th"), by=(0xE4E4, 0xE4E7, 0xE4E8, 0xE4E8, 0xE4E9, 0xE4E9, 0xE4EA, 0xE4EA)),
    Family(labels=("restHalf", "restWhole"), by=(0xE4E2,), rise=-0.25),
    Family(labels=("restWhole", "repeat1Bar"), by=(0xE500, 0xE501, 0xE501, 0xE504), rise=-0.75),
    Family(labels=NUMERALS, by=(0xE080, 0xE081, 0xE082, 0xE084, 0xE085, 0xE086, 0xE087, 0xE088, 0xE089), fitted=True),
    Family(labels=("accidentalSharp", "accidentalFlat", "accidentalNatural"), by=(0xE263, 0xE264), often=0.5),
    Family(labels=("noteheadFull",), by=(0xE0A9, 0xE0BE, 0xE0BE, 0xE0C7, 0xE0DB, 0xE101), often=FEWER),
    Family(labels=("noteheadHalf",), by=(0xE0BD, 0xE0BD, 0xE0C6, 0xE0DD, 0xE0A1)),
    Family(labels=("noteheadWhole",), by=(0xE0A0, 0xE0A1)),
    Family(labels=("noteheadFullSmall",), by=(0xE0A3,), fitted=True),
    Family(labels=("cClef", "fClef", "gClef"), by=(0xE069, 0xE06A, 0xE06D, 0xE06E), often=0.5),
    Family(labels=("dynamicLetterP", "dynamicLetterF"), by=(0xE521, 0xE523, 0xE524, 0xE525, 0xE526, 0xE526)),
    Family(labels=("articulationAccent", "articulationStaccatissimo"), by=(0xE4AC, 0xE4AD, 0xE4AD, 0xE4A4)),
    Family(
        labels=("ornamentTrill", "ornamentTurn", "ornamentMordent", "ornamentShortTrill"),
        by=(0xE567, 0xE568, 0xE568, 0xE56C, 0xE56D, 0xE56D),
    ),
    Family(labels=("fermataAbove",), by=(0xE4C1,)),
    Family(labels=("timeSigCommon", "timeSigCutCommon"), by=(0xE08A, 0xE08B)),
)  # fmt: skip
BROKEN: Final = {"barlineDashed": (0.6, 0.4), "barlineDotted": (0.25, 0.35)}
"""Length of a piece and of the gap after it, in staff spaces."""
BROKEN_SHARE: Final = 0.2  # of the barlines of a page
TRIANGLES: Final = {0xE0BD: (True, False), 0xE0BE: (True, True), 0xE0C6: (False, False), 0xE0C7: (False, True)}
"""Code points of triangular heads: (points up, filled); no font at hand has them."""
TRIANGLE_WIDTH, TRIANGLE_HEIGHT, TRIANGLE_LINE = 300.0, 250.0, 36.0  # in font units


def exchanged(scene: Scene, chance: random.Random, font: str, staff_space: float) -> Scene:
    """`scene` with some signs of each family replaced; `font` is verovio's name of the page's font."""
    shares = [chance.uniform(*SHARES) * family.often for family in FAMILIES]
    styles = _bar_styles(scene, chance)
    drawn: list[Primitive] = []
    for ink in scene.primitives:
        fitting = [pair for pair in zip(FAMILIES, shares, strict=True) if ink.label in pair[0].labels and ink.paths]
        if fitting:
            family, share = chance.choice(fitting)
            if chance.random() < share:
                ink = _replaced(ink, family, chance.choice(family.by), font, staff_space)
        elif ink.label == "barline" and ink.owner.barline in styles:
            ink = _broken(ink, *BROKEN[styles[ink.owner.barline]], styles[ink.owner.barline], staff_space)
        drawn.append(ink)
    return replace(scene, primitives=tuple(drawn))


def _bar_styles(scene: Scene, chance: random.Random) -> dict[str, str]:
    """The barlines to be broken: style by element."""
    lines = sorted({ink.owner.barline for ink in scene.primitives if ink.label == "barline" and ink.owner.barline})
    return {line: chance.choice(tuple(BROKEN)) for line in lines if chance.random() < BROKEN_SHARE}


def _broken(ink: Primitive, piece: float, gap: float, label: str, staff_space: float) -> Primitive:
    """A barline of pieces; dots are a little wider than the line."""
    box, step = ink.box, (piece + gap) * staff_space
    count = max(1, int(box.height / step))
    width = max(box.width, piece * staff_space) if label == "barlineDotted" else box.width
    builder = skia.PathBuilder()
    for number in range(count):
        top = box.top + (number + 0.5) * box.height / count - piece * staff_space / 2
        rectangle = skia.Rect.MakeXYWH(box.center.x - width / 2, top, width, piece * staff_space)
        if label == "barlineDotted":
            builder.addOval(rectangle)
        else:
            builder.addRect(rectangle)
    path = builder.detach()
    return replace(ink, label=label, paths=(path,), box=outline.box_of((path,)), stroke=0.0)


def _replaced(ink: Primitive, family: Family, code_point: int, font: str, staff_space: float) -> Primitive:
    sign = _sign(code_point, font)
    label = smufl.label_of(code_point, small=(ink.label or "").endswith("Small"))
    if sign is None or label is None:
        return ink
    own = outline.box_of((sign,))
    scale = ink.box.height / own.height if family.fitted else staff_space / UNITS
    middle = ink.box.center
    matrix = skia.Matrix.Translate(middle.x, middle.y - family.rise * staff_space)
    matrix.preScale(scale, scale)
    matrix.preTranslate(-own.center.x, -own.center.y)
    path = outline.placed(sign, matrix)
    return replace(ink, label=label, paths=(path,), box=outline.box_of((path,)), stroke=0.0)


def _sign(code_point: int, font: str) -> skia.Path | None:
    if code_point in TRIANGLES:
        return _triangle(*TRIANGLES[code_point])
    return glyph_outline(font, code_point) or glyph_outline(FALLBACK, code_point)


def _triangle(up: bool, filled: bool) -> skia.Path:
    builder = skia.PathBuilder()
    builder.addPolygon(_corners(0.0, up), True)
    if not filled:
        builder.addPolygon(_corners(TRIANGLE_LINE, up), True)
    path = builder.detach()
    path.setFillType(skia.PathFillType.kEvenOdd)
    return path


def _corners(inset: float, up: bool) -> list[skia.Point]:
    """Of a triangle whose sides lie `inset` inside the head's."""
    half = TRIANGLE_WIDTH / 2 - 1.9 * inset
    tip, base = 2.0 * inset, TRIANGLE_HEIGHT - inset
    heights = (tip, base, base) if up else (TRIANGLE_HEIGHT - tip, inset, inset)
    middle = TRIANGLE_WIDTH / 2
    return [skia.Point(x, y) for x, y in zip((middle, middle - half, middle + half), heights, strict=True)]
