"""Other readings of one bar: what a second look at the page shows, its next best timings, and what it would say with one
doubtful symbol dropped or renamed.

Each is a state to go to, so that choosing one is an edit like any other. They are ordered by price: what the bar's arithmetic
takes, and how sure the detector was of what the reading gives up, both in nats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from typing import Final

from gui.edits import EditError, add_edge, choose_timing, cut_edge, delete, relabel, set_pitch_step
from gui.heights import claims, heads_of, offset
from gui.looks import others_of, with_other
from gui.parallels import wishes
from gui.rereading import Reread, Rereader, measures_at, timing_of
from gui.state import BarKey, State
from gui.unisons import in_one_voice
from omr.agreement import FIRST
from omr.labels import ACCIDENTALS, DETECTED, NOTEHEADS
from omr.notation import Node
from omr.reading.bars import TimedBar
from omr.reading.steps import BarReading
from omr.score import Measure
from omr.sound import sound_of

MOST: Final = 5
LOOK: Final = (
    0.1  # price of what a second look shows: where it says other notes and the bar is wrong, it is mostly right
)
TIMINGS: Final = 16  # readings of the bar's arithmetic that are asked for
TRIED: Final = 7  # of them that are tried
FAMILIAR: Final = 1.5  # nats a rhythm is likelier that another bar has, where the bar's own is found nowhere else
PARALLEL: Final = 0.8  # price of each note read as another bar has it
VARIANTS: Final = 8  # changes of ink that are tried
DOUBTFUL: Final = 0.97  # a symbol surer than this is not doubted
RIVAL: Final = 0.02  # a class seen with less is no rival
ALIKE: Final = 2  # of one kind among those offered, where there are others
FLOOR: Final = 0.3  # least price of a change, nats
BETWEEN: Final = 0.2  # half staff spaces from its position from which a head may stand on the next
STEP: Final = 5.0  # price of a height by half a staff space
UNISON: Final = (
    0.9  # price of a head that is read in two voices being in one only: of four bars with one, one has it wrong
)
LIKE: Final = (ACCIDENTALS, NOTEHEADS)
"""Classes that are taken for each other and mean other notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another reading of a bar."""

    label: str
    """What would change, for people."""
    state: State
    """The document with it."""
    measures: tuple[Measure, ...]
    """The bar in each part, as it would be."""
    price: float
    """How much less likely than what was read, nats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    label: str
    price: float
    state: State


def alternatives(heard: Reread, bar: BarKey, rereader: Rereader, *, most: int = MOST) -> tuple[Alternative, ...]:
    """Up to `most` readings of `bar` with other notes than `heard` has, the likeliest first."""
    place = heard.places.get(bar)
    if place is None:
        return ()
    cost = heard.reading.bars[place].reading.cost
    seen = {sound_of(measures_at(heard, place))}
    ways = sorted(
        (
            *_looks(heard, bar, place),
            *_timings(heard, bar, place),
            *_inks(heard, bar, place),
            *_parallels(heard, bar, place),
            *_unisons(heard, bar, place),
        ),
        key=lambda way: (way.price, way.label),
    )
    found = []
    for way in ways:
        other = rereader.read(way.state)
        index = other.places.get(bar)
        if index is None:
            continue
        measures = measures_at(other, index)
        sound = sound_of(measures)
        if sound not in seen:
            seen.add(sound)
            price = way.price + max(0.0, other.reading.bars[index].reading.cost - cost)
            found.append(Alternative(label=way.label, state=way.state, measures=measures, price=price))
    return _mixed(sorted(found, key=lambda other: other.price), most)


def _mixed(ranked: Sequence[Alternative], most: int) -> tuple[Alternative, ...]:
    """The first of each kind before many of one, in order of price: what a bar says wrong is seldom known beforehand."""
    kinds: Counter[str] = Counter()
    first: list[Alternative] = []
    more: list[Alternative] = []
    for other in ranked:
        kinds[other.label] += 1
        (first if kinds[other.label] <= ALIKE else more).append(other)
    return tuple(sorted([*first, *more][:most], key=lambda other: other.price))


def _looks(heard: Reread, bar: BarKey, place: int) -> Iterator[_Way]:
    """The bar as further looks show it; as it was read first, where it has been taken from them already."""
    others = list(others_of(heard, place))
    first = [other for other in others if other.size == FIRST]
    for other in first or others:
        label = "as it was read first" if other.size == FIRST else "as a second look shows it"
        yield _Way(label=label, price=LOOK, state=with_other(heard.state, bar.page, other))


