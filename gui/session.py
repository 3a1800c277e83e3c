"""One document at work: what belongs together behind a window, and is ended together."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.document import Document
from gui.editor import Editor
from gui.engraver import Engraver
from gui.jobs import Errands, Service
from gui.looking import Looker
from gui.recogniser import Recogniser
from gui.selection import Selection
from gui.settings import Settings


class Session(QObject):
    """The document with the services that work for it."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.document = Document(self)
        self.selection = Selection(self)
        self.editor = Editor(self.document, self.selection, self)
        self.errands = Errands(self)
        self.recognition = Service("recognition", self)
        self.engraving = Service("engraving", self)
        self.recogniser = Recogniser(self.document, self.recognition, self.errands, self)
        self.recogniser.edition = settings.edition
        self.recogniser.device, self.recogniser.precision = settings.device, settings.precision
        self.looker = Looker(self.document, self.selection, self.recogniser, self.recognition, self.errands, self)
        self.looker.want(settings.second_look)
        self.engraver = Engraver(self.document, self.engraving, self)
        self.selection.page_changed.connect(self.engraver.look_at)
        self.selection.page_changed.connect(self.recogniser.prefer)

    def stop(self) -> None:
        """Stops recognition, or what follows it."""
        self.recogniser.cancel()
        self.looker.cancel()

    def close(self) -> None:
        """Ends all processes and threads."""
        self.stop()
        self.recognition.close()
        self.engraving.close()
        self.errands.close()
        self.document.close()
