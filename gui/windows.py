"""All windows of the application: one for each document, and what they share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.dialogs.recovery import RecoveryDialog
from gui.journals import Journals
from gui.main_window import MainWindow
from gui.settings import Settings

PROJECT = ".omr"


class Windows(QObject):
    """Opens windows and keeps them alive."""

    def __init__(
        self,
        application: QApplication,
        *,
        theme: theme.Theme | None = None,
        settings: Settings | None = None,
        journals: Journals | None = None,
    ) -> None:
        super().__init__()
        self.journals = journals if journals is not None else Journals()
        self._application = application
        self.settings = settings if settings is not None else Settings()
        self._theme = theme
        self.open: list[MainWindow] = []
        self._letters = application.font().pointSizeF()
        self.apply_theme()
        application.styleHints().colorSchemeChanged.connect(self._system_changed)

    def apply_theme(self) -> None:
        """Light or dark and the size of letters, as preferred."""
        theme.apply_theme(self._application, self._theme or self.settings.theme)
        font = self._application.font()
        font.setPointSizeF(self._letters * self.settings.text_size / 100)
        self._application.setFont(font)
        for window in self.open:
            window.renew_colors()

    def new_window(self) -> MainWindow:
        """An empty window."""
        window = MainWindow(self.settings)
        window.session.document.keep_journal(self.journals.folder)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.new_window_wanted.connect(self._open_in_new)
        window.preferences_changed.connect(self.apply_theme)
        window.closed.connect(lambda: self._closed(window))
        self.open.append(window)
        window.show()
        return window

    def open_first(self, paths: list[Path]) -> None:
        """The window of the start: scans together in one document, each .omr in a window of its own."""
        documents = [path for path in paths if path.suffix.lower() == PROJECT]
        scans = [path for path in paths if path.suffix.lower() != PROJECT]
        window = self.new_window()
        if scans:
            window.files.open_scans(scans)
        for place, path in enumerate(documents):
            own = window if place == 0 and not scans else self.new_window()
            own.files.open_document(path)

    def offer_recovery(self) -> RecoveryDialog | None:
        """Asks about work that was not saved when the program last ended badly."""
        opened = {window.session.document.path for window in self.open}
        projects = [path for path in self.settings.recent if path.suffix.lower() == PROJECT and path not in opened]
        lost = self.journals.lost(projects)
        if not lost or not self.open:
            return None
        dialog = RecoveryDialog(lost, self.open[0])
        dialog.restore_wanted.connect(self._restore)
        dialog.open()
        return dialog

    def _restore(self, journal: Path) -> None:
        empty = next((window for window in self.open if not window.session.document.state.pages), None)
        (empty or self.new_window()).files.recover(journal)

    def close_all(self) -> None:
        for window in list(self.open):
            window.end()
        self.open.clear()
        self.journals.close()

    def _open_in_new(self, paths: list[Path]) -> None:
        self.open_first(paths)

    def _closed(self, window: MainWindow) -> None:
        if window in self.open:
            self.open.remove(window)

    def _system_changed(self) -> None:
        if (self._theme or self.settings.theme) == "system":
            self.apply_theme()
