"""From the graph's nodes to chords and rests, system by system.

A stem makes a chord of the heads it touches. What the graph does not relate is related by touch: stems and heads, beams and
stem ends, flags and stem ends, dots and the heads to their left. Beams related by a model are counted again by touch, which
on old prints is right more often.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from omr.labels import NOTEHEADS, RESTS
from omr.memory import recalled, remembered
from omr.notation import Node, NotationGraph, Staff
from omr.reading.beaming import (
    beam_groups,
    spikes_of,
    with_slanted_levels,
    without_intruders,
)
from omr.reading.chords import chord_of, rest_of
from omr.reading.clefs import HEADER
from omr.reading.dots import with_nearest_dots, with_shared_dots
from omr.reading.figures import with_whole_figures
from omr.reading.ink import Ink, Lengths, sizes_of, sorted_ink
from omr.reading.items import Head, Item
from omr.reading.layout import System
from omr.reading.missed_beams import under_more_beams
from omr.reading.page import ReadPage
from omr.reading.placing import (
    LEDGER_REACH,
    REACH,
    counted_position,
    head_position,
    head_row,
    led_to,
    nearest,
    pointed_to,
)
from omr.reading.renumber import known
from omr.reading.slant import upright
from omr.reading.stacked import stacked
from omr.reading.stems import adopt, by_colour, stems_of

AT_HEAD = 0.9  # staff spaces between the middles of a head and of the ledger line it stands on, or next to
AT_EDGE = 0.2  # staff spaces between a stem's middle and the edge of its head
FAR_REST = 10  # half staff spaces from the staff where a rest is none
SURE_REST = 10.0  # staff spaces from the staff up to which a rest may be moved out of another voice's way
FAR = 5  # half staff spaces from the staff where a head without any ledger line is none: a metronome mark's, a digit
IN_NUMERALS = 0.6  # of a rest's area: digits that cover as much are what is printed


def gather(page: ReadPage, systems: Sequence[System], graphs: Sequence[NotationGraph]) -> tuple[tuple[Item, ...], ...]:
    """The chords and rests of each system of a page, in order of x; `graphs` are the ink of each system (zones)."""
    sizes = sizes_of(page.graph, systems)
    return tuple(
        remembered(
            _gathered,
            graph,
            tuple(systems),
            place,
            sizes.trusted,
            sizes.penned,
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
    penned: bool,
    small: frozenset[int],
    stretch: float,
    told: Lengths,
) -> tuple[Item, ...]:
    system = systems[place]
    graph = with_nearest_dots(graph, system.space)
    ink = sorted_ink(graph, trusted=trusted, penned=penned, small=small, stretch=stretch, told=told)
    heads: list[Head] = []
    rests: list[tuple[Node, int]] = []
    for node in sorted(graph.nodes, key=lambda node: node.id):
        if node.label in NOTEHEADS or node.label in RESTS:
            home = _home(systems, node, graph, ink, system.space)
            if home is None or home[0] != place or _in_clef(node, system.staves[home[1]], ink.clefs):
                continue
            if node.label in RESTS:
                if not _in_numerals(node, ink.numerals) and not _far_rest(node, system.staves[home[1]], ink):
                    rests.append((node, home[1]))
            else:
                head = _head(system, home[1], node, ink)
                if head is not None:
                    heads.append(head)
    return _items(system, tuple(heads), tuple(rests), ink)


def _home(
    systems: Sequence[System], node: Node, graph: NotationGraph, ink: Ink, space: float
) -> tuple[int, int] | None:
    """(place of the system in `systems`, row of the staff) that a head or rest stands on."""
    if ink.trusted:
        own = tuple(line for line in graph.targets(node.id) if line.label == "legerLine")
        return recalled(
            (systems, node, *own),
            None,
            lambda: (
                led_to(systems, node.box, own)
                or pointed_to(systems, node.box, own)
                or nearest(systems, node.box, reach=_reach(node, own))
            ),
        )
    near = tuple(_ledgers_at(node, ink, space)) if node.label in NOTEHEADS else ()
    return recalled((systems, node, *near), None, lambda: nearest(systems, node.box, near))


def _reach(node: Node, own: Sequence[Node]) -> float:
    """Staff spaces from its staff at which a symbol may stand that is certainly music: with ledger lines anywhere."""
    if own:
        return inf
    return SURE_REST if node.label in RESTS else REACH


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


def _ledgers_at(head: Node, ink: Ink, space: float) -> Sequence[Node]:
    """Ledger lines above and below a head."""
    x, reach = head.box.center.x, LEDGER_REACH * space
    return ink.ledgers[bisect_left(ink.ledger_xs, x - reach) : bisect_right(ink.ledger_xs, x + reach)]


def _far_rest(rest: Node, staff: Staff, ink: Ink) -> bool:
    """Whether a rest stands where no voice puts one: a rehearsal mark's letter or figure, a sign of a text."""
    position = staff.position_at(rest.box.center.x, rest.box.center.y)
    return not -FAR_REST < position < 8 + FAR_REST and not ink.trusted and rest.origin != "human"


