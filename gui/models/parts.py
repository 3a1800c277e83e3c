"""The parts of the document: what each is called and how many staves it has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

COLUMNS = ("Name", "Staves")
MOST_STAVES = 4
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part."""

    name: str
    staves: int


class PartModel(QAbstractTableModel):
    """One row a part, from the top; both columns can be edited."""

    def __init__(self, rows: list[PartRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = list(rows)

    @property
    def rows(self) -> tuple[PartRow, ...]:
        return tuple(self._rows)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            row = self._rows[index.row()]
            return row.name if index.column() == 0 else row.staves
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        row = self._rows[index.row()]
        if index.column() == 0:
            self._rows[index.row()] = replace(row, name=str(value).strip())
        elif str(value).isdigit() and 1 <= int(str(value)) <= MOST_STAVES:
            self._rows[index.row()] = replace(row, staves=int(str(value)))
        else:
            return False
        self.dataChanged.emit(index, index)
        return True

    def join(self, row: int) -> None:
        """Joins a part with the one below it."""
        if 0 <= row < len(self._rows) - 1:
            one, other = self._rows[row], self._rows[row + 1]
            self.beginRemoveRows(QModelIndex(), row + 1, row + 1)
            self._rows[row] = PartRow(one.name or other.name, one.staves + other.staves)
            del self._rows[row + 1]
            self.endRemoveRows()
            self.dataChanged.emit(self.index(row, 0), self.index(row, 1))

    def split(self, row: int) -> None:
        """Gives each staff of a part to a part of its own."""
        if 0 <= row < len(self._rows) and self._rows[row].staves > 1:
            own = self._rows[row]
            more = own.staves - 1
            self.beginInsertRows(QModelIndex(), row + 1, row + more)
            self._rows[row] = PartRow(own.name, 1)
            self._rows[row + 1 : row + 1] = [PartRow("", 1)] * more
            self.endInsertRows()
            self.dataChanged.emit(self.index(row, 0), self.index(row, 1))
