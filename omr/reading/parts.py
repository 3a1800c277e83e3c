"""Parts and measures from timed bars; clefs, keys and times are stated where they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from omr.memory import found_in, recalled, remembered
from omr.reading.bars import TimedBar
from omr.reading.directions import read_directions, spoken_ink
from omr.reading.document import Document
from omr.reading.edges import begun, ended, left_edge, right_edge
from omr.reading.events import Refer, padding, part_events, whole_rest
from omr.reading.graces import grace_events
from omr.reading.items import Head
from omr.reading.notices import movements, unprinted
from omr.reading.ottavas import Ottava, read_ottavas
from omr.reading.repeated_bars import repeat_signs, with_repeated
from omr.reading.slurs import Marks, read_slurs, with_slurs
from omr.reading.tones import clef_at, fifths_at, items_of, read_tones
from omr.reading.values import TICKS
from omr.reading.voices import voices_of
from omr.reading.voltas import edges_of, read_voltas
from omr.score import Clef, ClefChange, Direction, Event, Issue, Key, Measure, NodeRef, Part, Tone

FAULT = 2.5  # a bar whose reading cost more than this is shown to the user


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was read of the whole document before it falls into bars."""

    tones: Mapping[NodeRef, Tone]
    slurs: Marks
    ottavas: Sequence[Sequence[Ottava]]


def build_parts(document: Document, bars: Sequence[TimedBar]) -> tuple[tuple[Part, ...], tuple[Issue, ...]]:
    """The parts of the document, top one first, with the issues met."""
    ottavas = read_ottavas(document.graphs, document.systems)
    found = _Found(tones=read_tones(document, bars, ottavas), slurs=read_slurs(document), ottavas=ottavas)
    parts: list[Part] = []
    issues: list[Issue] = []
    first = 0
    for number, staves in enumerate(document.groups):
        name = f"P{number + 1}"
        measures, met = _measures(document, bars, range(first, first + staves), found, name)
        parts.append(
            Part(
                id=name,
                name=document.names[number] or ("Piano" if staves == 2 else ""),
                staves=staves,
                measures=measures,
                group="brace" if staves > 1 else "none",
            )
        )
        issues.extend(met)
        issues.extend(unprinted(document, bars, range(first, first + staves), name))
        first += staves
    return tuple(parts), (*movements(document, bars), *issues)


def _measures(
    document: Document,
    bars: Sequence[TimedBar],
    staves: range,
    found: _Found,
    part: str,
) -> tuple[tuple[Measure, ...], tuple[Issue, ...]]:
    clefs: dict[int, Clef] = {}
    later = _later_clefs(document, staves)
    fifths: int | None = None
    measures: list[Measure] = []
    issues: list[Issue] = []
    number = 0
    starts, stops = edges_of(read_voltas(document, bars))
    for index, bar in enumerate(bars):
        rows = _rows(document, bar, staves)
        changes, clefs = _clef_changes(document, bar, rows, clefs)
        if index == 0:
            unprinted = {staff: clef for staff, clef in later.items() if staff not in clefs}
            changes += tuple(ClefChange(onset=Fraction(0), staff=k, clef=clef) for k, clef in unprinted.items())
            clefs |= unprinted
        key = fifths_at(document.signatures[bar.ink.system], bar.ink.bar)
        opens = index == 0 or (bar.ink.system in document.starts and bars[index - 1].ink.system != bar.ink.system)
        number = (0 if opens else number) + (0 if opens and bar.incomplete else 1)
        measure = _numbered(
            _remembered_measure(document, bar, rows, len(staves), found),
            index,
            str(number),
            changes,
            Key(key) if key != fifths else None,
            starts.get(index),
            stops.get(index),
            index > 0 and bars[index - 1].ink.system != bar.ink.system,
            index > 0 and _page(document, bars[index - 1]) != _page(document, bar),
        )
        measure = with_repeated(measure, measures[-1] if measures else None, repeat_signs(document, bar, rows))
        measures.append(measure)
        issues.extend(_issues(document, bar, measure, rows, part))
        fifths = key
    return tuple(measures), tuple(issues)


def _later_clefs(document: Document, staves: range) -> dict[int, Clef]:
    """The clef with which each staff of a part first appears, for those that the first system does not show."""
    found = {}
    for staff in staves:
        shown = [(place, row) for place, row in enumerate(document.rows[staff]) if row is not None]
        place, row = shown[0]
        found[staff - staves.start + 1] = document.signatures[place].clefs[row]
    return found


def _page(document: Document, bar: TimedBar) -> int:
    return document.systems[bar.ink.system].page


def _rows(document: Document, bar: TimedBar, staves: range) -> dict[int, int]:
    """System row -> staff of the part, 1 = upper."""
    found = {}
    for staff in staves:
        row = document.rows[staff][bar.ink.system]
        if row is not None:
            found[row] = staff - staves.start + 1
    return found


def _remembered_measure(
    document: Document, bar: TimedBar, rows: Mapping[int, int], staves: int, found: _Found
) -> Measure:
    """The measure of a bar, from memory where neither its ink nor what it shares with others has changed."""
    place = bar.ink.system
    page = document.systems[place].page
    heads = found_in(bar, page, lambda: [(page, head.node.id) for item in items_of(bar) for head in item.heads])
    directions = _directions(document, bar, rows, found.ottavas[place])
    return recalled(
        (bar, document.systems[place], document.graphs[place] if bar.ink.graces else None),
        (
            tuple(rows.items()),
            staves,
            directions,
            tuple([found.tones[head] for head in heads]),
            tuple([found.slurs.get(head, ()) for head in heads]),
        ),
        lambda: _measure(document, bar, rows, staves, found, directions),
    )


