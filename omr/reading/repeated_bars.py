"""The sign that repeats the bar before it: that music again, written out as MusicXML wants it.

The sign stands alone on its staff. Ties and slurs of the bar before are not repeated: their other ends may lie outside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from omr.notation import Node
from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.score import Event, Measure, NodeRef, Tone

SIGN = "repeat1Bar"


def repeat_signs(document: Document, bar: TimedBar, rows: Mapping[int, int]) -> dict[int, Node]:
    """Staff of the part -> the sign that stands alone there in this bar; `rows` are system row -> staff."""
    span, staves = bar.ink.span, document.systems[bar.ink.system].staves
    played = {item.staff for column in bar.ink.columns for item in column}
    return {
        staff: node
        for node in document.graphs[bar.ink.system].nodes
        if node.label == SIGN and span.left <= node.box.center.x < span.right
        for row, staff in rows.items()
        if row not in played and staves[row].box.contains(node.box.center)
    }


def with_repeated(measure: Measure, before: Measure | None, signs: Mapping[int, Node]) -> Measure:
    """The measure with the music of the one before on staves with a sign; itself where that is of another length."""
    if not signs or before is None or before.duration != measure.duration:
        return measure
    events = [event for event in measure.events if event.staff not in signs]
    events += [_again(event, (measure.page, signs[event.staff].id)) for event in before.events if event.staff in signs]
    return replace(measure, events=tuple(sorted(events, key=_order)))


def _again(event: Event, sign: NodeRef) -> Event:
    return replace(event, tones=tuple(map(_untied, event.tones)), slurs=(), nodes=(sign,))


def _untied(tone: Tone) -> Tone:
    return replace(tone, tie_start=False, tie_stop=False, accidental=None, cautionary=False, nodes=())


def _order(event: Event) -> tuple[Fraction, int, int, int]:
    return event.onset, event.staff, event.voice, 0 if event.grace else 1