def _timings(heard: Reread, bar: BarKey, place: int) -> Iterator[_Way]:
    """Other rhythms; one that another bar of the piece has is likelier than its arithmetic alone says."""
    own = heard.reading.bars[place].reading
    usual = Counter(_rhythm(other.reading) for index, other in enumerate(heard.reading.bars) if index != place)
    known = usual[_rhythm(own)] > 0
    found = []
    for reading in heard.reading.alternatives(place, most=TIMINGS).readings:
        timing = timing_of(reading)
        if timing != timing_of(own):
            gain = FAMILIAR if usual[_rhythm(reading)] and not known else 0.0
            found.append((max(FLOOR, reading.cost - own.cost - gain), timing))
    for price, timing in sorted(found, key=lambda entry: entry[0])[:TRIED]:
        yield _Way(label="another rhythm", price=price, state=choose_timing(heard.state, bar, timing))


def _rhythm(reading: BarReading) -> frozenset[tuple[int, int, int]]:
    """What lasts how long from when on each staff."""
    return frozenset((entry.item.staff, entry.onset, entry.ticks) for entry in reading.placed if entry.item.heads)


def _parallels(heard: Reread, bar: BarKey, place: int) -> Iterator[_Way]:
    for wish in islice(wishes(heard, bar, place), VARIANTS):
        yield _Way(label=wish.label, price=PARALLEL * wish.changes, state=wish.state)


def _unisons(heard: Reread, bar: BarKey, place: int) -> Iterator[_Way]:
    for state in in_one_voice(heard.state, bar.page, heard.reading.bars[place]):
        yield _Way(label="a note in one voice only", price=UNISON, state=state)


def _inks(heard: Reread, bar: BarKey, place: int) -> list[_Way]:
    """The document with one doubtful symbol of the bar dropped or renamed, the most doubtful first."""
    ways: list[tuple[float, str, Node, str | None]] = []
    for node in _doubtful(heard, heard.reading.bars[place]):
        price = max(FLOOR, log(node.score / max(1e-3, 1 - node.score)))
        ways.append((price, f"without the {spoken(node.label)}", node, None))
        for label, share in _rivals(node):
            ways.append(
                (max(FLOOR, log(node.score / share)), f"a {spoken(label)}, no {spoken(node.label)}", node, label)
            )
    found = list(_heights(heard, bar, heard.reading.bars[place]))
    for price, label, node, other in sorted(ways, key=lambda way: (way[0], way[1], way[2].id))[:VARIANTS]:
        try:
            state = (
                delete(heard.state, bar.page, [node.id])
                if other is None
                else relabel(heard.state, bar.page, [node.id], other)
            )
        except EditError:
            continue
        found.append(_Way(label=label, price=price, state=state))
    return found


def _heights(heard: Reread, bar: BarKey, timed: TimedBar) -> Iterator[_Way]:
    """Heads between two positions one step up or down, and accidentals given to another head."""
    document = heard.reading.document
    system = document.systems[timed.ink.system]
    for head in heads_of(timed):
        off = offset(head, system)
        if abs(off) >= BETWEEN:
            step = -1 if off > 0 else 1
            yield _Way(
                label=f"a note one step {'up' if step > 0 else 'down'}",
                price=FLOOR + STEP * max(0.0, 0.5 - abs(off)),
                state=set_pitch_step(heard.state, bar.page, [head.node.id], step),
            )
    graph = heard.state.page(bar.page).graph
    for claim in claims(timed, system, document.accidentals[timed.ink.system]):
        state = heard.state
        if any(source.id == claim.head.node.id for source in graph.sources(claim.sign.id)):
            state = cut_edge(state, bar.page, claim.head.node.id, claim.sign.id)
        yield _Way(
            label=f"the {spoken(claim.sign.label)} before another note",
            price=FLOOR + STEP * (1 - claim.doubt),
            state=add_edge(state, bar.page, claim.other.node.id, claim.sign.id),
        )


def spoken(label: str) -> str:
    """A class as people say it: accidentalSharp is a sharp."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in label).split()
    kinds = {"accidental", "articulation", "ornament", "augmentation"}
    return " ".join(words[1:] if words[0] in kinds else words)


def _doubtful(heard: Reread, bar: TimedBar) -> tuple[Node, ...]:
    """Symbols of a bar that may not be what they were taken for, dropping which leaves another reading."""
    accidentals = heard.reading.document.accidentals[bar.ink.system]
    items = [item for column in bar.ink.columns for item in column]
    nodes: dict[int, Node] = {}
    for item in (*items, *bar.ink.graces):
        for head in item.heads:
            nodes[head.node.id] = head.node
            if head.node.id in accidentals:
                nodes[accidentals[head.node.id].id] = accidentals[head.node.id]
        for node in (*item.dot_nodes, *item.flags, *item.beams, *item.figures):
            nodes[node.id] = node
        if item.rest is not None:
            nodes[item.rest.id] = item.rest
    return tuple(node for node in nodes.values() if node.score < DOUBTFUL and node.origin == "model")


def _rivals(node: Node) -> Iterator[tuple[str, float]]:
    for like in LIKE:
        if node.label in like:
            for label, share in zip(DETECTED, node.scores):
                if label in like and label != node.label and share >= RIVAL:
                    yield label, share
