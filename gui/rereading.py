"""From a state to its score: reading with the ink and the decisions of a person, remembering what has not changed.

Everything after recognition is read again from the state alone, so the score never depends on the order of edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gui.state import BarKey, NodeKey, PageEntry, State
from omr.files.gate import repair
from omr.geometry import Point
from omr.memory import Memory, remembering
from omr.reading.reader import Reading, read
from omr.score import Issue, NodeRef, Score


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
        self._memory = Memory()

    def read(self, state: State) -> Reread:
        """The music of the recognised pages as `checked` would complete it; without any, a score without parts."""
        from omr.pipeline import on_pages  # brings the runtimes of recognition, which a window starts without

        results = [entry.result for entry in state.read_pages if entry.result is not None]
        with remembering(self._memory):
            reading = read(tuple(result.reading for result in results))
            score, _ = repair(reading.score())
            score = on_pages(score, results)
        return Reread(
            state=state,
            reading=reading,
            score=score,
            bars=bar_keys(score, [entry.id for entry in state.read_pages]),
        )


def checked(heard: Reread) -> Reread:
    """The same music with all that the checks of graph and score find: slower, so it may follow later."""
    from omr.pipeline import issues_of

    results = [entry.result for entry in heard.state.read_pages if entry.result is not None]
    return replace(heard, score=replace(heard.score, issues=issues_of(heard.score, results)))


def bar_keys(score: Score, pages: list[str]) -> tuple[BarKey, ...]:
    """The name of each measure; `pages` are the ids of the pages with music in order."""
    counts: Counter[tuple[int, int]] = Counter()
    found = []
    for measure in score.parts[0].measures if score.parts else ():
        place = measure.page, measure.system
        found.append(BarKey(pages[measure.page], measure.system, counts[place]))
        counts[place] += 1
    return tuple(found)
