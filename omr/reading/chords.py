"""One chord or rest with all that belongs to it: beams or flags on the stem's side, dots, figures, being a grace note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omr.labels import SMALL_NOTEHEADS, TREMOLOS
from omr.notation import Node
from omr.reading.beaming import FLAG_LEVELS, beam_levels, touched_beams, touched_flags
from omr.reading.dots import dots_of
from omr.reading.ink import Ink
from omr.reading.items import Head, Item
from omr.reading.stems import stems_of


def chord_of(heads: tuple[Head, ...], stem: Node | None, ink: Ink, space: float) -> Item:
    ordered = tuple(sorted(heads, key=lambda head: (-head.node.box.center.y, head.node.id)))
    direction = _direction(ordered, stem)
    related = [node for head in ordered for node in ink.graph.targets(head.node.id)]
    unique = tuple({node.id: node for node in related}.values())
    alone = ink.trusted and not any(_shared(head, ink) for head in ordered)
    strokes = tuple(node for node in unique if alone or _on_side(node, ordered, direction))
    flags = tuple(node for node in strokes if node.label in FLAG_LEVELS)
    beams = tuple(node for node in strokes if node.label == "beam")
    if (
        stem is not None
        and not flags
        and _may_be_black(ordered[0].node, ink, space)
        and not _certain(ordered, beams, ink)
    ):
        beams = touched_beams(stem, direction, ink.beams, space) or beams
        flags = () if beams else touched_flags(stem, direction, ink.flags, space)
    dots, dot_nodes = dots_of(tuple(head.node for head in ordered), ink, space)
    levels = max((FLAG_LEVELS[node.label] for node in flags), default=0)
    levels = levels or (len(beams) if ink.trusted else beam_levels(beams, stem, direction, space))
    return Item(
        id=0,
        x=_sounding_x(ordered, stem, direction),
        staff=_majority(ordered),
        heads=ordered,
        stem=stem,
        direction=direction,
        beams=beams,
        flags=flags,
        levels=levels,
        dots=dots,
        dot_nodes=dot_nodes,
        figures=tuple(n for n in unique if n.label == "tupleBracket" or n.label.startswith("numeral")),
        tremolos=tuple(n for n in ink.graph.targets(stem.id) if n.label in TREMOLOS) if stem is not None else (),
        grace=_is_grace(ordered, ink),
        certain=ink.trusted and not ink.penned and _sure(head.node for head in ordered),
        told=next((ink.told[head.node.id] for head in ordered if head.node.id in ink.told), None),
        attached=unique,
    )


def _may_be_black(head: Node, ink: Ink, space: float) -> bool:
    """Whether a head can have beams: a white one that two voices share stands for a black one too."""
    return head.label == "noteheadFull" or (head.label == "noteheadHalf" and len(stems_of(head, ink, space)) > 1)


def _shared(head: Head, ink: Ink) -> bool:
    """Whether a head has the stems of two voices, and so perhaps the beams of both."""
    return sum(node.label == "stem" for node in ink.graph.targets(head.node.id)) > 1


def _on_side(node: Node, heads: tuple[Head, ...], direction: int) -> bool:
    """Whether a beam or flag lies where the stem points: a head two voices share is related to the beams of both."""
    y = node.box.center.y
    if direction > 0:
        return y < heads[0].node.box.center.y
    return direction == 0 or y > heads[-1].node.box.center.y


def _certain(heads: tuple[Head, ...], beams: Sequence[Node], ink: Ink) -> bool:
    """Whether the chord's beams were related to it beyond doubt, as a person does; a model's relations are checked by touch."""
    ids = {head.node.id for head in heads}
    return ink.trusted or (bool(beams) and all(any((head, beam.id) in ink.certain for head in ids) for beam in beams))


def _direction(heads: tuple[Head, ...], stem: Node | None) -> int:
    if stem is None:
        return 0
    above = heads[-1].node.box.center.y - stem.box.top
    below = stem.box.bottom - heads[0].node.box.center.y
    return 1 if above >= below else -1


def _sounding_x(heads: tuple[Head, ...], stem: Node | None, direction: int) -> float:
    """Centre of the heads on their proper side of the stem."""
    xs = [head.node.box.center.x for head in heads]
    if stem is not None and direction:
        proper = [x for x in xs if (stem.box.center.x - x) * direction > 0]
        xs = proper or xs
    return sum(xs) / len(xs)


def _majority(heads: tuple[Head, ...]) -> int:
    rows = [head.staff for head in heads]
    return max(sorted(set(rows)), key=rows.count)


def _is_grace(heads: tuple[Head, ...], ink: Ink) -> bool:
    if all(head.node.label in SMALL_NOTEHEADS for head in heads):
        return True
    if ink.trusted:
        return False
    full = [head for head in heads if head.node.label == "noteheadFull"]
    return len(full) == len(heads) and all(head.node.id in ink.small for head in heads)


def _sure(nodes: Iterable[Node]) -> bool:
    """Whether nobody but a person, or the page's maker, named them."""
    return all(node.score >= 1 and not node.scores for node in nodes)


def rest_of(node: Node, row: int, ink: Ink, space: float) -> Item:
    dots, dot_nodes = dots_of((node,), ink, space)
    related = ink.graph.targets(node.id)
    return Item(
        id=0,
        x=node.box.center.x,
        staff=row,
        rest=node,
        dots=dots,
        dot_nodes=dot_nodes,
        figures=tuple(n for n in related if n.label == "tupleBracket" or n.label.startswith("numeral")),
        certain=ink.trusted and not ink.penned and _sure((node,)),
        told=ink.told.get(node.id),
        attached=tuple(related),
    )
