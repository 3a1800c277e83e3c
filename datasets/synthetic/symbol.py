"""One symbol a piece of notation: shapes that the engraver draws in pieces are joined.

verovio draws a barline once a staff and once between staves, a bracket as a bar and two hooks, a tuplet bracket as two
strokes, a wavy line glyph by glyph; on paper each is one piece of ink.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.scene import Scene
from omr import labels
from omr.geometry import Box, Point, union

_JOINED_BY_ELEMENT = frozenset(
    (
        "arpeggio",
        "wiggleTrill",
        "tupleBracket",
        "dottedHorizontalSpanner",
        "hairpin",
        "slur",
        "tie",
        "graceNoteAcciaccatura",
    )
)
_JOINT = 2.0  # pixels between the ends of beam pieces that continue each other
_APART = 100.0  # pixels: less than between the system dividers at the left and at the right margin
_HEAVY = 2.0  # times the page's thinnest barline


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """Joined ink with its label; `id` is its place on the page in drawing order."""

    id: int
    label: str
    box: Box
    owner: Owner
    places: tuple[int, ...] = ()
    """Of its primitives in the scene."""


def gather(scene: Scene) -> tuple[Symbol, ...]:
    """The symbols of a scene, staff lines left out."""
    groups: dict[tuple[object, ...], list[Primitive]] = defaultdict(list)
    places = {id(primitive): place for place, primitive in enumerate(scene.primitives)}
    thin = min((p.stroke for p in scene.primitives if p.label == "barline" and p.owner.kind == "barLine"), default=1.0)
    for place, primitive in enumerate(scene.primitives):
        if primitive.label is None or primitive.label in ("", "staffLine"):
            continue
        groups[_group_of(primitive, place, thin)].append(primitive)
    symbols: list[Symbol] = []
    for key, grouped in groups.items():
        for piece in _pieces(str(key[0]), grouped):
            label = _hairpin(piece[0].owner, scene) if key[0] == "hairpin" else str(key[0])
            box = union(member.box for member in piece)
            members = tuple(places[id(member)] for member in piece)
            symbols.append(Symbol(id=len(symbols), label=label, box=box, owner=piece[0].owner, places=members))
    return tuple(symbols)


def _group_of(primitive: Primitive, place: int, thin: float) -> tuple[object, ...]:
    owner, label = primitive.owner, primitive.label
    if label in labels.BARLINES:
        heavy = owner.kind == "barLine" and primitive.stroke > _HEAVY * thin
        name = "barlineHeavy" if heavy and label == "barline" else label
        return name, owner.barline or f"system {owner.system}", round(primitive.box.center.x / 2)
    if owner.kind == "grpSym":
        return label, owner.group
    if owner.kind == "multiRest" and label == "multiMeasureRest":
        return label, owner.rest
    if label == "beam":
        return label, owner.beam
    if label == "systemSeparator":
        return label, owner.system, round(primitive.box.center.x / _APART)
    if label == "voltaBracket":
        return label, owner.ending, owner.system, owner.ids
    if label in _JOINED_BY_ELEMENT:
        return label, owner.element or place, owner.system
    return label, place


def _pieces(label: str, members: list[Primitive]) -> Iterable[list[Primitive]]:
    if label in labels.BARLINES and label != "barlineDotted":
        return _touching(members)
    return _beams(members) if label == "beam" else [members]


def _beams(members: list[Primitive]) -> list[list[Primitive]]:
    """Runs of beam polygons that continue each other: verovio draws an inner beam from stem to stem."""
    runs: list[list[Primitive]] = []
    for member in sorted(members, key=lambda member: (member.box.left, member.box.top)):
        start = _end(member, left=True)
        for run in runs:
            stop = _end(run[-1], left=False)
            if abs(stop.x - start.x) < _JOINT and abs(stop.y - start.y) < _JOINT:
                run.append(member)
                break
        else:
            runs.append([member])
    return runs


def _end(beam: Primitive, *, left: bool) -> Point:
    """Middle of a beam polygon's left or right edge."""
    path = beam.paths[0]
    points = sorted((path.getPoint(place).x(), path.getPoint(place).y()) for place in range(4))
    edge = points[:2] if left else points[2:]
    return Point((edge[0][0] + edge[1][0]) / 2, (edge[0][1] + edge[1][1]) / 2)


def _touching(members: list[Primitive]) -> Iterable[list[Primitive]]:
    """Runs of vertical pieces that meet."""
    ordered = sorted(members, key=lambda member: member.box.top)
    run = [ordered[0]]
    for member in ordered[1:]:
        if member.box.top <= max(other.box.bottom for other in run) + 1.5:
            run.append(member)
        else:
            yield run
            run = [member]
    yield run


def _hairpin(owner: Owner, scene: Scene) -> str:
    element = scene.elements.get(owner.element)
    crescendo = element is not None and element.get("data-form") == "cres"
    return "dynamicCrescendoHairpin" if crescendo else "dynamicDiminuendoHairpin"
