"""Tremolos: strokes through a stem repeat its chord, strokes between two chords play them in turn.

A detector boxes the strokes of one stem together, an engraver may draw those between two chords one by one; strokes lie about
three quarters of a staff space apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from omr.reading.choices import ALTERNATING
from omr.reading.items import Item
from omr.reading.steps import Placed

Tremolo = tuple[Literal["single", "start", "stop"], int]

STROKE = 0.75  # staff spaces of height a stroke
MOST = 4  # strokes


def tremolos_of(placed: Sequence[Placed], space: float) -> dict[int, Tremolo]:
    """The tremolos of a voice by place in it; `space` in pixels."""
    found: dict[int, Tremolo] = {}
    for index, entry in enumerate(placed):
        if entry.item.tremolos and not entry.item.alternates:
            found[index] = "single", strokes_of(entry.item, space)
    for index, (one, other) in enumerate(pairwise(placed)):
        shared = {node.id for node in one.item.tremolos} & {node.id for node in other.item.tremolos}
        if shared and one.ratio == other.ratio == ALTERNATING and index not in found:
            count = strokes_of(one.item, space)
            found[index], found[index + 1] = ("start", count), ("stop", count)
    return found


def strokes_of(item: Item, space: float) -> int:
    """How many strokes the tremolo of a chord has."""
    counted = 0
    for node in item.tremolos:
        slanted = node.label == "multipleNoteTremolo"
        counted += 1 if slanted else max(1, round(node.box.height / (STROKE * space)))
    return max(1, min(MOST, counted))
