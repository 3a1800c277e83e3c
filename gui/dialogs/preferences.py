"""What the person prefers: looks, letters, how pages are recognised."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QWidget

from gui.settings import Settings
from gui.theme import Theme
from omr.config import DPI_RANGE, Device, Edition, Precision

THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
EDITIONS = (("print", "Printed music"), ("hand", "Handwriting"))
DEVICES = (
    ("cpu", "The processor"),
    ("gpu", "The graphics processor"),
    ("auto", "The graphics processor, if there is one"),
)
PRECISIONS = (("auto", "What suits the processor"), ("f32", "32 bits"), ("bf16", "16 bits (bfloat16)"))
AS_SUITS = "As suits the page"


class PreferencesDialog(QDialog):
    """Changes the settings when it is accepted."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._settings = settings
        self.theme = _box(THEMES, settings.theme)
        self.text_size = QSpinBox()
        self.text_size.setRange(80, 200)
        self.text_size.setSingleStep(10)
        self.text_size.setSuffix(" %")
        self.text_size.setValue(settings.text_size)
        self.opacity = QSpinBox()
        self.opacity.setRange(10, 100)
        self.opacity.setSingleStep(5)
        self.opacity.setSuffix(" %")
        self.opacity.setValue(settings.opacity)
        self.edition = _box(EDITIONS, settings.edition)
        self.dpi = QSpinBox()
        self.dpi.setRange(DPI_RANGE.start - 1, DPI_RANGE.stop - 1)
        self.dpi.setSpecialValueText(AS_SUITS)
        self.dpi.setSuffix(" dpi")
        self.dpi.setValue(settings.dpi or self.dpi.minimum())
        self.dpi.setToolTip("For pages added from now on")
        self.device = _box(DEVICES, settings.device)
        self.precision = _box(PRECISIONS, settings.precision)
        self.at_once = QCheckBox("Recognise pages as soon as they are opened")
        self.at_once.setChecked(settings.recognise_at_once)
        self.second_look = QCheckBox("Look at each page a second time for doubtful bars")
        self.second_look.setToolTip("In the background, about twice as long as recognition takes")
        self.second_look.setChecked(settings.second_look)
        form = QFormLayout(self)
        form.addRow("&Colours", self.theme)
        form.addRow("&Size of letters", self.text_size)
        form.addRow("&Overlay opacity", self.opacity)
        form.addRow("&Pages hold", self.edition)
        form.addRow("P&DF pages are drawn at", self.dpi)
        form.addRow("&Recognise on", self.device)
        form.addRow("Compute &in", self.precision)
        form.addRow("", self.at_once)
        form.addRow("", self.second_look)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def accept(self) -> None:
        self._settings.theme = cast(Theme, self.theme.currentData())
        self._settings.text_size = self.text_size.value()
        self._settings.opacity = self.opacity.value()
        self._settings.edition = cast(Edition, self.edition.currentData())
        self._settings.dpi = self.dpi.value() if self.dpi.value() in DPI_RANGE else None
        self._settings.device = cast(Device, self.device.currentData())
        self._settings.precision = cast(Precision, self.precision.currentData())
        self._settings.recognise_at_once = self.at_once.isChecked()
        self._settings.second_look = self.second_look.isChecked()
        super().accept()


def _box(rows: tuple[tuple[str, str], ...], value: str) -> QComboBox:
    box = QComboBox()
    for data, words in rows:
        box.addItem(words, data)
    box.setCurrentIndex(max(0, box.findData(value)))
    return box
