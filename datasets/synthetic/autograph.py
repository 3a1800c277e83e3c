"""Loose writing: what composers' own manuscripts have and neat copies lack (hand edition only).

Heads half a space wide or mere dashes beside their stem; stems that end before the head or the beam; beams off their stems;
barlines that lean and bow through the whole system; words in a running hand; lines ruled paler than the ink, and strokes drawn
with less ink than others. What a sign means never changes: relations stay, boxes follow the ink.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import skia

from datasets.synthetic import outline
from datasets.synthetic.bend import Points, bent_path, following
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.relate import Related
from datasets.synthetic.running_hand import words
from datasets.synthetic.scene import Scene
from omr import labels
from omr.geometry import Box, union

HEADS: Final = frozenset(labels.NOTEHEADS)
RUNNING: Final = frozenset(
    {"stem", "slur", "tie", "hairpin", "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin", "text"}
)
"""Strokes drawn with less ink than heads and beams, as barlines are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looseness:
    """How far a page departs from a neat copy."""

    head: tuple[float, float]
    """Width and height of a head, of the neat one's."""
    gap: float
    """Staff spaces a stem or a beam may miss what it belongs to."""
    lean: float
    """Radians, standard deviation of the slant of barlines."""
    bow: float
    """Staff spaces, standard deviation of how far a barline bows sideways."""
    ruled: int
    """Grey value of the staff lines."""
    running: int
    """Grey value of the palest strokes."""
    words: bool
    """Words are in a running hand."""

    @property
    def pale(self) -> bool:
        """True: the page would not outlive a one-bit scan."""
        return max(self.ruled, self.running) > 0


def random_looseness(chance: random.Random) -> Looseness:
    """A page's looseness; every part of it comes without the others as well."""

    def at_times(most: float) -> float:
        return chance.uniform(0, most) if chance.random() < 0.6 else 0.0

    width = 1 - at_times(0.5)
    return Looseness(
        head=(width, max(0.45, min(1.0, width * chance.uniform(0.8, 1.2)))),
        gap=at_times(0.35),
        lean=at_times(math.radians(3.5)),
        bow=at_times(0.35),
        ruled=round(at_times(150)),
        running=round(at_times(110)),
        words=chance.random() < 0.7,
    )


def loosened(
    scene: Scene, truth: Related, loose: Looseness, chance: random.Random, staff_space: float
) -> tuple[Scene, Related]:
    """The page written loosely, and its truth."""
    stems = _stems(truth)
    barlines = _barlines(scene, loose, chance, staff_space)
    written = []
    for place, ink in enumerate(scene.primitives):
        stem = scene.primitives[stems[place]].box if place in stems else None
        moved = _moved(ink, stem, barlines, loose, chance, staff_space)
        written.append(replace(moved, shade=_shade(ink, loose, chance)))
    primitives = tuple(written)
    return replace(scene, primitives=primitives), following(truth, primitives)


@dataclass(frozen=True, slots=True)
class _Leaning:
    """A barline through `box` that leans and bows."""

    box: Box
    lean: float
    bow: float

    def __call__(self, points: Points) -> Points:
        down = (points[:, 1] - self.box.center.y) / max(1.0, self.box.height / 2)
        across = down * math.tan(self.lean) * self.box.height / 2 + self.bow * (1 - down**2)
        return points + np.column_stack((across, np.zeros(len(points))))


def _stems(truth: Related) -> dict[int, int]:
    """Place of a head's ink -> place of its stem's ink."""
    label = {node.id: node.label for node in truth.graph.nodes}
    return {
        place: truth.places[edge.target][0]
        for edge in truth.graph.edges
        if label[edge.source] in HEADS and label[edge.target] == "stem"
        for place in truth.places[edge.source]
    }


def _barlines(
    scene: Scene, loose: Looseness, chance: random.Random, space: float
) -> Mapping[tuple[int, str], _Leaning]:
    """By (system, id of the barline): how all its pieces lean."""
    boxes: dict[tuple[int, str], list[Box]] = {}
    for ink in scene.primitives:
        if _is_barline(ink):
            boxes.setdefault((ink.owner.system, ink.owner.barline), []).append(ink.box)
    return {
        key: _Leaning(union(found), chance.gauss(0, loose.lean), chance.gauss(0, loose.bow) * space)
        for key, found in boxes.items()
    }


def _is_barline(ink: Primitive) -> bool:
    return ink.label is not None and ink.label.startswith("barline")


def _moved(
    ink: Primitive,
    stem: Box | None,
    barlines: Mapping[tuple[int, str], _Leaning],
    loose: Looseness,
    chance: random.Random,
    space: float,
) -> Primitive:
    if _is_barline(ink):
        leaning = barlines[ink.owner.system, ink.owner.barline]
        paths = tuple(bent_path(path, leaning) for path in ink.paths)
        return replace(ink, paths=paths, box=outline.box_of(paths))
    if ink.label in HEADS:
        return _transformed(ink, _smaller(ink.box, stem, loose, chance))
    if ink.label == "stem":
        return _transformed(ink, _shorter(ink.box, loose.gap * space, chance))
    if ink.label == "beam":
        return _transformed(ink, skia.Matrix.Translate(0, chance.uniform(-1, 1) * loose.gap * space))
    if loose.words and (ink.label == "text" or ink.owner.kind == "syl") and ink.paths:
        paths = (words(ink.box, chance, space),)
        return replace(ink, paths=paths, box=outline.box_of(paths))
    return ink


def _smaller(head: Box, stem: Box | None, loose: Looseness, chance: random.Random) -> skia.Matrix:
    """Shrinks a head towards its stem."""
    middle = stem.center.x if stem is not None else head.center.x
    x = min(max(middle, head.left), head.right)
    matrix = skia.Matrix.Translate(x, head.center.y)
    vary = chance.uniform(0.9, 1.1)
    matrix.preScale(loose.head[0] * vary, loose.head[1] * vary)
    matrix.preTranslate(-x, -head.center.y)
    return matrix


def _shorter(stem: Box, gap: float, chance: random.Random) -> skia.Matrix:
    """Takes up to `gap` pixels from either end of a stem."""
    gap = min(gap, 0.15 * stem.height)
    top, bottom = stem.top + chance.uniform(0, gap), stem.bottom - chance.uniform(0, gap)
    matrix = skia.Matrix.Translate(0, top)
    matrix.preScale(1, (bottom - top) / max(1e-6, stem.height))
    matrix.preTranslate(0, -stem.top)
    return matrix


def _transformed(ink: Primitive, matrix: skia.Matrix) -> Primitive:
    paths = tuple(outline.placed(path, matrix) for path in ink.paths)
    return replace(ink, paths=paths, box=outline.box_of(paths)) if paths else ink


def _shade(ink: Primitive, loose: Looseness, chance: random.Random) -> int:
    if ink.label == "staffLine":
        return loose.ruled
    if ink.label in RUNNING or _is_barline(ink):
        return round(chance.uniform(0, loose.running))
    return 0
