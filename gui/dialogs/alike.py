"""Fix all alike: the symbols that look like the selected one, each with its picture, before anything is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QVBoxLayout,
    QWidget,
)

from gui.edits import alike, apply_alike
from gui.families import SELECTED
from gui.models.alike import AlikeModel, Place
from gui.page_image import PageImage
from gui.scene import rect_of
from gui.shapes import SHAPES, spoken
from gui.state import NodeKey, State
from omr.notation import Node

if TYPE_CHECKING:
    from gui.main_window import MainWindow

PICTURE = QSize(96, 72)
MOST = 200
AROUND = 2.0  # staff spaces of the scan around a symbol
DELETE = ""


class AlikeDialog(QDialog):
    """Choose which, and what becomes of them."""

    def __init__(self, places: list[Place], node: Node, suggested: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fix all alike")
        self.resize(620, 560)
        self.model = AlikeModel(places, self)
        self.view = QListView()
        self.view.setAccessibleName("Symbols alike")
        self.view.setModel(self.model)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setIconSize(PICTURE)
        self.view.setSpacing(6)
        self.view.activated.connect(self._toggle)
        self.classes = QComboBox()
        self.classes.setAccessibleName("What they are")
        self.classes.addItem("nothing: delete them", DELETE)
        for label in SHAPES:
            if label != node.label:
                self.classes.addItem(spoken(label), label)
        self.classes.setCurrentIndex(max(0, self.classes.findData(suggested)))
        every = QCheckBox("All")
        every.setChecked(True)
        every.toggled.connect(self.model.choose_all)
        count = f"{len(places)} symbols look" if len(places) != 1 else "1 symbol looks"
        top = QLabel(f"{count} like this {spoken(node.label)}. Untick those that are right as they are.")
        top.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(every)
        row.addStretch(1)
        row.addWidget(QLabel("These are really"))
        row.addWidget(self.classes)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Fix them")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(top)
        layout.addWidget(self.view, 1)
        layout.addLayout(row)
        layout.addWidget(buttons)

    @property
    def label(self) -> str | None:
        """The class they get; None: they are deleted."""
        return str(self.classes.currentData()) or None

    def _toggle(self, index: QModelIndex) -> None:
        now = self.model.data(index, Qt.ItemDataRole.CheckStateRole)
        new = Qt.CheckState.Unchecked if now == Qt.CheckState.Checked else Qt.CheckState.Checked
        self.model.setData(index, new, Qt.ItemDataRole.CheckStateRole)

    @classmethod
    def ask(cls, window: MainWindow) -> None:
        """Shows what is like the selected symbol, and mends what the person chooses."""
        session = window.session
        nodes = session.editor.nodes()
        if len(nodes) != 1:
            return
        page = session.selection.page
        keys = (NodeKey(page, nodes[0].id), *alike(session.document.state, page, nodes[0].id)[: MOST - 1])
        if len(keys) == 1:
            window.tell("Nothing else on these pages looks like this")
            return
        places = [_place(window, key) for key in keys]
        others = session.editor.symbol_alternatives(nodes[0])
        dialog = cls(places, nodes[0], others[0][0] if others else DELETE, window)
        if dialog.exec() and dialog.model.chosen:
            what = spoken(dialog.label) if dialog.label else "nothing"
            chosen, label = dialog.model.chosen, dialog.label

            def change(state: State) -> State:
                return apply_alike(state, chosen, label)

            session.editor.attempt(f"Change {len(chosen)} symbols to {what}", change)


def _place(window: MainWindow, key: NodeKey) -> Place:
    """A symbol with its piece of the scan."""
    document = window.session.document
    entry = document.state.page(key.page)
    node = entry.graph.by_id[key.node]
    number = document.state.place(key.page) + 1
    space = entry.result.staves[0].staff_space if entry.result is not None and entry.result.staves else 16.0
    picture = QPixmap(PICTURE * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.white)
    image = window.workspace.image_of(entry)
    if image is not None:
        _paint(picture, image, node, space)
    return Place(key, f"page {number}", picture)


def _paint(picture: QPixmap, image: PageImage, node: Node, space: float) -> None:
    around = rect_of(node.box.padded(AROUND * space, AROUND * space))
    scale = min(PICTURE.width() / around.width(), PICTURE.height() / around.height())
    size = QRectF(0, 0, PICTURE.width() / scale, PICTURE.height() / scale)
    size.moveCenter(around.center())
    painter = QPainter(picture)
    painter.scale(scale, scale)
    painter.translate(-size.topLeft())
    area = size.intersected(QRectF(0, 0, image.width, image.height))
    image.draw(painter, area, scale * 2)
    pen = painter.pen()
    pen.setColor(SELECTED)
    pen.setWidthF(2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawRect(rect_of(node.box).adjusted(-2, -2, 2, 2))
    painter.end()
