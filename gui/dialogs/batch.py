"""Many files converted one after the other, over the same engine as `omr convert`: a row a file."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui import tasks, theme
from gui.dialogs.preferences import EDITIONS
from gui.jobs import Service
from gui.models.batch import BatchModel
from gui.settings import Settings
from omr.config import FORMATS, Edition, Format, Options
from omr.errors import OmrError
from omr.inputs import Input
from omr.plan import plan

SCAN_SUFFIXES = frozenset((".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"))
BESIDE = "beside each file"


class BatchWindow(QWidget):
    """A table of files, what to make of them, and where to."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Convert many files – Scorewright")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.resize(940, 520)
        self.model = BatchModel(self)
        self.service = Service("conversion", self)
        self._started = 0.0
        self._current: int | None = None
        self._run = 0
        self._options = Options()
        self.view = self._table()
        self.formats: dict[Format, QCheckBox] = {name: QCheckBox(name) for name in FORMATS}
        for name, box in self.formats.items():
            box.setChecked(name in settings.formats)
        self.edition = QComboBox()
        for data, words in EDITIONS:
            self.edition.addItem(words, data)
        self.edition.setCurrentIndex(max(0, self.edition.findData(settings.edition)))
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(BESIDE)
        self.folder.setAccessibleName("Folder for the results")
        self.note = QLabel("Add files or folders, or drop them here.")
        self.note.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(12)
        self._make_buttons()
        self._lay_out()
        self.service.answered.connect(self._answered)
        self.service.failed.connect(self._failed)
        self.service.stage.connect(self._staged)
        self.refresh()

    def _table(self) -> QTableView:
        view = QTableView()
        view.setAccessibleName("Files")
        view.setModel(self.model)
        view.setIconSize(QSize(16, 16))
        view.setShowGrid(False)
        view.setAlternatingRowColors(True)
        view.setWordWrap(False)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.verticalHeader().hide()
        view.setTabKeyNavigation(False)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((210, 190, 240, 60, 60, 80, 80)):
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return view

    def _make_buttons(self) -> None:
        self.add_files, self.add_folder = QPushButton("Add &files …"), QPushButton("Add f&older …")
        self.remove, self.choose = QPushButton("&Remove"), QPushButton("&Choose …")
        self.start_button, self.stop_button = QPushButton("&Convert"), QPushButton("&Stop")
        for button, name in (
            (self.add_files, "add-page"), (self.add_folder, "open"), (self.remove, "delete"), (self.start_button, "run"),
            (self.stop_button, "stop"),
        ):  # fmt: skip
            button.setIcon(theme.icon(name))
        self.add_files.clicked.connect(self._ask_files)
        self.add_folder.clicked.connect(self._ask_folder)
        self.remove.clicked.connect(self._remove)
        self.choose.clicked.connect(self._choose)
        self.start_button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        self.view.selectionModel().selectionChanged.connect(self.refresh)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for button in (self.add_files, self.add_folder, self.remove):
            top.addWidget(button)
        top.addStretch(1)
        options = QHBoxLayout()
        options.addWidget(QLabel("Formats"))
        for box in self.formats.values():
            options.addWidget(box)
        options.addSpacing(20)
        options.addWidget(QLabel("Pages hold"))
        options.addWidget(self.edition)
        options.addStretch(1)
        place = QHBoxLayout()
        place.addWidget(QLabel("Results go"))
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        bottom = QHBoxLayout()
        bottom.addWidget(self.note, 1)
        bottom.addWidget(self.stop_button)
        bottom.addWidget(self.start_button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addLayout(options)
        layout.addLayout(place)
        layout.addWidget(self.progress)
        layout.addLayout(bottom)

    # Files

    def add_paths(self, paths: list[Path]) -> None:
        """Adds files, and the scans directly in folders."""
        found: list[Path] = []
        for path in paths:
            if path.is_dir():
                found.extend(sorted(own for own in path.iterdir() if own.suffix.lower() in SCAN_SUFFIXES))
            else:
                found.append(path)
        self.model.add(found)
        self.refresh()

    def _ask_files(self) -> None:
        scans = "Scans (" + " ".join(f"*{suffix}" for suffix in sorted(SCAN_SUFFIXES)) + ")"
        names, _ = QFileDialog.getOpenFileNames(self, "Add files", "", scans)
        self.add_paths([Path(name) for name in names])

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Add the scans of a folder")
        if name:
            self.add_paths([Path(name)])

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder for the results", self.folder.text())
        if name:
            self.folder.setText(name)

    def _remove(self) -> None:
        self.model.remove([index.row() for index in self.view.selectionModel().selectedRows()])
        self.refresh()

    # Converting

    @property
    def running(self) -> bool:
        return self._current is not None

    def start(self) -> None:
        """Converts every file that is not done."""
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        if not formats:
            self.note.setText("Choose at least one format.")
            return
        self._options = Options(formats=formats, edition=cast(Edition, self.edition.currentData()))
        self.model.restart()
        self._next()

    def stop(self) -> None:
        """Stops at once; files that are not finished have no result."""
        if self._current is not None:
            self.service.cancel()
            self.model.put(self._current, replace(self.model.rows[self._current], status="stopped", message=""))
            self._current = None
        self.refresh()

    def _next(self) -> None:
        waiting = [place for place, row in enumerate(self.model.rows) if row.status == "waiting"]
        self._current = waiting[0] if waiting else None
        if self._current is not None:
            place, row = self._current, self.model.rows[self._current]
            self._run += 1
            self._started = time.perf_counter()
            self.model.put(place, replace(row, status="running", message="loading"))
            self.view.scrollTo(self.model.index(place, 0))
            try:
                inputs = [Input(each.source) for each in self.model.rows]
                jobs = plan(inputs, self._output(), self._options.formats)
                job = next(job for job in jobs if job.sources == (row.source,))
            except OmrError as error:
                self._end(place, "failed", str(error))
                return
            self.service.ask(("convert", self._run), tasks.convert, job, self._options)
        self.refresh()

    def _output(self) -> str | None:
        text = self.folder.text().strip()
        return f"{text.rstrip('/')}/" if text else None

    def _staged(self, key: object, page: int, name: str) -> None:
        if self._current is not None and key == ("convert", self._run):
            row = self.model.rows[self._current]
            self.model.put(self._current, replace(row, message=f"page {page + 1}, {name}"))

    def _answered(self, key: object, value: object) -> None:
        if self._current is None or key != ("convert", self._run):
            return
        done = cast(tasks.Converted, value)
        place = self._current
        row = replace(
            self.model.rows[place],
            status="done",
            message="",
            pages=done.pages,
            bars=done.bars,
            doubtful=done.doubtful,
            seconds=done.seconds,
            outputs=done.outputs,
        )
        self.model.put(place, row)
        self._next()

    def _failed(self, key: object, message: str) -> None:
        if self._current is not None and key == ("convert", self._run):
            self._end(self._current, "failed", message)

    def _end(self, place: int, status: str, message: str) -> None:
        row = self.model.rows[place]
        text = message.removeprefix(f"{row.source}: ")
        seconds = time.perf_counter() - self._started
        self.model.put(place, replace(row, status="failed", message=text, seconds=seconds))
        self._next()

    # Showing

    def refresh(self) -> None:
        """Greys what makes no sense now, and counts."""
        rows = self.model.rows
        running = self.running
        self.start_button.setEnabled(not running and any(row.status not in ("done", "partial") for row in rows))
        self.stop_button.setEnabled(running)
        self.remove.setEnabled(not running and self.view.selectionModel().hasSelection())
        for widget in (self.add_files, self.add_folder, self.edition, self.folder, self.choose, *self.formats.values()):
            widget.setEnabled(not running)
        ended = sum(row.status in ("done", "partial", "failed", "stopped") for row in rows)
        self.progress.setRange(0, max(1, len(rows)))
        self.progress.setValue(ended)
        if rows:
            failed = sum(row.status == "failed" for row in rows)
            done = sum(row.status in ("done", "partial") for row in rows)
            self.note.setText(f"{done} of {len(rows)} files done" + (f", {failed} failed" if failed else ""))
        else:
            self.note.setText("Add files or folders, or drop them here.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.running and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add_paths([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        self.service.close()
        super().closeEvent(event)
