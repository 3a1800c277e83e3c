"""Signs that scores hardly ever hold, set on white paper in and about the staves (pages of rare signs only).

exchange.py can turn a rest into another rest, but no page has heads, figures or letters enough to become two thousand of each
sign. A detector learns a sign from its ink and what lies about it; so signs are put wherever a staff leaves room, each at the
height where it is printed: rests, clefs and figures on the staff, bowing and pauses above it, letters below, flags on notes of
their own. The music is wrong then; the picture and its labels agree.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import skia

from datasets.synthetic import outline
from datasets.synthetic.planted_pieces import UNIT, Piece
from datasets.synthetic.planted_signs import SIGNS, Sign
from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.scene import Scene
from omr.geometry import Box, union

PAGES: Final = 0.8  # of the pages have such signs
FAVOURITES: Final = 18  # kinds of sign on a page
A_BAR: Final = 9  # attempts a staff and bar; most find no room
ROOM: Final = 0.2  # staff spaces of white paper around a sign
TRANSPARENT: Final = ("staffLine",)
"""Ink that signs are set upon."""
AWAY: Final = {"on": (0.0, 0.0), "above": (-5.5, -3.2), "below": (3.2, 5.5)}
"""Least and greatest distance of a sign's middle from its staff's, in staff spaces."""

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """The lines of one staff in one bar."""

    box: Box
    owner: Owner


def planted(scene: Scene, chance: random.Random, font: str, staff_space: float) -> Scene:
    """`scene`, perhaps with signs where it is white; `font` is verovio's name of the page's font."""
    if chance.random() >= PAGES:
        return scene
    kinds = chance.choices(SIGNS, [sign.often for sign in SIGNS], k=FAVOURITES)
    taken = _sides([ink for ink in scene.primitives if ink.label not in TRANSPARENT])
    added: list[Primitive] = []
    for bar in _bars(scene):
        for _ in range(A_BAR):
            sign = chance.choice(kinds)
            drawn = _set(sign, sign.draw(chance, font), bar, chance, staff_space, len(added))
            if _white(drawn, taken, scene, ROOM * staff_space):
                added.extend(drawn)
                taken = np.concatenate([taken, _sides(drawn)])
    return replace(scene, primitives=(*scene.primitives, *added))


def _bars(scene: Scene) -> Iterator[_Bar]:
    lines: dict[tuple[int, str, str], list[Primitive]] = defaultdict(list)
    for ink in scene.primitives:
        if ink.label == "staffLine":
            lines[(ink.owner.system, ink.owner.staff, ink.owner.measure)].append(ink)
    for inks in lines.values():
        owner = Owner(system=inks[0].owner.system, staff=inks[0].owner.staff, home=inks[0].owner.staff)
        yield _Bar(box=union(ink.box for ink in inks), owner=owner)


def _set(
    sign: Sign, pieces: Sequence[Piece], bar: _Bar, chance: random.Random, staff_space: float, number: int
) -> list[Primitive]:
    """The pieces of a sign at a random place of the bar; heights move by half spaces, as those of notes do."""
    low, high = AWAY[sign.place]
    x = chance.uniform(bar.box.left, bar.box.right)
    height = round(chance.uniform(low - sign.sway, high + sign.sway) * 2) / 2
    matrix = skia.Matrix.Translate(x, bar.box.center.y + height * staff_space)
    matrix.preScale(staff_space / UNIT, staff_space / UNIT)
    name = f"planted-{number}"
    beamed = {piece.note // 2 for piece in pieces if piece.label == "beam"}
    drawn = []
    for piece in pieces:
        path, note = outline.placed(piece.path, matrix), f"{name}-{piece.note}"
        group = f"{name}-group-{piece.note // 2}"
        owner = replace(bar.owner, element=name, ids=(group,), beam=group if piece.note // 2 in beamed else "")
        mine = replace(owner, note=note, stem=note) if piece.label != "beam" else owner
        drawn.append(Primitive(label=piece.label, paths=(path,), box=outline.box_of((path,)), owner=mine))
    return drawn


def _white(inks: Sequence[Primitive], taken: Boxes, scene: Scene, room: float) -> bool:
    """Whether none of the `taken` boxes (n, 4) lies within `room` pixels of the ink, all of it on the page."""
    whole = union(ink.box for ink in inks).padded(room, room)
    if whole.left < 0 or whole.top < 0 or whole.right > scene.width or whole.bottom > scene.height:
        return False
    across = (taken[:, 0] <= whole.right) & (taken[:, 2] >= whole.left)
    return not (across & (taken[:, 1] <= whole.bottom) & (taken[:, 3] >= whole.top)).any()


def _sides(inks: Sequence[Primitive]) -> Boxes:
    """(n, 4) left, top, right, bottom."""
    rows = [(ink.box.left, ink.box.top, ink.box.right, ink.box.bottom) for ink in inks]
    return np.array(rows, np.float64).reshape(-1, 4)
