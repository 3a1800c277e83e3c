"""From the graph's nodes to chords and rests, system by system.

A stem makes a chord of the heads it touches. What the graph does not relate is related by touch: stems and heads, beams and
stem ends, flags and stem ends, dots and the heads to their left. Beams related by a model are counted again by touch, which
on old prints is right more often.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from omr.labels import CLEFS, FLAGS, NOTEHEADS, NUMERALS, RESTS, SMALL_NOTEHEADS, TREMOLOS
from omr.memory import remembered
from omr.notation import Node, NotationGraph, Staff
from omr.reading.beaming import (
    FLAG_LEVELS,
    beam_groups,
    beam_levels,
    spikes_of,
    touched_beams,
    touched_flags,
    with_slanted_levels,
    without_intruders,
)
from omr.reading.clefs import HEADER
from omr.reading.dots import with_nearest_dots, with_shared_dots
from omr.reading.items import Head, Item
from omr.reading.layout import System
from omr.reading.page import ReadPage
from omr.reading.page import trusted as all_certain
from omr.reading.placing import LEDGER_REACH, head_position, head_row, ledger_stretch, nearest
from omr.reading.slant import upright
from omr.score import NoteType

TOUCH_X = 0.45  # staff spaces between a head's side and its stem
TOUCH_Y = 0.6  # staff spaces a head's centre may lie beyond its stem's end
SECOND_STEM = 0.3  # staff spaces between a head's side and the stem of a second voice that no relation tells of
AT_HEAD = 0.9  # staff spaces between the middles of a head and of the ledger line it stands on, or next to
FAR = 5  # half staff spaces from the staff where a head without any ledger line is none: a metronome mark's, a digit
DOT_X = 2.4  # staff spaces from the right side of a head to the centre of its dot
DOT_Y = 0.75  # staff spaces between a head's centre and its dot
IN_NUMERALS = 0.6  # of a rest's area: digits that cover as much are what is printed
SMALL = 0.78  # a head this much narrower than the page's usual one is a grace note


Lengths = tuple[tuple[int, NoteType, int], ...]
"""(id of a head or rest, note type, dots)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ink:
    """The nodes of one system by kind."""

    graph: NotationGraph
    stems: tuple[Node, ...]
    stem_xs: tuple[float, ...]
    """Centres of the stems, rising."""
    beams: tuple[Node, ...]
    flags: tuple[Node, ...]
    dots: tuple[Node, ...]
    clefs: tuple[Node, ...]
    numerals: tuple[Node, ...]
    ledgers: tuple[Node, ...]
    """In the order of their middles' x, `ledger_xs`."""
    ledger_xs: tuple[float, ...]
    certain: frozenset[tuple[int, int]]
    """Relations of probability 1."""
    trusted: bool
    """Every relation is certain, as where a person has related the ink: then what is not related is not."""
    small: frozenset[int]
    """Full heads as small as those of grace notes."""
    stretch: float
    """Staff spaces between ledger lines."""
    told: Mapping[int, tuple[NoteType, int]]
    """Lengths a person gave, by the id of a head or rest."""


def gather(page: ReadPage, systems: Sequence[System], graphs: Sequence[NotationGraph]) -> tuple[tuple[Item, ...], ...]:
    """The chords and rests of each system of a page, in order of x; `graphs` are the ink of each system (zones)."""
    sizes = _sizes(page.graph, systems)
    return tuple(
        remembered(
            _gathered,
            graph,
            tuple(systems),
            place,
            sizes.trusted,
            sizes.small.intersection(graph.by_id),
            sizes.stretch,
            tuple(each for each in page.told if each[0] in graph.by_id),
        )
        for place, graph in enumerate(graphs)
    )


