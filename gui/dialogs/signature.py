"""A clef, key or time that holds from one bar to another, whatever is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from gui.document import Document
from gui.state import BarKey
from omr.score import Clef, Key, Time

if TYPE_CHECKING:
    from gui.main_window import MainWindow

CLEFS = (
    ("Treble (G)", Clef(sign="G", line=2)), ("Treble, an octave lower", Clef(sign="G", line=2, octave_change=-1)),
    ("Bass (F)", Clef(sign="F", line=4)), ("Alto (C)", Clef(sign="C", line=3)), ("Tenor (C)", Clef(sign="C", line=4)),
    ("Soprano (C)", Clef(sign="C", line=1)), ("French violin (G)", Clef(sign="G", line=1)),
    ("Baritone (F)", Clef(sign="F", line=3)), ("Percussion", Clef(sign="percussion", line=3)),
)  # fmt: skip
KEYS = (
    "C♭ / a♭", "G♭ / e♭", "D♭ / b♭", "A♭ / f", "E♭ / c", "B♭ / g", "F / d", "C / a", "G / e", "D / b", "A / f♯", "E / c♯",
    "B / g♯", "F♯ / d♯", "C♯ / a♯",
)  # fmt: skip
"""Major and minor, seven flats to seven sharps."""
BEAT_TYPES = (1, 2, 4, 8, 16, 32)
TITLES = {"clef": "Clef for a range", "key": "Key for a range", "time": "Time for a range"}


class SignatureDialog(QDialog):
    """Which, and from where to where."""

    def __init__(self, document: Document, kind: str, bar: BarKey | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLES[kind])
        self._kind = kind
        heard = document.reread
        self._bars = heard.bars if heard is not None else ()
        form = QFormLayout(self)
        self.clef = QComboBox()
        self.staff = QSpinBox()
        self.key = QComboBox()
        self.beats = QSpinBox()
        self.beat_type = QComboBox()
        self._fill(document)
        if kind == "clef":
            form.addRow("&Clef", self.clef)
            form.addRow("&Staff (1 is the top one)", self.staff)
        elif kind == "key":
            form.addRow("&Key", self.key)
        else:
            row = QHBoxLayout()
            row.addWidget(self.beats)
            row.addWidget(QLabel("/"))
            row.addWidget(self.beat_type)
            row.addStretch(1)
            label = QLabel("Ti&me")
            label.setBuddy(self.beats)
            form.addRow(label, row)
        self.first, self.last = QComboBox(), QComboBox()
        for box in (self.first, self.last):
            box.setMaxVisibleItems(16)
            for index, own in enumerate(self._bars):
                box.addItem(_bar_words(document, own, index))
        here = self._bars.index(bar) if bar in self._bars else 0
        self.first.setCurrentIndex(here)
        self.last.setCurrentIndex(len(self._bars) - 1)
        form.addRow("&From", self.first)
        form.addRow("&To", self.last)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def _fill(self, document: Document) -> None:
        for name, clef in CLEFS:
            self.clef.addItem(name, clef)
        parts = document.score.parts
        self.staff.setRange(1, max(1, sum(part.staves for part in parts)))
        for place, name in enumerate(KEYS):
            fifths = place - 7
            signs = f"{abs(fifths)} {'flats' if fifths < 0 else 'sharps'}" if fifths else "no signs"
            self.key.addItem(f"{name}  ({signs})", fifths)
        self.key.setCurrentIndex(7)
        self.beats.setRange(1, 32)
        self.beats.setValue(4)
        for beat_type in BEAT_TYPES:
            self.beat_type.addItem(str(beat_type), beat_type)
        self.beat_type.setCurrentIndex(BEAT_TYPES.index(4))

    @property
    def value(self) -> Clef | Key | Time:
        if self._kind == "clef":
            clef: Clef = CLEFS[self.clef.currentIndex()][1]
            return clef
        if self._kind == "key":
            return Key(self.key.currentIndex() - 7)
        return Time(beats=self.beats.value(), beat_type=BEAT_TYPES[self.beat_type.currentIndex()])

    @property
    def range(self) -> tuple[BarKey, BarKey]:
        """First and last bar."""
        return self._bars[self.first.currentIndex()], self._bars[self.last.currentIndex()]

    @classmethod
    def ask(cls, window: MainWindow, kind: str) -> None:
        """Asks, and makes the change."""
        session = window.session
        bar = session.selection.bar
        if bar is None and session.document.reread is not None:
            bar = next((own for own in session.document.reread.bars if own.page == session.selection.page), None)
        dialog = cls(session.document, kind, bar, window)
        if dialog.exec():
            staff = dialog.staff.value() - 1 if kind == "clef" else None
            session.editor.signature(dialog.value, *dialog.range, staff)


def _bar_words(document: Document, bar: BarKey, index: int) -> str:
    number = document.score.parts[0].measures[index].number
    return f"bar {number}, page {document.state.place(bar.page) + 1}, system {bar.system + 1}"
