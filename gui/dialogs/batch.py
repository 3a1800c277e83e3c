"""Many files converted by the workers of `omr convert`: a row a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

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

from gui import theme
from gui.conversion import Conversion
from gui.dialogs.preferences import EDITIONS
from gui.models.batch import BatchModel, RowStatus
from gui.settings import Settings
from omr.config import FORMATS, Edition, Format, Options
from omr.errors import OmrError
from omr.inputs import Input
from omr.plan import plan

if TYPE_CHECKING:
    from omr.batch.outcome import Outcome

SCAN_SUFFIXES = frozenset((".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"))
BESIDE = "beside each file"
STATUSES: Final[Mapping[str, RowStatus]] = {"ok": "done", "partial": "partial", "failed": "failed", "skipped": "done"}


class BatchWindow(QWidget):
    """A table of files, what to make of them, and where to."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Convert many files – Scorewright")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.resize(940, 520)
        self._settings = settings
        self.model = BatchModel(self)
        self.conversion = Conversion(self)
        self._places: list[int] = []
        self._pages = self._pages_done = 0
        self.view = self._table()
        self.formats: dict[Format, QCheckBox] = {name: QCheckBox(name) for name in FORMATS}
        for name, box in self.formats.items():
            box.setChecked(name in settings.formats)
        self.edition = QComboBox()
        for data, words in EDITIONS:
            self.edition.addItem(words, data)
        self.edition.setCurrentIndex(max(0, self.edition.findData(settings.edition)))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("of encrypted PDFs")
        self.password.setAccessibleName("Password of encrypted PDFs")
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
        self.conversion.planned.connect(self._planned)
        self.conversion.page_done.connect(self._page_done)
        self.conversion.finished.connect(self._finished)
        self.conversion.ended.connect(self._ended)
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
        place.addSpacing(20)
        place.addWidget(QLabel("Password"))
        place.addWidget(self.password)
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
        return self.conversion.running

    def start(self) -> None:
        """Converts every file that is not done."""
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        if not formats:
            self.note.setText("Choose at least one format.")
            return
        options = Options(
            formats=formats,
            edition=cast(Edition, self.edition.currentData()),
            device=self._settings.device,
            precision=self._settings.precision,
            dpi=self._settings.dpi,
            password=self.password.text() or None,
        )
        self.model.restart()
        rows = self.model.rows
        self._places = [place for place, row in enumerate(rows) if row.status == "waiting"]
        try:
            jobs = plan([Input(row.source) for row in rows], self._output(), formats)
        except OmrError as error:
            self.note.setText(str(error))
            return
        wanted = {rows[place].source: place for place in self._places}
        own = [job for job in jobs if job.sources[0] in wanted]
        self._places = [wanted[job.sources[0]] for job in own]
        self._pages = self._pages_done = 0
        if own:
            self.conversion.start(own, options)
            self._show_running("loading")
        self.refresh()

    def stop(self) -> None:
        """Stops at once; files that are not finished have no result, pages that were are not read again."""
        if self.running:
            self.conversion.stop()
            for place in self._places:
                self.model.put(place, replace(self.model.rows[place], status="stopped", message=""))
            self._places = []
        self.refresh()

    def _output(self) -> str | None:
        text = self.folder.text().strip()
        return f"{text.rstrip('/')}/" if text else None

    def _planned(self, pages: int) -> None:
        self._pages = pages
        self._show_running("")
        self.refresh()

    def _page_done(self) -> None:
        self._pages_done += 1
        self.refresh()

    def _show_running(self, message: str) -> None:
        """Marks the file whose end is waited for."""
        if self._places:
            place = self._places[0]
            self.model.put(place, replace(self.model.rows[place], status="running", message=message))
            self.view.scrollTo(self.model.index(place, 0))

    def _finished(self, outcome: Outcome) -> None:
        place = self._places.pop(0)
        row = self.model.rows[place]
        pages = outcome.row.get("pages", ())
        read = sum(page.get("outcome") == "ok" for page in pages) if isinstance(pages, list) else None
        known = bool(outcome.row)
        self.model.put(
            place,
            replace(
                row,
                status=STATUSES[outcome.status],
                message="; ".join(text.removeprefix(f"{row.source}: ") for text in outcome.messages),
                pages=read if known else None,
                bars=outcome.number("bars") if known else None,
                doubtful=outcome.flagged if known else None,
                seconds=outcome.seconds if known else None,
                outputs=outcome.outputs,
            ),
        )
        self._show_running("")
        self.refresh()

    def _ended(self, message: str) -> None:
        for place in self._places:
            self.model.put(place, replace(self.model.rows[place], status="failed", message=message))
        self._places = []
        self.refresh()

    # Showing

    def refresh(self) -> None:
        """Greys what makes no sense now, and counts."""
        rows = self.model.rows
        running = self.running
        self.start_button.setEnabled(not running and any(row.status not in ("done", "partial") for row in rows))
        self.stop_button.setEnabled(running)
        self.remove.setEnabled(not running and self.view.selectionModel().hasSelection())
        for widget in (
            self.add_files, self.add_folder, self.edition, self.password, self.folder, self.choose, *self.formats.values()
        ):  # fmt: skip
            widget.setEnabled(not running)
        ended = sum(row.status in ("done", "partial", "failed", "stopped") for row in rows)
        self.progress.setRange(0, max(1, self._pages if running and self._pages else len(rows)))
        self.progress.setValue(self._pages_done if running and self._pages else ended)
        if rows:
            failed = sum(row.status == "failed" for row in rows)
            done = sum(row.status in ("done", "partial") for row in rows)
            pages = f", {self._pages_done} of {self._pages} pages recognised" if running and self._pages else ""
            self.note.setText(f"{done} of {len(rows)} files done" + (f", {failed} failed" if failed else "") + pages)
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
        super().closeEvent(event)
