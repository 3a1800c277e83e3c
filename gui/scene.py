"""What lies over the page: staves, symbols, relations, voices, bars to check and bars checked, drawn tile by tile.

A layer draws only what touches the tile, found with arrays of all boxes, and leaves out what would be too small to see.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF

from gui import theme
from gui.families import CHECKED, COLORS, DOUBT, FAMILY_OF, OTHER, RELATION, STAVES, VOICES
from gui.shapes import spoken
from omr.geometry import Box
from omr.notation import NotationGraph, Staff

Layer = Literal["page", "staves", "symbols", "names", "relations", "voices", "issues"]
LAYERS: Final[tuple[Layer, ...]] = ("page", "staves", "symbols", "names", "relations", "voices", "issues")
SMALL: Final = 1.5  # device pixels: symbols smaller than that on both sides are left out
NAMES_FROM: Final = 12.0  # device pixels of a staff space from which names are legible
ICON: Final = 16  # device pixels
VOICES_PER_STAFF: Final = 4
UNNAMED: Final = frozenset(("noteheadFull", "noteheadHalf", "stem", "legerLine", "beam", "barline", "augmentationDot"))
"""Classes whose names are not written: their colour tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarMark:
    """A bar and what is known of it."""

    box: Box
    harm: float = 0.0
    """Notes likely to be wrong; 0: nothing to look at."""
    checked: bool = False


