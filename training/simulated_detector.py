"""What a detector makes of a page, imitated without an image: loose boxes, missed, doubled, false and mistaken symbols.

Assumption: a linker trained on perfect symbols trusts them too much. Errors are drawn page by page at different rates, so that
the linker meets clean pages and bad ones. Which classes are mistaken for which follows their shapes (LOOK_ALIKE).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from omr.geometry import Box
from omr.labels import ACCIDENTALS, DETECTED, INDEX, NOTEHEADS, NUMERALS, RESTS
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.proximity import staff_space
from training.graph_pages import GraphPage

Generator = np.random.Generator

LOOK_ALIKE: Final = (
    ("noteheadFull", "noteheadHalf", "noteheadFullSmall", "noteheadX"),
    ("noteheadHalf", "noteheadWhole", "noteheadHalfSmall"),
    ("noteheadWhole", "noteheadDoubleWhole"),
    ("slur", "tie", "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin"),
    ("flag8thUp", "flag16thUp", "flag32ndUp", "flag64thUp"),
    ("flag8thDown", "flag16thDown", "flag32ndDown", "flag64thDown"),
    ("augmentationDot", "articulationStaccato", "repeatDot"),
    ("legerLine", "articulationTenuto", "restWhole", "restHalf"),
    ("accidentalSharp", "accidentalNatural", "accidentalDoubleSharp"),
    ("accidentalFlat", "accidentalDoubleFlat", "accidentalNatural"),
    ("articulationAccent", "dynamicDiminuendoHairpin"),
    ("stem", "barline", "barlineHeavy", "arpeggio"),
    ("beam", "legerLine", "singleNoteTremolo"),
    ("rest8th", "rest16th", "rest32nd"),
    ("numeral3", "numeral8", "numeral6", "text"),
    ("fermataAbove", "fermataBelow"),
    ("ornamentTurn", "ornamentMordent", "ornamentShortTrill", "wiggleTrill"),
    ("dynamicLetterF", "dynamicLetterP", "dynamicLetterM", "text"),
)
GROUPS: Final = (NOTEHEADS, ACCIDENTALS, RESTS, NUMERALS)
LONG: Final = frozenset(
    {"slur", "tie", "beam", "stem", "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin", "tupleBracket"}
)

BREAKABLE: Final = frozenset({"beam", "slur"})
BEAM_THICKNESS: Final = 0.5  # staff spaces
LOOSENESS: Final = 0.08  # staff spaces: typical standard deviation of a box's side
LONG_LOOSENESS: Final = 0.02  # of a long symbol's length, added at its ends


@dataclass(frozen=True, kw_only=True)
class Faults:
    """How bad one page's detection is; rates are shares of the symbols."""

    looseness: float
    missed: float
    doubled: float
    broken: float
    """Of beams and slurs, found as two pieces."""
    false: float
    mistaken: float
    soft: bool
    """Whether nodes carry soft class vectors."""


def draw_faults(generator: Generator) -> Faults:
    """Faults of a page: a fifth of all pages are perfect, the rest from nearly clean to bad."""
    if generator.random() < 0.2:
        return Faults(looseness=0.0, missed=0.0, doubled=0.0, broken=0.0, false=0.0, mistaken=0.0, soft=False)
    badness = float(generator.choice([0.3, 1.0, 2.5]))
    return Faults(
        looseness=LOOSENESS * float(generator.uniform(0.3, 1.5)),
        missed=0.04 * badness * float(generator.random()),
        doubled=0.01 * badness * float(generator.random()),
        broken=0.05 * badness * float(generator.random()),
        false=0.02 * badness * float(generator.random()),
        mistaken=0.02 * badness * float(generator.random()),
        soft=bool(generator.random() < 0.75),
    )


def simulate(page: GraphPage, faults: Faults, generator: Generator) -> GraphPage:
    """The page as a detector with these faults would give it; relations are kept where both ends were found."""
    space = staff_space(page.graph.nodes, page.staves)
    page = replace(page, graph=_broken(page.graph, faults, space, generator))
    found = [node for node in page.graph.nodes if generator.random() >= faults.missed]
    nodes = [_seen(node, faults, space, generator) for node in found]
    extra = [_double(node, faults, space, generator) for node in nodes if generator.random() < faults.doubled]
    extra += [_false(nodes, faults, space, generator) for _ in range(generator.binomial(len(nodes), faults.false))]
    first = max((node.id for node in page.graph.nodes), default=0) + 1
    nodes += [replace(node, id=first + n) for n, node in enumerate(extra)]
    kept = {node.id for node in nodes}
    edges = tuple(edge for edge in page.graph.edges if edge.source in kept and edge.target in kept)
    return replace(page, graph=NotationGraph(tuple(nodes), edges))


def stretch(page: GraphPage, generator: Generator) -> GraphPage:
    """The page wider or narrower by up to a sixth, its staff space misjudged a little; sometimes without staves."""
    wide = float(np.exp(generator.uniform(-0.16, 0.16)))
    misjudged = float(np.exp(generator.normal(0, 0.03)))
    nodes = tuple(replace(node, box=_wider(node.box, wide)) for node in page.graph.nodes)
    staves = tuple(_wider_staff(staff, wide, misjudged) for staff in page.staves)
    if generator.random() < 0.05:
        staves = ()
    return replace(page, graph=NotationGraph(nodes, page.graph.edges), staves=staves)


def _wider(box: Box, factor: float) -> Box:
    """The box moved with the page's width while its own width stays, unless it is longer than high."""
    if box.width > 2 * box.height:
        return Box(box.left * factor, box.top, box.right * factor, box.bottom)
    shift = (factor - 1) * box.center.x
    return Box(box.left + shift, box.top, box.right + shift, box.bottom)


