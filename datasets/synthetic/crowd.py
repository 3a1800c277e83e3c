"""Rests printed across notes (pages of rare signs only).

A converter that forgets whose voice goes up leaves the rests of one voice in the middle of the staff, on top of the other
voice's heads and stems, and engravers print them there. Our own engravers shift rests out of the way; so on a page of rare
signs some are put back onto a note of their staff. The music is wrong then; the picture and its labels agree.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
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

Place = tuple[int, str]
"""System and staff."""


def crowded(scene: Scene, chance: random.Random, staff_space: float) -> Scene:
    """`scene`, perhaps with some of its rests on notes of the same staff; a rest's dots go with it."""
    if chance.random() >= PAGES:
        return scene
    heads = _heads(scene)
    shifts = {
        ink.owner.rest: shift
        for ink in scene.primitives
        if ink.label in RESTS and ink.owner.rest and chance.random() < MOVED
        for shift in _shift(ink, heads, chance, staff_space)
    }
    return replace(scene, primitives=tuple(_moved(ink, shifts.get(ink.owner.rest, 0.0)) for ink in scene.primitives))


def _heads(scene: Scene) -> Mapping[Place, Sequence[Primitive]]:
    found: dict[Place, list[Primitive]] = defaultdict(list)
    for ink in scene.primitives:
        if ink.label in NOTEHEADS:
            found[(ink.owner.system, ink.owner.staff)].append(ink)
    return found


def _shift(
    rest: Primitive, heads: Mapping[Place, Sequence[Primitive]], chance: random.Random, staff_space: float
) -> tuple[float, ...]:
    """How far to the right it goes, in pixels; nothing where its staff has no notes."""
    there = heads.get((rest.owner.system, rest.owner.staff), ())
    if not there:
        return ()
    aim = chance.choice(there).box.center.x + chance.uniform(-ASIDE, ASIDE) * staff_space
    return (aim - rest.box.center.x,)


def _moved(ink: Primitive, shift: float) -> Primitive:
    if not shift or not ink.paths:
        return ink
    paths = tuple(outline.placed(path, skia.Matrix.Translate(shift, 0)) for path in ink.paths)
    return replace(ink, paths=paths, box=outline.box_of(paths))
