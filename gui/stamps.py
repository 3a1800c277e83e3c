"""Small pictures of constant size on the screen, put beside symbols and bars: names, voices, signs.

Each is drawn once for a size and then copied: letters take a hundred times as long to draw as to copy. Sizes go in steps, so
that a slow zoom does not draw all letters anew for every frame.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPixmap

from gui import theme
from gui.families import VOICES, color_of
from gui.shapes import spoken

ICON: Final = 16  # device pixels
SIZES: Final = (4, 5, 6, 7, 8, 9, 11, 13, 16, 20, 24, 29, 35, 42, 51, 62, 75, 90, 110, 134, 163, 198, 241)
"""Device pixels: a fifth larger each time."""
MEASURED: Final = 64  # size in which the width of a name is measured


def stepped(size: float) -> int:
    """The largest of SIZES not above `size` device pixels; the smallest below it."""
    return SIZES[max(0, bisect_right(SIZES, size) - 1)]


def put(painter: QPainter, pictures: Iterable[tuple[float, float, QPixmap]]) -> None:
    """Copies pictures made for the device's pixels to whole pixels; (left, top) in the painter's unit."""
    transform = painter.transform()
    across, down, dx, dy = transform.m11(), transform.m22(), transform.dx(), transform.dy()
    painter.resetTransform()
    for left, top, picture in pictures:
        painter.drawPixmap(round(left * across + dx), round(top * down + dy), picture)
    painter.setTransform(transform)


@lru_cache(maxsize=128)
def voice_disc(number: int, side: int) -> QPixmap:
    """The sign of a voice (0 = first of its staff), `side` device pixels."""
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


@lru_cache(maxsize=1024)
def name_picture(label: str, size: int) -> QPixmap:
    """The name of a class in letters of `size` device pixels."""
    font, text = _font(size), spoken(label)
    metrics = QFontMetrics(font)
    picture = QPixmap(metrics.horizontalAdvance(text) + 2, metrics.height())
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
    painter.setFont(font)
    painter.setPen(QColor(color_of(label)))
    painter.drawText(QPointF(0, metrics.ascent()), text)
    painter.end()
    return picture


@cache
def name_width(label: str) -> float:
    """Width of the name of a class, in sizes of its letters."""
    return QFontMetricsF(_font(MEASURED)).horizontalAdvance(spoken(label)) / MEASURED


@lru_cache(maxsize=32)
def sign(name: str, color: str) -> QPixmap:
    """An icon on a disc of `color`, so that it is seen on ink, 1.2 ICON wide and high."""
    side = round(ICON * 1.2)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(QRectF(0, 0, side, side))
    icon, edge = theme.pixmap(name, ICON * 2, QColor("white")), ICON * 0.2
    painter.drawPixmap(QRectF(edge, edge, side - 2 * edge, side - 2 * edge), icon, QRectF(icon.rect()))
    painter.end()
    return picture


def _font(height: float) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(height)))
    font.setBold(True)
    return font