def _wider_staff(staff: Staff, factor: float, misjudged: float) -> Staff:
    lines = tuple(replace(line, xs=tuple(x * factor for x in line.xs)) for line in staff.lines)
    box = Box(staff.box.left * factor, staff.box.top, staff.box.right * factor, staff.box.bottom)
    return replace(staff, lines=lines, box=box, staff_space=staff.staff_space * misjudged)


def _broken(graph: NotationGraph, faults: Faults, space: float, generator: Generator) -> NotationGraph:
    """The graph with some beams and slurs as two pieces, each related to the heads over or under it."""
    chosen = [node for node in graph.nodes if node.label in BREAKABLE and generator.random() < faults.broken]
    free = max((node.id for node in graph.nodes), default=0) + 1
    pieces: list[Node] = []
    edges: list[Edge] = []
    for number, node in enumerate(chosen):
        cut = node.box.left + node.box.width * float(generator.uniform(0.2, 0.8))
        first, second = _halves(node, cut, space, generator)
        pieces += [replace(first, id=free + 2 * number), replace(second, id=free + 2 * number + 1)]
        for source in graph.sources(node.id):
            if source.box.left <= cut:
                edges.append(Edge(source.id, pieces[-2].id))
            if source.box.right >= cut:
                edges.append(Edge(source.id, pieces[-1].id))
    return graph.without_nodes(node.id for node in chosen).with_nodes(pieces).with_edges(edges)


def _halves(node: Node, cut: float, space: float, generator: Generator) -> tuple[Node, Node]:
    """Left and right piece of a beam or slur that rises or falls, which way is drawn."""
    box, low = node.box, node.box.top
    thick = min(box.height, BEAM_THICKNESS * space)
    bend = low + (box.height - thick) * (cut - box.left) / max(box.width, 1e-6)
    if generator.random() < 0.5:
        first, second = Box(box.left, low, cut, bend + thick), Box(cut, bend, box.right, box.bottom)
    else:
        mirrored = box.top + box.bottom - bend
        first, second = Box(box.left, mirrored - thick, cut, box.bottom), Box(cut, low, box.right, mirrored)
    return replace(node, box=first), replace(node, box=second)


def _seen(node: Node, faults: Faults, space: float, generator: Generator) -> Node:
    """One symbol as found: its box loose, its class perhaps another, its certainty in proportion."""
    box = _loose(node.box, node.label, faults.looseness, space, generator)
    if faults.looseness == 0:
        return replace(node, box=box)
    rivals = _LOOK_ALIKE.get(node.label, ())
    rival = _pick(rivals, generator) if rivals else node.label
    mistaken = bool(rivals) and generator.random() < faults.mistaken
    certainty = float(generator.beta(2, 2) if mistaken else generator.beta(6, 1.2))
    label, second = (rival, node.label) if mistaken else (node.label, rival)
    return _scored(replace(node, box=box, label=label), certainty, second, faults.soft, generator)


def _pick(labels: Sequence[str], generator: Generator) -> str:
    return labels[int(generator.random() * len(labels))]


def _scored(node: Node, certainty: float, second: str, soft: bool, generator: Generator) -> Node:
    score = 0.25 + 0.7 * certainty
    if not soft:
        return replace(node, score=score)
    vector = [0.0] * len(DETECTED)
    for index in generator.integers(0, len(DETECTED), 3).tolist():
        vector[index] = 0.01 * certainty
    vector[INDEX[second]] = min(score, (1 - certainty) * float(generator.random()))
    vector[INDEX[node.label]] = score
    return replace(node, score=score, scores=tuple(vector))


def _loose(box: Box, label: str, looseness: float, space: float, generator: Generator) -> Box:
    """The box with each side moved; the ends of long symbols are seen less exactly."""
    ends = LONG_LOOSENESS if label in LONG and looseness > 0 else 0.0
    across, down = looseness * space + ends * box.width, looseness * space + ends * box.height
    moved = generator.standard_normal(4).tolist()
    left, right = box.left + across * moved[0], box.right + across * moved[1]
    top, bottom = box.top + down * moved[2], box.bottom + down * moved[3]
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _double(node: Node, faults: Faults, space: float, generator: Generator) -> Node:
    """A second, less certain finding of the same ink, often under another class."""
    rivals = _LOOK_ALIKE.get(node.label, ())
    label = _pick(rivals, generator) if rivals and generator.random() < 0.7 else node.label
    box = _loose(node.box, node.label, faults.looseness + LOOSENESS, space, generator)
    return _scored(replace(node, label=label, box=box), float(generator.beta(1, 4)), node.label, faults.soft, generator)


def _false(nodes: Sequence[Node], faults: Faults, space: float, generator: Generator) -> Node:
    """A symbol where none is: the class and size of one on the page, near another."""
    like, near = (nodes[int(generator.integers(len(nodes)))] for _ in range(2))
    x, y = generator.normal(0, 3 * space, 2)
    box = like.box.shifted(near.box.left - like.box.left + x, near.box.top - like.box.top + y)
    rivals = _LOOK_ALIKE.get(like.label, (like.label,))
    certainty = float(generator.beta(1, 4))
    return _scored(replace(like, box=box), certainty, _pick(rivals, generator), faults.soft, generator)


def _look_alikes() -> dict[str, tuple[str, ...]]:
    alike: dict[str, set[str]] = {}
    for group in (*LOOK_ALIKE, *GROUPS):
        for label in group:
            alike.setdefault(label, set()).update(set(group) - {label})
    return {label: tuple(sorted(others)) for label, others in alike.items()}


_LOOK_ALIKE: Final = _look_alikes()
