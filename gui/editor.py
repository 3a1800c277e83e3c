"""What the person wants done to the document: each wish becomes one named step, or one line that says why not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui import edits
from gui.document import Document
from gui.edits import EditError
from gui.selection import Selection
from gui.shapes import spoken
from gui.state import NodeKey, State, Value
from omr.geometry import Box, Point
from omr.labels import DETECTED, NOTEHEADS, RESTS
from omr.notation import Node, NotationGraph
from omr.score import Clef, Key, NoteType, Time

if TYPE_CHECKING:
    from gui.alternatives import Alternative
    from gui.problems import Problem
    from gui.state import BarKey

LENGTHS: dict[int, NoteType] = {
    1: "64th", 2: "32nd", 3: "16th", 4: "eighth", 5: "quarter", 6: "half", 7: "whole", 8: "breve"
}  # fmt: skip
"""What a digit means as a length, as in MuseScore."""
OFFERED = 5
THOUGHT = 0.005
"""Least score of a class that is offered."""


class Editor(QObject):
    """Turns wishes into steps of the document."""

    said = Signal(str)
    """Something to tell the person, one line."""
    refused = Signal(str)
    """Why a wish cannot be met, one line."""

    def __init__(self, document: Document, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.selection = document, selection
        self._visited: Problem | None = None

    def attempt(self, text: str, change: Callable[[State], State]) -> bool:
        """Makes one step; whether it was allowed."""
        try:
            state = change(self.document.state)
        except EditError as error:
            self.refused.emit(str(error)[:1].upper() + str(error)[1:])
            return False
        self.document.apply(text, state)
        return True

    # Symbols

    def nodes(self) -> list[Node]:
        """The selected symbols as they are now."""
        graph = self._graph()
        return [graph.by_id[node] for node in sorted(self.selection.nodes) if node in graph.by_id]

    def _graph(self) -> NotationGraph:
        try:
            return self.document.state.page(self.selection.page).graph
        except KeyError:
            return NotationGraph()

    def add(self, label: str, box: Box) -> None:
        made: list[int] = []

        def change(state: State) -> State:
            state, node = edits.add_symbol(state, self.selection.page, label, box)
            made.append(node)
            return state

        if self.attempt(f"Add {spoken(label)}", change):
            self.selection.select(made, self.selection.bar)

    def delete(self) -> None:
        nodes = self.nodes()
        what = spoken(nodes[0].label) if len(nodes) == 1 else f"{len(nodes)} symbols"
        page, ids = self.selection.page, [node.id for node in nodes]
        if self.attempt(f"Delete {what}", lambda state: edits.delete(state, page, ids)):
            self.selection.clear_nodes()

    def move(self, by: Point) -> None:
        page, ids = self.selection.page, [node.id for node in self.nodes()]
        if ids:
            self.attempt("Move " + self._what(), lambda state: edits.move(state, page, ids, by))

    def resize(self, node: int, box: Box) -> None:
        page = self.selection.page
        self.attempt("Resize " + self._what(), lambda state: edits.resize(state, page, node, box))

    def relabel(self, label: str) -> None:
        page, ids = self.selection.page, [node.id for node in self.nodes()]
        text = f"Change {self._what()} to {spoken(label)}"
        self.attempt(text, lambda state: edits.relabel(state, page, ids, label))

    def relate(self, one: int, other: int) -> None:
        """Relates two symbols, or cuts the relation there is."""
        page = self.selection.page
        graph = self._graph()
        if any({edge.source, edge.target} == {one, other} for edge in graph.edges):
            self.attempt("Cut relation", lambda state: edits.cut_edge(state, page, one, other))
        else:
            self.attempt("Relate symbols", lambda state: edits.add_edge(state, page, one, other))

    def _what(self) -> str:
        nodes = self.nodes()
        return spoken(nodes[0].label) if len(nodes) == 1 else f"{len(nodes)} symbols"

    # Music

    def pitch(self, steps: int) -> None:
        """Raises the selected heads by staff positions."""
        page, ids = self.selection.page, [node.id for node in self.nodes()]
        direction = "Raise" if steps > 0 else "Lower"
        self.attempt(f"{direction} note", lambda state: edits.set_pitch_step(state, page, ids, steps))

    def timed(self) -> list[NodeKey]:
        """The selected heads and rests."""
        return [NodeKey(self.selection.page, n.id) for n in self.nodes() if n.label in NOTEHEADS or n.label in RESTS]

    def length(self, digit: int, dots: int = 0) -> None:
        """Gives the selected notes and rests a printed length."""
        if digit not in LENGTHS:
            self.refused.emit("Lengths are 1 (64th) to 8 (breve); 5 is a quarter")
            return
        value, keys = Value(LENGTHS[digit], dots), self.timed()
        self.attempt(f"Length {value.type}", lambda state: edits.set_duration(state, keys, value))

    def dot(self) -> None:
        """One dot more for the selected notes and rests, after two none."""
        keys = self.timed()
        known = [self.document.state.page(key.page).values.get(key.node) for key in keys]
        value = known[0] if known and known[0] is not None else self._read_value(keys)
        if value is None:
            self.refused.emit("Select a note or rest to dot it")
            return
        dotted = Value(value.type, (value.dots + 1) % 3)
        self.attempt("Dot", lambda state: edits.set_duration(state, keys, dotted))

    def _read_value(self, keys: Collection[NodeKey]) -> Value | None:
        """The printed length of the first of these as it was read."""
        heard = self.document.reread
        for key in keys:
            for part in heard.score.parts if heard is not None else ():
                for measure in part.measures:
                    for event in measure.events:
                        refs = [ref for tone in event.tones for ref in tone.nodes] + list(event.nodes)
                        if any(self._is(ref, key) for ref in refs):
                            return Value(event.type, event.dots)
        return None

    def _is(self, ref: tuple[int, int], key: NodeKey) -> bool:
        heard = self.document.reread
        pages = heard.state.read_pages if heard is not None else ()
        return ref[1] == key.node and ref[0] < len(pages) and pages[ref[0]].id == key.page

    def signature(self, value: Clef | Key | Time, first: BarKey, last: BarKey, staff: int | None) -> bool:
        kind = type(value).__name__.lower()
        return self.attempt(
            f"Set {kind}", lambda state: edits.set_signature(state, value, first=first, last=last, staff=staff)
        )

    # Problems and bars

    def visit(self, problem: Problem) -> None:
        """Turns to a problem's bar."""
        self._visited = problem
        self.selection.show_page(problem.page)
        self.selection.select((), problem.bar)

    def visit_next(self, steps: int) -> Problem | None:
        """Turns to the next (or previous) problem of the list; from the last to the first."""
        found = self.document.problems
        if not found:
            self.said.emit("No bar is left to check")
            return None
        bars = [problem.bar for problem in found]
        here = self.selection.bar
        if here in bars:
            place = (bars.index(here) + steps) % len(found)
        elif self._visited is not None and steps > 0:
            harm = self._visited.harm
            place = next((i for i, problem in enumerate(found) if problem.harm <= harm), 0)
        else:
            place = 0 if steps > 0 else len(found) - 1
        self.visit(found[place])
        return found[place]

    def accept(self) -> None:
        """Says that the current bar is right, and goes to the next problem."""
        bar = self.selection.bar
        if bar is None:
            self.visit_next(1)
            return
        following = self._after(bar)
        self.attempt("Accept bar", lambda state: edits.mark_checked(state, [bar]))
        if following is not None:
            self.visit(following)
        else:
            self.said.emit("That was the last bar to check")

    def toggle_checked(self) -> None:
        bar = self.selection.bar
        if bar is None:
            self.refused.emit("Click a bar first")
        elif bar in self.document.state.decisions.checked:
            self.attempt("Bar not checked", lambda state: edits.unmark_checked(state, [bar]))
        else:
            self.attempt("Bar checked", lambda state: edits.mark_checked(state, [bar]))

    def _after(self, bar: BarKey) -> Problem | None:
        found = [problem for problem in self.document.problems if problem.bar != bar]
        bars = [problem.bar for problem in self.document.problems]
        if not found:
            return None
        return found[min(bars.index(bar), len(found) - 1)] if bar in bars else found[0]

    def choose(self, alternative: Alternative) -> None:
        """Takes another reading of a bar."""
        self.document.apply(f"Choose reading: {alternative.label}", alternative.state)

    def symbol_alternatives(self, node: Node) -> list[tuple[str, float]]:
        """(class, score) the detector thought of for a symbol, the best first, its own class left out."""
        ranked = sorted(zip(node.scores, DETECTED, strict=False), reverse=True)
        return [(label, score) for score, label in ranked if label != node.label and score >= THOUGHT][:OFFERED]

    # Pages

    def rotate(self, page: str, degrees: int) -> None:
        self.attempt("Turn page", lambda state: edits.rotate_page(state, page, degrees))

    def remove_pages(self, pages: Collection[str]) -> None:
        text = "Remove page" if len(pages) == 1 else f"Remove {len(pages)} pages"
        self.attempt(text, lambda state: edits.remove_pages(state, pages))

    def move_page(self, page: str, to: int) -> None:
        self.attempt("Move page", lambda state: edits.move_page(state, page, to))

    def again(self, pages: Collection[str]) -> None:
        """Has pages recognised anew; what a person put, changed or deleted there stays."""
        self.document.recognise_again(pages)

    def ignore(self, region: Box) -> None:
        page = self.selection.page
        self.attempt("Ignore region", lambda state: edits.ignore_region(state, page, region))
