"""Commands about files: open, add, save, close, export, MuseScore, batch, and work found after a crash."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.dialogs.password import PasswordDialog
from gui.export import find_musescore
from gui.scans import Found, Scan, scans_in
from gui.state import PageEntry, fresh_page_id
from omr.errors import InvalidOutputError, OmrError

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SCANS: Final = "Scans (*.pdf *.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp)"
DOCUMENTS: Final = "Scorewright documents (*.omr)"
ALL: Final = "Scans and documents (*.pdf *.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp *.omr)"
PROJECT: Final = ".omr"

Then = Callable[[list[PageEntry]], None]


class FileCommands(QObject):
    """What the File menu does."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._document = window.session.document
        self._reading: dict[object, tuple[int | None, Then | None]] = {}
        self._number = 0
        self._suggested = "Untitled"
        self._session.errands.done.connect(self._pages_known)
        self._session.errands.failed.connect(self._pages_unknown)
        self._document.journal_failed.connect(lambda text: self._complain("Edits are not kept against a crash", text))
        self._document.reading_failed.connect(lambda text: window.tell(f"The music could not be read: {text}"))

    @property
    def name(self) -> str:
        """What the document is called."""
        return self._document.path.stem if self._document.path is not None else self._suggested

    def commands(self) -> dict[str, Callable[[], object]]:
        return {
            "open": self.ask_open, "add": self.ask_add, "save": self.save, "save_as": self.save_as, "export": self.export,
            "musescore": self.open_in_musescore, "batch": self.show_batch, "preferences": self._preferences,
            "shortcuts": self._shortcuts, "about": self._about,
        }  # fmt: skip

    # Opening

    def ask_open(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", self._folder(), f"{ALL};;{SCANS};;{DOCUMENTS}")
        self.open_paths([Path(name) for name in names])

    def ask_add(self) -> None:
        self.add_scans(self.ask_scans("Add pages"))

    def ask_scans(self, title: str) -> list[Path]:
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._folder(), SCANS)
        return [Path(name) for name in names]

    def open_paths(self, paths: list[Path]) -> None:
        """Scans into this window's document; documents here if it is empty, else in windows of their own."""
        scans = [path for path in paths if path.suffix.lower() != PROJECT]
        documents = [path for path in paths if path.suffix.lower() == PROJECT]
        if scans:
            self.open_scans(scans)
        for path in documents:
            if self._document.state.pages or scans:
                self._window.new_window_wanted.emit([path])
            else:
                self.open_document(path)

    def open_scans(self, paths: list[Path]) -> None:
        """Appends the pages of scans to the document."""
        if not self._document.state.pages and paths:
            self._suggested = paths[0].stem
        self.add_scans(paths)

    def add_scans(self, paths: list[Path], at: int | None = None, then: Then | None = None) -> None:
        """Reads how many pages the files have, then puts these before place `at` (None: at the end)."""
        if paths:
            self._number += 1
            key = "pages of", self._number
            self._reading[key] = at, then
            passwords = dict(self._document.passwords)
            self._session.errands.run(key, lambda: scans_in(paths, passwords), urgent=True)
            for path in paths:
                self._session.settings.add_recent(path)

    def _pages_known(self, key: object, value: object) -> None:
        if key not in self._reading or not isinstance(value, Found):
            return
        at, then = self._reading.pop(key)
        failures = value.failures
        entries = self._add(value.scans, at)
        for path in value.locked:
            self._ask_password(path, at, then)
        if entries and then is not None:
            then(entries)
        if failures:
            self._complain(
                "Some files cannot be opened" if entries else "Nothing could be opened", "\n\n".join(failures)
            )
        if self._session.settings.recognise_at_once:
            self._session.recogniser.start()
        self._window.refresh_title()

    def _ask_password(self, path: Path, at: int | None, then: Then | None) -> None:
        """Asks for the password of a file until it opens or the person gives up."""
        dialog = PasswordDialog(path, wrong=str(path) in self._document.passwords, parent=self._window)

        def given(password: str) -> None:
            self._document.passwords[str(path)] = password
            self.add_scans([path], at, then)

        dialog.given.connect(given)
        dialog.rejected.connect(lambda: self._document.passwords.pop(str(path), None))
        dialog.open()

    def _add(self, scans: Sequence[Scan], at: int | None) -> list[PageEntry]:
        """Puts new pages into the document; the first of a document is shown."""
        state = self._document.state
        dpi = self._session.settings.dpi
        entries = [PageEntry(id=fresh_page_id(), source=scan.source, index=scan.index, dpi=dpi) for scan in scans]
        if entries:
            self._document.add_pages(entries, at)
            if not state.pages:
                self._session.selection.show_page(entries[0].id)
        return entries

    def _pages_unknown(self, key: object, message: str) -> None:
        if key in self._reading:
            del self._reading[key]
            self._complain("Nothing could be opened", message)

    def open_document(self, path: Path) -> None:
        """Opens a saved document in this window."""
        try:
            notice = self._document.open(path)
        except OmrError as error:
            self._complain("The document cannot be opened", str(error))
            return
        self._opened(path, notice)

    def _opened(self, path: Path, notice: str) -> None:
        self._session.settings.add_recent(path)
        pages = self._document.state.pages
        self._session.selection.show_page(pages[0].id if pages else "")
        self._window.refresh_title()
        if notice:
            self._complain("The document was damaged", notice)
        if self._session.settings.recognise_at_once:
            self._session.recogniser.start()

    def fill_recent(self) -> None:
        """The menu of files opened last."""
        menu = self._window.recent_menu
        menu.clear()
        for path in self._session.settings.recent:
            menu.addAction(f"{path.name}  ({path.parent})").triggered.connect(
                lambda _=False, path=path: self.open_paths([path])
            )
        menu.addSeparator()
        forget = menu.addAction("Forget these")
        forget.triggered.connect(self._forget)
        forget.setEnabled(bool(self._session.settings.recent))

    def _forget(self) -> None:
        self._session.settings.forget_recent()
        self._window.workspace.welcome.refresh()

    # Keeping

    def save(self) -> bool:
        """Saves the document; whether it is saved now."""
        if self._document.path is None:
            return self.save_as()
        return self._save(self._document.path)

    def save_as(self) -> bool:
        suggested = str(Path(self._folder()) / f"{self.name}{PROJECT}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save as", suggested, DOCUMENTS)
        if not name:
            return False
        path = Path(name)
        if path.suffix.lower() == PROJECT:
            return self._save(path)
        whole = path.with_name(path.name + PROJECT)
        return self._may_replace(whole) and self._save(whole)

    def _may_replace(self, path: Path) -> bool:
        """Asks about a file that is there: the dialog asked about the name without its ending."""
        if not path.exists():
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Scorewright")
        box.setText(f"“{path.name}” is there already. Replace it?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Yes | buttons.Cancel)
        box.setDefaultButton(buttons.Cancel)
        return bool(box.exec() == buttons.Yes)

    def _save(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except OmrError as error:
            self._complain("The document could not be saved", f"{error}\n\nYour work is still here; nothing is lost.")
            return False
        self._session.settings.add_recent(path)
        self._window.tell(f"Saved {path.name}")
        self._window.refresh_title()
        return True

    def may_close(self) -> bool:
        """Asks about work that is not saved; False keeps the window open."""
        if self._document.is_clean or not self._document.state.pages:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Scorewright")
        box.setText(f"Save “{self.name}” before closing?")
        box.setInformativeText("What was recognised and corrected since the last save is lost otherwise.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        if answer == buttons.Save:
            return self.save()
        return bool(answer == buttons.Discard)

    def recover(self, journal: Path) -> None:
        """Becomes the document whose edits a journal holds."""
        try:
            notice = self._document.recover(journal)
        except OmrError as error:
            self._complain("This work cannot be restored", str(error))
            return
        pages = self._document.state.pages
        self._session.selection.show_page(pages[0].id if pages else "")
        self._window.refresh_title()
        self._window.tell(notice)
        if self._session.settings.recognise_at_once:
            self._session.recogniser.start()

    def end(self) -> None:
        """The window closes."""
        self._reading.clear()

    # Giving away

    def export(self) -> None:
        from gui.dialogs.export import ExportDialog

        ExportDialog(self._window).exec()

    def open_in_musescore(self) -> None:
        """Hands the music to MuseScore as it is now."""
        program = find_musescore()
        if program is None:
            self._complain(
                "MuseScore was not found", "Install MuseScore, or export MusicXML and open it in your program."
            )
            return
        try:
            content = self._document.musicxml()
            folder = Path(tempfile.mkdtemp(prefix="scorewright-"))
            path = folder / f"{self.name}.musicxml"
            path.write_bytes(content)
        except (InvalidOutputError, OSError) as error:
            self._complain("The music cannot be handed over", str(error))
            return
        process = QProcess()
        environment = QProcessEnvironment.systemEnvironment()
        for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH", "QT_QPA_FONTDIR"):
            environment.remove(name)
        process.setProcessEnvironment(environment)
        process.setProgram(program)
        process.setArguments([str(path)])
        started, _ = process.startDetached()
        self._window.tell("MuseScore opens the music" if started else "MuseScore did not start")

    def show_batch(self) -> None:
        from gui.dialogs.batch import BatchWindow

        window = BatchWindow(self._session.settings, self._window)
        window.show()

    # About the program

    def _preferences(self) -> None:
        from gui.dialogs.preferences import PreferencesDialog

        if PreferencesDialog(self._session.settings, self._window).exec():
            self._session.recogniser.edition = self._session.settings.edition
            self._session.recogniser.device = self._session.settings.device
            self._session.looker.want(self._session.settings.second_look)
            self._session.recogniser.precision = self._session.settings.precision
            self._window.preferences_changed.emit()

    def _shortcuts(self) -> None:
        from gui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self._window).exec()

    def _about(self) -> None:
        from gui.dialogs.about import AboutDialog

        AboutDialog(self._window).exec()

    def _folder(self) -> str:
        recent = self._session.settings.recent
        return str(recent[0].parent) if recent else str(Path.home())

    def _complain(self, title: str, text: str) -> None:
        """A message that does not stop the program: it is closed whenever the person likes."""
        box = QMessageBox(QMessageBox.Icon.Warning, "Scorewright", title, QMessageBox.StandardButton.Ok, self._window)
        box.setInformativeText(text[:1].upper() + text[1:])
        box.setModal(False)
        QTimer.singleShot(0, box.open)
