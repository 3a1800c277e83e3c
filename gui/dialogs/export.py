"""Export: formats, pages, place; what will be repaired for other programs is listed before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from gui.export import (
    FORMAT_NAMES,
    PICTURE_NAMES,
    ExportPage,
    ExportPlan,
    chosen,
    documents,
    overlay,
    page_path,
    repairs,
)
from gui.words import plain
from omr.atomic import write_all
from omr.config import Format, parse_pages
from omr.errors import OmrError, UsageError

if TYPE_CHECKING:
    from gui.main_window import MainWindow

Contents = list[tuple[Path, bytes]]


class ExportDialog(QDialog):
    """Asks what to write, and writes it; stays open until it is done."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle("Export")
        self._window, self._session = window, window.session
        heard = self._session.document.reread
        assert heard is not None
        self._heard = heard
        self._entries = heard.state.read_pages
        self.formats: dict[Format, QCheckBox] = {name: QCheckBox(FORMAT_NAMES[name]) for name in FORMAT_NAMES}
        self.pictures = {name: QCheckBox(words) for name, words in PICTURE_NAMES.items()}
        for name, box in self.formats.items():
            box.setChecked(name in self._session.settings.formats)
        self.pages = QLineEdit()
        self.pages.setPlaceholderText("all; or for instance 1-3,7")
        self.folder = QLineEdit(str(self._home()))
        self.name = QLineEdit(window.files.name)
        self.repairs = QListWidget()
        self.repairs.setAccessibleName("What is repaired")
        self.repairs.setMaximumHeight(150)
        self.repairs.setWordWrap(True)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setVisible(False)
        self._waiting: list[tuple[object, Callable[[], None]]] = []
        self._contents: Contents = []
        self._key: object = None
        self.written: tuple[Path, ...] = ()
        self._lay_out()
        self.pages.textChanged.connect(self.refresh)
        for box in (*self.formats.values(), *self.pictures.values()):
            box.toggled.connect(self.refresh)
        self.name.textChanged.connect(self.refresh)
        self._session.engraving.answered.connect(self._came)
        self._session.engraving.failed.connect(self._failed)
        self._session.errands.done.connect(self._came)
        self._session.errands.failed.connect(self._failed)
        self.refresh()

    def _lay_out(self) -> None:
        formats = QGroupBox("Formats")
        column = QVBoxLayout(formats)
        for box in (*self.formats.values(), *self.pictures.values()):
            column.addWidget(box)
        place = QHBoxLayout()
        place.addWidget(self.folder)
        choose = QPushButton("Choose …")
        choose.clicked.connect(self._choose)
        place.addWidget(choose)
        form = QFormLayout()
        form.addRow("&Pages", self.pages)
        folder = QLabel("&Folder")
        folder.setBuddy(self.folder)
        form.addRow(folder, place)
        form.addRow("&Name", self.name)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Export")
        self.buttons.accepted.connect(self.start)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(formats)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.repairs)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(560)

    # What is asked for

    def plan(self) -> ExportPlan:
        """What is to be written; raises UsageError where the fields make no sense."""
        formats = tuple(name for name, box in self.formats.items() if box.isChecked())
        pictures = frozenset(name for name, box in self.pictures.items() if box.isChecked())
        if not formats and not pictures:
            raise UsageError("choose at least one format")
        name = self.name.text().strip()
        if not name or "/" in name or "\\" in name:
            raise UsageError("give the file a name without slashes")
        stem = Path(self.folder.text()).expanduser() / name
        return ExportPlan(stem=stem, formats=formats, pictures=pictures, pages=self._places())

    def _places(self) -> tuple[int, ...]:
        """The chosen pages by their place among those with music; raises UsageError."""
        numbers = [self._heard.state.place(entry.id) + 1 for entry in self._entries]
        text = self.pages.text().strip()
        if not text:
            return tuple(range(len(numbers)))
        try:
            wanted = parse_pages(text)
        except UsageError:
            raise UsageError(f"{text}: are no pages; write for instance 1-3,7") from None
        found = tuple(place for place, number in enumerate(numbers) if number in wanted)
        if not found:
            raise UsageError("the chosen pages hold no music")
        return found

    def refresh(self) -> None:
        """Says what would be repaired, or what is wrong with the fields."""
        self.repairs.clear()
        problem = ""
        try:
            found = repairs(self._heard, self.plan().pages)
        except UsageError as error:
            problem, found = str(error)[:1].upper() + str(error)[1:], ()
        for issue in found:
            self.repairs.addItem(plain(issue.message))
        self.repairs.setVisible(bool(found))
        if problem:
            self.note.setText(problem)
        elif found:
            things = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
            self.note.setText(f"{things} repaired so that other programs read the file as it is meant:")
        else:
            self.note.setText("Nothing needs repair: other programs will read the file as it is meant.")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    # Writing

    def start(self) -> None:
        """Makes everything, then writes it together."""
        try:
            plan = self.plan()
        except UsageError as error:
            self.note.setText(str(error))
            return
        self._session.settings.formats = plan.formats or self._session.settings.formats
        pages = [self._page(place) for place in plan.pages]
        score = chosen(self._heard.score, plan.pages)
        service = self._session.engraving
        self._contents = []
        self._waiting = [
            (("export", id(self), "documents"), lambda: service.ask(
                ("export", id(self), "documents"), documents, score, tuple(pages), plan)),
        ]  # fmt: skip
        if "overlay" in plan.pictures:
            for place, page in zip(plan.pages, pages, strict=True):
                path = page_path(plan.stem, ".overlay.png", page, alone=len(pages) == 1)
                self._waiting.append(self._overlay_step(place, page, path))
        self.progress.setRange(0, len(self._waiting))
        self.progress.setVisible(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
        self._step()

    def _overlay_step(self, place: int, page: ExportPage, path: Path) -> tuple[object, Callable[[], None]]:
        key = "export", id(self), "overlay", place
        document, entry, service = self._session.document, self._entries[place], self._session.engraving

        def ask() -> None:
            service.ask(key, overlay, document.image(entry.id), page, path)

        return key, ask

    def _page(self, place: int) -> ExportPage:
        entry = self._entries[place]
        staves = entry.result.staves if entry.result is not None else ()
        return ExportPage(number=self._heard.state.place(entry.id) + 1, graph=entry.graph, staves=staves)

    def _step(self) -> None:
        self.progress.setValue(self.progress.maximum() - len(self._waiting))
        if self._waiting:
            self._key, ask = self._waiting.pop(0)
            try:
                ask()
            except OmrError as error:
                self._failed(self._key, str(error))
        else:
            contents = self._contents
            self._key = "write", id(self)
            self._session.errands.run(self._key, lambda: write_all(contents), urgent=True)

    def _came(self, key: object, value: object) -> None:
        if key != self._key or self._key is None:
            return
        if isinstance(key, tuple) and key[0] == "write":
            self.written = cast("tuple[Path, ...]", value)
            self._window.tell(f"Exported {', '.join(path.name for path in self.written)}")
            self.accept()
        else:
            self._contents.extend(cast(Contents, value))
            self._step()

    def _failed(self, key: object, message: str) -> None:
        if key == self._key and self._key is not None:
            self._key = None
            self._waiting = []
            self.progress.setVisible(False)
            self.note.setText(f"Nothing was written. {message}")
            self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(True)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Export to", self.folder.text())
        if name:
            self.folder.setText(name)

    def _home(self) -> Path:
        """Beside the document, else beside its first scan."""
        path = self._session.document.path
        if path is not None:
            return path.parent
        return Path(self._entries[0].source).absolute().parent if self._entries else Path.home()
