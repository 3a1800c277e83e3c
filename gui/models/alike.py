"""Symbols that look like one that was mended: each with its picture, chosen or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon, QPixmap

from gui.state import NodeKey

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Place:
    """One such symbol."""

    key: NodeKey
    words: str
    picture: QPixmap


class AlikeModel(QAbstractListModel):
    """One row a symbol, with a box to tick."""

    def __init__(self, places: Sequence[Place], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = tuple(places)
        self._chosen = {place.key for place in places}

    @property
    def chosen(self) -> tuple[NodeKey, ...]:
        return tuple(place.key for place in self._places if place.key in self._chosen)

    def place(self, row: int) -> Place:
        return self._places[row]

    def choose_all(self, yes: bool) -> None:
        self._chosen = {place.key for place in self._places} if yes else set()
        if self._places:
            self.dataChanged.emit(self.index(0), self.index(len(self._places) - 1), [Qt.ItemDataRole.CheckStateRole])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._places):
            return None
        place = self._places[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return place.words
        if role == Qt.ItemDataRole.DecorationRole:
            return QIcon(place.picture)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if place.key in self._chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        key = self._places[index.row()].key
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._chosen.add(key)
        else:
            self._chosen.discard(key)
        self.dataChanged.emit(index, index, [role])
        return True
