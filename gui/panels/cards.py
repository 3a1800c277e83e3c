"""A choice to take with one key: its number, its words, and its picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.families import SELECTED

HEIGHT = 132
TITLE = 26
PAPER_MARGIN = 6


class Card(QAbstractButton):
    """One choice; the picture may come later."""

    def __init__(self, key: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._picture: QSvgRenderer | None = None
        self._note = "…"
        self.setText(words)
        self.setAccessibleName(f"{key}: {words}")
        self.setToolTip(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCheckable(True)

    def set_picture(self, picture: QSvgRenderer | None) -> None:
        """The engraved choice, or None where it cannot be engraved."""
        self._picture = picture
        self._note = "no picture"
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        edge = palette.color(
            QPalette.ColorRole.Highlight if self.hasFocus() or self.underMouse() else QPalette.ColorRole.Mid
        )
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(edge, 2 if self.isChecked() or self.hasFocus() else 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Button))
        painter.drawRoundedRect(frame, 6, 6)
        badge = QRectF(8, 5, 18, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(SELECTED))
        painter.drawRoundedRect(badge, 4, 4)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.ButtonText))
        room = QRectF(33, 3, self.width() - 42, TITLE - 4)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        self._draw_picture(painter, frame.adjusted(PAPER_MARGIN, TITLE, -PAPER_MARGIN, -PAPER_MARGIN))
        painter.end()

    def _draw_picture(self, painter: QPainter, paper: QRectF) -> None:
        painter.fillRect(paper, QColor("white"))
        if self._picture is None:
            painter.setPen(QColor("#5f6670"))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, self._note)
            return
        size = QPointF(self._picture.defaultSize().width(), self._picture.defaultSize().height())
        scale = min(paper.width() / size.x(), paper.height() / size.y())
        drawn = QRectF(0, 0, size.x() * scale, size.y() * scale)
        drawn.moveCenter(paper.center())
        self._picture.render(painter, drawn)
