"""What the mouse does on the page: select, lasso, put a symbol, relate two, mark a region. One small class for each.

A tool only says what the person wants, through the signals of the view; what becomes of it is decided in gui/editor.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.families import DOUBT, RELATION, SELECTED
from gui.scene import box_of, rect_of
from omr.geometry import Point

if TYPE_CHECKING:
    from gui.page_view import PageView

REACH = 6.0  # screen pixels around the pointer in which a symbol is found
DRAG = 4.0  # screen pixels that make a press a drag
HANDLE = 7.0  # screen pixels of a handle's side


class Tool:
    """Does nothing; positions are page pixels."""

    cursor = Qt.CursorShape.ArrowCursor
    hint = ""

    def __init__(self, view: PageView) -> None:
        self.view = view

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The left button goes down."""

    def move(self, at: QPointF, *, pressed: bool) -> None:
        """The pointer moves."""

    def release(self, at: QPointF) -> None:
        """The left button goes up."""

    def draw(self, painter: QPainter) -> None:
        """Draws what is in hand, in viewport pixels."""

    def leave(self) -> None:
        """The pointer left the view."""


class SelectTool(Tool):
    """Click: a symbol or a bar; Ctrl-click adds; drag: a rectangle, with Shift a lasso; drag of the selection moves it."""

    hint = "Click a symbol or bar; drag for several, with Shift a lasso; drag the selection to move it"

    def __init__(self, view: PageView, *, lasso: bool = False) -> None:
        super().__init__(view)
        self._always_lasso = lasso
        self._start: QPointF | None = None
        self._path: list[QPointF] = []
        self._mode = ""
        self._corner = (0, 0)
        self._add = False

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._start, self._path = at, [at]
        self._add = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        corner = self._handle_at(at)
        hit = self.view.node_at(at)
        if corner is not None:
            self._mode, self._corner = "resize", corner
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or (self._always_lasso and hit is None):
            self._mode = "lasso"
        elif hit is not None and hit in self.view.selected and not self._add:
            self._mode = "move"
        else:
            self._mode = "rectangle"

    def move(self, at: QPointF, *, pressed: bool) -> None:
        if pressed and self._start is not None:
            self._path.append(at)
            self.view.viewport().update()
        else:
            corner = self._handle_at(at)
            shape = Qt.CursorShape.ArrowCursor
            if corner is not None:
                shape = _CURSORS[abs(corner[0]), abs(corner[1]), corner[0] * corner[1] > 0]
            elif self.view.node_at(at) is not None:
                shape = Qt.CursorShape.PointingHandCursor
            self.view.viewport().setCursor(shape)

    def release(self, at: QPointF) -> None:
        if self._start is None:
            return
        start, mode, dragged = self._start, self._mode, self._dragged
        self._start = None
        if not dragged:
            hit = self.view.node_at(at)
            if hit is not None:
                self.view.nodes_picked.emit((hit,), self._add)
            else:
                self.view.bar_picked.emit(Point(at.x(), at.y()))
        elif mode == "lasso":
            self.view.nodes_picked.emit(self.view.nodes_inside(QPolygonF(self._path)), self._add)
        elif mode == "rectangle":
            self.view.nodes_picked.emit(self.view.nodes_inside(QPolygonF(QRectF(start, at).normalized())), self._add)
        elif mode == "move":
            self.view.move_wanted.emit(self._shift(at))
        elif mode == "resize":
            self.view.resize_wanted.emit(next(iter(self.view.selected)), box_of(self._resized(at)))
        self.view.viewport().update()

    @property
    def _dragged(self) -> bool:
        first = self._path[0]
        far = max(abs(p.x() - first.x()) + abs(p.y() - first.y()) for p in self._path)
        return far * self.view.zoom >= DRAG

    def _shift(self, at: QPointF) -> Point:
        """How far the selection goes: a single one that stands on a staff position goes from one to another."""
        assert self._path
        by = at - self._path[0]
        return self.view.snapped_shift(Point(by.x(), by.y()))

    def _single(self) -> QRectF | None:
        if len(self.view.selected) != 1:
            return None
        node = self.view.overlay.graph.by_id.get(next(iter(self.view.selected)))
        return rect_of(node.box) if node is not None else None

    def _handles(self, rect: QRectF) -> dict[tuple[int, int], QPointF]:
        """Viewport positions of the handles by direction (x, y)."""
        shown = self.view.rect_to_view(rect).adjusted(-3, -3, 3, 3)
        middle = shown.center()
        xs = {-1: shown.left(), 0: middle.x(), 1: shown.right()}
        ys = {-1: shown.top(), 0: middle.y(), 1: shown.bottom()}
        return {(x, y): QPointF(xs[x], ys[y]) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)}

    def _handle_at(self, at: QPointF) -> tuple[int, int] | None:
        rect = self._single()
        if rect is None or not self._roomy(rect):
            return None
        here = self.view.to_view(at)
        for corner, place in self._handles(rect).items():
            if max(abs(here.x() - place.x()), abs(here.y() - place.y())) <= HANDLE * 0.8:
                return corner
        return None

    def _roomy(self, rect: QRectF) -> bool:
        """Whether handles fit: at small zoom they would hide the symbol."""
        return max(rect.width(), rect.height()) * self.view.zoom >= 14

    def _resized(self, at: QPointF) -> QRectF:
        rect = self._single() or QRectF()
        x, y = self._corner
        left, right = (at.x() if x == side else edge for side, edge in ((-1, rect.left()), (1, rect.right())))
        top, bottom = (at.y() if y == side else edge for side, edge in ((-1, rect.top()), (1, rect.bottom())))
        return QRectF(QPointF(left, top), QPointF(right, bottom)).normalized()

    def draw(self, painter: QPainter) -> None:
        rect = self._single()
        if rect is not None and self._roomy(rect) and self._start is None:
            painter.setPen(QPen(QColor(SELECTED), 1))
            painter.setBrush(QColor("white"))
            for place in self._handles(rect).values():
                painter.drawRect(QRectF(place.x() - HANDLE / 2, place.y() - HANDLE / 2, HANDLE, HANDLE))
        if self._start is None or not self._dragged:
            return
        here = self._path[-1]
        painter.setPen(QPen(QColor(SELECTED), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(31, 111, 235, 40))
        if self._mode == "lasso":
            painter.drawPolygon(QPolygonF([self.view.to_view(point) for point in self._path]))
        elif self._mode == "rectangle":
            painter.drawRect(self.view.rect_to_view(QRectF(self._start, here).normalized()))
        elif self._mode == "resize":
            painter.drawRect(self.view.rect_to_view(self._resized(here)))
        elif self._mode == "move":
            by = self._shift(here)
            for node_id in self.view.selected:
                node = self.view.overlay.graph.by_id.get(node_id)
                if node is not None:
                    painter.drawRect(self.view.rect_to_view(rect_of(node.box.shifted(by.x, by.y))))


_CURSORS = {
    (1, 1, True): Qt.CursorShape.SizeFDiagCursor, (1, 1, False): Qt.CursorShape.SizeBDiagCursor,
    (1, 0, False): Qt.CursorShape.SizeHorCursor, (0, 1, False): Qt.CursorShape.SizeVerCursor,
}  # fmt: skip


class AddTool(Tool):
    """Puts symbols of one class: a ghost shows where, on the nearest staff position. Stays in hand until Escape."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: PageView, label: str, name: str) -> None:
        super().__init__(view)
        self.label = label
        self.hint = f"Click to put a {name}; Escape to stop"
        self._at: QPointF | None = None

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self._at = at
        self.view.viewport().update()

    def leave(self) -> None:
        self._at = None
        self.view.viewport().update()

    def release(self, at: QPointF) -> None:
        box = self.view.ghost(self.label, Point(at.x(), at.y()))
        if box is not None:
            self.view.add_wanted.emit(self.label, box)

    def draw(self, painter: QPainter) -> None:
        if self._at is None:
            return
        box = self.view.ghost(self.label, Point(self._at.x(), self._at.y()))
        if box is not None:
            self.view.draw_ghost(painter, self.label, box)


class RelateTool(Tool):
    """Drag from one symbol to another: relates them, or cuts the relation there is. What may be reached is marked."""

    cursor = Qt.CursorShape.CrossCursor
    hint = "Drag from a symbol to one of those marked: relates the two, or cuts their relation"

    def __init__(self, view: PageView) -> None:
        super().__init__(view)
        self._from: int | None = None
        self._at = QPointF()
        self._allowed: frozenset[int] = frozenset()

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._from, self._at = self.view.node_at(at), at
        self._allowed = self.view.partners(self._from) if self._from is not None else frozenset()
        self.view.viewport().update()

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self._at = at
        self.view.viewport().update()

    def release(self, at: QPointF) -> None:
        start, self._from = self._from, None
        if start is None:
            return
        end = self.view.node_at(at, among=self._allowed)
        if end is not None and end != start:
            self.view.relation_wanted.emit(start, end)
        self.view.viewport().update()

    def draw(self, painter: QPainter) -> None:
        by_id = self.view.overlay.graph.by_id
        if self._from is None or self._from not in by_id:
            return
        painter.setBrush(QColor(0, 138, 79, 50))
        painter.setPen(QPen(QColor(RELATION), 1.2))
        source = by_id[self._from].box
        near = 12 * self.view.overlay.space
        for node_id in self._allowed:
            box = by_id[node_id].box
            if abs(box.center.x - source.center.x) < near and abs(box.center.y - source.center.y) < near:
                painter.drawRect(self.view.rect_to_view(rect_of(box)).adjusted(-2, -2, 2, 2))
        end = self.view.node_at(self._at, among=self._allowed)
        cuts = end is not None and self.view.related(self._from, end)
        painter.setPen(
            QPen(QColor(DOUBT if cuts else RELATION), 2.4, Qt.PenStyle.DashLine if cuts else Qt.PenStyle.SolidLine)
        )
        painter.drawLine(self.view.to_view(QPointF(source.center.x, source.center.y)), self.view.to_view(self._at))


class RegionTool(Tool):
    """Drag a rectangle that is no music."""

    cursor = Qt.CursorShape.CrossCursor
    hint = "Drag over what is no music: it is left out, now and when the page is recognised again"

    def __init__(self, view: PageView) -> None:
        super().__init__(view)
        self._start: QPointF | None = None
        self._at = QPointF()

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._start = self._at = at

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self._at = at
        self.view.viewport().update()

    def release(self, at: QPointF) -> None:
        start, self._start = self._start, None
        size = self.view.page_size
        page = QRectF(0, 0, size.width(), size.height())
        if start is not None:
            rect = QRectF(start, at).normalized().intersected(page)
            if rect.width() * self.view.zoom >= DRAG and rect.height() * self.view.zoom >= DRAG:
                self.view.region_wanted.emit(box_of(rect))
        self.view.viewport().update()

    def draw(self, painter: QPainter) -> None:
        if self._start is not None:
            painter.setPen(QPen(QColor("#5f6670"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(95, 102, 112, 60))
            painter.drawRect(self.view.rect_to_view(QRectF(self._start, self._at).normalized()))
