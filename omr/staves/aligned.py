"""Staves written by hand whose barlines stand above each other belong to one system, though no line joins them.

Assumes that two lines of music which are played one after the other have barlines at places of their own: a pen rules them
where the notes end. Engravers may set four equal bars on every line of a song, and they draw the line at a system's left end,
so this is for handwriting alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.geometry import overlap
from omr.labels import BARLINES
from omr.notation import Node, Staff
from omr.proximity import staff_space

ALIGNED: Final = 0.6  # staff spaces between the lines, and LEAN
LEAN: Final = 0.02  # pixels sideways for each pixel down
LEAST: Final = 3  # barlines above each other
SHARE: Final = 0.75  # of each staff's barlines
THROUGH: Final = 0.6  # of a staff's height that a barline of it covers
EDGE: Final = 2.0  # staff spaces at the ends of the staves, where lines say nothing

Floats = npt.NDArray[np.float64]


def systems_by_barlines(staves: Sequence[Staff], nodes: Iterable[Node]) -> tuple[Staff, ...]:
    """`staves` (top to bottom, `system` set) with neighbouring systems in one whose barlines are aligned, numbered from 0."""
    lines = [node for node in nodes if node.label in BARLINES]
    systems = [tuple(members) for _, members in groupby(staves, key=lambda staff: staff.system)]
    grouped = systems[:1]
    for system in systems[1:]:
        if _aligned(grouped[-1][-1], system[0], lines):
            grouped[-1] = (*grouped[-1], *system)
        else:
            grouped.append(system)
    return tuple(dataclasses.replace(staff, system=number) for number, group in enumerate(grouped) for staff in group)


def _aligned(upper: Staff, lower: Staff, lines: Sequence[Node]) -> bool:
    space = staff_space((), (upper, lower))
    within = (max(upper.box.left, lower.box.left) + EDGE * space, min(upper.box.right, lower.box.right) - EDGE * space)
    above, below = (_places(staff, lines, within, space) for staff in (upper, lower))
    if min(len(above), len(below)) < LEAST:
        return False
    reach = ALIGNED * space + LEAN * (lower.box.center.y - upper.box.center.y)
    near = np.abs(above[:, None] - below[None, :]) <= reach
    shared = min(int(near.any(axis=1).sum()), int(near.any(axis=0).sum()))
    return shared >= LEAST and shared >= SHARE * max(len(above), len(below))


def _places(staff: Staff, lines: Sequence[Node], within: tuple[float, float], space: float) -> Floats:
    """Where between the two places of `within` the barlines of a staff stand; lines of one double bar count once."""
    places = sorted(
        line.box.center.x
        for line in lines
        if within[0] < line.box.center.x < within[1]
        and overlap(line.box.top, line.box.bottom, staff.box.top, staff.box.bottom) >= THROUGH * staff.box.height
    )
    apart = [x for index, x in enumerate(places) if index == 0 or x - places[index - 1] > space]
    return np.array(apart, np.float64)
