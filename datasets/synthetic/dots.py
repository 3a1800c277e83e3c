"""Dots as old engravers punched them: smaller or much larger than today's, and farther from the note.

A page keeps its punches, so one size and one distance hold for all dots of a kind on it. An engraving program's dots hardly
vary; a detector that saw only those misses the fat dots of old prints.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Final

import skia

from datasets.synthetic import outline
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.scene import Scene

SIZES: Final = {"augmentationDot": (0.8, 1.7), "articulationStaccato": (0.8, 1.6), "repeatDot": (0.8, 1.5)}
"""By class: least and greatest size, times the engraver's."""
FARTHER: Final = 0.8  # staff spaces an augmentation dot stands farther from its note, at most


def punched(scene: Scene, chance: random.Random, staff_space: float) -> Scene:
    """`scene` with dots of sizes and distances drawn for the page."""
    sizes = {label: chance.uniform(least, most) for label, (least, most) in SIZES.items()}
    shift = max(0.0, chance.uniform(-0.4, FARTHER)) * staff_space
    changed = tuple(
        _changed(each, sizes[each.label], shift if each.label == "augmentationDot" else 0.0)
        if each.label in sizes
        else each
        for each in scene.primitives
    )
    return replace(scene, primitives=changed)


def _changed(dot: Primitive, size: float, shift: float) -> Primitive:
    middle = dot.box.center
    matrix = skia.Matrix.Translate(middle.x + shift, middle.y)
    matrix.preScale(size, size)
    matrix.preTranslate(-middle.x, -middle.y)
    paths = tuple(outline.placed(path, matrix) for path in dot.paths)
    return replace(dot, paths=paths, box=outline.box_of(paths)) if paths else dot
