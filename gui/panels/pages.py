"""The pages as thumbnails: turn to one, drag to reorder, drop files between them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from gui.models.pages import ID_ROLE, THUMBNAIL, PageModel


class PagesPanel(QWidget):
    """The list of pages."""

    page_chosen = Signal(str)
    menu_wanted = Signal(QPoint)
    """Global position."""
    remove_wanted = Signal()

    def __init__(self, model: PageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.view = QListView()
        self.view.setAccessibleName("Pages")
        self.view.setModel(model)
        self.view.setIconSize(THUMBNAIL)
        self.view.setUniformItemSizes(True)
        self.view.setSpacing(2)
        self.view.setWordWrap(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setDragDropOverwriteMode(False)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(self.view.mapToGlobal(at)))
        self.view.selectionModel().currentChanged.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 6)
        layout.addWidget(self.view)
        model.modelReset.connect(self._restore)
        self._page = ""

    @property
    def selected(self) -> list[str]:
        """Ids of the selected pages from the top."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [str(self.model.data(self.model.index(row), ID_ROLE)) for row in rows]

    def show_page(self, page: str) -> None:
        """Marks the page that is looked at."""
        self._page = page
        row = self.model.place(page)
        if row >= 0 and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(row))

    def _chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            page = str(self.model.data(current, ID_ROLE))
            if page != self._page:
                self._page = page
                self.page_chosen.emit(page)

    def _restore(self) -> None:
        row = self.model.place(self._page)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))
