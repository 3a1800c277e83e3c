"""The signs that planted.py sets: which glyphs and lines each is made of, how often it comes and where it stands.

The anchor of a sign is the middle of its ink.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import skia

from datasets.synthetic import outline
from datasets.synthetic.planted_notes import beamed, flagged, ossia
from datasets.synthetic.planted_pieces import STEM, UNIT, Draw, Piece, centred, moved

LINE: Final = 0.16 * UNIT  # thickness of brackets and dashes
OPEN, CLOSE = 0xE26A, 0xE26B  # parentheses of accidentals

Place = Literal["on", "above", "below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something to be set."""

    draw: Draw
    place: Place
    often: float = 1.0
    sway: float = 0.0
    """Staff spaces it may stand higher or lower than its place says."""


def _one(code_points: Sequence[int], chance: random.Random, font: str) -> Sequence[Piece]:
    return (centred(chance.choice(code_points), font),)


def _row(code_points: Sequence[int], font: str, y: float = 0.0) -> list[Piece]:
    """Glyphs side by side, their middles at height y, the row's middle at 0."""
    pieces = [centred(code_point, font, y=y) for code_point in code_points]
    widths = [outline.box_of((piece.path,)).width for piece in pieces]
    x, set_ = -sum(widths) / 2, []
    for piece, width in zip(pieces, widths, strict=True):
        set_.append(Piece(piece.label, moved(piece.path, x + width / 2, 0.0)))
        x += width
    return set_


def _time(chance: random.Random, font: str) -> Sequence[Piece]:
    """Any two numbers above each other, the upper at times a sum."""
    above = list(_digits(chance))
    if chance.random() < 0.8:
        above += [0xE08C, *_digits(chance)]
    return (*_row(above, font, -UNIT), *_row(list(_digits(chance)), font, UNIT))


def _digits(chance: random.Random) -> Sequence[int]:
    number = chance.choice((*range(10), *range(5, 10), 0, 1, 10, 12, 15, 16, 32))
    return [0xE080 + int(digit) for digit in str(number)]


def _enclosed(chance: random.Random, font: str) -> Sequence[Piece]:
    """An accidental, most of them double, half of them in parentheses."""
    sign = chance.choice((0xE263, 0xE263, 0xE264, 0xE264, 0xE260, 0xE261, 0xE262))
    return _row([OPEN, sign, CLOSE] if chance.random() < 0.5 else [sign], font)


def _rest_of_bars(chance: random.Random, font: str) -> Sequence[Piece]:
    """The bar of a rest of several bars, its number above it."""
    half, thick = chance.uniform(2, 5) * UNIT, chance.uniform(0.6, 1.0) * UNIT
    builder = skia.PathBuilder()
    builder.addRect(skia.Rect.MakeXYWH(-half, -thick / 2, 2 * half, thick))
    for x in (-half, half - STEM):
        builder.addRect(skia.Rect.MakeXYWH(x, -UNIT, STEM, 2 * UNIT))
    return (Piece("multiMeasureRest", builder.detach()), *_row(list(_digits(chance)), font, -3.4 * UNIT))


def _bracket(chance: random.Random, font: str) -> Sequence[Piece]:
    """A tuplet's bracket with its number in the gap, its hooks up or down, level or sloping."""
    half, hook = chance.uniform(1.5, 6) * UNIT, chance.choice((-1, 1)) * chance.uniform(0.6, 1.0) * UNIT
    number = _row(list(_digits(chance)), font)
    gap = sum(outline.box_of((piece.path,)).width for piece in number) / 2 + 0.3 * UNIT
    slope = chance.uniform(-0.15, 0.15)
    builder = skia.PathBuilder()
    for side in (-1, 1):
        builder.moveTo(side * half, side * half * slope + hook)
        builder.lineTo(side * half, side * half * slope)
        builder.lineTo(side * gap, side * gap * slope)
    return (Piece("tupleBracket", outline.stroked(builder.detach(), LINE)), *number)


def _ending(chance: random.Random, font: str) -> Sequence[Piece]:
    """The bracket of an ending, closed or open at its right; its number is text to the detector and left out."""
    half, hook = chance.uniform(2, 8) * UNIT, chance.uniform(1.2, 2.2) * UNIT
    builder = skia.PathBuilder()
    builder.moveTo(-half, hook)
    builder.lineTo(-half, 0)
    builder.lineTo(half, 0)
    if chance.random() < 0.5:
        builder.lineTo(half, hook)
    return (Piece("voltaBracket", outline.stroked(builder.detach(), LINE)),)


