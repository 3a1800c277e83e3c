"""Which stems a head has: those related to it, else the one it touches best; two where two voices share the head."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from omr.labels import FLAGS, NOTEHEADS
from omr.notation import Node
from omr.reading.ink import Ink
from omr.reading.items import Head

TOUCH_X = 0.45  # staff spaces between a head's side and its stem
TOUCH_Y = 0.6  # staff spaces a head's centre may lie beyond its stem's end
COLOURS = ("noteheadFull", "noteheadHalf")
SHORTENING = frozenset(("beam", *FLAGS))
SURE_COLOUR = 0.9  # score of a head from which it is not the other kind
SECOND_STEM = 0.3  # staff spaces between a head's side and the stem of a second voice that no relation tells of


def stems_of(head: Node, ink: Ink, space: float) -> tuple[Node, ...]:
    """The head's stems: those the graph relates to it (two where two voices share a head), else the one it touches best."""
    linked = tuple(node for node in ink.graph.targets(head.id) if node.label == "stem")
    if len(linked) == 1:
        return (*linked, *(() if ink.trusted else _second_stem(head, linked[0], ink, space)))
    if len(linked) > 1 and _shared(head, linked):
        return linked[:2]
    if linked:
        return (min(linked, key=lambda stem: (_gap(head, stem, space), -stem.box.height, stem.id)),)
    if head.label in ("noteheadWhole", "noteheadDoubleWhole") or ink.trusted:
        return ()
    reach = TOUCH_X * space
    first = bisect_left(ink.stem_xs, head.box.left - reach)
    last = bisect_right(ink.stem_xs, head.box.right + reach)
    touching = [(gap, stem.id, stem) for stem in ink.stems[first:last] if (gap := _gap(head, stem, space)) < 1.0]
    return (min(touching)[2],) if touching else ()


def _second_stem(head: Node, stem: Node, ink: Ink, space: float) -> tuple[Node, ...]:
    """The stem of another voice that begins at the head too, on its other side and the other way."""
    reach = SECOND_STEM * space
    first = bisect_left(ink.stem_xs, head.box.left - reach)
    last = bisect_right(ink.stem_xs, head.box.right + reach)
    y = head.box.center.y
    for other in ink.stems[first:last]:
        x = other.box.center.x
        if other.id == stem.id or min(abs(x - head.box.left), abs(x - head.box.right)) >= reach:
            continue
        start = min((other.box.top, other.box.bottom), key=lambda end: abs(end - y))
        own = [node.box.center.y for node in ink.graph.sources(other.id) if node.label in NOTEHEADS]
        begins = abs(start - y) < min([TOUCH_Y * space, *(abs(start - mate) for mate in own)])
        if begins and _shared(head, (stem, other)):
            return (other,)
    return ()


def _shared(head: Node, stems: Sequence[Node]) -> bool:
    """Whether two stems are those of two voices that share a head: one up on its right, one down on its left."""
    centre = head.box.center
    left, right = sorted(stems[:2], key=lambda stem: (stem.box.center.x, stem.id))
    apart = right.box.center.x - left.box.center.x > 0.5 * head.box.width
    return apart and right.box.center.y < centre.y < left.box.center.y


def _gap(head: Node, stem: Node, space: float) -> float:
    """How far a stem is from touching a head's side, 0-1 within reach; above 1 beyond it."""
    x, centre = stem.box.center.x, head.box.center
    side = min(abs(x - head.box.left), abs(x - head.box.right)) / (TOUCH_X * space)
    beyond = max(stem.box.top - centre.y, centre.y - stem.box.bottom, 0.0) / (TOUCH_Y * space)
    return max(side, beyond)


def adopt(chords: dict[int, list[Head]], lone: Sequence[Head], ink: Ink, space: float) -> list[Head]:
    """Heads without a stem that stand beside another chord's stem join it; returns the rest."""
    left = []
    for head in lone:
        if head.node.label in ("noteheadWhole", "noteheadDoubleWhole") or ink.trusted:
            left.append(head)
            continue
        centre = head.node.box.center
        homes = [
            stem
            for stem in sorted(chords)
            if _spans_head(ink.graph.by_id[stem], centre.x, centre.y, space)
            and any(other.staff == head.staff for other in chords[stem])
        ]
        if homes:
            chords[homes[0]].append(head)
        else:
            left.append(head)
    return left


def by_colour(heads: Sequence[Head], stem: int, ink: Ink) -> tuple[tuple[Head, ...], ...]:
    """The heads of a stem as chords: black and white heads are two voices that share it, or one of them has its own.

    Not on a stem with beams or flags: what looks white there is a worn black head.
    """
    kinds = {label: tuple(head for head in heads if head.node.label == label) for label in COLOURS}
    if not all(kinds.values()) or any(head.node.score < SURE_COLOUR for head in heads) or ink.trusted:
        return (tuple(heads),)
    if any(node.label in SHORTENING for head in heads for node in ink.graph.targets(head.node.id)):
        return (tuple(heads),)
    rest = tuple(head for head in heads if head.node.label not in COLOURS)
    groups = sorted(kinds.values(), key=len, reverse=True)
    groups[0] += rest
    own = tuple(group for group in groups if not all(_has_other_stem(head.node, stem, ink) for head in group))
    return own or (tuple(heads),)


def _has_other_stem(head: Node, stem: int, ink: Ink) -> bool:
    return any(node.label == "stem" and node.id != stem for node in ink.graph.targets(head.id))


def _spans_head(stem: Node, x: float, y: float, space: float) -> bool:
    near = abs(stem.box.center.x - x) < 1.0 * space
    return near and stem.box.top - 0.7 * space < y < stem.box.bottom + 0.7 * space
