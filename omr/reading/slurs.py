"""Slurs: arcs that are no ties, from the first to the last chord they are related to.

An arc that runs out of its system at the right and one that runs into the next from the left, in the same part, are one slur.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from omr.notation import Node, NotationGraph
from omr.reading.document import Document
from omr.reading.items import Head, Item
from omr.score import Event, NodeRef, SlurMark

OVERHANG = 1.2  # staff spaces an arc runs beyond the middle of a chord where it goes on in another system
EDGE = 3.0  # staff spaces from the system's right end within which such an arc ends
ASIDE = 8.0  # staff spaces the halves of a slur may differ in their height above the staff
OTHER_STAFF = 3.0  # what it counts, in staff spaces, that the halves stand on two staves of the part

Marks = Mapping[NodeRef, tuple[SlurMark, ...]]
"""The ends of slurs by the head at which they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arc:
    """An arc over the chords of one system."""

    node: Node
    first: Head
    last: Head
    staves: tuple[int, int]
    """Of the document, of its two ends."""
    height: float
    """Of its middle above the top line of the staff, in staff spaces."""
    enters: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class _Open:
    """A slur that goes on in the next system: where it began, and the last arc of it."""

    key: str
    start: NodeRef
    arc: _Arc
    page: int


def read_slurs(document: Document) -> Marks:
    """All slurs of the document; arcs over fewer than two chords are left out unless they go on in another system."""
    found: dict[NodeRef, list[SlurMark]] = {}
    waiting: tuple[_Open, ...] = ()
    for place, system in enumerate(document.systems):
        arcs = tuple(_arcs(document, place))
        joined = {} if place in document.starts else _halves(waiting, arcs, document.groups)
        for slur in waiting:
            if slur not in joined.values():
                _mark(found, slur.key, slur.start, (slur.page, slur.arc.last.node.id))
        following = []
        for arc in arcs:
            before = joined.get(arc.node.id)
            key = before.key if before else f"{system.page}-{arc.node.id}"
            start = before.start if before else (system.page, arc.first.node.id)
            if arc.leaves:
                following.append(_Open(key, start, arc, system.page))
            else:
                _mark(found, key, start, (system.page, arc.last.node.id))
        waiting = tuple(following)
    for slur in waiting:
        _mark(found, slur.key, slur.start, (slur.page, slur.arc.last.node.id))
    return {head: tuple(sorted(marks, key=lambda mark: (mark.key, mark.kind))) for head, marks in found.items()}


def with_slurs(slurs: Marks, page: int, events: Sequence[Event]) -> tuple[Event, ...]:
    """Events of one page with the slurs that begin or end at them."""
    found = []
    for event in events:
        heads = [ref for tone in event.tones for ref in tone.nodes if ref[0] == page]
        marks = {mark for ref in heads for mark in slurs.get(ref, ())}
        if marks and event.grace is None:
            event = replace(event, slurs=tuple(sorted(marks, key=lambda mark: (mark.key, mark.kind))))
        found.append(event)
    return tuple(found)


def _mark(found: dict[NodeRef, list[SlurMark]], key: str, start: NodeRef, stop: NodeRef) -> None:
    if start != stop:
        found.setdefault(start, []).append(SlurMark(kind="start", key=key))
        found.setdefault(stop, []).append(SlurMark(kind="stop", key=key))


def _arcs(document: Document, place: int) -> Iterator[_Arc]:
    """The slurs of one system in order of id."""
    graph: NotationGraph = document.graphs[place]
    system, ties = document.systems[place], document.ties[place].ink
    staves = {rows[place]: staff for staff, rows in enumerate(document.rows)}
    chords = {head.node.id: (item, head) for item in document.items[place] for head in item.heads if not item.grace}
    lefts = _leftmost(document.items[place])
    right = max(span.right for span in system.spans)
    for node in sorted(graph.nodes, key=lambda node: node.id):
        if node.label not in ("slur", "tie") or node.id in ties:
            continue
        under = [chords[source.id] for source in graph.sources(node.id) if source.id in chords]
        if not under:
            continue
        _, first = min(under, key=lambda chord: (chord[0].x, chord[1].node.id))
        _, last = max(under, key=lambda chord: (chord[0].x, chord[1].node.id))
        box, beyond = node.box, OVERHANG * system.space
        yield _Arc(
            node=node,
            first=first,
            last=last,
            staves=(staves[first.staff], staves[last.staff]),
            height=(system.staves[first.staff].box.top - box.center.y) / system.space,
            enters=box.left < min(first.node.box.center.x - beyond, lefts[first.staff]),
            leaves=box.right > max(last.node.box.center.x + beyond, right - EDGE * system.space),
        )


def _leftmost(items: Sequence[Item]) -> dict[int, float]:
    """The left side of the first head of each staff."""
    found: dict[int, float] = {}
    for head in (head for item in items for head in item.heads):
        found[head.staff] = min(found.get(head.staff, head.node.box.left), head.node.box.left)
    return found


def _halves(waiting: Sequence[_Open], arcs: Sequence[_Arc], groups: Sequence[int]) -> dict[int, _Open]:
    """By the id of an entering arc the slur it goes on with: the nearest in height first, each once."""
    ends = tuple(accumulate(groups))
    ways = []
    for index, slur in enumerate(waiting):
        for arc in arcs:
            upper, lower = slur.arc.staves[1], arc.staves[0]
            if not arc.enters or bisect_right(ends, upper) != bisect_right(ends, lower):
                continue
            aside = abs(slur.arc.height - arc.height)
            if aside < ASIDE:
                ways.append((aside + (OTHER_STAFF if upper != lower else 0.0), index, arc.node.id))
    joined: dict[int, _Open] = {}
    for _, index, arc_id in sorted(ways):
        if arc_id not in joined and waiting[index] not in joined.values():
            joined[arc_id] = waiting[index]
    return joined
