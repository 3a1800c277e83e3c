"""Keeps the engraved reading of the pages up to date: after each change only the systems whose music differs are set anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gui import excerpts, tasks
from gui.document import Document
from gui.engraved_view import SystemPicture
from gui.engraving import Engraved
from gui.jobs import Service
from gui.state import PageEntry
from omr.geometry import union
from omr.score import Score

Place = tuple[str, int]
"""(id of the page, system)"""


class Engraver(QObject):
    """Asks for the systems of the page that is looked at, and keeps what came."""

    engraved = Signal(str)
    """Other pictures of a page are there; its id."""

    def __init__(self, document: Document, service: Service, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._service = document, service
        self._page = ""
        self._wanted: dict[Place, Score] = {}
        self._pictures: dict[Place, SystemPicture] = {}
        self._round = 0
        service.answered.connect(self._take)
        document.score_changed.connect(self.refresh)

    def look_at(self, page: str) -> None:
        """Turns to a page: its systems are engraved from now on."""
        self._page = page
        self.refresh()

    @property
    def busy(self) -> bool:
        return self._service.busy

    def pictures(self, page: str) -> Mapping[int, SystemPicture]:
        """What is engraved of a page by system; of systems under way, what they were before."""
        return {system: picture for (own, system), picture in self._pictures.items() if own == page}

    def refresh(self) -> None:
        """Has the systems engraved whose music is other than in their picture."""
        heard = self._document.reread
        pages = heard.state.read_pages if heard is not None else ()
        place = next((place for place, entry in enumerate(pages) if entry.id == self._page), None)
        if heard is None or place is None:
            return
        own = {
            (self._page, system): _nameless(music)
            for (page, system), music in excerpts.systems(heard.score).items()
            if page == place
        }
        for gone in [key for key in self._pictures if key[0] == self._page and key not in own]:
            del self._pictures[gone]
            self._wanted.pop(gone, None)
        todo = {key: music for key, music in own.items() if self._wanted.get(key) != music}
        if todo:
            self._wanted.update(todo)
            self._round += 1
            widths = {key: (music, _width(pages[place], key[1])) for key, music in todo.items()}
            self._service.ask(("systems", self._round), tasks.engrave, widths)

    def _take(self, key: object, value: object) -> None:
        if not (isinstance(key, tuple) and key[0] == "systems") or not isinstance(value, dict):
            return
        pages = set()
        for place, engraved in value.items():
            if isinstance(engraved, Engraved):
                self._pictures[place] = SystemPicture(engraved)
            else:
                self._pictures.pop(place, None)
            pages.add(place[0])
        for page in sorted(pages):
            self.engraved.emit(page)


def _nameless(music: Score) -> Score:
    """Without the names of the parts, which would push the staves aside."""
    return replace(music, parts=tuple(replace(part, name="") for part in music.parts))


def _width(entry: PageEntry, system: int) -> float:
    """Of a system, staff spaces."""
    staves = [staff for staff in entry.result.staves if staff.system == system] if entry.result is not None else []
    if not staves:
        return 100.0
    return union(staff.box for staff in staves).width / staves[0].staff_space
