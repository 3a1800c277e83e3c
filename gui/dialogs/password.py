"""The password of an encrypted PDF, asked for once and kept only as long as the document is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class PasswordDialog(QDialog):
    """Asks for the password of one file."""

    given = Signal(str)
    """What the person typed."""

    def __init__(self, path: Path, *, wrong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Encrypted PDF")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel(
            f"The password is not that of {path.name}." if wrong else f"{path.name} is encrypted and needs a password."
        )
        self.text.setWordWrap(True)
        self.password = QLineEdit()
        self.password.setAccessibleName("Password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMinimumWidth(340)
        self.shown = QCheckBox("&Show what I type")
        self.shown.toggled.connect(self._show)
        note = QLabel("It is forgotten when the document is closed; a saved document keeps the pages themselves.")
        note.setWordWrap(True)
        note.setEnabled(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.text, self.password, self.shown, note, self.buttons):
            layout.addWidget(widget)
        self.password.textChanged.connect(self._typed)
        self._typed("")
        self.password.setFocus()

    def accept(self) -> None:
        self.given.emit(self.password.text())
        super().accept()

    def _typed(self, text: str) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(bool(text))

    def _show(self, shown: bool) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
