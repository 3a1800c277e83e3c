"""Every key on one sheet."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from gui.actions import COMMANDS, FIXED_KEYS
from gui.shapes import FAMILIES


def sheet(search: str = "") -> str:
    """The keys as HTML, only rows that hold `search`."""
    groups: dict[str, list[tuple[str, str]]] = {"On the page": list(FIXED_KEYS)}
    for command in COMMANDS:
        if command.keys:
            words = command.text.replace("&", "").removesuffix(" …")
            groups.setdefault(command.menu.replace("&", ""), []).append((" or ".join(command.keys), words))
    for family in FAMILIES:
        groups[f"Shapes: {family.name.lower()}"] = [(" ".join(shape.keys), shape.name) for shape in family.shapes]
    parts = []
    for title, rows in groups.items():
        kept = [row for row in rows if search.lower() in " ".join((*row, title)).lower()]
        if kept:
            lines = "".join(
                f"<tr><td width='170'><b>{escape(keys)}</b></td><td>{escape(words)}</td></tr>" for keys, words in kept
            )
            parts.append(f"<h3>{escape(title)}</h3><table cellspacing='4'>{lines}</table>")
    return "".join(parts) or "<p>No key does that.</p>"


class ShortcutsDialog(QDialog):
    """The sheet with a field to search it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard")
        self.resize(560, 680)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search keys and commands")
        self.search.setAccessibleName("Search keys and commands")
        self.search.setClearButtonEnabled(True)
        self.view = QTextBrowser()
        self.view.setAccessibleName("Keys")
        self.search.textChanged.connect(lambda text: self.view.setHtml(sheet(text)))
        self.view.setHtml(sheet())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.view)
        layout.addWidget(buttons)
