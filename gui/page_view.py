"""The scanned page with what was found drawn over it; the mouse selects and edits through the tool in hand."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from gui import hit
from gui.edits import EditError, partners, snapped
from gui.families import SELECTED
from gui.page_image import PageImage
from gui.scene import Overlay, rect_of
from gui.shapes import SHAPES, glyph_svg
from gui.state import PageEntry
from gui.tile_view import TileView
from gui.tools import REACH, SelectTool, Tool
from omr.geometry import Box, Point
from omr.labels import NOTEHEADS

ALL_LAYERS = frozenset(("page", "staves", "symbols", "issues"))


class PageView(TileView):
    """One page; says what the person wants, and changes nothing itself."""

    nodes_picked = Signal(tuple, bool)
    """(ids, whether they are added to the selection)"""
    bar_picked = Signal(Point)
    """A place without a symbol was clicked."""
    add_wanted = Signal(str, Box)
    move_wanted = Signal(Point)
    resize_wanted = Signal(int, Box)
    relation_wanted = Signal(int, int)
    region_wanted = Signal(Box)
    menu_wanted = Signal(object)
    """Global position (QPoint)."""
    step_wanted = Signal(int, int)
    """An arrow key: (1, 0) to the right, (0, 1) up."""
    released = Signal()
    """Escape: the tool is put down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Scanned page")
        self.overlay = Overlay()
        self.entry: PageEntry | None = None
        self.selected: frozenset[int] = frozenset()
        self._image: PageImage | None = None
        self._bar: Box | None = None
        self._layers: frozenset[str] = ALL_LAYERS
        self._opacity = 0.8
        self._message = ""
        self.tool: Tool = SelectTool(self)

    # What is shown

    def set_page(self, image: PageImage | None, entry: PageEntry | None, message: str = "") -> None:
        """Shows another page; `message` where there is no picture of it."""
        self._image, self.entry, self._message = image, entry, message
        self.selected, self._bar = frozenset(), None
        self._last = None
        if image is not None:
            self.set_page_size(image.width, image.height)
        else:
            self.set_page_size(0, 0)
        self.invalidate()

    def set_overlay(self, overlay: Overlay, entry: PageEntry | None) -> None:
        """Shows other ink over the same page; only what differs is drawn anew."""
        area = changed_area(self.overlay, overlay)
        self.overlay, self.entry = overlay, entry
        if area is None or not area.isNull():
            self.invalidate(area)
        self.viewport().update()

    def set_layers(self, layers: frozenset[str], opacity: float) -> None:
        """Which layers are shown, and how strongly (0-1)."""
        if (layers, opacity) != (self._layers, self._opacity):
            self._layers, self._opacity = layers, opacity
            self.invalidate()

    def set_selected(self, nodes: frozenset[int], bar: Box | None, words: str) -> None:
        """Marks symbols and a bar; `words` say it to a screen reader."""
        self.selected, self._bar = nodes, bar
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.viewport().update()

    def set_tool(self, tool: Tool) -> None:
        self.tool = tool
        self.viewport().setCursor(tool.cursor)
        self.viewport().update()

    # What tools ask

    def node_at(self, at: QPointF, among: Collection[int] | None = None) -> int | None:
        """The symbol under the pointer: the smallest where several are."""
        return hit.node_at(self.overlay.graph, Point(at.x(), at.y()), reach=REACH / self.zoom, among=among)

    def nodes_inside(self, polygon: QPolygonF) -> tuple[int, ...]:
        """The symbols whose middle lies within."""
        points = [Point(p.x(), p.y()) for p in polygon.toList()]
        return hit.nodes_in_lasso(self.overlay.graph, points)

    def partners(self, node: int) -> frozenset[int]:
        """The symbols that `node` may be related to."""
        return (
            partners(self.entry.result, node)
            if self.entry is not None and self.entry.result is not None
            else frozenset()
        )

    def related(self, one: int, other: int) -> bool:
        return any({edge.source, edge.target} == {one, other} for edge in self.overlay.graph.edges)

    def ghost(self, label: str, at: Point) -> Box | None:
        """Where a symbol put at `at` would stand."""
        if self.entry is None or self.entry.result is None:
            return None
        return snapped(self.entry.result, label, at)

    def snapped_shift(self, by: Point) -> Point:
        """`by`, for a single notehead so that it ends on a staff position."""
        node = self.overlay.graph.by_id.get(next(iter(self.selected), -1))
        if len(self.selected) != 1 or node is None or node.label not in NOTEHEADS:
            return by
        target = Point(node.box.center.x + by.x, node.box.center.y + by.y)
        try:
            box = self.ghost(node.label, target)
        except EditError:
            return by
        return by if box is None else Point(by.x, box.center.y - node.box.center.y)

    def draw_ghost(self, painter: QPainter, label: str, box: Box) -> None:
        """Draws a symbol that is not there yet, viewport pixels."""
        rect = self.rect_to_view(rect_of(box))
        painter.setOpacity(0.75)
        shape = SHAPES.get(label)
        drawing = glyph_svg(shape.glyph) if shape is not None else None
        if drawing is not None:
            blue = drawing.replace(b"<g ", f'<g fill="{SELECTED}" '.encode(), 1)
            renderer = QSvgRenderer(QByteArray(blue))
            name = shape.glyph if shape is not None else ""
            renderer.setViewBox(renderer.transformForElement(name).mapRect(renderer.boundsOnElement(name)))
            renderer.render(painter, rect)
        painter.setOpacity(1.0)
        painter.setPen(QPen(QColor(SELECTED), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(-2, -2, 2, 2))

    # Drawing

    def draw_tile(self, painter: QPainter, area: QRectF, scale: float) -> None:
        if self._image is not None and "page" in self._layers:
            self._image.draw(painter, area, scale)
        self.overlay.draw(painter, area, scale, self._layers, self._opacity)

    def draw_over(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self._bar is not None:
            painter.setPen(QPen(QColor(SELECTED), 2))
            painter.setBrush(QColor(31, 111, 235, 16))
            space = self.overlay.space
            painter.drawRoundedRect(self.rect_to_view(rect_of(self._bar.padded(0, space * 0.8))), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(SELECTED), 2))
        painter.setBrush(QColor(31, 111, 235, 60))
        by_id = self.overlay.graph.by_id
        seen = QRectF(self.viewport().rect())
        rects = [self.rect_to_view(rect_of(by_id[node].box)) for node in self.selected if node in by_id]
        painter.drawRects([rect.adjusted(-2.5, -2.5, 2.5, 2.5) for rect in rects if rect.intersects(seen)])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if len(self.selected) == 1:
            self._draw_relations_of(painter, next(iter(self.selected)))
        self.tool.draw(painter)

    def _draw_relations_of(self, painter: QPainter, node_id: int) -> None:
        """The relations of the selected symbol, whatever the layers."""
        graph = self.overlay.graph
        if node_id not in graph.by_id:
            return
        middle = graph.by_id[node_id].box.center
        painter.setPen(QPen(QColor(SELECTED), 1.6, Qt.PenStyle.DotLine))
        for other in (*graph.targets(node_id), *graph.sources(node_id)):
            end = other.box.center
            painter.drawLine(self.to_view(QPointF(middle.x, middle.y)), self.to_view(QPointF(end.x, end.y)))
            painter.drawRect(self.rect_to_view(rect_of(other.box)))

    def paint_message(self, painter: QPainter) -> None:
        painter.setPen(self.palette().text().color())
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.viewport().rect().adjusted(40, 40, -40, -40), flags, self._message)

    def viewportEvent(self, event: QEvent) -> bool:
        done = super().viewportEvent(event)
        if event.type() == QEvent.Type.Paint and self._image is None and self._message:
            painter = QPainter(self.viewport())
            self.paint_message(painter)
            painter.end()
        elif event.type() == QEvent.Type.Leave:
            self.tool.leave()
        return done

    # The mouse and the keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._image is not None:
            self.tool.press(self.to_page(event.position()), event.modifiers())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._image is not None and self._grabbed is None:
            self.tool.move(self.to_page(event.position()), pressed=bool(event.buttons() & Qt.MouseButton.LeftButton))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._image is not None:
            self.tool.release(self.to_page(event.position()))
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)
        }  # fmt: skip
        if event.key() == Qt.Key.Key_Escape:
            self.released.emit()
        elif event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_wanted.emit(*steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


def changed_area(old: Overlay, new: Overlay) -> QRectF | None:
    """The part of the page on which two overlays differ, null where they are alike; None: anywhere."""
    if (old.staves, old.regions) != (new.staves, new.regions):
        return None
    area = QRectF()
    before = {node.id: node for node in old.graph.nodes}
    after = {node.id: node for node in new.graph.nodes}
    moved = {key for key in before.keys() | after.keys() if before.get(key) is not after.get(key)
             and before.get(key) != after.get(key)}  # fmt: skip
    links = {(e.source, e.target) for e in old.graph.edges} ^ {(e.source, e.target) for e in new.graph.edges}
    moved.update(end for link in links for end in link)
    moved.update(key for key in old.voices.keys() | new.voices.keys() if old.voices.get(key) != new.voices.get(key))
    for key in moved:
        for node in (before.get(key), after.get(key)):
            if node is not None:
                area = area.united(rect_of(node.box))
    for bar in set(old.bars) ^ set(new.bars):
        area = area.united(rect_of(bar.box))
    space = new.space
    return area if area.isNull() else area.adjusted(-6 * space, -4 * space, 6 * space, 4 * space)
