"""The list of bars to check, and how much is left."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.document import Document
from gui.models.problems import ProblemModel
from gui.problems import Problem
from gui.selection import Selection


class ProblemsPanel(QWidget):
    """The bars worth a look, the most harmful first."""

    problem_chosen = Signal(Problem)

    def __init__(
        self, document: Document, selection: Selection, actions: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self.model = ProblemModel(document, self)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAccessibleName("What is left to check")
        self.view = QTableView()
        self.view.setAccessibleName("Bars to check")
        self.view.setModel(self.model)
        self.view.setIconSize(QSize(16, 16))
        self.view.setShowGrid(False)
        self.view.setWordWrap(True)
        self.view.setAlternatingRowColors(True)
        self.view.setTabKeyNavigation(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().currentRowChanged.connect(self._chosen)
        self._filling = False
        buttons = QHBoxLayout()
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 8)
        layout.addWidget(self.summary)
        layout.addLayout(buttons)
        layout.addWidget(self.view, 1)
        self._blank = QWidget()
        layout.addWidget(self._blank, 1)
        document.score_changed.connect(self.refresh)
        document.problems_changed.connect(self.refresh)
        document.pages_changed.connect(self.refresh)
        selection.changed.connect(self._mark)
        self.refresh()

    def refresh(self) -> None:
        """Counts anew and marks the current bar's row."""
        found = self._document.problems
        checked = len(self._document.state.decisions.checked)
        if found:
            notes = max(1, round(sum(problem.harm for problem in found)))
            bars = f"{len(found)} bars" if len(found) != 1 else "1 bar"
            text = f"{bars} to check, about {notes} {'notes' if notes != 1 else 'note'} may be wrong"
        elif self._document.score.parts:
            text = "Nothing is left to check"
        elif self._document.state.pages:
            text = "Bars to check will be listed here once a page is recognised"
        else:
            text = "Open a scan to begin"
        self.summary.setText(text + (f"; {checked} checked" if checked else ""))
        self.view.setVisible(bool(found))
        self._blank.setVisible(not found)
        self._mark()

    def _mark(self) -> None:
        row = self.model.row_of(self._selection.bar)
        self._filling = True
        if row >= 0:
            self.view.selectRow(row)
            self.view.scrollTo(self.model.index(row, 0))
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        self._filling = False

    def _chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        problem = self.model.problem(current.row())
        if problem is not None and not self._filling:
            self.problem_chosen.emit(problem)
