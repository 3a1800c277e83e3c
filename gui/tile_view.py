"""A page that is zoomed and moved fluently however much is drawn on it.

The page is drawn in square tiles at the scale of the moment and kept; moving copies them. What is missing after a zoom is shown
from the last complete picture, scaled, and drawn properly tile by tile: no tile is begun that would hardly end within BUDGET.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from math import ceil, floor

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

TILE = 160  # device pixels
KEPT = 600  # tiles
BUDGET = 0.007  # seconds of drawing tiles in one frame
ZOOMS = (0.02, 16.0)  # screen pixels per page pixel
MARGIN = 16  # screen pixels around the page
WHEEL_STEP = 1.0015  # zoom for each eighth of a degree of the wheel
PAPER = QColor("white")


class TileView(QAbstractScrollArea):
    """Shows a page; subclasses draw its tiles (`draw_tile`) and what moves over it (`draw_over`)."""

    moved = Signal(float, float, float)
    """The person moved or zoomed: (zoom, x, y) with the page coordinates at the middle of the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._size = QSizeF(0, 0)
        self._zoom = 1.0
        self._fitting = True
        self._tiles: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._stale: set[tuple[int, int]] = set()
        self._last: tuple[QPixmap, QRectF] | None = None
        self._grabbed: QPoint | None = None
        self._quiet = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.viewport().update)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._tell)

    # What subclasses draw

    def draw_tile(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """Draws `area` of the page; the painter works in page pixels, `scale` device pixels each."""
        raise NotImplementedError

    def draw_over(self, painter: QPainter) -> None:
        """Draws what changes often, in viewport pixels."""

    # Where the view is

    @property
    def zoom(self) -> float:
        """Screen pixels per page pixel."""
        return self._zoom

    @property
    def page_size(self) -> QSizeF:
        return self._size

    def set_page_size(self, width: float, height: float) -> None:
        """Makes room for a page; the first is fitted to the width of the view."""
        if (width, height) != (self._size.width(), self._size.height()):
            self._size = QSizeF(width, height)
            self._drop_tiles()
            if self._fitting:
                self.fit_width()
            else:
                self._set_bars()

    def origin(self) -> QPoint:
        """Where the page's top left corner lies, viewport pixels."""
        width, height = self._size.width() * self._zoom, self._size.height() * self._zoom
        free_x, free_y = self.viewport().width() - width, self.viewport().height() - height
        x = floor(free_x / 2) if free_x > 2 * MARGIN else MARGIN - self.horizontalScrollBar().value()
        y = floor(free_y / 2) if free_y > 2 * MARGIN else MARGIN - self.verticalScrollBar().value()
        return QPoint(x, y)

    def to_page(self, at: QPointF) -> QPointF:
        """Page coordinates of a viewport position."""
        origin = self.origin()
        return QPointF((at.x() - origin.x()) / self._zoom, (at.y() - origin.y()) / self._zoom)

    def to_view(self, at: QPointF) -> QPointF:
        """Viewport position of page coordinates."""
        origin = self.origin()
        return QPointF(at.x() * self._zoom + origin.x(), at.y() * self._zoom + origin.y())

    def rect_to_view(self, rect: QRectF) -> QRectF:
        origin, zoom = self.origin(), self._zoom
        return QRectF(
            rect.x() * zoom + origin.x(), rect.y() * zoom + origin.y(), rect.width() * zoom, rect.height() * zoom
        )

    def center(self) -> QPointF:
        """Page coordinates at the middle of the view."""
        return self.to_page(QPointF(self.viewport().width() / 2, self.viewport().height() / 2))

    # Moving

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zooms so that what is at viewport position `at` (default: the middle) stays there."""
        anchor = at if at is not None else QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        held = self.to_page(anchor)
        self._fitting = False
        self._rescale(zoom)
        self._hold(held, anchor)
        self._tell()

    def follow(self, zoom: float, x: float, y: float) -> None:
        """Goes where another view is, without telling so."""
        self._quiet = True
        self._fitting = False
        self._rescale(zoom)
        self._hold(QPointF(x, y), QPointF(self.viewport().width() / 2, self.viewport().height() / 2))
        self._quiet = False

    def fit_width(self) -> None:
        if self._size.width() > 0:
            self._rescale((self.viewport().width() - 2 * MARGIN) / self._size.width())
            self._fitting = True
            self._tell()

    def fit_page(self) -> None:
        if not self._size.isEmpty():
            width, height = self.viewport().width() - 2 * MARGIN, self.viewport().height() - 2 * MARGIN
            self._rescale(min(width / self._size.width(), height / self._size.height()))
            self._fitting = False
            self._tell()

    def reveal(self, rect: QRectF, *, margin: float = 60) -> None:
        """Moves only as far as it takes to show `rect` (page coordinates) with `margin` screen pixels around it."""
        shown = self.rect_to_view(rect).adjusted(-margin, -margin, margin, margin)
        for bar, low, high, side in (
            (self.horizontalScrollBar(), shown.left(), shown.right(), self.viewport().width()),
            (self.verticalScrollBar(), shown.top(), shown.bottom(), self.viewport().height()),
        ):
            if high - low > side:
                bar.setValue(bar.value() + round((low + high - side) / 2))
            elif low < 0:
                bar.setValue(bar.value() + floor(low))
            elif high > side:
                bar.setValue(bar.value() + ceil(high - side))

    def pan(self, x: int, y: int) -> None:
        """Moves the page by screen pixels."""
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - x)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - y)

    def _rescale(self, zoom: float) -> None:
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[1])
        if zoom != self._zoom:
            self._remember()
            self._zoom = zoom
            self._drop_tiles()
        self._set_bars()

    def _set_bars(self) -> None:
        for bar, page, side in (
            (self.horizontalScrollBar(), self._size.width(), self.viewport().width()),
            (self.verticalScrollBar(), self._size.height(), self.viewport().height()),
        ):
            bar.setPageStep(side)
            bar.setSingleStep(max(1, side // 12))
            bar.setRange(0, max(0, ceil(page * self._zoom) + 2 * MARGIN - side))
        self.viewport().update()

    def _hold(self, held: QPointF, anchor: QPointF) -> None:
        """Scrolls so that page coordinates `held` come to viewport position `anchor`."""
        self.horizontalScrollBar().setValue(round(held.x() * self._zoom + MARGIN - anchor.x()))
        self.verticalScrollBar().setValue(round(held.y() * self._zoom + MARGIN - anchor.y()))
        self.viewport().update()

    def _tell(self) -> None:
        self.viewport().update()
        if not self._quiet:
            middle = self.center()
            self.moved.emit(self._zoom, middle.x(), middle.y())

    # Tiles

    def invalidate(self, area: QRectF | None = None) -> None:
        """Has tiles drawn anew: those that touch `area` (page coordinates), or all."""
        if area is None:
            self._stale.update(self._tiles)
        else:
            side = TILE / (self._zoom * self.devicePixelRatioF())
            self._stale.update(
                (column, row)
                for column, row in self._tiles
                if area.intersects(QRectF(column * side, row * side, side, side))
            )
        self.viewport().update()

    @property
    def complete(self) -> bool:
        """Whether everything in view is drawn as it should be."""
        return all(key in self._tiles and key not in self._stale for key in self._visible())

    def _drop_tiles(self) -> None:
        self._tiles.clear()
        self._stale.clear()

    def _remember(self) -> None:
        """Keeps what is in view for the time until the tiles of the next zoom are drawn."""
        if not self._tiles or not self.complete:
            return
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.viewport().size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(PAPER)
        painter = QPainter(picture)
        self._draw_tiles(painter)
        painter.end()
        corner = self.to_page(QPointF(0, 0))
        size = QSizeF(self.viewport().width() / self._zoom, self.viewport().height() / self._zoom)
        self._last = picture, QRectF(corner, size)

    def _visible(self) -> list[tuple[int, int]]:
        """(column, row) of the tiles in view, the middle ones first."""
        side = TILE / (self._zoom * self.devicePixelRatioF())
        low = self.to_page(QPointF(0, 0))
        high = self.to_page(QPointF(self.viewport().width(), self.viewport().height()))
        last_column, last_row = ceil(self._size.width() / side), ceil(self._size.height() / side)
        columns = range(max(0, floor(low.x() / side)), min(last_column, ceil(high.x() / side)))
        rows = range(max(0, floor(low.y() / side)), min(last_row, ceil(high.y() / side)))
        found = [(column, row) for column in columns for row in rows]
        x, y = (low.x() + high.x()) / 2 / side - 0.5, (low.y() + high.y()) / 2 / side - 0.5
        return sorted(found, key=lambda key: abs(key[0] - x) + abs(key[1] - y))

    def _draw_tiles(self, painter: QPainter) -> None:
        origin, ratio = self.origin(), self.devicePixelRatioF()
        for key in self._visible():
            tile = self._tiles.get(key)
            if tile is not None:
                painter.drawPixmap(QPointF(origin) + QPointF(key[0], key[1]) * (TILE / ratio), tile)

    def _make_tiles(self) -> bool:
        """Draws what is missing in view as far as the budget goes, one tile at least; whether all of it was done."""
        start = before = time.perf_counter()
        slowest = 0.0
        for key in self._visible():
            if key in self._tiles and key not in self._stale:
                self._tiles.move_to_end(key)
                continue
            if slowest and before - start + slowest > BUDGET:
                return False
            self._tiles[key] = self._tile(*key)
            self._tiles.move_to_end(key)
            self._stale.discard(key)
            after = time.perf_counter()
            slowest, before = max(slowest, after - before), after
        while len(self._tiles) > KEPT:
            self._stale.discard(self._tiles.popitem(last=False)[0])
        return True

    def _tile(self, column: int, row: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        scale = self._zoom * ratio
        tile = QPixmap(TILE, TILE)
        tile.fill(self._outside())
        painter = QPainter(tile)
        painter.translate(-column * TILE, -row * TILE)
        painter.scale(scale, scale)
        side = TILE / scale
        area = QRectF(column * side, row * side, side, side).intersected(
            QRectF(0, 0, self._size.width(), self._size.height())
        )
        painter.setClipRect(area)
        painter.fillRect(area, PAPER)
        self.draw_tile(painter, area, scale)
        painter.end()
        tile.setDevicePixelRatio(ratio)
        return tile

    def _outside(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Midlight)

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        done = self._make_tiles()
        painter = QPainter(self.viewport())
        page = self.rect_to_view(QRectF(0, 0, self._size.width(), self._size.height()))
        if not page.contains(QRectF(self.viewport().rect())):
            painter.fillRect(self.viewport().rect(), self._outside())
        if not self._size.isEmpty():
            if not done:
                painter.fillRect(page, PAPER)
                if self._last is not None:
                    painter.setClipRect(page)
                    painter.drawPixmap(self.rect_to_view(self._last[1]), self._last[0], QRectF(self._last[0].rect()))
                    painter.setClipping(False)
            self._draw_tiles(painter)
            self.draw_over(painter)
        painter.end()
        if not done:
            self._again.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting and event.oldSize().width() != event.size().width():
            self.fit_width()
        else:
            self._set_bars()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * WHEEL_STEP ** event.angleDelta().y(), event.position())
            event.accept()
        elif not event.pixelDelta().isNull():
            self.pan(event.pixelDelta().x(), event.pixelDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.set_zoom(self._zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            here = event.position().toPoint()
            self.pan(here.x() - self._grabbed.x(), here.y() - self._grabbed.y())
            self._grabbed = here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = None
            self.viewport().unsetCursor()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.invalidate()
