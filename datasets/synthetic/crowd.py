"""Rests printed across notes (pages of rare signs only).

A converter that forgets whose voice goes up leaves the rests of one voice in the middle of the staff, on top of the other
voice's heads and stems, and engravers print them there; or they shift them just beyond the staff, onto the ledger lines of a
note. Our own engravers shift rests out of the way; so on a page of rare signs some are put back onto a note of their staff or
onto its ledger lines. The music is wrong then; the picture and its labels agree.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import skia

from datasets.synthetic import outline
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.scene import Scene
from omr.labels import NOTEHEADS, RESTS

PAGES: Final = 0.7  # of the pages have such rests
MOVED: Final = 0.6  # of the rests of such a page
ASIDE: Final = 0.5  # staff spaces from the head's middle, at most
ON_LEDGERS: Final = 0.5  # of the moved rests, where notes of their staff have ledger lines
ALONG: Final = 1.2  # staff spaces above or below a ledger line, at most
LEVEL: Final = ("restWhole", "restHalf", "restDoubleWhole", "restLonga", "restMaxima")
"""Rests that are told apart by the line they hang from or sit on: they stay at their height."""

Place = tuple[int, str]
"""System and staff."""
Shift = tuple[float, float]
"""Pixels to the right and down."""
STAYS: Final = (0.0, 0.0)


def crowded(scene: Scene, chance: random.Random, staff_space: float) -> Scene:
    """`scene`, perhaps with some of its rests on notes of the same staff; a rest's dots go with it."""
    if chance.random() >= PAGES:
        return scene
    heads, ledgers = _placed(scene, NOTEHEADS), _placed(scene, ("legerLine",))
    shifts = {
        ink.owner.rest: shift
        for ink in scene.primitives
        if ink.label in RESTS and ink.owner.rest and chance.random() < MOVED
        for shift in _shift(ink, heads, ledgers, chance, staff_space)
    }
    return replace(scene, primitives=tuple(_moved(ink, shifts.get(ink.owner.rest, STAYS)) for ink in scene.primitives))


def _placed(scene: Scene, labels: Collection[str]) -> Mapping[Place, Sequence[Primitive]]:
    found: dict[Place, list[Primitive]] = defaultdict(list)
    for ink in scene.primitives:
        if ink.label in labels:
            found[(ink.owner.system, ink.owner.staff)].append(ink)
    return found


def _shift(
    rest: Primitive,
    heads: Mapping[Place, Sequence[Primitive]],
    ledgers: Mapping[Place, Sequence[Primitive]],
    chance: random.Random,
    staff_space: float,
) -> tuple[Shift, ...]:
    """How far it goes, in pixels; nothing where its staff has no notes."""
    place = rest.owner.system, rest.owner.staff
    lines = ledgers.get(place, ()) if rest.label not in LEVEL and chance.random() < ON_LEDGERS else ()
    there = lines or heads.get(place, ())
    if not there:
        return ()
    onto = chance.choice(there).box.center
    across = onto.x + chance.uniform(-ASIDE, ASIDE) * staff_space - rest.box.center.x
    down = onto.y + chance.uniform(-ALONG, ALONG) * staff_space - rest.box.center.y if lines else 0.0
    return ((across, down),)


def _moved(ink: Primitive, shift: Shift) -> Primitive:
    if shift == STAYS or not ink.paths:
        return ink
    paths = tuple(outline.placed(path, skia.Matrix.Translate(*shift)) for path in ink.paths)
    return replace(ink, paths=paths, box=outline.box_of(paths))