def _octave_line(chance: random.Random, font: str) -> Sequence[Piece]:
    """8va and its dashes, which end in a hook."""
    sign, length = centred(chance.choice((0xE510, 0xE511, 0xE512, 0xE514)), font), chance.uniform(2, 12) * UNIT
    start, down = outline.box_of((sign.path,)).right + 0.4 * UNIT, chance.choice((-1, 1)) * UNIT
    builder = skia.PathBuilder()
    builder.moveTo(start, 0)
    builder.lineTo(start + length, 0)
    dashes = outline.stroked(builder.detach(), LINE, dashes=(0.6 * UNIT, 0.5 * UNIT))
    hook = outline.rectangle(start + length, min(0.0, down), LINE, UNIT)
    return sign, *(Piece("dottedHorizontalSpanner", path) for path in (dashes, hook))


def _octave_clef(chance: random.Random, font: str) -> Sequence[Piece]:
    """A treble or bass clef with a small 8 above or below."""
    clef, small, under = (
        centred(chance.choice((0xE050, 0xE062)), font),
        chance.uniform(0.45, 0.7),
        chance.random() < 0.7,
    )
    figure = outline.placed(centred(0xE088, font).path, skia.Matrix.Scale(small, small))
    box, height = outline.box_of((clef.path,)), outline.box_of((figure,)).height
    y = box.bottom + height * 0.6 if under else box.top - height * 0.6
    return clef, Piece("clefOctave8", moved(figure, chance.uniform(-0.3, 0.3) * UNIT, y))


def _wave(chance: random.Random, font: str) -> Sequence[Piece]:
    """The wavy line of a long trill, of three to twelve waves."""
    wave = centred(0xE59D, font)
    width = outline.box_of((wave.path,)).width
    return [Piece(wave.label, moved(wave.path, number * width, 0.0)) for number in range(chance.randint(3, 12))]


def _slide(chance: random.Random, font: str) -> Sequence[Piece]:
    """The straight line of a glissando."""
    across, up = chance.uniform(1, 3) * UNIT, chance.choice((-1, 1)) * chance.uniform(0.3, 1.5) * UNIT
    builder = skia.PathBuilder()
    builder.moveTo(-across, up)
    builder.lineTo(across, -up)
    return (Piece("glissando", outline.stroked(builder.detach(), LINE)),)


def _glyphs(*code_points: int) -> Draw:
    return partial(_one, code_points)


SIGNS: Final = (
    Sign(draw=flagged, place="on", often=30, sway=2.5),
    Sign(draw=beamed, place="on", often=12, sway=3.0),
    Sign(draw=_time, place="on", often=12),
    Sign(draw=_enclosed, place="on", often=3, sway=3.0),
    Sign(draw=_octave_clef, place="on", often=12),
    Sign(draw=_rest_of_bars, place="on", often=14),
    Sign(draw=_bracket, place="above", often=2, sway=1.0),
    Sign(draw=_ending, place="above", often=8, sway=1.5),
    Sign(draw=_octave_line, place="above", often=2, sway=1.0),
    Sign(draw=ossia, place="above", often=34, sway=1.5),
    Sign(draw=_wave, place="above", often=3, sway=1.0),
    Sign(draw=_slide, place="on", often=4, sway=1.0),
    Sign(draw=_glyphs(0xE4E2, 0xE4E7, 0xE4E8, 0xE4E9, 0xE4EA), place="on", often=3, sway=1.0),
    Sign(draw=_glyphs(0xE08A, 0xE08B), place="on", often=5),
    Sign(draw=_glyphs(0xE500, 0xE501), place="on", often=4),
    Sign(draw=_glyphs(0xE504), place="on", often=3),
    Sign(draw=_glyphs(0xE05C, 0xE069, 0xE06D), place="on", often=3.5, sway=1.0),
    Sign(draw=_glyphs(0xE047, 0xE048), place="above", often=3),
    Sign(draw=_glyphs(0xE4CE, 0xE4D1), place="above", often=3, sway=1.0),
    Sign(draw=_glyphs(0xE610, 0xE612, 0xE614), place="above", often=4),
    Sign(draw=_glyphs(0xE566, 0xE567, 0xE568, 0xE56C, 0xE56D), place="above", often=6),
    Sign(draw=_glyphs(0xE4C0), place="above", often=1.5),
    Sign(draw=_glyphs(0xE4C1, 0xE4AD), place="below", often=2),
    Sign(draw=_glyphs(0xE4AC, 0xE4A6, 0xE4A4), place="above", often=2),
    Sign(draw=_glyphs(0xE521, 0xE523, 0xE524, 0xE525, 0xE526), place="below", often=5, sway=1.0),
    Sign(draw=_glyphs(0xE650, 0xE655), place="below", often=1, sway=2.0),
)
