"""The document: its state, the music read from it, and the one undo command that swaps one state for another.

The music is read again in a thread of its own after each change; only the newest state counts, so a quick hand never waits.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from gui.alternatives import Alternative
from gui.edits import insert_pages
from gui.journalling import JournalWriter
from gui.keeping import Kept, fresh_journal, journal_beside, open_project, recover, save
from gui.listening import Listener
from gui.looks import read_again
from gui.pictures import Pictures
from gui.problems import Problem
from gui.recognised import moved_timings, recognised, renamed
from gui.rereading import Reread
from gui.state import BarKey, NodeKey, PageEntry, PageStatus, State, carried, same_recognition
from omr.files.musicxml import to_musicxml
from omr.files.project import png_of
from omr.page import Pixels
from omr.score import Issue, Score

if TYPE_CHECKING:
    from omr.pipeline import PageResult
    from omr.second_look import OtherBar

log = logging.getLogger(__name__)


MERGED: Final = 1  # id of steps that may be merged


class _Step(QUndoCommand):
    """From one state to another and back; pages that came or were recognised meanwhile are left alone."""

    def __init__(
        self, text: str, document: Document, before: State, after: State, *, part_of: object | None = None
    ) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, before, after
        self._part_of = part_of

    def id(self) -> int:
        return -1 if self._part_of is None else MERGED

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Steps that are part of the same are one, done one right after the other."""
        if not isinstance(other, _Step) or other._part_of is not self._part_of:
            return False
        pages = {entry.id: entry for entry in self._before.pages}
        changed = [new for old, new in zip(other._before.pages, other._after.pages, strict=True) if old is not new]
        for entry in changed:
            was = next(own for own in other._before.pages if own.id == entry.id)
            pages[entry.id] = was
        self._before = replace(self._before, pages=tuple(pages.get(entry.id, entry) for entry in other._before.pages))
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document._become(carried(self._document.state, self._before, self._after))

    def undo(self) -> None:
        self._document._become(carried(self._document.state, self._after, self._before))


