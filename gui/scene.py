"""What lies over the page: staves, symbols, relations, voices, bars to check and bars checked, drawn tile by tile.

A layer draws only what touches the tile, found with arrays of all boxes, and leaves out what would be too small to see.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from gui.families import CHECKED, COLORS, DOUBT, FAMILY_OF, OTHER, RELATION, STAVES
from gui.stamps import ICON, name_picture, name_width, put, sign, stepped, voice_disc
from omr.geometry import Box
from omr.notation import Node, NotationGraph, Staff

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Layer = Literal["page", "staves", "symbols", "names", "relations", "voices", "issues"]
LAYERS: Final[tuple[Layer, ...]] = ("page", "staves", "symbols", "names", "relations", "voices", "issues")
SMALL: Final = 1.5  # device pixels: symbols smaller than that on both sides are left out
NAMES_FROM: Final = 12.0  # device pixels of a staff space from which names are legible
VOICES_PER_STAFF: Final = 4
WORTH_A_SIGN: Final = 0.5  # notes likely to be wrong in a bar
UNNAMED: Final = frozenset(("noteheadFull", "noteheadHalf", "stem", "legerLine", "beam", "barline", "augmentationDot"))
"""Classes whose names are not written: their colour tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarMark:
    """A bar and what is known of it."""

    box: Box
    harm: float = 0.0
    """Notes likely to be wrong; 0: nothing to look at."""
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Symbols:
    """All symbols ready to be drawn, one family of colours after the other."""

    boxes: Floats
    """(left, top, right, bottom), page pixels."""
    sides: Floats
    """The longer side of each."""
    starts: Places
    """Where each family begins, and the end."""
    rects: list[QRectF]


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
    def _symbols(self) -> _Symbols:
        return _symbols(self.graph.nodes)

    @cached_property
    def _names(self) -> tuple[Floats, list[str]]:
        """(left, top, width of its name in sizes of letters) of the symbols whose names are written, and their classes."""
        named = [node for node in self.graph.nodes if node.label not in UNNAMED]
        rows = [(node.box.left, node.box.top, name_width(node.label)) for node in named]
        return _rows(rows, 3), [node.label for node in named]

    @cached_property
    def _voiced(self) -> tuple[Floats, list[int]]:
        """(right, top) of heads and rests, and their voices, 0-based in their staff."""
        own = [(node.box, self.voices[node.id]) for node in self.graph.nodes if node.id in self.voices]
        numbers = [(voice - 1) % VOICES_PER_STAFF for _, voice in own]
        return _rows([(box.right, box.top) for box, _ in own], 2), numbers

    @cached_property
    def _staff_points(self) -> Mapping[int, list[list[QPointF]]]:
        """The points of the lines of each staff by its index."""
        return {
            staff.index: [[QPointF(x, y) for x, y in zip(line.xs, line.ys, strict=True)] for line in staff.lines]
            for staff in self.staves
        }

    @cached_property
    def _links(self) -> tuple[Floats, list[QLineF]]:
        """The relations from middle to middle, and their boxes."""
        middles = {node.id: node.box.center for node in self.graph.nodes}
        ends = [(middles[edge.source], middles[edge.target]) for edge in self.graph.edges]
        lines = _rows([(one.x, one.y, two.x, two.y) for one, two in ends], 4)
        boxes = np.hstack([np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])])
        return boxes, [QLineF(one.x, one.y, two.x, two.y) for one, two in ends]

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
        own = self._symbols
        shown = _touching(own.boxes, area, 1 / scale)
        shown = shown[own.sides[shown] * scale >= SMALL]
        bounds = np.searchsorted(shown, own.starts)
        for family, (first, last) in enumerate(pairwise(bounds.tolist())):
            if last > first:
                painter.setPen(_outline(family))
                painter.setBrush(_filling(family))
                painter.drawRects([own.rects[place] for place in shown[first:last].tolist()])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_relations(self, painter: QPainter, area: QRectF) -> None:
        boxes, lines = self._links
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # many times faster for thousands of lines
        painter.setPen(_pen(RELATION, 1.0))
        painter.drawLines([lines[place] for place in _touching(boxes, area, 1).tolist()])

    def _draw_voices(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """A coloured disc with the voice's number beside each head and rest."""
        device = stepped(max(1.1 * self.space * scale, 9))
        side = device / scale
        corners, voices = self._voiced
        lefts, tops = corners[:, 0] - side * 0.1, corners[:, 1] - side * 0.6
        shown = _touching(np.column_stack([lefts, tops, lefts + side, tops + side]), area, 1 / scale)
        put(painter, [(lefts[place], tops[place], voice_disc(voices[place], device)) for place in shown.tolist()])

    def _draw_names(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """What each symbol was taken for, but for heads and strokes, which their colour tells."""
        device = stepped(max(0.55 * self.space * scale, 8))
        size = device / scale
        places, labels = self._names
        lefts, tops = places[:, 0], places[:, 1] - size * 0.25
        reach = np.column_stack([lefts, tops - 2 * size, lefts + places[:, 2] * size, tops])
        shown = [(place, name_picture(labels[place], device)) for place in _touching(reach, area, 3 / scale).tolist()]
        put(painter, [(lefts[place], tops[place] - picture.height() / scale, picture) for place, picture in shown])

    @cached_property
    def _marks(self) -> tuple[Floats, list[QRectF]]:
        """The places of bars to check and checked ones."""
        rects = [rect_of(bar.box.padded(0, self.space * 0.8)) for bar in self.bars]
        return _rows([(rect.left(), rect.top(), rect.right(), rect.bottom()) for rect in rects], 4), rects

    def _draw_bars(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """Bars to check hatched, with a sign; checked ones with a tick."""
        boxes, rects = self._marks
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        signs = []
        for place in _touching(boxes, area, ICON * 2 / scale).tolist():
            bar, rect = self.bars[place], rects[place]
            if bar.harm > 0 and not bar.checked:
                _hatch(painter, rect, bar.harm)
            if bar.checked or bar.harm >= WORTH_A_SIGN:
                picture = sign("check", CHECKED) if bar.checked else sign("warning", DOUBT)
                signs.append((rect.left() + ICON * 0.2 / scale, rect.top() - ICON * 0.6 / scale, picture))
        put(painter, signs)


def rect_of(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def box_of(rect: QRectF) -> Box:
    rect = rect.normalized()
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())


def _touching(boxes: Floats, area: QRectF, margin: float) -> Places:
    """Places of the boxes that touch `area` grown by `margin`."""
    inside = (
        (boxes[:, 0] <= area.right() + margin)
        & (boxes[:, 2] >= area.left() - margin)
        & (boxes[:, 1] <= area.bottom() + margin)
        & (boxes[:, 3] >= area.top() - margin)
    )
    return np.flatnonzero(inside)


def _rows(rows: Sequence[tuple[float, ...]], columns: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, columns)


def _symbols(nodes: tuple[Node, ...]) -> _Symbols:
    families = np.array([FAMILY_OF.get(node.label, len(COLORS)) for node in nodes], dtype=np.int64)
    order = np.argsort(families, kind="stable")
    sorted_nodes = [nodes[place] for place in order.tolist()]
    boxes = _rows([(n.box.left, n.box.top, n.box.right, n.box.bottom) for n in sorted_nodes], 4)
    return _Symbols(
        boxes=boxes,
        sides=np.max(boxes[:, 2:] - boxes[:, :2], axis=1, initial=0.0),
        starts=np.searchsorted(families[order], np.arange(len(COLORS) + 2)),
        rects=[rect_of(node.box) for node in sorted_nodes],
    )


@cache
def _outline(family: int) -> QPen:
    return _pen(COLORS[family][2] if family < len(COLORS) else OTHER, 1.0)


@cache
def _filling(family: int) -> QBrush:
    color = _outline(family).color()
    color.setAlpha(46)
    return QBrush(color)


def _hatch(painter: QPainter, rect: QRectF, harm: float) -> None:
    """Marks a bar to check, the stronger the more notes are likely to be wrong."""
    color = QColor(DOUBT)
    color.setAlpha(150 if harm >= 2 else 90 if harm >= WORTH_A_SIGN else 45)
    painter.setPen(_pen(DOUBT, 1.4 if harm >= WORTH_A_SIGN else 0.8, dashed=harm < WORTH_A_SIGN))
    painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
    painter.drawRect(rect)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pen(color: str | QColor, width: float, *, dashed: bool = False) -> QPen:
    """A pen of `width` device pixels at any zoom."""
    pen = QPen(QColor(color), width)
    pen.setCosmetic(True)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _region(painter: QPainter, box: Box) -> None:
    """A region left out of the music: greyed and crossed."""
    painter.setPen(_pen("#5f6670", 1.4, dashed=True))
    painter.fillRect(rect_of(box), QColor(240, 240, 242, 190))
    painter.setBrush(QBrush(QColor(95, 102, 112, 110), Qt.BrushStyle.DiagCrossPattern))
    painter.drawRect(rect_of(box))
    painter.setBrush(Qt.BrushStyle.NoBrush)