def _gathered(
    graph: NotationGraph,
    systems: Sequence[System],
    place: int,
    trusted: bool,
    small: frozenset[int],
    stretch: float,
    told: Lengths,
) -> tuple[Item, ...]:
    system = systems[place]
    graph = with_nearest_dots(graph, system.space)
    ink = _sort(graph, trusted=trusted, small=small, stretch=stretch, told=told)
    heads: list[Head] = []
    rests: list[tuple[Node, int]] = []
    for node in sorted(graph.nodes, key=lambda node: node.id):
        if node.label in NOTEHEADS or node.label in RESTS:
            home = nearest(systems, node.box)
            if home is None or home[0] != place or _in_clef(node, system.staves[home[1]], ink.clefs):
                continue
            if node.label in RESTS:
                if not _in_numerals(node, ink.numerals):
                    rests.append((node, home[1]))
            else:
                head = _head(system, home[1], node, ink)
                if head is not None:
                    heads.append(head)
    return _items(system, tuple(heads), tuple(rests), ink)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes:
    """What the whole page tells of its engraving."""

    trusted: bool
    small: frozenset[int]
    """Full heads as small as those of grace notes."""
    stretch: float


def _sizes(page: NotationGraph, systems: Sequence[System]) -> _Sizes:
    full = [node for node in page.nodes if node.label == "noteheadFull"]
    usual = median([node.box.width for node in full]) if full else 0.0
    heads = tuple(node for node in page.nodes if node.label in NOTEHEADS)
    ledgers = tuple(node for node in page.nodes if node.label == "legerLine")
    return _Sizes(
        trusted=all_certain(page),
        small=frozenset(node.id for node in full if node.box.width < SMALL * usual),
        stretch=ledger_stretch(systems, heads, ledgers),
    )


def _sort(
    graph: NotationGraph,
    *,
    trusted: bool,
    small: frozenset[int],
    stretch: float,
    told: Lengths,
) -> _Ink:
    def of(*labels: str) -> tuple[Node, ...]:
        return tuple(sorted((n for n in graph.nodes if n.label in labels), key=lambda n: (n.box.left, n.id)))

    def across(*labels: str) -> tuple[Node, ...]:
        return tuple(sorted(of(*labels), key=lambda node: (node.box.center.x, node.id)))

    stems, ledgers = across("stem"), across("legerLine")
    return _Ink(
        graph=graph,
        stems=stems,
        stem_xs=tuple(node.box.center.x for node in stems),
        beams=of("beam"),
        flags=of(*FLAGS),
        dots=of("augmentationDot"),
        clefs=of(*CLEFS),
        numerals=of(*NUMERALS),
        ledgers=ledgers,
        ledger_xs=tuple(node.box.center.x for node in ledgers),
        certain=frozenset((edge.source, edge.target) for edge in graph.edges if edge.score >= 1.0),
        trusted=trusted,
        small=small,
        stretch=stretch,
        told={node: (kind, dots) for node, kind, dots in told},
    )


def _in_clef(node: Node, staff: Staff, clefs: Sequence[Node]) -> bool:
    """Whether a head or rest is a piece of a clef, or stands before the clef that opens its staff."""
    centre = node.box.center
    for clef in clefs:
        if clef.box.contains(centre) and clef.score >= node.score:
            return True
        opens = clef.box.left < staff.box.left + HEADER * staff.staff_space
        if opens and centre.x < clef.box.right and staff.box.top < clef.box.center.y < staff.box.bottom:
            return True
    return False


def _in_numerals(rest: Node, numerals: Sequence[Node]) -> bool:
    """Whether a rest is made of the digits of a time signature, which were seen more surely."""
    shared = sum(rest.box.intersection(node.box) for node in numerals if node.score > rest.score)
    return shared > IN_NUMERALS * rest.box.area


def _head(system: System, row: int, node: Node, ink: _Ink) -> Head | None:
    """The head on its staff; None for what stands so far off that it would have ledger lines, and has none."""
    linked = tuple(n for n in ink.graph.targets(node.id) if n.label == "legerLine")
    x, reach = node.box.center.x, 2 * system.space
    near = ink.ledgers[bisect_left(ink.ledger_xs, x - reach) : bisect_right(ink.ledger_xs, x + reach)]
    ledgers = (*linked, *near)
    row = head_row(system, row, node.box, ledgers)
    position = head_position(system.staves[row], node.box, ledgers, ink.stretch)
    off = not -FAR < position < 8 + FAR and not ink.trusted and node.origin != "human"
    if off and not _held(system.staves[row], node, position, ledgers):
        return None
    return Head(node=node, staff=row, position=position)


