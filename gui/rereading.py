"""From a state to its score: reading with the ink and the decisions of a person, remembering what has not changed.

Everything after recognition is read again from the state alone, so the score never depends on the order of edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gui.state import BarKey, Decisions, NodeKey, PageEntry, State, Timing
from omr.files.gate import repair
from omr.geometry import Box, Point
from omr.memory import Memory, remembering
from omr.reading.document import Document
from omr.reading.items import Item
from omr.reading.page import ReadPage
from omr.reading.reader import Reading, read, timed
from omr.reading.steps import BarReading
from omr.reading.told import Told, with_told
from omr.score import Issue, Measure, NodeRef, Score


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What a state says as music."""

    state: State
    reading: Reading
    """Bar k of it is measure k of every part of the score."""
    score: Score
    """Boxes and edges in page pixels; NodeRef.page counts state.read_pages."""
    bars: tuple[BarKey, ...]
    """The name of each measure by its index."""
    guessed: bool = False
    """Read in haste, so that reading again may find better."""

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.score.issues

    @cached_property
    def places(self) -> Mapping[BarKey, int]:
        """Index of the measure of each bar."""
        return {key: index for index, key in enumerate(self.bars)}

    @cached_property
    def _inks(self) -> Mapping[NodeRef, int]:
        return {
            node: measure.index
            for part in self.score.parts
            for measure in part.measures
            for event in measure.events
            for node in (*event.nodes, *(node for tone in event.tones for node in tone.nodes))
        }

    def bar_of(self, key: NodeKey) -> BarKey | None:
        """The bar in which a symbol is read, else the one it lies in or is nearest to in its system; None: there is none."""
        pages = self.state.read_pages
        page = next((place for place, entry in enumerate(pages) if entry.id == key.page), None)
        if page is None or key.node not in pages[page].graph.by_id:
            return None
        index = self._inks.get((page, key.node))
        if index is None:
            index = self._nearest(page, pages[page], pages[page].graph.by_id[key.node].box.center)
        return self.bars[index] if index is not None else None

    def _nearest(self, page: int, entry: PageEntry, at: Point) -> int | None:
        staves = entry.result.staves if entry.result is not None else ()
        if not staves or not self.score.parts:
            return None
        staff = min(staves, key=lambda each: max(each.box.top - at.y, at.y - each.box.bottom))
        near = [
            (max(measure.left_x - at.x, at.x - measure.right_x, 0.0), measure.index)
            for measure in self.score.parts[0].measures
            if (measure.page, measure.system) == (page, staff.system)
        ]
        return min(near)[1] if near else None


class Rereader:
    """Reads states one after the other; each read reuses what earlier ones found in the same ink."""

    def __init__(self) -> None:
        self.memory = Memory()

    def read(self, state: State, *, hasty: bool = False) -> Reread:
        """The music of the recognised pages as `checked` would complete it; without any, a score without parts.

        A hasty reading does not search long for the arithmetic of a bar and says so where it might: `Reread.guessed`.
        """
        from omr.pipeline import on_pages  # brings the runtimes of recognition, which a window starts without

        entries = state.read_pages
        results = [entry.result for entry in entries if entry.result is not None]
        with remembering(self.memory, hasty=hasty):
            reading = decided(state.decisions, [entry.id for entry in entries], read(tuple(map(_told, entries))))
            score = repair(reading.score())[0] if results else reading.score()
            score = on_pages(score, results)
        return Reread(
            state=state,
            reading=reading,
            score=score,
            bars=bar_keys(reading, [entry.id for entry in entries]),
            guessed=self.memory.guessed,
        )


def checked(heard: Reread) -> Reread:
    """The same music with all that the checks of graph and score find: slower, so it may follow later."""
    from omr.pipeline import issues_of

    results = [entry.result for entry in heard.state.read_pages if entry.result is not None]
    return replace(heard, score=replace(heard.score, issues=issues_of(heard.score, results)))


def bar_keys(reading: Reading, pages: Sequence[str]) -> tuple[BarKey, ...]:
    """The name of each bar of a reading; `pages` are the ids of the pages with music in order."""
    counts: Counter[int] = Counter()
    found = []
    for bar in reading.bars:
        system = reading.document.systems[bar.ink.system]
        found.append(BarKey(pages[system.page], system.index, counts[bar.ink.system]))
        counts[bar.ink.system] += 1
    return tuple(found)


def measures_at(heard: Reread, place: int) -> tuple[Measure, ...]:
    """The bar at `place` in every part."""
    return tuple(part.measures[place] for part in heard.score.parts if place < len(part.measures))


def bar_box(heard: Reread, place: int) -> Box:
    """Where bar `place` of the document lies on its page, page pixels."""
    measure = heard.score.parts[0].measures[place]
    entry = heard.state.read_pages[measure.page]
    staves = [s.box for s in entry.result.staves if s.system == measure.system] if entry.result is not None else []
    top, bottom = min((box.top for box in staves), default=0.0), max((box.bottom for box in staves), default=0.0)
    return Box(measure.left_x, top, max(measure.left_x, measure.right_x), max(top, bottom))


def timing_of(reading: BarReading) -> Timing:
    """What a reading of a bar says, by the ink."""
    return frozenset((first_node(entry.item), entry.onset, entry.ticks) for entry in reading.placed)


def decided(decisions: Decisions, pages: Sequence[str], reading: Reading) -> Reading:
    """The reading as a person has decided: parts, then clefs, keys and times, then timings of bars.

    A timing that is no longer among the readings of its bar, whose ink has changed, is passed over.
    """
    reading = timed(_with_parts(reading.document, decisions)) if decisions.names or decisions.groups else reading
    if decisions.overrides:
        places = {key: place for place, key in enumerate(bar_keys(reading, pages))}
        told = [
            Told(first=places[own.first], last=places[own.last], value=own.value, row=own.staff or 0)
            for own in decisions.overrides
            if own.first in places and own.last in places
        ]
        reading = timed(with_told(reading.document, reading.bars, told))
    places = {key: place for place, key in enumerate(bar_keys(reading, pages))}
    for key, timing in sorted(decisions.bars.items(), key=lambda entry: entry[0]):
        place = places.get(key)
        if place is not None and timing_of(reading.bars[place].reading) != timing:
            ranked = reading.alternatives(place)
            chosen = next((k for k, other in enumerate(ranked.readings) if timing_of(other) == timing), None)
            if chosen is not None:
                reading = reading.with_alternative(place, ranked, chosen)
    return reading


def first_node(item: Item) -> int:
    """The id that names a chord or rest: the lowest of its heads, or the rest."""
    return item.rest.id if item.rest is not None else min(head.node.id for head in item.heads)


def _with_parts(document: Document, decisions: Decisions) -> Document:
    if decisions.groups is not None and sum(decisions.groups) == sum(document.groups):
        document = replace(document, groups=decisions.groups, names=(None,) * len(decisions.groups))
    names = tuple(decisions.names.get(place, name) for place, name in enumerate(document.names))
    return replace(document, names=names)


def _told(entry: PageEntry) -> ReadPage:
    """The page for the reader, with the lengths a person gave."""
    assert entry.result is not None
    told = tuple((node, value.type, value.dots) for node, value in sorted(entry.values.items()))
    return replace(entry.result.reading, told=told) if told else entry.result.reading
