"""Readings a bar would have if it were meant as another place of the piece has it, or as what sounds with it has it.

Music repeats itself: where a bar differs from another by few notes of the same rhythm, those notes may have been misread.
Where a step sounds in two alterations at once, one of them may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gui.edits import EditError, add_edge, add_symbol, delete, relabel, set_pitch_step, snapped
from gui.rereading import Reread
from gui.state import BarKey, State
from omr.geometry import Point
from omr.labels import ACCIDENTALS, NOTEHEADS
from omr.notation import NotationGraph
from omr.reading.pitches import ALTERS, LETTERS
from omr.score import Measure, Tone

MOST: Final = 3  # notes in which two bars may differ
MODELS: Final = 3  # bars that are taken as models
BEFORE: Final = 1.6  # staff spaces from the middle of a head to that of an accidental put before it
SIGNS: Final = {alter: label for label, (_, alter) in ALTERS.items()}

Place = tuple[Fraction, int, int, Fraction]
"""(onset, part, staff, length)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One note read otherwise."""

    head: int
    """Node id."""
    steps: int
    """Staff positions it is raised by."""
    alter: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A state that may read as wished, and what is to be told of it."""

    label: str
    changes: int
    state: State


def wishes(heard: Reread, bar: BarKey, place: int) -> Iterator[Wish]:
    """The document with a bar as others have it, then with notes that clash altered alike."""
    own = _tones(heard, place)
    graph = heard.state.page(bar.page).graph
    found: list[tuple[int, int, int, tuple[Change, ...]]] = []
    for other in range(len(heard.bars)):
        if other != place:
            changes = _changes(own, _tones(heard, other), graph)
            if changes is not None and 0 < len(changes) <= MOST:
                found.append((len(changes), abs(other - place), other, changes))
    seen: set[frozenset[Change]] = set()
    for count, _, other, changes in sorted(found, key=lambda row: row[:3]):
        if frozenset(changes) not in seen and len(seen) < MODELS:
            seen.add(frozenset(changes))
            number = heard.score.parts[0].measures[other].number
            yield from _wished(heard.state, bar, changes, f"as bar {number}", count)
    for change in _clashes(own, graph):
        yield from _wished(heard.state, bar, (change,), "without a clash", 1)


def with_alter(state: State, page: str, head: int, alter: int) -> State:
    """The state with an accidental of `alter` semitones before a head, in place of the one it has; raises EditError."""
    entry = state.page(page)
    node, label = entry.graph.by_id[head], SIGNS[alter]
    signs = [sign for sign in entry.graph.targets(head) if sign.label in ACCIDENTALS]
    if signs:
        return relabel(state, page, [signs[0].id], label)
    if entry.result is None:
        raise EditError("the page was not recognised")
    space = entry.result.staves[0].staff_space if entry.result.staves else node.box.height
    at = Point(node.box.center.x - BEFORE * space, node.box.center.y)
    state, sign = add_symbol(state, page, label, snapped(entry.result, label, at))
    return add_edge(state, page, head, sign)


def without_accidental(state: State, page: str, head: int) -> State | None:
    """The state less the accidental of a head; None where it has none."""
    signs = [sign.id for sign in state.page(page).graph.targets(head) if sign.label in ACCIDENTALS]
    return delete(state, page, signs) if signs else None


def _wished(state: State, bar: BarKey, changes: tuple[Change, ...], label: str, count: int) -> Iterator[Wish]:
    """With the accidentals the changes want, and with as few as possible."""
    try:
        plain = state
        for change in changes:
            if change.steps:
                plain = set_pitch_step(plain, bar.page, [change.head], change.steps)
            else:
                plain = without_accidental(plain, bar.page, change.head) or plain
        if plain is not state:
            yield Wish(label, count, plain)
        signed = state
        for change in changes:
            if change.steps:
                signed = set_pitch_step(signed, bar.page, [change.head], change.steps)
            else:
                signed = with_alter(signed, bar.page, change.head, change.alter)
        if signed != plain:
            yield Wish(label, count, signed)
    except EditError:
        return


def _tones(heard: Reread, place: int) -> dict[Place, list[Tone]]:
    """The tones of a bar by moment, staff and length, each the lowest first."""
    found: dict[Place, list[Tone]] = {}
    for number, part in enumerate(heard.score.parts):
        measure: Measure = part.measures[place]
        for event in measure.events:
            for tone in event.tones if event.grace is None else ():
                found.setdefault((event.onset, number, event.staff, event.duration), []).append(tone)
    return {place: sorted(tones, key=_height) for place, tones in found.items()}


def _changes(
    own: dict[Place, list[Tone]], other: dict[Place, list[Tone]], graph: NotationGraph
) -> tuple[Change, ...] | None:
    """What makes the tones those of `other`, None where their rhythm differs."""
    if own.keys() != other.keys() or any(len(own[place]) != len(other[place]) for place in own):
        return None
    found: list[Change] = []
    for place in sorted(own):
        for tone, model in zip(own[place], other[place], strict=True):
            if tone.pitch != model.pitch:
                head = _head(tone, graph)
                if head is None or len(found) == MOST:
                    return None
                found.append(Change(head, _height(model)[0] - _height(tone)[0], model.pitch.alter))
    return tuple(found)


def _clashes(own: dict[Place, list[Tone]], graph: NotationGraph) -> Iterator[Change]:
    """Each of two notes of one step that begin together, altered as the other."""
    heard: dict[Fraction, list[Tone]] = {}
    for place, tones in own.items():
        heard.setdefault(place[0], []).extend(tones)
    for onset in sorted(heard):
        for tone in heard[onset]:
            for mate in heard[onset]:
                head = _head(tone, graph)
                if tone.pitch.step == mate.pitch.step and tone.pitch.alter != mate.pitch.alter and head is not None:
                    yield Change(head, 0, mate.pitch.alter)


def _height(tone: Tone) -> tuple[int, int]:
    return LETTERS.index(tone.pitch.step) + 7 * tone.pitch.octave, tone.pitch.alter


def _head(tone: Tone, graph: NotationGraph) -> int | None:
    heads = [node for _, node in tone.nodes if node in graph.by_id and graph.by_id[node].label in NOTEHEADS]
    return heads[0] if heads else None
