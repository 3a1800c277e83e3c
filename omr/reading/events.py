"""From a bar's reading to the events of one part: voices numbered, beams and tuplets marked, silence padded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.reading.choices import ALTERNATING, RATIOS
from omr.reading.items import Head, Item
from omr.reading.steps import Placed
from omr.reading.tremolos import tremolos_of
from omr.reading.values import GRID, QUARTER, TICKS, TYPES
from omr.reading.voices import VOICES, Chain
from omr.score import BeamState, Event, NodeRef, StemDirection, Tone, TupletMark

STEMS: Mapping[int, StemDirection] = {1: "up", -1: "down"}
ARTICULATION_NAMES: Mapping[str, str] = {
    "articulationStaccato": "staccato",
    "articulationTenuto": "tenuto",
    "articulationAccent": "accent",
    "articulationMarcatoAbove": "strong-accent",
    "articulationMarcatoBelow": "strong-accent",
    "articulationStaccatissimo": "staccatissimo",
}
ORNAMENT_NAMES: Mapping[str, str] = {
    "ornamentTrill": "trill-mark",
    "ornamentTurn": "turn",
    "ornamentTurnInverted": "inverted-turn",
    "ornamentMordent": "mordent",
    "ornamentShortTrill": "inverted-mordent",
}

ToneOf = Callable[[Head], Tone]
Refer = Callable[[int], NodeRef]
"""From a node id to the reference that names its page too."""


def part_events(
    voices: Sequence[tuple[int, Chain]], rows: Mapping[int, int], tone: ToneOf, ref: Refer, space: float
) -> tuple[Event, ...]:
    """The events of all voices, ordered by (onset, staff, voice); `space` is the staff space in pixels."""
    beams = _beams([entry for _, chain in voices for entry in chain.placed])
    events: list[Event] = []
    for number, chain in voices:
        marks, strokes = _tuplets(chain.placed), tremolos_of(chain.placed, space)
        for index, entry in enumerate(chain.placed):
            event = event_of(entry, number, rows[entry.item.staff], tone, ref)
            events.append(
                replace(
                    event, beams=beams.get(entry.item.id, ()), tuplets=marks.get(index, ()), tremolo=strokes.get(index)
                )
            )
    return tuple(sorted(events, key=lambda event: (event.onset, event.staff, event.voice)))


def event_of(entry: Placed, voice: int, staff: int, tone: ToneOf, ref: Refer) -> Event:
    """One chord or rest in its place, without beams and tuplet marks."""
    item = entry.item
    labels = [node.label for node in item.attached]
    return Event(
        onset=Fraction(entry.onset, TICKS),
        duration=Fraction(entry.ticks, TICKS),
        type=TYPES[entry.value.type],
        dots=entry.value.dots,
        tones=tones_of(item, tone),
        voice=voice,
        staff=staff,
        stem=STEMS.get(item.direction),
        time_modification=RATIOS[entry.ratio] if entry.ratio else None,
        articulations=_names(labels, ARTICULATION_NAMES),
        fermata=any(label.startswith("fermata") for label in labels),
        ornaments=_names(labels, ORNAMENT_NAMES),
        arpeggiate="arpeggio" in labels,
        nodes=_ink(item, ref),
    )


def tones_of(item: Item, tone: ToneOf) -> tuple[Tone, ...]:
    """The heads of a chord as tones, lowest first; a head found twice counts once."""
    tones: dict[tuple[int, int], Tone] = {}
    for head in item.heads:
        made = tone(head)
        key = (made.pitch.octave * 7 + "CDEFGAB".index(made.pitch.step), made.pitch.alter)
        tones.setdefault(key, made)
    return tuple(tones[key] for key in sorted(tones))


def _names(labels: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({names[label] for label in labels if label in names}))


def _ink(item: Item, ref: Refer) -> tuple[NodeRef, ...]:
    nodes = [*item.beams, *item.flags, *item.dot_nodes, *item.figures, *item.tremolos]
    if item.stem is not None:
        nodes.append(item.stem)
    if item.rest is not None:
        nodes.append(item.rest)
    return tuple(ref(node) for node in sorted({node.id for node in nodes}))


def _beams(placed: Sequence[Placed]) -> dict[int, tuple[BeamState, ...]]:
    """Beam states by item id: within a group a level joins neighbours that both have it."""
    groups: dict[int, list[Placed]] = {}
    for entry in sorted(placed, key=lambda entry: (entry.onset, entry.item.id)):
        if entry.item.group >= 0 and entry.value.type > QUARTER:
            groups.setdefault(entry.item.group, []).append(entry)
    found = {}
    for members in groups.values():
        levels = [entry.value.type - QUARTER for entry in members]
        if len(members) > 1:
            for index, entry in enumerate(members):
                found[entry.item.id] = tuple(_state(levels, index, level) for level in range(1, levels[index] + 1))
    return found


def _state(levels: Sequence[int], index: int, level: int) -> BeamState:
    before = index > 0 and levels[index - 1] >= level
    after = index + 1 < len(levels) and levels[index + 1] >= level
    if before and after:
        return "continue"
    if after:
        return "begin"
    if before:
        return "end"
    return "forward hook" if index == 0 else "backward hook"


def _tuplets(placed: Sequence[Placed]) -> dict[int, tuple[TupletMark, ...]]:
    """Start and stop marks by place in the chain: a tuplet runs from the grid back to the grid."""
    marks: dict[int, tuple[TupletMark, ...]] = {}
    start: int | None = None
    for index, entry in enumerate(placed):
        if start is not None and entry.ratio != placed[start].ratio:
            start = None
        if entry.ratio and entry.ratio != ALTERNATING and start is None:
            start = index
        if start is not None and (entry.onset + entry.ticks) % GRID == 0 and index > start:
            bracket = any(node.label == "tupleBracket" for e in placed[start : index + 1] for node in e.item.figures)
            marks[start] = (TupletMark(kind="start", bracket=bracket),)
            marks[index] = (TupletMark(kind="stop"),)
            start = None
    return marks


def padding(events: Sequence[Event], staves: int, length: Fraction) -> tuple[Event, ...]:
    """Silence where the first voice of a staff says nothing."""
    found = []
    for staff in range(1, staves + 1):
        voice = VOICES * (staff - 1) + 1
        time = Fraction(0)
        own = sorted((e for e in events if e.voice == voice and e.grace is None), key=lambda e: e.onset)
        for onset, duration in [*((e.onset, e.duration) for e in own), (length, Fraction(0))]:
            if onset > time:
                found.append(
                    Event(onset=time, duration=onset - time, type="quarter", voice=voice, staff=staff, padding=True)
                )
            time = max(time, onset + duration)
    return tuple(found)


def whole_rest(staff: int, length: Fraction) -> Event:
    """A rest that fills a bar of `length` quarter notes."""
    voice = VOICES * (staff - 1) + 1
    return Event(onset=Fraction(0), duration=length, type="whole", voice=voice, staff=staff, measure_rest=True)
