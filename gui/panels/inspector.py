"""What is known of the selected symbol: its class, how sure that is, its music, its relations, and what else it may be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.document import Document
from gui.editor import Editor
from gui.panels.palette import shape_icon
from gui.selection import Selection
from gui.shapes import SHAPES, spoken
from gui.words import music_words
from omr.notation import Node


class InspectorPanel(QWidget):
    """The selected symbol in words."""

    class_chosen = Signal(str)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        editor: Editor,
        actions: list[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._editor = document, selection, editor
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        bold = self.heading.font()
        bold.setBold(True)
        self.heading.setFont(bold)
        self.rows = {name: QLabel() for name in ("Sure", "Music", "Relations", "Where")}
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, label in self.rows.items():
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, label)
        self._form = form
        self.others = QLabel("May also be")
        self.others.setObjectName("muted")
        self._choices = QVBoxLayout()
        self.buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.addWidget(self.heading)
        layout.addLayout(form)
        layout.addWidget(self.others)
        layout.addLayout(self._choices)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            layout.addWidget(button)
        layout.addStretch(1)
        selection.changed.connect(self.refresh)
        document.state_changed.connect(self.refresh)
        document.score_changed.connect(self.refresh)
        document.problems_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Turns to the selected symbol."""
        nodes = self._editor.nodes()
        single = nodes[0] if len(nodes) == 1 else None
        for row in range(self._form.rowCount()):
            self._form.setRowVisible(row, single is not None)
        self._offer(self._editor.symbol_alternatives(single) if single is not None else [])
        if single is None:
            self.heading.setText(_many(nodes) if nodes else "Click a symbol on the page or in the reading")
            return
        self.heading.setText(spoken(single.label).capitalize())
        self.rows["Sure"].setText("put by hand" if single.origin == "human" else f"{single.score:.0%}")
        self.rows["Music"].setText(music_words(self._document, self._selection.page, single.id) or "not read as music")
        self.rows["Relations"].setText(self._relations(single) or "none")
        box = single.box
        self.rows["Where"].setText(f"{box.left:.0f}, {box.top:.0f}; {box.width:.0f} × {box.height:.0f} pixels")

    def _relations(self, node: Node) -> str:
        graph = self._document.state.page(self._selection.page).graph
        others = (*graph.targets(node.id), *graph.sources(node.id))
        names = [spoken(other.label) for other in others]
        counted = {name: names.count(name) for name in sorted(set(names))}
        return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in counted.items())

    def _offer(self, found: list[tuple[str, float]]) -> None:
        for button in self.buttons:
            self._choices.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        self.others.setVisible(bool(found))
        for place, (label, score) in enumerate(found, start=1):
            button = QPushButton(f"Alt+{place}   {spoken(label)}   {score:.0%}")
            button.setStyleSheet("text-align: left; padding: 3px 8px;")
            button.setMinimumHeight(30)
            if label in SHAPES:
                button.setIcon(shape_icon(SHAPES[label]))
                button.setIconSize(QSize(20, 20))
            button.clicked.connect(lambda _=False, label=label: self.class_chosen.emit(label))
            self._choices.addWidget(button)
            self.buttons.append(button)


def _many(nodes: list[Node]) -> str:
    names = [spoken(node.label) for node in nodes]
    counted = sorted({name: names.count(name) for name in names}.items(), key=lambda pair: -pair[1])
    listed = ", ".join(f"{count} × {name}" for name, count in counted[:6])
    return f"{len(nodes)} symbols: {listed}{' …' if len(counted) > 6 else ''}"
