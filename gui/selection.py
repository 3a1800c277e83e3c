"""What the person has in hand: a page, symbols on it, a bar. The same for every view; no part of what can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from gui.state import BarKey


class Selection(QObject):
    """The current page, the selected symbols of it and the current bar."""

    page_changed = Signal(str)
    """Id of the page, empty for none."""
    changed = Signal()
    """Other symbols are selected, or another bar."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self._nodes: frozenset[int] = frozenset()
        self._bar: BarKey | None = None

    @property
    def page(self) -> str:
        return self._page

    @property
    def nodes(self) -> frozenset[int]:
        """Ids of the selected symbols of the page."""
        return self._nodes

    @property
    def bar(self) -> BarKey | None:
        return self._bar

    def show_page(self, page: str) -> None:
        """Turns to a page; nothing of another page stays selected."""
        if page != self._page:
            self._page, self._nodes, self._bar = page, frozenset(), None
            self.page_changed.emit(page)
            self.changed.emit()

    def select(self, nodes: Iterable[int], bar: BarKey | None = None) -> None:
        """Selects symbols of the current page, and a bar."""
        chosen = frozenset(nodes), bar
        if chosen != (self._nodes, self._bar):
            self._nodes, self._bar = chosen
            self.changed.emit()

    def clear_nodes(self) -> None:
        self.select((), self._bar)
