"""Commands about pages: turn to them, recognise, turn by quarters, insert, replace, remove, reorder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from gui.state import PageEntry

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class PageCommands(QObject):
    """What the Page menu and the list of pages do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session

    def commands(self) -> dict[str, Callable[[], object]]:
        """What each command of these does; connects the panel as well."""
        panel = self._window.pages_panel
        panel.page_chosen.connect(self._session.selection.show_page)
        panel.menu_wanted.connect(self._menu)
        self._window.page_model.move_wanted.connect(self._session.editor.move_page)
        self._window.page_model.files_dropped.connect(self._dropped)
        return {
            "recognise": self._session.recogniser.start, "again": self.recognise_again,
            "stop": self._session.stop, "rotate_left": lambda: self._rotate(-90),
            "rotate_right": lambda: self._rotate(90), "insert": self.insert, "replace": self.replace, "remove": self.remove,
            "page_up": lambda: self._turn(-1), "page_down": lambda: self._turn(1),
        }  # fmt: skip

    def _chosen(self) -> list[str]:
        """Ids of the selected pages, the current one where the list has none."""
        own = self._window.pages_panel.selected
        page = self._session.selection.page
        return own if page in own else [page] if page else []

    def _rotate(self, degrees: int) -> None:
        for page in self._chosen():
            self._session.editor.rotate(page, degrees)
        self._start_if_wanted()

    def recognise_again(self) -> None:
        """Reads the chosen pages anew; what a person put, changed or deleted stays."""
        self._session.editor.again(self._chosen())
        self._session.recogniser.start()

    def remove(self) -> None:
        chosen = self._chosen()
        if not chosen:
            return
        pages = [entry.id for entry in self._session.document.state.pages]
        place = pages.index(chosen[0])
        left = [page for page in pages if page not in chosen]
        self._session.editor.remove_pages(chosen)
        if left:
            self._session.selection.show_page(left[min(place, len(left) - 1)])

    def insert(self) -> None:
        """Asks for files and puts their pages before the current one."""
        paths = self._window.files.ask_scans("Insert pages")
        page = self._session.selection.page
        if paths and page:
            self._window.files.add_scans(paths, at=self._session.document.state.place(page))

    def replace(self) -> None:
        """Asks for a file and puts its pages in the place of the current one."""
        paths = self._window.files.ask_scans("Replace the page")
        page = self._session.selection.page
        if paths and page:
            place = self._session.document.state.place(page)

            def then(entries: list[PageEntry]) -> None:
                self._session.editor.remove_pages([page])
                self._session.selection.show_page(entries[0].id)

            self._window.files.add_scans(paths, at=place, then=then)

    def _dropped(self, paths: list[str], place: int) -> None:
        self._window.files.add_scans([Path(path) for path in paths], at=place)

    def _turn(self, by: int) -> None:
        pages = [entry.id for entry in self._session.document.state.pages]
        if self._session.selection.page in pages:
            place = pages.index(self._session.selection.page) + by
            self._session.selection.show_page(pages[min(max(place, 0), len(pages) - 1)])

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self._window)
        names = ("again", "rotate_left", "rotate_right", "insert", "replace", "remove")
        menu.addActions([self._window.action(name) for name in names])
        menu.exec(at)

    def _start_if_wanted(self) -> None:
        if self._session.settings.recognise_at_once:
            self._session.recogniser.start()
