"""The music set anew, each system at the place of the same system on the scan: scrolling and zoom are those of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.engraving import MARGIN, SPACE, Engraved
from gui.families import CHECKED, DOUBT, SELECTED
from gui.tile_view import TileView
from omr.geometry import Box, union
from omr.notation import Staff

INK = re.compile(rb'id="(p(\d+)-n(\d+)(?:-\d+)?)"')
REACH = 8.0  # screen pixels around a note in which a click finds it


class SystemPicture:
    """One engraved system: how to draw it, and where each note lies in it (pixels of the drawing)."""

    def __init__(self, engraved: Engraved) -> None:
        self.engraved = engraved
        self.renderer = QSvgRenderer(QByteArray(engraved.svg))

    @cached_property
    def places(self) -> Mapping[tuple[int, int], tuple[QRectF, ...]]:
        """(page, node) -> rectangles of what was engraved from that ink."""
        found: dict[tuple[int, int], tuple[QRectF, ...]] = {}
        for name, page, node in INK.findall(self.engraved.svg):
            element = name.decode()
            rect = self.renderer.transformForElement(element).mapRect(self.renderer.boundsOnElement(element))
            key = int(page), int(node)
            found[key] = (*found.get(key, ()), rect)
        return found


@dataclass(frozen=True)
class PlacedSystem:
    """An engraved system and where it is drawn on the page."""

    picture: SystemPicture
    rect: QRectF

    def to_page(self, rect: QRectF) -> QRectF:
        """Page rectangle of a rectangle of the drawing."""
        scale = self.rect.width() / (self.picture.engraved.width * SPACE)
        corner = self.rect.topLeft() + rect.topLeft() * scale
        return QRectF(corner, rect.size() * scale)


@dataclass(frozen=True)
class EngravedBar:
    """State of a bar, shown in this view as in the other."""

    box: Box
    checked: bool
    doubtful: bool


class EngravedView(TileView):
    """The reading of one page."""

    ink_clicked = Signal(int, int, bool)
    """(page, node, whether it is added to the selection), page as in NodeRef."""
    place_clicked = Signal(float, float)
    """A place without a note, page pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Engraved reading")
        self._systems: tuple[PlacedSystem, ...] = ()
        self._bars: tuple[EngravedBar, ...] = ()
        self._marked: frozenset[tuple[int, int]] = frozenset()
        self._bar: Box | None = None
        self._message = ""

    def set_systems(self, systems: tuple[PlacedSystem, ...], message: str = "") -> None:
        """Shows other systems; `message` where there are none."""
        old = {id(placed.picture): placed for placed in self._systems}
        new = {id(placed.picture): placed for placed in systems}
        changed = [placed for key, placed in (old | new).items() if old.get(key) != new.get(key)]
        self._systems, self._message = systems, message
        for placed in changed:
            self.invalidate(placed.rect)
        self.viewport().update()

    def set_bars(self, bars: tuple[EngravedBar, ...]) -> None:
        if bars != self._bars:
            self._bars = bars
            self.viewport().update()

    def set_marked(self, ink: frozenset[tuple[int, int]], bar: Box | None, words: str) -> None:
        """Marks what was engraved from `ink`, and a bar; `words` say it to a screen reader."""
        self._marked, self._bar = ink, bar
        self.setAccessibleDescription(words)
        self.viewport().update()

    def rect_of_ink(self, ink: tuple[int, int]) -> QRectF | None:
        """Where a symbol's note was engraved, page pixels; None where it was not."""
        for placed in self._systems:
            rects = placed.picture.places.get(ink)
            if rects:
                return placed.to_page(rects[0])
        return None

    def ink_at(self, at: QPointF) -> tuple[int, int] | None:
        """The note nearest to a page position within reach."""
        reach = REACH / self.zoom
        best: tuple[float, tuple[int, int]] | None = None
        for placed in self._systems:
            if not placed.rect.adjusted(-reach, -reach, reach, reach).contains(at):
                continue
            for ink, rects in placed.picture.places.items():
                for rect in rects:
                    shown = placed.to_page(rect)
                    if shown.adjusted(-reach, -reach, reach, reach).contains(at):
                        middle = shown.center()
                        off = abs(middle.x() - at.x()) + abs(middle.y() - at.y())
                        if best is None or off < best[0]:
                            best = off, ink
        return best[1] if best is not None else None

    def draw_tile(self, painter: QPainter, area: QRectF, scale: float) -> None:
        for placed in self._systems:
            if placed.rect.intersects(area):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
                placed.picture.renderer.render(painter, placed.rect)

    def draw_over(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if not self._systems:
            self._draw_message(painter)
        for bar in self._bars:
            self._draw_bar(painter, bar)
        if self._bar is not None:
            painter.setPen(QPen(QColor(SELECTED), 2))
            painter.setBrush(QColor(31, 111, 235, 16))
            painter.drawRoundedRect(self.rect_to_view(_rect(self._bar)), 4, 4)
        painter.setPen(QPen(QColor(SELECTED), 2))
        painter.setBrush(QColor(31, 111, 235, 70))
        for placed in self._systems:
            for ink in self._marked & placed.picture.places.keys():
                for rect in placed.picture.places[ink]:
                    painter.drawRoundedRect(self.rect_to_view(placed.to_page(rect)).adjusted(-3, -3, 3, 3), 3, 3)

    def _draw_bar(self, painter: QPainter, bar: EngravedBar) -> None:
        """A small sign above the bar."""
        shown = self.rect_to_view(_rect(bar.box))
        if not shown.intersects(QRectF(self.viewport().rect())) or not (bar.checked or bar.doubtful):
            return
        name, color = ("check", CHECKED) if bar.checked else ("warning", DOUBT)
        disc = QRectF(shown.left() + 2, shown.top() - 8, 15, 15)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(disc)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        picture = theme.pixmap(name, 32, QColor("white"))
        painter.drawPixmap(disc.adjusted(3, 3, -3, -3), picture, QRectF(picture.rect()))

    def _draw_message(self, painter: QPainter) -> None:
        painter.setPen(QColor("#5f6670"))
        font = QFont(self.font())
        painter.setFont(font)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.viewport().rect().adjusted(24, 24, -24, -24), flags, self._message)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        at = self.to_page(event.position())
        ink = self.ink_at(at)
        if ink is not None:
            self.ink_clicked.emit(*ink, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            self.place_clicked.emit(at.x(), at.y())


def placed_systems(
    pictures: Mapping[int, SystemPicture], staves: tuple[Staff, ...], page: Box
) -> tuple[PlacedSystem, ...]:
    """Each system's picture on the staves of that system on the scan: as wide, and within half the way to its neighbours."""
    boxes = {
        system: union(staff.box for staff in staves if staff.system == system) for system in {s.system for s in staves}
    }
    order = sorted(boxes, key=lambda system: boxes[system].top)
    found = []
    for place, system in enumerate(order):
        if system not in pictures:
            continue
        above = boxes[order[place - 1]].bottom if place else page.top
        below = boxes[order[place + 1]].top if place + 1 < len(order) else page.bottom
        own = boxes[system]
        low = (above + own.top) / 2 if place else page.top
        high = (below + own.bottom) / 2 if place + 1 < len(order) else page.bottom
        found.append(PlacedSystem(pictures[system], _place(pictures[system].engraved, own, low, high)))
    return tuple(found)


def _place(engraved: Engraved, staves: Box, low: float, high: float) -> QRectF:
    """Where the picture goes: staves over staves in the middle, smaller where the slot from `low` to `high` asks for it."""
    inner = engraved.height - MARGIN
    scale = min(staves.width / max(1.0, engraved.right - engraved.left), (high - low) / max(1.0, inner))
    middle = (engraved.top + engraved.bottom) / 2 * scale
    top = staves.center.y - middle
    top = max(low - MARGIN / 2 * scale, min(top, high - (engraved.height - MARGIN / 2) * scale))
    return QRectF(staves.left - engraved.left * scale, top, engraved.width * scale, engraved.height * scale)


def _rect(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)
