"""Slurs: arcs that are no ties, from the first to the last chord they are related to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.score import Event, SlurMark


def with_slurs(document: Document, bar: TimedBar, events: Sequence[Event]) -> tuple[Event, ...]:
    """The bar's events with the slurs that begin or end at them."""
    place = bar.ink.system
    ends = _ends(document, place)
    page = document.systems[place].page
    found = []
    for event in events:
        marks = {
            mark
            for tone in event.tones
            for node_page, node in tone.nodes
            if node_page == page
            for mark in ends.get(node, ())
        }
        if marks and event.grace is None:
            event = replace(event, slurs=tuple(sorted(marks, key=lambda mark: (mark.key, mark.kind))))
        found.append(event)
    return tuple(found)


def _ends(document: Document, place: int) -> dict[int, list[SlurMark]]:
    """Slur marks by the node id of the head at each end; arcs over fewer than two chords are left out."""
    graph, page = document.graphs[place], document.systems[place].page
    ties = document.ties[place].ink
    chords = {head.node.id: item for item in document.items[place] for head in item.heads if not item.grace}
    found: dict[int, list[SlurMark]] = {}
    for arc in sorted(graph.nodes, key=lambda node: node.id):
        if arc.label not in ("slur", "tie") or arc.id in ties:
            continue
        heads = [source.id for source in graph.sources(arc.id) if source.id in chords]
        if not heads:
            continue
        first = min(heads, key=lambda head: (chords[head].x, head))
        last = max(heads, key=lambda head: (chords[head].x, head))
        if chords[first].id == chords[last].id:
            continue
        key = f"{page}-{arc.id}"
        found.setdefault(first, []).append(SlurMark(kind="start", key=key))
        found.setdefault(last, []).append(SlurMark(kind="stop", key=key))
    return found
