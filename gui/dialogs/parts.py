"""The parts: their names, and which staves belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.edits import group_staves, rename_part
from gui.models.parts import PartModel, PartRow
from gui.state import State

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class PartsDialog(QDialog):
    """A table to edit, with buttons that join and split."""

    def __init__(self, rows: list[PartRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Parts")
        self.resize(480, 340)
        self._before = tuple(rows)
        self.model = PartModel(rows, self)
        self.view = QTableView()
        self.view.setAccessibleName("Parts")
        self.view.setModel(self.model)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.selectRow(0)
        text = QLabel("One row a part, from the top. A piano part has two staves, joined by a brace.")
        text.setWordWrap(True)
        join, split = QPushButton("&Join with the next"), QPushButton("&Split into staves")
        join.clicked.connect(lambda: self.model.join(self.view.currentIndex().row()))
        split.clicked.connect(lambda: self.model.split(self.view.currentIndex().row()))
        row = QHBoxLayout()
        row.addWidget(join)
        row.addWidget(split)
        row.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(self.view, 1)
        layout.addLayout(row)
        layout.addWidget(buttons)

    def changed(self, state: State) -> State:
        """The state with the parts as the table has them."""
        rows = self.model.rows
        if [row.staves for row in rows] != [row.staves for row in self._before]:
            state = group_staves(state, tuple(row.staves for row in rows))
        for place, row in enumerate(rows):
            if place >= len(self._before) or row.name != self._before[place].name:
                state = rename_part(state, place, row.name)
        return state

    @classmethod
    def ask(cls, window: MainWindow) -> None:
        session = window.session
        dialog = cls([PartRow(part.name, part.staves) for part in session.document.score.parts], window)
        if dialog.exec():
            session.editor.attempt("Change parts", dialog.changed)