def _directions(
    document: Document, bar: TimedBar, rows: Mapping[int, int], ottavas: Sequence[Ottava]
) -> tuple[Direction, ...]:
    place = bar.ink.system
    ink = remembered(spoken_ink, document.graphs[place])
    return recalled(
        (bar, document.systems[place], ink),
        (tuple(rows.items()), ottavas),
        lambda: read_directions(ink, document.systems[place], bar, rows, ottavas),
    )


def _numbered(
    measure: Measure,
    index: int,
    number: str,
    clefs: tuple[ClefChange, ...],
    key: Key | None,
    start: str | None,
    stop: str | None,
    new_system: bool,
    new_page: bool,
) -> Measure:
    """The measure in its place in the document."""
    values = index, number, clefs, key, start, stop, new_system, new_page
    return recalled(
        (measure,),
        values,
        lambda: replace(
            measure,
            index=index,
            number=number,
            clefs=clefs,
            key=key,
            left=begun(measure.left, start),
            right=ended(measure.right, stop),
            new_system=new_system,
            new_page=new_page,
        ),
    )


def _measure(
    document: Document,
    bar: TimedBar,
    rows: Mapping[int, int],
    staves: int,
    found: _Found,
    directions: tuple[Direction, ...],
) -> Measure:
    place = bar.ink.system
    page = document.systems[place].page

    def ref(node: int) -> NodeRef:
        return page, node

    def tone(head: Head) -> Tone:
        return found.tones[page, head.node.id]

    voices = found_in(bar.reading, tuple(rows.items()), lambda: voices_of(bar.reading.placed, rows))
    events = part_events(voices, rows, tone, ref, document.systems[place].space)
    length = max([bar.length, *(event.onset + event.duration for event in events)])
    events += _whole_rests(bar, rows, length, ref)
    events += tuple(whole_rest(staff, length) for staff in range(1, staves + 1) if staff not in rows.values())
    events += padding(events, staves, length)
    events += grace_events(document, bar, rows, events, tone)
    events = tuple(sorted(events, key=_order))
    events = with_slurs(found.slurs, page, events)
    return Measure(
        index=0,
        number="",
        duration=length,
        events=events,
        time=bar.time,
        left=left_edge(bar.ink.span.opening, ref),
        right=right_edge(bar.ink.span.closing, ref),
        directions=directions,
        implicit=bar.incomplete,
        page=page,
        system=document.systems[place].index,
        left_x=bar.ink.span.left,
        right_x=bar.ink.span.right,
    )


def _order(event: Event) -> tuple[Fraction, int, int, int]:
    return event.onset, event.staff, event.voice, 0 if event.grace else 1


def _clef_changes(
    document: Document, bar: TimedBar, rows: Mapping[int, int], clefs: Mapping[int, Clef]
) -> tuple[tuple[ClefChange, ...], dict[int, Clef]]:
    """Clefs that begin in this bar, at its start where they differ from what was valid; and the clefs valid after it."""
    place = bar.ink.system
    signatures, page = document.signatures[place], document.systems[place].page
    span = bar.ink.span
    current = dict(clefs)
    found = []
    for row, staff in sorted(rows.items()):
        start = clef_at(signatures, row, span.left) if bar.ink.bar else signatures.clefs[row]
        if current.get(staff) != start:
            node = signatures.clef_nodes[row] if bar.ink.bar == 0 else None
            nodes = ((page, node),) if node is not None else ()
            found.append(ClefChange(onset=Fraction(0), staff=staff, clef=start, nodes=nodes))
            current[staff] = start
        for sign in signatures.inner:
            if sign.row != row or not span.left <= sign.x < span.right or sign.clef == current[staff]:
                continue
            onset = _onset_after(bar, sign.x)
            if onset is not None and onset < bar.length:
                found.append(
                    ClefChange(
                        onset=onset, staff=staff, clef=sign.clef, nodes=((page, sign.node),) if sign.node >= 0 else ()
                    )
                )
                current[staff] = sign.clef
    return tuple(found), current


def _onset_after(bar: TimedBar, x: float) -> Fraction | None:
    """When the first item right of x sounds; None where the bar has none."""
    onsets = [entry.onset for entry in bar.reading.placed if entry.item.x > x]
    return Fraction(min(onsets), TICKS) if onsets else None


def _whole_rests(bar: TimedBar, rows: Mapping[int, int], length: Fraction, ref: Refer) -> tuple[Event, ...]:
    return tuple(
        replace(whole_rest(rows[item.staff], length), nodes=(ref(item.rest.id),))
        for item in bar.ink.whole_rests
        if item.staff in rows and item.rest is not None
    )


def _issues(
    document: Document, bar: TimedBar, measure: Measure, rows: Mapping[int, int], part: str
) -> tuple[Issue, ...]:
    if not rows:
        return ()
    page = document.systems[bar.ink.system].page
    nodes = tuple((page, head.node.id) for e in bar.reading.placed if e.item.staff in rows for head in e.item.heads)
    found = []

    def issue(code: str, message: str) -> None:
        found.append(Issue(code=code, message=message, nodes=nodes, measure=measure.index, part=part))

    silent = {event.staff for event in measure.events if event.padding}
    ends = {event.staff: event.onset + event.duration for event in measure.events if not event.padding}
    if measure.duration > bar.length:
        issue("bar-too-long", f"bar {measure.number} is longer than its time signature")
    elif any(staff in silent or ends.get(staff, Fraction(0)) < measure.duration for staff in rows.values()):
        issue("bar-too-short", f"bar {measure.number} was filled up with silence")
    elif bar.reading.cost > FAULT:
        issue("bar-mended", f"bar {measure.number} was read other than printed to fill its length")
    return tuple(found)