@dataclass(frozen=True)
class Overlay:
    """Everything that can be drawn over one page, in page pixels."""

    graph: NotationGraph = field(default_factory=NotationGraph)
    staves: tuple[Staff, ...] = ()
    voices: Mapping[int, int] = field(default_factory=dict)
    """Voice of a head or rest by node id, 1-based in its part."""
    bars: tuple[BarMark, ...] = ()
    regions: tuple[Box, ...] = ()
    """Left out of the music."""

    @cached_property
    def _boxes(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        rows = [(n.box.left, n.box.top, n.box.right, n.box.bottom) for n in self.graph.nodes]
        return np.array(rows, dtype=np.float64).reshape(-1, 4)

    @cached_property
    def _families(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([FAMILY_OF.get(node.label, len(COLORS)) for node in self.graph.nodes], dtype=np.int64)

    @cached_property
    def _staff_points(self) -> Mapping[int, list[list[QPointF]]]:
        """The points of the lines of each staff by its index."""
        return {
            staff.index: [[QPointF(x, y) for x, y in zip(line.xs, line.ys, strict=True)] for line in staff.lines]
            for staff in self.staves
        }

    @cached_property
    def _links(self) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[QLineF]]:
        lines = []
        for edge in self.graph.edges:
            one, two = self.graph.by_id[edge.source].box.center, self.graph.by_id[edge.target].box.center
            lines.append(QLineF(one.x, one.y, two.x, two.y))
        rows = [
            (min(line.x1(), line.x2()), min(line.y1(), line.y2()), max(line.x1(), line.x2()), max(line.y1(), line.y2()))
            for line in lines
        ]
        return np.array(rows, dtype=np.float64).reshape(-1, 4), lines

    @property
    def space(self) -> float:
        """Staff space of the page, pixels."""
        return self.staves[0].staff_space if self.staves else 16.0

    def draw(self, painter: QPainter, area: QRectF, scale: float, layers: frozenset[str], opacity: float) -> None:
        """Draws what touches `area`; the painter's unit is a page pixel, `scale` device pixels each."""
        for box in self.regions:
            _region(painter, box)
        painter.setOpacity(opacity)
        if "staves" in layers:
            self._draw_staves(painter, area)
        if "relations" in layers and scale * self.space > 3:
            self._draw_relations(painter, area)
        if "symbols" in layers:
            self._draw_symbols(painter, area, scale)
        if "voices" in layers:
            self._draw_voices(painter, area, scale)
        if "names" in layers and scale * self.space >= NAMES_FROM:
            self._draw_names(painter, area, scale)
        painter.setOpacity(1.0)
        if "issues" in layers:
            self._draw_bars(painter, area, scale)

    def _draw_staves(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for staff in self.staves:
            if staff.box.bottom < area.top() or staff.box.top > area.bottom():
                continue
            painter.setPen(_pen(STAVES[staff.system % 2], 1.4))
            for line, points in zip(staff.lines, self._staff_points[staff.index], strict=True):
                first = max(0, bisect_left(line.xs, area.left()) - 1)
                last = bisect_right(line.xs, area.right()) + 1
                painter.drawPolyline(QPolygonF(points[first:last]))

    def _draw_symbols(self, painter: QPainter, area: QRectF, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        shown = _touching(self._boxes, area, 1 / scale)
        if not len(shown):
            return
        sides = np.maximum(self._boxes[shown, 2] - self._boxes[shown, 0], self._boxes[shown, 3] - self._boxes[shown, 1])
        shown = shown[sides * scale >= SMALL]
        own, nodes = self._families[shown], self.graph.nodes
        for family in np.unique(own):
            color = QColor(COLORS[family][2] if family < len(COLORS) else OTHER)
            painter.setPen(_pen(color, 1.0))
            color.setAlpha(46)
            painter.setBrush(color)
            painter.drawRects([rect_of(nodes[place].box) for place in shown[own == family]])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_relations(self, painter: QPainter, area: QRectF) -> None:
        boxes, lines = self._links
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # many times faster for thousands of lines
        painter.setPen(_pen(RELATION, 1.0))
        painter.drawLines([lines[place] for place in _touching(boxes, area, 1)])

    def _draw_voices(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """A coloured disc with the voice's number beside each head and rest."""
        side = max(1.1 * self.space, 9 / scale)
        for place in _touching(self._boxes, area, 2 * side):
            node = self.graph.nodes[place]
            voice = self.voices.get(node.id)
            if voice is not None:
                corner = QPointF(node.box.right - side * 0.1, node.box.top - side * 0.6)
                _stamp(painter, voice_disc((voice - 1) % VOICES_PER_STAFF, round(side * scale)), corner, scale)

    def _draw_names(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """What each symbol was taken for, but for heads and strokes, which their colour tells."""
        size = max(0.55 * self.space, 8 / scale)
        for place in _touching(self._boxes, area, 8 * size):
            node = self.graph.nodes[place]
            if node.label not in UNNAMED:
                picture = name_picture(node.label, max(1, round(size * scale)))
                _stamp(
                    painter,
                    picture,
                    QPointF(node.box.left, node.box.top - size * 0.25 - picture.height() / scale),
                    scale,
                )

    def _draw_bars(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """Bars to check hatched, with a sign; checked ones with a tick."""
        for bar in self.bars:
            rect = rect_of(bar.box.padded(0, self.space * 0.8))
            if not rect.adjusted(0, -ICON * 2 / scale, 0, 0).intersects(area):
                continue
            if bar.checked:
                _sign(painter, rect, scale, "check", CHECKED)
            elif bar.harm > 0:
                pattern = Qt.BrushStyle.BDiagPattern
                color = QColor(DOUBT)
                color.setAlpha(150 if bar.harm >= 2 else 90 if bar.harm >= 0.5 else 45)
                painter.setPen(_pen(DOUBT, 1.4 if bar.harm >= 0.5 else 0.8, dashed=bar.harm < 0.5))
                painter.setBrush(QBrush(color, pattern))
                painter.drawRect(rect)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if bar.harm >= 0.5:
                    _sign(painter, rect, scale, "warning", DOUBT)


def _stamp(painter: QPainter, picture: QPixmap, corner: QPointF, scale: float) -> None:
    """Puts a picture made for the device's pixels with its upper left at `corner`, on whole pixels."""
    at = painter.transform().map(corner)
    transform = painter.transform()
    painter.resetTransform()
    painter.drawPixmap(QPointF(round(at.x()), round(at.y())), picture)
    painter.setTransform(transform)


@lru_cache(maxsize=64)
def voice_disc(number: int, side: int) -> QPixmap:
    """The sign of a voice (0 = first of its staff), `side` device pixels; drawing one for each head takes ten times as long."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(VOICES[number]))
    painter.drawEllipse(QRectF(0, 0, side, side))
    painter.setPen(QColor("white"))
    painter.setFont(_font(side * 0.72))
    painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, str(number + 1))
    painter.end()
    return picture


@lru_cache(maxsize=512)
def name_picture(label: str, size: int) -> QPixmap:
    """The name of a class in letters of `size` device pixels."""
    font, text = _font(size), spoken(label)
    metrics = QFontMetrics(font)
    picture = QPixmap(metrics.horizontalAdvance(text) + 2, metrics.height())
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
    painter.setFont(font)
    painter.setPen(QColor(COLORS[FAMILY_OF[label]][2] if label in FAMILY_OF else OTHER))
    painter.drawText(QPointF(0, metrics.ascent()), text)
    painter.end()
    return picture


def rect_of(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def box_of(rect: QRectF) -> Box:
    rect = rect.normalized()
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())


def _touching(
    boxes: np.ndarray[tuple[int, int], np.dtype[np.float64]], area: QRectF, margin: float
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Places of the boxes that touch `area` grown by `margin`."""
    inside = (
        (boxes[:, 0] <= area.right() + margin)
        & (boxes[:, 2] >= area.left() - margin)
        & (boxes[:, 1] <= area.bottom() + margin)
        & (boxes[:, 3] >= area.top() - margin)
    )
    return np.flatnonzero(inside)


def _pen(color: str | QColor, width: float, *, dashed: bool = False) -> QPen:
    """A pen of `width` device pixels at any zoom."""
    pen = QPen(QColor(color), width)
    pen.setCosmetic(True)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _font(height: float) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(height)))
    font.setBold(True)
    return font


def _region(painter: QPainter, box: Box) -> None:
    """A region left out of the music: greyed and crossed."""
    painter.setPen(_pen("#5f6670", 1.4, dashed=True))
    painter.fillRect(rect_of(box), QColor(240, 240, 242, 190))
    painter.setBrush(QBrush(QColor(95, 102, 112, 110), Qt.BrushStyle.DiagCrossPattern))
    painter.drawRect(rect_of(box))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _sign(painter: QPainter, rect: QRectF, scale: float, name: str, color: str) -> None:
    """A small icon of constant size at the upper left of a bar, on a disc so that it is seen on ink."""
    side = ICON / scale
    picture: QPixmap = theme.pixmap(name, ICON * 2, QColor("white"))
    place = QRectF(rect.left() + side * 0.2, rect.top() - side * 0.6, side * 1.2, side * 1.2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(place)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = place.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
    painter.drawPixmap(inner, picture, QRectF(picture.rect()))
