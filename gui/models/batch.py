"""The files of a batch and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from gui import theme

COLUMNS = ("File", "Folder", "Outcome", "Pages", "Bars", "To check", "Seconds")
NUMBERS = (3, 4, 5, 6)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
RowStatus = Literal["waiting", "running", "done", "partial", "failed", "stopped"]
ICONS = {
    "waiting": "waiting", "running": "running", "done": "done", "partial": "problem", "failed": "failed", "stopped": "stop",
}  # fmt: skip
WORDS = {
    "waiting": "waiting", "running": "converting", "done": "done", "partial": "done in part", "failed": "failed",
    "stopped": "stopped",
}  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One file."""

    source: Path
    status: RowStatus = "waiting"
    message: str = ""
    """What went wrong, or how far it is."""
    pages: int | None = None
    bars: int | None = None
    doubtful: int | None = None
    """Bars to check."""
    seconds: float | None = None
    outputs: tuple[Path, ...] = ()


class BatchModel(QAbstractTableModel):
    """One row a file, in the order in which they are converted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[BatchRow] = []

    def add(self, paths: list[Path]) -> None:
        """Appends files that are not yet there."""
        known = {row.source for row in self.rows}
        new = [path for path in dict.fromkeys(paths) if path not in known]
        if new:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(new) - 1)
            self.rows.extend(BatchRow(source=path) for path in new)
            self.endInsertRows()

    def remove(self, places: list[int]) -> None:
        for place in sorted(set(places), reverse=True):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self.rows[place]
            self.endRemoveRows()

    def put(self, place: int, row: BatchRow) -> None:
        """Replaces a row."""
        self.rows[place] = row
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def restart(self) -> None:
        """Has everything wait again but what is done."""
        for place, row in enumerate(self.rows):
            if row.status not in ("done", "partial"):
                self.put(place, replace(row, status="waiting", message=""))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            return QIcon(theme.pixmap(ICONS[row.status], 32))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([str(row.source), row.message, *map(str, row.outputs)]).strip()
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in NUMBERS:
            return RIGHT
        return None


def _text(row: BatchRow, column: int) -> str:
    if column == 0:
        return row.source.name
    if column == 1:
        return str(row.source.parent)
    if column == 2:
        return f"{WORDS[row.status]}: {row.message}" if row.message else WORDS[row.status]
    number = (row.pages, row.bars, row.doubtful, row.seconds)[column - 3]
    if number is None:
        return ""
    return f"{number:.1f}" if isinstance(number, float) else str(number)