def _held(staff: Staff, head: Node, position: int, ledgers: Sequence[Node]) -> bool:
    """Whether a ledger line holds a head beyond the staff: one at the head, or half of those that lead to it."""
    centre, space = head.box.center, staff.staff_space
    edge = staff.y_of(centre.x, 0.0 if position < 0 else 8.0)
    low, high = sorted((edge, centre.y))
    beside = {
        line.id: line.box.center.y
        for line in ledgers
        if abs(line.box.center.x - centre.x) < LEDGER_REACH * space
        and low - AT_HEAD * space < line.box.center.y < high + AT_HEAD * space
    }
    wanted = (-position if position < 0 else position - 8) // 2
    return any(abs(y - centre.y) < AT_HEAD * space for y in beside.values()) or 2 * len(beside) >= wanted


def _items(system: System, heads: tuple[Head, ...], rests: tuple[tuple[Node, int], ...], ink: _Ink) -> tuple[Item, ...]:
    chords: dict[int, list[Head]] = {}
    lone: list[Head] = []
    for head in heads:
        stems = _stems_of(head.node, ink, system.space)
        for stem in stems:
            chords.setdefault(stem.id, []).append(head)
        if not stems:
            lone.append(head)
    lone = _adopt(chords, lone, ink, system.space)
    by_id = ink.graph.by_id
    found = [_chord(tuple(members), by_id[stem], ink, system.space) for stem, members in sorted(chords.items())]
    found.extend(_chord((head,), None, ink, system.space) for head in lone)
    found.extend(_rest(node, row, ink, system.space) for node, row in rests)
    if not ink.trusted:
        found = with_slanted_levels(without_intruders(found, system.space), system.space)
    found = list(upright(found, system))
    ordered = _with_partners(sorted(found, key=lambda item: (item.x, item.staff, item.direction, _first_node(item))))
    groups = beam_groups(ordered)
    spikes = spikes_of(ordered, groups)
    numbered = [
        replace(item, id=index, group=groups[index], spike=index in spikes) for index, item in enumerate(ordered)
    ]
    return tuple(with_shared_dots(numbered))


def _with_partners(items: Sequence[Item]) -> list[Item]:
    """The items, strokes between two chords kept only where they join exactly two."""
    joined = Counter(node.id for item in items for node in item.tremolos)
    return [
        replace(item, tremolos=tuple(n for n in item.tremolos if n.label == "singleNoteTremolo" or joined[n.id] == 2))
        if item.tremolos
        else item
        for item in items
    ]


def _first_node(item: Item) -> int:
    return item.rest.id if item.rest is not None else min(head.node.id for head in item.heads)


def _stems_of(head: Node, ink: _Ink, space: float) -> tuple[Node, ...]:
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


def _second_stem(head: Node, stem: Node, ink: _Ink, space: float) -> tuple[Node, ...]:
    """The stem of another voice that begins at the head too, on its other side and the other way."""
    reach = SECOND_STEM * space
    first = bisect_left(ink.stem_xs, head.box.left - reach)
    last = bisect_right(ink.stem_xs, head.box.right + reach)
    y = head.box.center.y
    for other in ink.stems[first:last]:
        side = min(abs(other.box.center.x - head.box.left), abs(other.box.center.x - head.box.right))
        start = min((other.box.top, other.box.bottom), key=lambda end: abs(end - y))
        own = [node.box.center.y for node in ink.graph.sources(other.id) if node.label in NOTEHEADS]
        begins = abs(start - y) < min([TOUCH_Y * space, *(abs(start - mate) for mate in own)])
        if other.id != stem.id and side < reach and begins and _shared(head, (stem, other)):
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