def _in_numerals(rest: Node, numerals: Sequence[Node]) -> bool:
    """Whether a rest is made of the digits of a time signature, which were seen more surely."""
    shared = sum(rest.box.intersection(node.box) for node in numerals if node.score > rest.score)
    return shared > IN_NUMERALS * rest.box.area


def _head(system: System, row: int, node: Node, ink: Ink) -> Head | None:
    """The head on its staff; None for a digit, and for what stands alone so far off that ledger lines would hold it."""
    if node.id in ink.small and not (ink.trusted or node.origin == "human" or _beside_stem(node, ink, system.space)):
        return None
    linked = tuple(n for n in ink.graph.targets(node.id) if n.label == "legerLine")
    x, reach = node.box.center.x, 2 * system.space
    near = ink.ledgers[bisect_left(ink.ledger_xs, x - reach) : bisect_right(ink.ledger_xs, x + reach)]
    ledgers = (*linked, *near)
    row, position = recalled(
        (system, node, ledgers),
        (row, ink.trusted, ink.stretch),
        lambda: _placed(system, row, node, ledgers, linked, ink),
    )
    off = not -FAR < position < 8 + FAR and not ink.trusted and node.origin != "human"
    if off and not _held(system.staves[row], node, position, ledgers) and not _in_chord(system.staves[row], node, ink):
        return None
    return Head(node=node, staff=row, position=position)


def _placed(
    system: System, row: int, node: Node, ledgers: Sequence[Node], linked: Sequence[Node], ink: Ink
) -> tuple[int, int]:
    """(row of the staff, position on it) of a head by its ledger lines, `linked` being related to it."""
    row = head_row(system, row, node.box, ledgers, own=linked if ink.trusted else ())
    counted = counted_position(system.staves[row], node.box, linked) if ink.trusted else None
    return row, head_position(system.staves[row], node.box, ledgers, ink.stretch) if counted is None else counted


def _beside_stem(head: Node, ink: Ink, space: float) -> bool:
    """Whether a stem stands at the head's left or right edge: the stem of a grace note does, a fingering's digit has none."""
    x, reach = head.box.center.x, head.box.width
    near = ink.stems[bisect_left(ink.stem_xs, x - reach) : bisect_right(ink.stem_xs, x + reach)]
    return any(
        abs(abs(stem.box.center.x - x) - head.box.width / 2) < AT_EDGE * space
        and stem.box.top - AT_EDGE * space < head.box.center.y < stem.box.bottom + AT_EDGE * space
        for stem in near
    )


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


def _in_chord(staff: Staff, head: Node, ink: Ink) -> bool:
    """Whether the head's stem bears another one that stands nearer to the staff: heads of metronome marks stand alone."""
    stems = [node.id for node in ink.graph.targets(head.id) if node.label == "stem"]
    others = {other.id: other for stem in stems for other in ink.graph.sources(stem) if other.label in NOTEHEADS}
    middles = (other.box.center for other in others.values() if other.id != head.id)
    return any(-FAR < staff.position_at(middle.x, middle.y) < 8 + FAR for middle in middles)


def _items(system: System, heads: tuple[Head, ...], rests: tuple[tuple[Node, int], ...], ink: Ink) -> tuple[Item, ...]:
    chords: dict[int, list[Head]] = {}
    lone: list[Head] = []
    for head in heads:
        stems = stems_of(head.node, ink, system.space)
        for stem in stems:
            chords.setdefault(stem.id, []).append(head)
        if not stems:
            lone.append(head)
    lone = adopt(chords, lone, ink, system.space)
    by_id = ink.graph.by_id
    found = [
        chord_of(members, by_id[stem], ink, system.space)
        for stem, mixed in sorted(chords.items())
        for members in by_colour(mixed, stem, ink)
    ]
    found.extend(chord_of((head,), None, ink, system.space) for head in lone)
    found.extend(rest_of(node, row, ink, system.space) for node, row in rests)
    if not ink.trusted:
        found = with_slanted_levels(without_intruders(found, system.space), system.space)
    found = list(upright(found, system))
    ordered = _with_partners(sorted(found, key=lambda item: (item.x, item.staff, item.direction, _first_node(item))))
    if ink.penned:
        ordered = stacked(ordered, system.space)
    groups = beam_groups(ordered)
    spikes = spikes_of(ordered, groups)
    forgotten = under_more_beams(ordered, groups, system.space) if ink.trusted and ink.penned else frozenset()
    numbered = [
        replace(item, id=index, group=groups[index], spike=index in spikes, forgotten=index in forgotten)
        for index, item in enumerate(ordered)
    ]
    return tuple([known(item) for item in with_shared_dots(with_whole_figures(numbered))])


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
