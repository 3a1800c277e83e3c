"""Bars worth a look, the most harmful first."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from gui import theme
from gui.document import Document
from gui.families import DOUBT
from gui.overlays import bar_name
from gui.problems import Problem
from gui.state import BarKey
from gui.words import plain

COLUMNS = ("Bar", "Page", "What is odd")
SURE = 2.0  # notes likely to be wrong from which a bar is marked strongly
Index = QModelIndex | QPersistentModelIndex


class ProblemModel(QAbstractTableModel):
    """One row a problem of the document."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rows: tuple[Problem, ...] = document.problems
        document.problems_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Takes the document's problems; rows that stay keep the view where it is."""
        rows = self._document.problems
        if [row.bar for row in rows] == [row.bar for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def problem(self, row: int) -> Problem | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, bar: BarKey | None) -> int:
        """Row of a bar's problem, -1 where it has none."""
        return next((row for row, problem in enumerate(self._rows) if problem.bar == bar), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        problem = self.problem(index.row()) if index.isValid() else None
        if problem is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(problem, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return _sign(problem.harm)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            what = f"{bar_name(self._document, problem.bar)}: {plain(problem.message)}"
            return f"{what}; about {problem.harm:.1f} notes may be wrong"
        return None

    def _text(self, problem: Problem, column: int) -> str:
        if column == 0:
            return bar_name(self._document, problem.bar).removeprefix("bar ")
        if column == 1:
            pages = [entry.id for entry in self._document.state.pages]
            return str(pages.index(problem.page) + 1) if problem.page in pages else ""
        return plain(problem.message)


def _sign(harm: float) -> QIcon:
    """A full triangle for what is likely to be wrong, a pale one for what is only doubtful."""
    return QIcon(theme.pixmap("problem", 32, QColor(DOUBT) if harm >= SURE else QColor("#b8860b")))
