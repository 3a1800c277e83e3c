"""The tone of every head of the document: walked bar by bar and from left to right, as a player reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omr.memory import found_in, recalled
from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.reading.items import Head, Item
from omr.reading.ottavas import Ottava, octaves_at
from omr.reading.pitches import ALTERS, diatonic, key_alter, pitch_at
from omr.reading.signatures import Signatures
from omr.score import Clef, NodeRef, Tone

SHAPES = {"noteheadX": "x", "noteheadSlash": "slash", "noteheadTriangle": "triangle", "noteheadDiamond": "diamond"}

OCTAVE = 7  # steps

Place = tuple[int, int]
"""(staff of the document, steps above C0)."""


def clef_at(signatures: Signatures, row: int, x: float) -> Clef:
    """The clef valid on a staff at x."""
    clef = signatures.clefs[row]
    for sign in signatures.inner:
        if sign.row == row and sign.x < x:
            clef = sign.clef
    return clef


def fifths_at(signatures: Signatures, bar: int) -> int:
    """The key valid in a bar of a system."""
    fifths = signatures.fifths
    for change in signatures.changes:
        if change.bar <= bar:
            fifths = change.fifths
    return fifths


def items_of(bar: TimedBar) -> tuple[Item, ...]:
    """Chords of a bar, grace notes too, from left to right."""
    found = [item for column in bar.ink.columns for item in column if item.heads]
    found.extend(bar.ink.graces)
    return tuple(sorted(found, key=lambda item: (item.x, item.id)))


def read_tones(
    document: Document, bars: Sequence[TimedBar], ottavas: Sequence[Sequence[Ottava]]
) -> Mapping[NodeRef, Tone]:
    """The tone of each head by (page, node id), as it sounds; `ottavas` are the octave lines of each system."""
    tones: dict[NodeRef, Tone] = {}
    leaving: dict[Place, int] = {}
    for index, bar in enumerate(bars):
        opens = index == 0 or bars[index - 1].ink.system != bar.ink.system
        entering = leaving if opens else {}
        if opens:
            leaving = {}
        own, gone = _remembered_bar(document, bar, ottavas[bar.ink.system], entering, tones)
        tones.update(own)
        leaving.update(gone)
    return tones


def _remembered_bar(
    document: Document,
    bar: TimedBar,
    ottavas: Sequence[Ottava],
    entering: Mapping[Place, int],
    tones: Mapping[NodeRef, Tone],
) -> tuple[Mapping[NodeRef, Tone], Mapping[Place, int]]:
    """The tones of one bar, and the alterations of ties that go on in the next system; `tones` are those before it."""
    place = bar.ink.system
    page, ties = document.systems[place].page, document.ties[place]
    own = found_in(bar, None, lambda: frozenset(head.node.id for item in items_of(bar) for head in item.heads))
    held = tuple((end, tones[page, start]) for start, end in ties.pairs if end in own and (page, start) in tones)
    staves = tuple((rows[place], staff) for staff, rows in enumerate(document.rows) if rows[place] is not None)
    return recalled(
        (bar, document.graphs[place], document.signatures[place], document.accidentals[place], ties.pairs),
        (page, ties.leaving, tuple(ottavas), frozenset(entering.items()), held, staves),
        lambda: _read_bar(document, bar, ottavas, entering, tones),
    )


def _read_bar(
    document: Document,
    bar: TimedBar,
    ottavas: Sequence[Ottava],
    entering: Mapping[Place, int],
    tones: Mapping[NodeRef, Tone],
) -> tuple[Mapping[NodeRef, Tone], Mapping[Place, int]]:
    """See _remembered_bar."""
    found: dict[NodeRef, Tone] = {}
    leaving: dict[Place, int] = {}
    place = bar.ink.system
    signatures, ties, page = document.signatures[place], document.ties[place], document.systems[place].page
    staves = {rows[place]: staff for staff, rows in enumerate(document.rows) if rows[place] is not None}
    before = {end: start for start, end in ties.pairs}
    starts = {start for start, _ in ties.pairs} | ties.leaving
    scope: dict[Place, int] = {}
    fifths = fifths_at(signatures, bar.ink.bar)
    opening = {entry.item.id for entry in bar.reading.placed if entry.onset == 0}
    for moment in _moments(bar):
        placed = [(item, head, _steps(head, signatures, ottavas)) for item in moment for head in item.heads]
        signs = {head.node.id: document.accidentals[place].get(head.node.id) for _, head, _ in placed}
        before_signs = dict(scope)
        lefts: dict[Place, float] = {}
        for _, head, steps in placed:
            sign = signs[head.node.id]
            if sign is not None:
                where = (staves.get(head.staff, head.staff), steps)
                scope[where] = ALTERS[sign.label][1]
                lefts[where] = min(sign.box.left, lefts.get(where, sign.box.left))
        for item, head, steps in placed:
            where = (staves.get(head.staff, head.staff), steps)
            start = page, before.get(head.node.id, -1)
            held = _held(found.get(start) or tones.get(start), steps)
            if held is None and item.id in opening and where in entering:
                held = entering[where]
            sign = signs[head.node.id]
            valid = before_signs if head.node.box.right < lefts.get(where, head.node.box.right) else scope
            alter = valid.get(where, key_alter(steps, fifths))
            if sign is not None:
                alter = ALTERS[sign.label][1]
            elif held is not None:
                alter = held
            found[page, head.node.id] = _tone(
                document, place, head, steps, alter, start=head.node.id in starts, stop=held is not None
            )
            if head.node.id in ties.leaving:
                leaving[where] = alter
    return found, leaving


def _steps(head: Head, signatures: Signatures, ottavas: Sequence[Ottava]) -> int:
    """Steps above C0 at which a head sounds."""
    x = head.node.box.center.x
    return diatonic(head.position, clef_at(signatures, head.staff, x)) + OCTAVE * octaves_at(ottavas, head.staff, x)


def _moments(bar: TimedBar) -> list[list[Item]]:
    """The chords of a bar by onset, in time: an accidental holds for all that sounds with it, wherever it stands.

    Grace notes and chords without a place in time come by themselves, before what stands to their right.
    """
    onsets = {entry.item.id: entry.onset for entry in bar.reading.placed}
    order: list[tuple[int, int, Item]] = []
    now = 0
    for item in reversed(items_of(bar)):
        timed = item.id in onsets
        now = onsets.get(item.id, now if order else bar.reading.end)
        order.append((now, 1 if timed else 0, item))
    order.sort(key=lambda entry: (entry[0], entry[1], entry[2].x, entry[2].id))
    moments: list[list[Item]] = []
    last: tuple[int, int] | None = None
    for onset, place, item in order:
        if not place or last != (onset, place):
            moments.append([])
        moments[-1].append(item)
        last = onset, place
    return moments


def _held(before: Tone | None, steps: int) -> int | None:
    """The alteration a tie brings from the tone before, None where it is no tie after all."""
    if before is None:
        return None
    same = pitch_at(steps, before.pitch.alter) == before.pitch
    return before.pitch.alter if same else None


def _tone(document: Document, place: int, head: Head, steps: int, alter: int, *, start: bool, stop: bool) -> Tone:
    graph, page = document.graphs[place], document.systems[place].page
    sign = document.accidentals[place].get(head.node.id)
    nodes = {head.node.id} | {node.id for node in graph.targets(head.node.id) if node.label == "legerLine"}
    cautionary = False
    if sign is not None:
        brackets = [node.id for node in graph.targets(sign.id) if node.label == "parenthesis"]
        cautionary = bool(brackets)
        nodes |= {sign.id, *brackets}
    return Tone(
        pitch=pitch_at(steps, alter),
        accidental=ALTERS[sign.label][0] if sign is not None else None,
        cautionary=cautionary,
        tie_start=start,
        tie_stop=stop,
        notehead=SHAPES.get(head.node.label),  # type: ignore[arg-type]
        nodes=tuple((page, node) for node in sorted(nodes)),
    )
