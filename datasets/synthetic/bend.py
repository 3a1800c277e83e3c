"""Bends an engraved page as paper bends: turned a little, seen at a slant, curled towards the spine, shrunk unevenly.

The outlines are moved, not the pixels: ink stays as sharp as the engraver made it and every box is the exact bounds of the bent
ink. Amounts are what is left after a page was straightened for reading, so relations between symbols stay what they were.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import skia

from datasets.synthetic import outline
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.relate import Related
from datasets.synthetic.scene import Scene
from omr.geometry import Box, union
from omr.notation import Staff, StaffLine

Points = npt.NDArray[np.float64]

TURN: Final = math.radians(0.8)  # at most, either way
SLANT: Final = 0.012  # at most: how much narrower or lower one side of the page is than the other
CURL: Final = 0.5  # staff spaces a staff rises or falls at most between two sides of a wave
SQUEEZE: Final = 0.04  # at most: how much wider or narrower than it was engraved
PIECE: Final = 24.0  # pixels: longer straight edges are divided before they are bent
STEP: Final = 40.0  # pixels between the points of a bent staff line
SAME: Final = 0.5  # pixels by which a label's box may differ from its outline and still be the outline's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A smooth map of a page of `width` x `height` pixels into itself."""

    width: float
    height: float
    turn: float
    """Radians."""
    slant: tuple[float, float]
    squeeze: float
    waves: tuple[tuple[float, float, float], ...]
    """(amplitude in pixels, waves a page width, phase) of the heights along a line."""

    def __call__(self, points: Points) -> Points:
        """`points` (n, 2) where they are on the bent page."""
        middle = np.array([self.width, self.height]) / 2
        x, y = ((points - middle) / middle).T
        grown = 1 + self.slant[0] * y, 1 + self.slant[1] * x
        across, down = x * grown[0] * self.squeeze * middle[0], y * grown[1] * middle[1]
        for amplitude, count, phase in self.waves:
            down = down + amplitude * np.sin(math.pi * count * x + phase) * (1 + 0.3 * y)
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        bent: Points = np.column_stack((cos * across - sin * down, sin * across + cos * down)) + middle
        return bent


def random_bend(chance: random.Random, scene: Scene, staff_space: float) -> Bend:
    """A bend of a page of the scene's size."""
    waves = tuple(
        (chance.triangular(0, CURL, 0) * staff_space, count * chance.uniform(0.7, 1.3), chance.uniform(0, 2 * math.pi))
        for count in (1.0, 2.5)
    )
    return Bend(
        width=scene.width,
        height=scene.height,
        turn=chance.triangular(-TURN, TURN, 0),
        slant=(chance.triangular(-SLANT, SLANT, 0), chance.triangular(-SLANT, SLANT, 0)),
        squeeze=1 + chance.triangular(-SQUEEZE, SQUEEZE, 0),
        waves=waves,
    )


def bend_page(scene: Scene, truth: Related, bend: Bend) -> tuple[Scene, Related]:
    """The bent page and its truth; relations stay, boxes and staff lines follow the ink."""
    primitives = tuple(bent_primitive(primitive, bend) for primitive in scene.primitives)
    staves = tuple(_bent_staff(staff, bend) for staff in truth.staves)
    return replace(scene, primitives=primitives), replace(following(truth, primitives), staves=staves)


def following(truth: Related, primitives: tuple[Primitive, ...]) -> Related:
    """`truth` with the boxes of the same ink drawn elsewhere or otherwise; its staves stay."""
    nodes = tuple(
        replace(node, box=union(primitives[place].box for place in truth.places[node.id])) for node in truth.graph.nodes
    )
    ignore = tuple(p.box for p in primitives if p.label is None and not p.clutter)
    return replace(truth, graph=replace(truth.graph, nodes=nodes), ignore=ignore)


def bent_primitive(primitive: Primitive, bend: Bend) -> Primitive:
    """Bent ink; the box is the ink's, or where it was only a part of the ink (a clef without its figure) that part's."""
    paths = tuple(bent_path(path, bend) for path in primitive.paths)
    own = outline.box_of(primitive.paths) if primitive.paths else None
    if own is not None and _alike(own, primitive.box):
        return replace(primitive, paths=paths, box=outline.box_of(paths))
    return replace(primitive, paths=paths, box=_bent_box(primitive.box, bend))


def bent_path(path: skia.Path, bend: Callable[[Points], Points]) -> skia.Path:
    """`path` with its points and control points moved and its long straight edges divided."""
    commands = list(_commands(path))
    points = np.array([(p.x(), p.y()) for _, given, _ in commands for p in given], float).reshape(-1, 2)
    moved = iter(bend(points).tolist())
    builder = skia.PathBuilder()
    for verb, given, weight in commands:
        xy = [number for _ in given for number in next(moved)]
        if verb == skia.Path.kMove_Verb:
            builder.moveTo(*xy)
        elif verb == skia.Path.kLine_Verb:
            builder.lineTo(*xy)
        elif verb == skia.Path.kQuad_Verb:
            builder.quadTo(*xy)
        elif verb == skia.Path.kConic_Verb:
            builder.conicTo(*xy, weight)
        elif verb == skia.Path.kCubic_Verb:
            builder.cubicTo(*xy)
        else:
            builder.close()
    bent = builder.detach()
    bent.setFillType(path.getFillType())
    return bent


def _commands(path: skia.Path) -> Iterable[tuple[skia.Path.Verb, list[skia.Point], float]]:
    """(verb, new points, weight of a conic) of each command."""
    walk = skia.Path.Iter(path, False)
    while True:
        verb, points = walk.next()
        if verb == skia.Path.kDone_Verb:
            return
        if verb == skia.Path.kMove_Verb:
            yield verb, [points[0]], 0.0
        elif verb == skia.Path.kLine_Verb:
            pieces = max(1, math.ceil(skia.Point.Distance(points[0], points[1]) / PIECE))
            for index in range(1, pieces + 1):
                share = index / pieces
                yield verb, [points[0] * (1 - share) + points[1] * share], 0.0
        elif verb == skia.Path.kClose_Verb:
            yield verb, [], 0.0
        else:
            yield verb, list(points[1:]), walk.conicWeight() if verb == skia.Path.kConic_Verb else 0.0


def _alike(one: Box, other: Box) -> bool:
    sides = zip(
        (one.left, one.top, one.right, one.bottom), (other.left, other.top, other.right, other.bottom), strict=True
    )
    return all(abs(here - there) < SAME for here, there in sides)


def _bent_box(box: Box, bend: Bend) -> Box:
    corners = np.array([(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)])
    moved = bend(corners)
    return Box(*moved.min(axis=0).tolist(), *moved.max(axis=0).tolist())


def _bent_staff(staff: Staff, bend: Bend) -> Staff:
    lines = tuple(_bent_line(line, bend) for line in staff.lines)
    xs, ys = [x for line in lines for x in line.xs], [y for line in lines for y in line.ys]
    thickness = max(0.0, (staff.box.height - (staff.lines[-1].ys[0] - staff.lines[0].ys[0])) / 2)
    box = Box(min(xs), min(ys) - thickness, max(xs), max(ys) + thickness)
    return replace(staff, lines=lines, box=box)


def _bent_line(line: StaffLine, bend: Bend) -> StaffLine:
    xs = np.linspace(line.xs[0], line.xs[-1], max(2, round((line.xs[-1] - line.xs[0]) / STEP)))
    moved = bend(np.column_stack((xs, [line.y_at(float(x)) for x in xs])))
    return StaffLine(xs=tuple(moved[:, 0].tolist()), ys=tuple(moved[:, 1].tolist()))
