"""The middle of the window: the scan and the reading side by side, scrolled and zoomed together, or a welcome."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from gui.engraved_view import EngravedBar, EngravedView, placed_systems
from gui.overlays import bar_box, overlay_of
from gui.page_image import PageImage
from gui.page_view import PageView
from gui.scene import rect_of
from gui.session import Session
from gui.state import NodeKey, PageEntry
from gui.welcome import Welcome
from gui.words import selection_words
from omr.errors import OmrError
from omr.geometry import Box, Point, union

KEPT = 3
"""Pages ready to be shown."""


class Workspace(QStackedWidget):
    """Both views of the current page."""

    image_changed = Signal(object)
    """The PageImage of the current page, or None."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.welcome = Welcome(session.settings)
        self.page_view = PageView()
        self.engraved_view = EngravedView()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.page_view)
        self.splitter.addWidget(self.engraved_view)
        self.splitter.setSizes([500, 500])
        self.splitter.setChildrenCollapsible(False)
        self.addWidget(self.welcome)
        self.addWidget(self.splitter)
        self._images: OrderedDict[tuple[str, int], PageImage] = OrderedDict()
        self.page_view.moved.connect(self.engraved_view.follow)
        self.engraved_view.moved.connect(self.page_view.follow)
        document, selection = session.document, session.selection
        selection.page_changed.connect(self.show_page)
        selection.changed.connect(self._show_selection)
        document.graph_changed.connect(self._refresh_ink)
        document.score_changed.connect(self._refresh_ink)
        document.problems_changed.connect(self._refresh_ink)
        document.pages_changed.connect(self._refresh_pages)
        session.engraver.engraved.connect(self._show_engraved)
        session.errands.done.connect(self._take)
        session.errands.failed.connect(self._not_loaded)
        self._connect_mouse()
        self._refresh_pages()

    def _connect_mouse(self) -> None:
        editor = self._session.editor
        view = self.page_view
        view.nodes_picked.connect(self._pick)
        view.bar_picked.connect(self._pick_bar)
        view.add_wanted.connect(editor.add)
        view.move_wanted.connect(editor.move)
        view.resize_wanted.connect(editor.resize)
        view.relation_wanted.connect(editor.relate)
        view.region_wanted.connect(editor.ignore)
        self.engraved_view.ink_clicked.connect(self._pick_ink)
        self.engraved_view.place_clicked.connect(lambda x, y: self._pick_bar(Point(x, y)))

    # Pages

    def _entry(self) -> PageEntry | None:
        page = self._session.selection.page
        return next((entry for entry in self._session.document.state.pages if entry.id == page), None)

    def _refresh_pages(self) -> None:
        pages = self._session.document.state.pages
        self.setCurrentIndex(1 if pages else 0)
        entry = self._entry()
        if entry is None:
            self._session.selection.show_page(pages[0].id if pages else "")
        elif (entry.id, entry.rotation) != self._shown_key():
            self.show_page(entry.id)
        else:
            self._refresh_ink()

    def _shown_key(self) -> tuple[str, int] | None:
        entry = self.page_view.entry
        return (entry.id, entry.rotation) if entry is not None else None

    def show_page(self, page: str) -> None:
        """Shows a page, as soon as its picture is read."""
        entry = self._entry()
        if entry is None:
            self.page_view.set_page(None, None)
            self.engraved_view.set_systems(())
            self.image_changed.emit(None)
            return
        key = entry.id, entry.rotation
        image = self._images.get(key)
        if image is None:
            document = self._session.document
            self.page_view.set_page(None, entry, "Reading the page …")
            self._session.errands.run(("page", key), lambda: PageImage(document.image(page)), urgent=True)
            self.image_changed.emit(None)
        else:
            self._images.move_to_end(key)
            self._show_image(entry, image)

    def _show_image(self, entry: PageEntry, image: PageImage) -> None:
        self.page_view.set_page(image, entry)
        self.engraved_view.set_page_size(image.width, image.height)
        self.engraved_view.follow(self.page_view.zoom, *self.page_view.center().toTuple())
        self.page_view.set_overlay(overlay_of(self._session.document, entry.id), entry)
        self.image_changed.emit(image)
        self._show_engraved(entry.id)
        self._show_selection()

    def _take(self, key: object, value: object) -> None:
        if isinstance(key, tuple) and key[0] == "page" and isinstance(value, PageImage):
            self._images[key[1]] = value
            while len(self._images) > KEPT:
                self._images.popitem(last=False)
            entry = self._entry()
            if entry is not None and key[1] == (entry.id, entry.rotation):
                self._show_image(entry, value)

    def _not_loaded(self, key: object, message: str) -> None:
        entry = self._entry()
        if isinstance(key, tuple) and key[0] == "page" and entry is not None and key[1] == (entry.id, entry.rotation):
            self.page_view.set_page(None, entry, f"This page cannot be shown.\n{message}")
            self.engraved_view.set_systems((), "")

    def image_of(self, entry: PageEntry) -> PageImage | None:
        """The picture of a page, read now if it is not at hand; None where it cannot be read."""
        key = entry.id, entry.rotation
        if key not in self._images:
            try:
                return PageImage(self._session.document.image(entry.id))
            except OmrError:
                return None
        return self._images[key]

    # What is drawn

    def _refresh_ink(self, page: str | None = None) -> None:
        entry = self._entry()
        if entry is not None and page in (None, entry.id):
            self.page_view.set_overlay(overlay_of(self._session.document, entry.id), entry)
            self._show_bars(entry)
            self._show_engraved(entry.id)
            self._show_selection()

    def _show_bars(self, entry: PageEntry) -> None:
        bars = self.page_view.overlay.bars
        self.engraved_view.set_bars(tuple(EngravedBar(bar.box, bar.checked, bar.harm >= 0.5) for bar in bars))

    def _show_engraved(self, page: str) -> None:
        entry = self._entry()
        if entry is None or entry.id != page:
            return
        pictures = self._session.engraver.pictures(page)
        size = self.page_view.page_size
        if entry.result is None or size.isEmpty():
            self.engraved_view.set_systems((), self._waiting_words(entry))
            return
        whole = Box(0, 0, size.width(), size.height())
        placed = placed_systems(pictures, entry.result.staves, whole)
        self.engraved_view.set_systems(placed, "" if placed else "Engraving the reading …")
        self._show_bars(entry)

    def _waiting_words(self, entry: PageEntry) -> str:
        if entry.status == "failed":
            return f"This page was not recognised.\n{entry.message}"
        if entry.status == "ignored":
            return "This page is left out."
        running = self._session.recogniser.running
        return "The reading appears here once the page is recognised." + ("" if running else "\nCtrl+R recognises it.")

    def refresh_messages(self) -> None:
        """After recognition began or stopped."""
        entry = self._entry()
        if entry is not None and entry.result is None:
            self._show_engraved(entry.id)

    # Selection

    def _pick(self, nodes: tuple[int, ...], add: bool) -> None:
        selection = self._session.selection
        chosen = selection.nodes ^ frozenset(nodes) if add else frozenset(nodes)
        bar = None
        if len(chosen) == 1:
            bar = self._session.document.bar_of(NodeKey(selection.page, next(iter(chosen))))
        selection.select(chosen, bar or selection.bar)

    def _pick_bar(self, at: Point) -> None:
        """Selects the bar at a place, and no symbol."""
        heard = self._session.document.reread
        page = self._session.selection.page
        space = self.page_view.overlay.space
        for bar in heard.bars if heard is not None else ():
            if bar.page == page:
                box = bar_box(self._session.document, bar)
                if box is not None and box.padded(0, 4 * space).contains(at):
                    self._session.selection.select((), bar)
                    return
        self._session.selection.select(())

    def _pick_ink(self, place: int, node: int, add: bool) -> None:
        heard = self._session.document.reread
        pages = heard.state.read_pages if heard is not None else ()
        if place < len(pages) and pages[place].id == self._session.selection.page:
            self._pick((node,), add)

    def _show_selection(self) -> None:
        document, selection = self._session.document, self._session.selection
        box = bar_box(document, selection.bar) if selection.bar is not None else None
        words = selection_words(document, selection)
        self.page_view.set_selected(selection.nodes, box, words)
        heard = document.reread
        pages = heard.state.read_pages if heard is not None else ()
        place = next((place for place, entry in enumerate(pages) if entry.id == selection.page), -1)
        self.engraved_view.set_marked(frozenset((place, node) for node in selection.nodes), box, words)

    def reveal_selection(self) -> None:
        """Scrolls to what is selected."""
        selection = self._session.selection
        graph = self.page_view.overlay.graph
        boxes = [graph.by_id[node].box for node in selection.nodes if node in graph.by_id]
        if not boxes and selection.bar is not None:
            box = bar_box(self._session.document, selection.bar)
            boxes = [box] if box is not None else []
        if boxes:
            rect: QRectF = rect_of(union(boxes))
            self.page_view.reveal(rect)

    # Layers

    def show_layers(self, layers: frozenset[str], opacity: int) -> None:
        self.page_view.set_layers(layers, opacity / 100)