def _adopt(chords: dict[int, list[Head]], lone: Sequence[Head], ink: _Ink, space: float) -> list[Head]:
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


def _spans_head(stem: Node, x: float, y: float, space: float) -> bool:
    near = abs(stem.box.center.x - x) < 1.0 * space
    return near and stem.box.top - 0.7 * space < y < stem.box.bottom + 0.7 * space


def _chord(heads: tuple[Head, ...], stem: Node | None, ink: _Ink, space: float) -> Item:
    ordered = tuple(sorted(heads, key=lambda head: (-head.node.box.center.y, head.node.id)))
    direction = _direction(ordered, stem)
    related = [node for head in ordered for node in ink.graph.targets(head.node.id)]
    unique = tuple({node.id: node for node in related}.values())
    flags = tuple(node for node in unique if node.label in FLAG_LEVELS and _on_side(node, ordered, direction))
    beams = tuple(node for node in unique if node.label == "beam" and _on_side(node, ordered, direction))
    if stem is not None and not flags and ordered[0].node.label == "noteheadFull" and not _certain(ordered, beams, ink):
        beams = touched_beams(stem, direction, ink.beams, space) or beams
        flags = () if beams else touched_flags(stem, direction, ink.flags, space)
    dots, dot_nodes = _dots(tuple(head.node for head in ordered), ink, space)
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
        told=next((ink.told[head.node.id] for head in ordered if head.node.id in ink.told), None),
        attached=unique,
    )


def _on_side(node: Node, heads: tuple[Head, ...], direction: int) -> bool:
    """Whether a beam or flag lies where the stem points: a head two voices share is related to the beams of both."""
    y = node.box.center.y
    if direction > 0:
        return y < heads[0].node.box.center.y
    return direction == 0 or y > heads[-1].node.box.center.y


def _certain(heads: tuple[Head, ...], beams: Sequence[Node], ink: _Ink) -> bool:
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


def _is_grace(heads: tuple[Head, ...], ink: _Ink) -> bool:
    if all(head.node.label in SMALL_NOTEHEADS for head in heads):
        return True
    if ink.trusted:
        return False
    full = [head for head in heads if head.node.label == "noteheadFull"]
    return len(full) == len(heads) and all(head.node.id in ink.small for head in heads)


def _dots(nodes: Sequence[Node], ink: _Ink, space: float) -> tuple[int, tuple[Node, ...]]:
    """Number of dots of a chord or rest and their nodes: the most any one head has."""
    linked = {
        node.id: tuple(dot for dot in ink.graph.targets(node.id) if dot.label == "augmentationDot") for node in nodes
    }
    if not any(linked.values()) and not ink.trusted:
        linked = {node.id: _dots_beside(node, ink, space) for node in nodes}
    every = {dot.id: dot for dots in linked.values() for dot in dots}
    if not every:
        return 0, ()
    dots = tuple(every[key] for key in sorted(every))
    rows = [sum(abs(dot.box.center.y - other.box.center.y) < 0.35 * space for other in dots) for dot in dots]
    return min(2, max(rows)), dots


def _dots_beside(node: Node, ink: _Ink, space: float) -> tuple[Node, ...]:
    centre = node.box.center
    return tuple(
        dot
        for dot in ink.dots
        if 0 < dot.box.center.x - node.box.right < DOT_X * space
        and abs(dot.box.center.y - centre.y) < DOT_Y * space
        and not ink.graph.sources(dot.id)
    )[:2]


def _rest(node: Node, row: int, ink: _Ink, space: float) -> Item:
    dots, dot_nodes = _dots((node,), ink, space)
    related = ink.graph.targets(node.id)
    return Item(
        id=0,
        x=node.box.center.x,
        staff=row,
        rest=node,
        dots=dots,
        dot_nodes=dot_nodes,
        figures=tuple(n for n in related if n.label == "tupleBracket" or n.label.startswith("numeral")),
        told=ink.told.get(node.id),
        attached=tuple(related),
    )
