"""Recognises the pages of a document one by one in the background; finished pages can be used meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from gui import tasks
from gui.document import Document
from gui.edits import rotate_page
from gui.jobs import Errands, Service
from gui.state import PageEntry

if TYPE_CHECKING:
    from omr.pipeline import PageResult

QUARTER = 90  # degrees
STAGES = ("prepare", "staves", "detect", "link")
STAGE_NAMES = {
    "prepare": "preparing",
    "staves": "finding staves",
    "detect": "finding symbols",
    "link": "relating symbols",
}


class Recogniser(QObject):
    """Works off the pages that wait, from the one that is looked at on."""

    progressed = Signal()
    """Another page or stage begins, or all is done."""
    warmed = Signal()
    """The models are loaded."""

    def __init__(self, document: Document, service: Service, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._service, self._errands = document, service, errands
        self.edition = "print"
        self.device = "cpu"
        self.precision = "auto"
        self.ready = False
        self.running = False
        self.current = ""
        """Id of the page at work."""
        self.stage = ""
        self._preferred = ""
        self._done = 0
        self._turn = 0
        service.answered.connect(self._answered)
        service.failed.connect(self._failed)
        service.stage.connect(self._staged)
        errands.done.connect(self._loaded)
        errands.failed.connect(self._not_loaded)
        document.pages_changed.connect(self._pages_changed)

    def warm(self) -> None:
        """Loads the models before they are asked for."""
        self._service.ask("warm", tasks.warm, *self.models)

    @property
    def models(self) -> tuple[str, str, str]:
        """Edition, device and precision, as every task with models takes them."""
        return self.edition, self.device, self.precision

    @property
    def waiting(self) -> list[PageEntry]:
        return [entry for entry in self._document.state.pages if entry.status == "waiting"]

    @property
    def progress(self) -> tuple[int, int]:
        """(steps done, steps in all) of this run."""
        left = len(self.waiting)
        stage = STAGES.index(self.stage) if self.stage in STAGES else 0
        return self._done * len(STAGES) + stage, (self._done + left) * len(STAGES)

    @property
    def words(self) -> str:
        """What is going on, for the status bar."""
        if not self.running:
            return ""
        place = next((place for place, e in enumerate(self._document.state.pages) if e.id == self.current), 0)
        doing = STAGE_NAMES.get(self.stage, "reading" if self.ready else "loading the models")
        return f"Page {place + 1} of {len(self._document.state.pages)}: {doing}"

    def prefer(self, page: str) -> None:
        """Takes this page next."""
        self._preferred = page

    def start(self) -> None:
        """Works until no page waits."""
        if not self.running and self.waiting:
            self.running, self._done = True, 0
            self._next()

    def cancel(self) -> None:
        """Stops at once; pages that were not finished wait."""
        if self.running:
            self._turn += 1
            self.running, self.current, self.stage = False, "", ""
            self.unload()
            self.progressed.emit()

    def unload(self) -> None:
        """Ends the process and its work; the models are loaded again when the next page is asked for."""
        self.ready = False
        self._service.cancel()

    def _next(self) -> None:
        waiting = self.waiting
        if not waiting:
            self.running, self.current, self.stage = False, "", ""
            self.progressed.emit()
            return
        entry = next((entry for entry in waiting if entry.id == self._preferred), waiting[0])
        self.current, self.stage = entry.id, ""
        self._turn += 1
        self._errands.run(("recognise", self._turn, entry.id), lambda: self._document.image(entry.id), urgent=True)
        self.progressed.emit()

    def _loaded(self, key: object, pixels: object) -> None:
        entry = self._mine(key)
        if entry is not None:
            self._service.ask(key, tasks.recognise, pixels, entry.source, entry.index, entry.ignored, self.models)

    def _not_loaded(self, key: object, message: str) -> None:
        entry = self._mine(key)
        if entry is not None:
            self._finish(lambda: self._document.page_failed(entry.id, message))

    def _answered(self, key: object, value: object) -> None:
        if key == "warm":
            self.ready = True
            self.warmed.emit()
        entry = self._mine(key)
        if entry is not None:
            self.ready = True
            result = cast("PageResult", value)
            self._finish(lambda: self._take(entry, result))

    def _take(self, entry: PageEntry, result: PageResult) -> None:
        """Keeps what was found; a page that was found to lie on its side is turned first."""
        if result.turns:
            state = rotate_page(self._document.state, entry.id, result.turns * QUARTER)
            self._document.apply("Set page upright", state)
        self._document.page_recognised(entry.id, replace(result, turns=0))

    def _failed(self, key: object, message: str) -> None:
        entry = self._mine(key)
        if entry is not None:
            self._finish(lambda: self._document.page_failed(entry.id, message))

    def _finish(self, tell: Callable[[], None]) -> None:
        self._done += 1
        self._turn += 1
        tell()
        if self.running:
            self._next()

    def _staged(self, key: object, page: int, name: str) -> None:
        if self._mine(key) is not None:
            self.stage = name
            self.progressed.emit()

    def _mine(self, key: object) -> PageEntry | None:
        """The page of an answer to the present question; None for any other."""
        if self.running and isinstance(key, tuple) and key[:2] == ("recognise", self._turn):
            return next((entry for entry in self._document.state.pages if entry.id == key[2]), None)
        return None

    def _pages_changed(self) -> None:
        """A page that is at work was removed or turned: it is given up."""
        if not self.running or not self.current:
            return
        own = next((entry for entry in self._document.state.pages if entry.id == self.current), None)
        if own is None or own.status == "ignored":
            self.cancel()
            self.start()
