"""The pages of the document with small pictures and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.document import Document
from gui.families import CHECKED, DOUBT
from gui.jobs import Errands
from gui.page_image import PageImage
from gui.state import PageEntry

THUMBNAIL = QSize(76, 100)
SHARP = 2
"""Pixels of a thumbnail's picture for each of the view's, for dense screens."""
MIME = "application/x-scorewright-page"
STATUS = {
    "waiting": ("waiting", "#6a727d", "waits to be recognised"), "running": ("running", "#1f5fbf", "being recognised"),
    "done": ("done", CHECKED, "recognised"), "failed": ("failed", DOUBT, "not recognised"),
    "ignored": ("ignored", "#6a727d", "left out"),
}  # fmt: skip
"""(icon, colour, words) of each status."""
ID_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class PageModel(QAbstractListModel):
    """One row a page; a row that is dragged elsewhere asks for the page to be moved."""

    move_wanted = Signal(str, int)
    """(id of the page, new place)"""
    files_dropped = Signal(list, int)
    """(paths, place)"""

    def __init__(self, document: Document, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._errands = document, errands
        self._rows: tuple[PageEntry, ...] = document.state.pages
        self._running = ""
        self._pictures: dict[tuple[str, int], QImage] = {}
        self._asked: set[tuple[str, int]] = set()
        document.pages_changed.connect(self._refresh)
        document.score_changed.connect(self._refresh_texts)
        document.problems_changed.connect(self._refresh_texts)
        errands.done.connect(self._take)

    def set_running(self, page: str) -> None:
        """Marks the page that is at work."""
        if page != self._running:
            self._running = page
            self._refresh_texts()

    def place(self, page: str) -> int:
        """Row of a page, -1 where there is none."""
        return next((row for row, entry in enumerate(self._rows) if entry.id == page), -1)

    # What views ask

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{index.row() + 1}\n{self._words(entry)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{Path(entry.source).name}, page {entry.index + 1}\n{entry.message or self._words(entry)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Page {index.row() + 1}, {self._words(entry)}"
        return entry.id if role == ID_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [MIME, "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, self._rows[indexes[0].row()].id.encode() if indexes else b"")
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Asks for the change; False, so that the view removes nothing itself."""
        place = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
        if data.hasFormat(MIME):
            page = data.data(MIME).toStdString()
            here = self.place(page)
            if here >= 0:
                self.move_wanted.emit(page, place - 1 if here < place else place)
        elif data.hasUrls():
            self.files_dropped.emit([url.toLocalFile() for url in data.urls() if url.isLocalFile()], place)
        return False

    # Keeping up

    def _refresh(self) -> None:
        rows = self._document.state.pages
        if [entry.id for entry in rows] == [entry.id for entry in self._rows]:
            self._rows = rows
            self._refresh_texts()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def _refresh_texts(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _words(self, entry: PageEntry) -> str:
        if entry.id == self._running:
            return STATUS["running"][2]
        if entry.status == "done":
            left = sum(1 for problem in self._document.problems if problem.page == entry.id)
            return f"{left} to check" if left else "nothing to check"
        return STATUS[entry.status][2]

    def _icon(self, entry: PageEntry) -> QIcon:
        key = entry.id, entry.rotation
        picture = self._pictures.get(key)
        if picture is None and key not in self._asked:
            self._asked.add(key)
            longer = max(THUMBNAIL.width(), THUMBNAIL.height()) * SHARP
            document, page = self._document, entry.id
            self._errands.run(("thumbnail", key), lambda: PageImage(document.image(page)).picture(longer))
        drawn = self._drawn(entry, picture)
        icon = QIcon(drawn)
        icon.addPixmap(drawn, QIcon.Mode.Selected)
        return icon

    def _drawn(self, entry: PageEntry, picture: QImage | None) -> QPixmap:
        """The small page with a sign of its status in the corner."""
        drawn = QPixmap(THUMBNAIL * SHARP)
        drawn.setDevicePixelRatio(SHARP)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(1, 1, THUMBNAIL.width() - 2, THUMBNAIL.height() - 2)
        paper = QRectF(room)
        if picture is not None:
            size = picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            paper = QRectF(
                room.center().x() - size.width() / 2, room.center().y() - size.height() / 2, size.width(), size.height()
            )
            painter.drawImage(paper, picture)
        else:
            painter.fillRect(paper, QColor("white"))
        painter.setPen(QApplication.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(paper)
        name, color, _ = STATUS["running" if entry.id == self._running else entry.status]
        disc = QRectF(paper.bottomRight() - QPointF(21, 21), paper.bottomRight() - QPointF(2, 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(disc)
        badge = theme.pixmap(name, 32, QColor("white"))
        painter.drawPixmap(disc.adjusted(2, 2, -2, -2), badge, QRectF(badge.rect()))
        painter.end()
        return drawn

    def _take(self, key: object, value: object) -> None:
        if isinstance(key, tuple) and key[0] == "thumbnail" and isinstance(value, QImage):
            self._pictures[key[1]] = value
            row = self.place(key[1][0])
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])
