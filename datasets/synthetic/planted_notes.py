"""Notes that planted.py sets, of many flags or beams, and short staves of them.

The anchor of a note is the middle of its head.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import skia

from datasets.synthetic import outline, smufl
from datasets.synthetic.planted_pieces import STEM, UNIT, Piece, centred, glyph, moved

HEAD: Final = 0xE0A4
SMALL: Final = {"noteheadFull": "noteheadFullSmall"}  # heads of cue size have classes of their own


def flagged(chance: random.Random, font: str) -> Sequence[Piece]:
    """A note with two to five flags."""
    level, up = chance.choice((1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4)), chance.random() < 0.65
    flag = 0xE240 + 2 * level + (0 if up else 1)
    head = centred(HEAD, font)
    box = outline.box_of((head.path,))
    way = -1.0 if up else 1.0
    tip = way * (3.5 + 0.7 * max(0, level - 1)) * UNIT
    left = box.right - STEM if up else box.left
    return head, _stem(left, 0.0, tip, 0), Piece(smufl.label_of(flag) or "", moved(glyph(flag, font), left, tip))


def beamed(chance: random.Random, font: str) -> Sequence[Piece]:
    """Two notes close together, of one to four beams between level and as steep as engravers other than ours draw them."""
    count, up, way = chance.choice((1, 1, 2, 2, 3, 3, 4)), chance.random() < 0.5, chance.choice((-1, 1))
    head = centred(HEAD, font)
    box = outline.box_of((head.path,))
    across = chance.uniform(1.1, 3.0) * UNIT
    rise = way * chance.uniform(0.0, 1.3) * across
    drop = round(rise / UNIT * 2 * chance.uniform(0.3, 1.4)) * UNIT / 2
    x = box.right - STEM if up else box.left
    side, away = (-1.0, 1.0) if up else (1.0, -1.0)
    first = side * (3.0 * UNIT + max(0.0, side * (drop - rise)) + 0.75 * UNIT * (count - 1))
    heads = (head, Piece(head.label, moved(head.path, across, drop), 1))
    stems = (_stem(x, 0.0, first, 0), _stem(x + across, drop, first + rise, 1))
    step, thick = 0.75 * UNIT * away, 0.5 * UNIT * away
    beams = []
    for number in range(count):
        y = first + number * step
        corners = [(x, y), (x + across + STEM, y + rise), (x + across + STEM, y + rise + thick), (x, y + thick)]
        builder = skia.PathBuilder()
        builder.addPolygon([skia.Point(*corner) for corner in corners], True)
        beams.append(Piece("beam", builder.detach()))
    return (*heads, *stems, *beams)


def _stem(left: float, head: float, tip: float, note: int) -> Piece:
    return Piece("stem", outline.rectangle(left, min(head, tip), STEM, abs(tip - head)), note)


def ossia(chance: random.Random, font: str) -> Sequence[Piece]:
    """A short staff of its own with one to three groups of notes, all of it small; the sign is as large as its lines."""
    small = chance.uniform(0.5, 0.75)
    groups = chance.choices((flagged, beamed), k=chance.choice((1, 1, 2, 3)))
    x, inks = 0.0, []
    for number, group in enumerate(groups):
        pieces, y = group(chance, font), chance.randint(-2, 2) * UNIT / 2
        box = outline.box_of([piece.path for piece in pieces])
        x += chance.uniform(0.8, 2.0) * UNIT - box.left
        inks += [Piece(SMALL.get(p.label, p.label), moved(p.path, x, y), p.note + 2 * number) for p in pieces]
        x += box.right
    right = x + chance.uniform(0.8, 2.0) * UNIT
    builder = skia.PathBuilder()
    for line in range(-2, 3):
        builder.addRect(skia.Rect.MakeXYWH(0, line * UNIT - STEM / 2, right, STEM))
    inks.insert(0, Piece("ossia", builder.detach()))
    shrunk = skia.Matrix.Scale(small, small)
    shrunk.preTranslate(-right / 2, 0.0)
    return [Piece(piece.label, outline.placed(piece.path, shrunk), piece.note) for piece in inks]
