"""The current bar: as it is printed, and up to five ways to read it, engraved. Keys 1 to 5 choose."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QByteArray, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui import excerpts, tasks
from gui.alternatives import Alternative
from gui.document import Document
from gui.engraving import Engraved
from gui.jobs import Service
from gui.overlays import bar_box, bar_name
from gui.page_image import PageImage
from gui.panels.cards import Card
from gui.selection import Selection
from gui.state import BarKey
from gui.words import plain
from omr.score import Score

WAIT = 60  # milliseconds before the readings of a bar are asked for: passing by costs nothing
CROP_HEIGHT = 150
AROUND = 2.5  # staff spaces of the scan shown around the bar
NONE = "No other reading is likely. Mend the symbols on the page, or press Enter if the bar is right."
WIDTH = 22.0  # staff spaces of an engraved bar


class Crop(QWidget):
    """A part of the scan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: PageImage | None = None
        self._area = QRectF()
        self.setMinimumHeight(CROP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The bar as it is printed")

    def show_part(self, image: PageImage | None, area: QRectF) -> None:
        self._image, self._area = image, area
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        if self._image is not None and not self._area.isEmpty():
            ratio = self.devicePixelRatioF()
            scale = min(self.width() / self._area.width(), self.height() / self._area.height())
            painter.translate(
                (self.width() - self._area.width() * scale) / 2, (self.height() - self._area.height() * scale) / 2
            )
            painter.scale(scale, scale)
            painter.translate(-self._area.topLeft())
            self._image.draw(painter, self._area, scale * ratio)
        painter.end()


class AlternativesPanel(QWidget):
    """Readings of the current bar to choose from."""

    chosen = Signal(Alternative)

    def __init__(
        self, document: Document, selection: Selection, service: Service, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._service = document, selection, service
        self._image: PageImage | None = None
        self._round = 0
        self._shown: tuple[Alternative, ...] = ()
        self.cards: list[Card] = []
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.crop = Crop()
        self.note = QLabel()
        self.note.setObjectName("muted")
        self.note.setWordWrap(True)
        self.note.hide()
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 8)
        layout.addWidget(self.title)
        layout.addWidget(self.crop)
        layout.addWidget(self.note)
        layout.addWidget(scroll, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._fill)
        selection.changed.connect(self.refresh)
        document.score_changed.connect(self.refresh)
        document.problems_changed.connect(self.refresh)
        document.alternatives_ready.connect(self._ready)
        service.answered.connect(self._take)
        self.refresh()

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What is offered at present."""
        return self._shown

    def set_image(self, image: PageImage | None) -> None:
        """The scan of the current page."""
        self._image = image
        self._show_crop()

    def refresh(self) -> None:
        """Turns to the current bar."""
        bar = self._selection.bar
        self._show_crop()
        if bar is None:
            self._timer.stop()
            self.title.setText("Choose a bar, or press N for the one that most needs a look")
            self.note.hide()
            self._put(())
        else:
            self.title.setText(self._words(bar))
            self._timer.start()

    def pick(self, place: int) -> bool:
        """Takes alternative `place` (0-based); whether there is one."""
        if self._timer.isActive():
            self._timer.stop()
            self._fill()
        if not 0 <= place < len(self._shown):
            return False
        self.chosen.emit(self._shown[place])
        return True

    def _words(self, bar: BarKey) -> str:
        problem = next((problem for problem in self._document.problems if problem.bar == bar), None)
        name = bar_name(self._document, bar)
        name = name[:1].upper() + name[1:]
        if bar in self._document.state.decisions.checked:
            return f"{name}: checked"
        if problem is None:
            return name
        message = plain(problem.message)
        return message if message.startswith(name) else f"{name}: {message}"

    def _show_crop(self) -> None:
        bar = self._selection.bar
        box = bar_box(self._document, bar) if bar is not None else None
        self.crop.setVisible(box is not None and self._image is not None)
        if box is not None and self._image is not None and bar is not None:
            entry = self._document.state.page(bar.page)
            space = entry.result.staves[0].staff_space if entry.result is not None and entry.result.staves else 16.0
            around = box.padded(0.4 * AROUND * space, AROUND * space)
            whole = QRectF(0, 0, self._image.width, self._image.height)
            area = QRectF(around.left, around.top, around.width, around.height).intersected(whole)
            self.crop.show_part(self._image, area)

    def _fill(self) -> None:
        bar = self._selection.bar
        found = self._document.alternatives(bar) if bar is not None else ()
        self.note.setText("Looking for other readings …" if found is None else "" if found else NONE if bar else "")
        self.note.setVisible(bool(self.note.text()))
        self._put(found or ())

    def _ready(self, bar: object) -> None:
        if bar == self._selection.bar and not self._timer.isActive():
            self._fill()

    def _put(self, found: tuple[Alternative, ...]) -> None:
        self._shown = found
        for card in self.cards:
            self._list.removeWidget(card)
            card.deleteLater()
        self.cards = []
        for place, alternative in enumerate(found):
            card = Card(str(place + 1), alternative.label)
            card.clicked.connect(lambda _=False, place=place: self.pick(place))
            self._list.insertWidget(place, card)
            self.cards.append(card)
        if found:
            self._round += 1
            music = {place: (self._excerpt(own), WIDTH) for place, own in enumerate(found)}
            self._service.ask(("alternatives", self._round), tasks.engrave, music)

    def _excerpt(self, alternative: Alternative) -> Score:
        """The bar as it would be, with what holds there stated."""
        bar = self._selection.bar
        index = self._document.bar_index(bar) if bar is not None else None
        now = excerpts.bar(self._document.score, index if index is not None else -1)
        parts = []
        for part, measure in zip(now.parts, alternative.measures, strict=False):
            own = part.measures[0]
            stated = replace(measure, clefs=own.clefs, key=own.key, time=own.time, left=own.left)
            parts.append(replace(part, name="", measures=(replace(stated, new_system=False, new_page=False),)))
        return Score(parts=tuple(parts))

    def _take(self, key: object, value: object) -> None:
        if key != ("alternatives", self._round) or not isinstance(value, dict):
            return
        for place, engraved in value.items():
            if place < len(self.cards):
                drawn = QSvgRenderer(QByteArray(engraved.svg)) if isinstance(engraved, Engraved) else None
                self.cards[place].set_picture(drawn)
