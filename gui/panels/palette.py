"""Every shape with its two-stroke key: click to put one, or to rename what is selected."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.shapes import FAMILIES, SHAPES, Shape, glyph_svg

SIDE = 30
ACROSS = 7
FILL = 0.82
"""Share of a button that a glyph takes at most."""


class PalettePanel(QWidget):
    """Buttons by family."""

    shape_chosen = Signal(str)
    """Class of the symbol."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        grid = QVBoxLayout(inner)
        grid.setContentsMargins(8, 2, 8, 8)
        self.buttons: dict[str, QToolButton] = {}
        for family in FAMILIES:
            title = QLabel(family.name)
            title.setObjectName("muted")
            grid.addWidget(title)
            rows = QGridLayout()
            rows.setSpacing(2)
            for place, shape in enumerate(family.shapes):
                button = self._button(shape)
                self.buttons[shape.label] = button
                rows.addWidget(button, place // ACROSS, place % ACROSS)
            rows.setColumnStretch(ACROSS, 1)
            grid.addLayout(rows)
        grid.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def repaint_icons(self) -> None:
        """After a change between light and dark."""
        _icon.cache_clear()
        _drawn.cache_clear()
        for label, button in self.buttons.items():
            if not button.icon().isNull():
                button.setIcon(shape_icon(SHAPES[label]))

    def _button(self, shape: Shape) -> QToolButton:
        button = QToolButton()
        drawn = shape_icon(shape)
        if drawn.isNull():
            button.setText(shape.name.split()[0][:5])
        button.setIcon(drawn)
        button.setIconSize(QSize(SIDE - 4, SIDE - 4))
        button.setFixedSize(SIDE + 6, SIDE + 6)
        keys = " ".join(shape.keys)
        button.setToolTip(f"{shape.name} ({keys})")
        button.setAccessibleName(f"{shape.name}, keys {keys}")
        button.clicked.connect(lambda: self.shape_chosen.emit(shape.label))
        return button


def shape_icon(shape: Shape) -> QIcon:
    """The shape's picture in the colour of text; null where there is none."""
    color = QApplication.palette().buttonText().color().name()
    own = files("gui") / "resources" / "shapes" / f"{shape.label}.svg"
    return _drawn(shape.label, color) if own.is_file() else _icon(shape.glyph, color)


@cache
def _drawn(label: str, color: str) -> QIcon:
    """The picture of a shape that no font holds, or not as one knows it."""
    drawing = (files("gui") / "resources" / "shapes" / f"{label}.svg").read_text("utf-8").replace("currentColor", color)
    image = QImage(SIDE * 2, SIDE * 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    return QIcon(QPixmap.fromImage(image))


@cache
def _icon(glyph: str, color: str) -> QIcon:
    drawing = glyph_svg(glyph)
    if drawing is None:
        return QIcon()
    renderer = QSvgRenderer(QByteArray(drawing.replace(b"<g ", f'<g fill="{color}" '.encode(), 1)))
    bounds = renderer.transformForElement(glyph).mapRect(renderer.boundsOnElement(glyph))
    if bounds.isEmpty():
        return QIcon()
    side = SIDE * 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    scale = min(side * FILL / bounds.width(), side * FILL / bounds.height(), side * 0.3 / 250)
    drawn = QRectF(0, 0, bounds.width() * scale, bounds.height() * scale)
    drawn.moveCenter(QRectF(0, 0, side, side).center())
    renderer.setViewBox(bounds)
    painter = QPainter(image)
    renderer.render(painter, drawn)
    painter.end()
    return QIcon(QPixmap.fromImage(image))