class Document(QObject):
    """What a window shows: views read it, listen to its signals and hold no music of their own."""

    state_changed = Signal()
    """Anything of the state, also by undo and redo."""
    graph_changed = Signal(str)
    """The ink of a page; its id."""
    score_changed = Signal()
    """New music is there."""
    problems_changed = Signal()
    """What the checks find in it is there: issues and problems."""
    alternatives_ready = Signal(object)
    """Other readings of a bar (BarKey) that was asked for."""
    journal_failed = Signal(str)
    """Edits are kept in memory only; why, one line."""
    reading_failed = Signal(str)
    """The music could not be read; why, one line."""
    pages_changed = Signal()
    """The list of pages, or what a row of it shows."""
    saved_changed = Signal()
    """The path, or whether everything is saved."""

    def __init__(self, parent: QObject | None = None, *, pictures: Pictures | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.saved_changed)
        self.path: Path | None = None
        self._state = State()
        self._pictures = pictures or Pictures()
        self._unsaved_pages = False
        self._again: dict[str, object] = {}
        """By page what it was recognised again with."""
        self._looked: list[PageEntry] = []
        """Pages that were looked at again and whose music was not read since."""
        self._journal = JournalWriter(self)
        self._journal.failed.connect(self.journal_failed)
        self._listener = Listener(self)
        self._listener.heard.connect(self._heard)
        self._listener.checked.connect(self._checked)
        self._listener.offered.connect(self._offered)
        self._listener.failed.connect(self.reading_failed)
        self._reread: Reread | None = None
        self._offers: dict[BarKey, tuple[Alternative, ...]] = {}
        self._wanted: set[BarKey] = set()
        self._problems: tuple[Problem, ...] = ()

    @property
    def state(self) -> State:
        return self._state

    @property
    def reread(self) -> Reread | None:
        """The last music read, with the state it was read from; None before any."""
        return self._reread

    @property
    def score(self) -> Score:
        return self._reread.score if self._reread is not None else Score(parts=())

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.score.issues

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Bars worth a look, the most harmful first."""
        return self._problems

    def bar_key(self, measure: int) -> BarKey | None:
        """The name of the bar with this index in the score; None where there is none."""
        bars = self._reread.bars if self._reread is not None else ()
        return bars[measure] if 0 <= measure < len(bars) else None

    def bar_index(self, bar: BarKey) -> int | None:
        """The index in the score of a bar; None where the present music has none of that name."""
        return self._reread.places.get(bar) if self._reread is not None else None

    def bar_of(self, node: NodeKey) -> BarKey | None:
        """The bar in which a symbol is read, else the one it lies in; None where there is none."""
        return self._reread.bar_of(node) if self._reread is not None else None

    @property
    def is_clean(self) -> bool:
        """Whether everything is saved."""
        return self.undo_stack.isClean() and not self._unsaved_pages

    def apply(self, text: str, state: State) -> None:
        """Makes `state` the document's as one step that can be undone; `text` names the step for people."""
        if state != self._state:
            self.undo_stack.push(_Step(text, self, self._state, state))

    def add_pages(self, entries: Sequence[PageEntry], at: int | None = None) -> None:
        """Puts pages before place `at` (None: at the end); no step to undo."""
        self._unsaved_pages = True
        self._become(insert_pages(self._state, entries, at))

    def page_recognised(self, page_id: str, result: PageResult) -> None:
        """Takes what was found on a page, what a person did to it before kept; a page removed meanwhile is ignored."""
        if any(entry.id == page_id for entry in self._state.pages):
            old = self._state.page(page_id)
            entry = recognised(old, result)
            names = renamed(old.graph, entry.graph)
            state = self._state.with_page(entry)
            state = replace(state, decisions=moved_timings(state.decisions, page_id, names))
            if old.result is None:
                self._unsaved_pages = True
                self._become(state)
            else:
                before = self._state.with_page(replace(old, status="done"))
                self.undo_stack.push(_Step("Recognise again", self, before, state, part_of=self._again.get(page_id)))

    def page_looked(self, seen: PageEntry, looks: tuple[OtherBar, ...]) -> None:
        """Takes what further looks at a page found. One removed or recognised again meanwhile is ignored.

        Bars on which these agree against the first are read again once their music is known, as one step to undo.
        """
        own = next((entry for entry in self._state.pages if entry.id == seen.id), None)
        if own is not None and same_recognition(own, seen):
            entry = replace(own, looks=looks)
            self._looked.append(entry)
            self._become(self._state.with_page(entry))

    def page_failed(self, page_id: str, message: str) -> None:
        """Marks a page that could not be recognised, with the reason in one line; what was found before stays."""
        if any(entry.id == page_id for entry in self._state.pages):
            old = self._state.page(page_id)
            self._unsaved_pages = True
            status: PageStatus = "failed" if old.result is None else "done"
            self._become(self._state.with_page(replace(old, status=status, message=message)))

    def musicxml(self) -> bytes:
        """The music as MusicXML with the ids of the ink; raises InvalidOutputError when there is none."""
        return to_musicxml(self.score)

    def image(self, page_id: str) -> Pixels:
        """Page pixels, (height, width) uint8, 0 = ink, read-only; raises OmrError when the file cannot be read."""
        return self._pictures.image(self._state.page(page_id))

    @property
    def passwords(self) -> dict[str, str]:
        """Of encrypted files by their name, as long as the document is open; saved nowhere."""
        return self._pictures.passwords

    def save(self, path: Path | None = None) -> None:
        """Saves everything at `path` (None: where it was saved before); raises OmrError, and then nothing is lost.

        Raises ValueError where no path is known yet.
        """
        path = path or self.path
        if path is None:
            raise ValueError("a document that was never saved needs a path")
        self._journal.wait()
        token = save(path, self._state, self._png)
        self.path = path
        self._pictures.load_from(path)
        self._journal.restart(journal_beside(path), base=path, token=token, state=self._state)
        self._unsaved_pages = False
        self.undo_stack.setClean()
        self.saved_changed.emit()

    def open(self, path: Path) -> str:
        """Becomes the project at `path`, or its last good state: returns what a person must know, else "". Raises OmrError."""
        return self._take(open_project(path))

    def recover(self, journal: Path) -> str:
        """Becomes the document with the edits of a journal; returns what was recovered, one line. Raises OmrError."""
        return self._take(recover(journal), journal)

    def keep_journal(self, folder: Path) -> None:
        """Journals the edits of a document that was never saved in `folder`, from now on."""
        self._journal.restart(fresh_journal(folder), base=None, token="", state=State())
        self._journal.record(self._state)

    def alternatives(self, bar: BarKey) -> tuple[Alternative, ...] | None:
        """Other readings of a bar, the likeliest first; None while they are looked for: `alternatives_ready` will say."""
        if bar not in self._offers and self._reread is not None and bar not in self._wanted:
            self._wanted.add(bar)
            self._listener.want(self._reread, bar)
        return self._offers.get(bar)

    def recognise_again(self, page_ids: Collection[str]) -> None:
        """Lets pages wait for recognition; what a person did to them is merged into what will be found.

        Their music stays until then. What comes is one step to undo for all of them, if nothing is edited meanwhile.
        """
        token = object()
        for page_id in page_ids:
            self._again[page_id] = token
            self._become(self._state.with_page(replace(self._state.page(page_id), status="waiting", message="")))

    def settle(self) -> None:
        """Waits until the music of the present state is read."""
        self._listener.wait()

    def close(self) -> None:
        """Ends the threads and forgets the journal: everything is saved, or not wanted. The document is not used any more."""
        self._listener.stop()
        self._journal.stop()

    def _become(self, state: State) -> None:
        before, self._state = self._state, state
        own = {entry.id: entry for entry in before.pages}
        self.state_changed.emit()
        for entry in state.pages:
            old = own.get(entry.id)
            if old is not entry and (old is None or old.graph is not entry.graph):
                self.graph_changed.emit(entry.id)
        if [_row(entry) for entry in before.pages] != [_row(entry) for entry in state.pages]:
            self.pages_changed.emit()
        self._offers.clear()
        self._wanted.clear()
        self._journal.record(state)
        self._listener.listen(state)

    def _take(self, kept: Kept, journal: Path | None = None) -> str:
        """Becomes a document found on the disk."""
        self.path = kept.path
        self.undo_stack.clear()
        self._pictures.load_from(kept.images)
        if journal is not None:
            self._journal.go_on(journal, kept.state)
        elif kept.path is not None:
            self._journal.restart(journal_beside(kept.path), base=kept.path, token=kept.token, state=kept.state)
        self._unsaved_pages = bool(kept.notice)
        self._become(kept.state)
        self.saved_changed.emit()
        return kept.notice

    def _png(self, entry: PageEntry) -> bytes:
        return png_of(self._pictures.flat(entry))

    def _heard(self, heard: Reread) -> None:
        self._reread = heard
        self.score_changed.emit()

    def _offered(self, bar: BarKey, found: tuple[Alternative, ...]) -> None:
        self._offers[bar] = found
        self.alternatives_ready.emit(bar)

    def _checked(self, heard: Reread, found: tuple[Problem, ...]) -> None:
        self._reread, self._problems = heard, found
        self.problems_changed.emit()
        if heard.state is self._state and self._looked:
            self._read_again(heard)

    def _read_again(self, heard: Reread) -> None:
        """Takes the bars of pages on which further looks agree, but never at the price of steps that can be redone."""
        pages = {entry.id: entry for entry in self._state.pages}
        looked = [entry.id for entry in self._looked if entry.id in pages and pages[entry.id].looks is entry.looks]
        self._looked.clear()
        if not self.undo_stack.canRedo():
            self.apply("Read again what further looks agree on", read_again(heard, looked))


def _row(entry: PageEntry) -> tuple[object, ...]:
    """What a list of pages shows of one."""
    return entry.id, entry.status, entry.message, entry.rotation, entry.ignored
