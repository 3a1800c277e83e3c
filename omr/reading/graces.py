"""Grace notes: small heads before a chord, kept out of the bar's arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.reading.events import ToneOf, tones_of
from omr.reading.items import Item
from omr.reading.values import QUARTER, TYPES
from omr.score import Event, NodeRef


def grace_events(
    document: Document, bar: TimedBar, rows: Mapping[int, int], events: Sequence[Event], tone: ToneOf
) -> tuple[Event, ...]:
    """The grace notes of a bar, each in the voice and at the onset of the next chord on its staff."""
    place = bar.ink.system
    page = document.systems[place].page
    by_node: dict[NodeRef, Event] = {node: event for event in events for t in event.tones for node in t.nodes}
    found = []
    for item in sorted(bar.ink.graces, key=lambda item: (item.x, item.id)):
        after = [
            e.item for e in bar.reading.placed if e.item.staff == item.staff and e.item.heads and e.item.x > item.x
        ]
        if item.staff not in rows or not after:
            continue
        main = min(after, key=lambda other: (other.x, other.id))
        event = by_node.get((page, main.heads[0].node.id))
        if event is not None:
            found.append(_grace(document, place, item, event, tone))
    return tuple(found)


def _grace(document: Document, place: int, item: Item, main: Event, tone: ToneOf) -> Event:
    graph, page = document.graphs[place], document.systems[place].page
    strokes = graph.targets(item.stem.id) if item.stem is not None else ()
    slashed = any(node.label == "graceNoteAcciaccatura" for node in strokes)
    ink = [*item.flags, *item.beams, *strokes] + ([item.stem] if item.stem is not None else [])
    return Event(
        onset=main.onset,
        duration=Fraction(0),
        type=TYPES[min(len(TYPES) - 1, QUARTER + max(1, item.levels))],
        tones=tones_of(item, tone),
        voice=main.voice,
        staff=main.staff,
        stem="up" if item.direction >= 0 else "down",
        grace="slashed" if slashed else "plain",
        nodes=tuple((page, node) for node in sorted({node.id for node in ink})),
    )
