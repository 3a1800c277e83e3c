"""Looks at recognised pages a second time while nothing else is to be done; see omr/second_look.py for what that tells.

The page in view comes first. A page that waits for recognition goes before any look, and ends the one at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from gui import tasks
from gui.document import Document
from gui.jobs import Errands, Service
from gui.recogniser import Recogniser
from gui.selection import Selection
from gui.state import PageEntry, same_recognition

if TYPE_CHECKING:
    from omr.second_look import OtherBar


class Looker(QObject):
    """Asks the service that recognises pages for further looks at them."""

    progressed = Signal()
    """Another page is looked at, or none."""

    def __init__(
        self,
        document: Document,
        selection: Selection,
        recogniser: Recogniser,
        service: Service,
        errands: Errands,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._recogniser = document, selection, recogniser
        self._service, self._errands = service, errands
        self._wanted = True
        self._page: PageEntry | None = None
        self._turn = 0
        self._left_out: list[PageEntry] = []
        """Pages that cannot be looked at, or that a person stopped."""
        service.answered.connect(self._answered)
        service.failed.connect(self._failed)
        errands.done.connect(self._loaded)
        errands.failed.connect(self._failed)
        recogniser.progressed.connect(self._go_on)
        recogniser.warmed.connect(self._go_on)
        document.state_changed.connect(self._go_on)

    @property
    def running(self) -> bool:
        return self._page is not None

    @property
    def words(self) -> str:
        """What is going on, for the status bar."""
        if self._page is None:
            return ""
        pages = self._document.state.pages
        place = next((place for place, entry in enumerate(pages) if entry.id == self._page.id), 0)
        return f"Page {place + 1} of {len(pages)}: a second look for doubtful bars"

    @property
    def waiting(self) -> list[PageEntry]:
        """Recognised pages that were not looked at again, the one in view first."""
        found = [
            entry
            for entry in self._document.state.read_pages
            if entry.status == "done" and entry.looks is None and not self._is_left_out(entry)
        ]
        return sorted(found, key=lambda entry: entry.id != self._selection.page)

    def want(self, wanted: bool) -> None:
        """Whether pages are looked at again."""
        self._wanted = wanted
        self._go_on()

    def cancel(self) -> None:
        """Stops at once; the pages found by now are not looked at again."""
        if self._page is not None:
            self._left_out.extend(self.waiting)
            self._stop()

    def _go_on(self) -> None:
        """Takes the next page, where there is time for it."""
        if self._recogniser.running or not self._wanted:
            if self._page is not None:
                self._stop()
            return
        waiting = self.waiting
        if self._page is not None or not self._recogniser.ready or not waiting:
            return
        self._page = waiting[0]
        self._turn += 1
        page = self._page.id
        self._errands.run(("look", self._turn), lambda: self._document.image(page))
        self.progressed.emit()

    def _stop(self) -> None:
        asked = self._service.busy
        self._page = None
        self._turn += 1
        if asked:
            self._recogniser.unload()
        self.progressed.emit()

    def _loaded(self, key: object, pixels: object) -> None:
        entry = self._page
        if key == ("look", self._turn) and entry is not None:
            models = self._recogniser.models
            self._service.ask(key, tasks.look, pixels, entry.source, entry.index, entry.ignored, entry.result, models)

    def _answered(self, key: object, value: object) -> None:
        entry = self._page
        if key == ("look", self._turn) and entry is not None:
            self._page = None
            self._document.page_looked(entry, cast("tuple[OtherBar, ...]", value))
            self._go_on()
            self.progressed.emit()

    def _failed(self, key: object, message: str) -> None:
        """What cannot be looked at stays as it was read first: no harm a person need hear of."""
        entry = self._page
        if key == ("look", self._turn) and entry is not None:
            self._left_out.append(entry)
            self._page = None
            self._go_on()
            self.progressed.emit()

    def _is_left_out(self, entry: PageEntry) -> bool:
        return any(entry.id == other.id and same_recognition(entry, other) for other in self._left_out)
