"""Light and dark: colours of the window, following the system unless the person chose, and icons in those colours.

The page itself stays dark on light in both, as it was printed. Nothing is told by colour alone: see gui/scene.py.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

Theme = Literal["system", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("system", "light", "dark")

_LIGHT: Final = {
    "Window": "#f3f4f6", "WindowText": "#1b1f24", "Base": "#ffffff", "AlternateBase": "#f6f7f9", "Text": "#1b1f24",
    "Button": "#ffffff", "ButtonText": "#1b1f24", "Highlight": "#1f5fbf", "HighlightedText": "#ffffff",
    "ToolTipBase": "#1b1f24", "ToolTipText": "#ffffff", "PlaceholderText": "#6a727d", "Link": "#1a56b0",
    "Light": "#ffffff", "Midlight": "#e6e8ec", "Mid": "#c3c8d0", "Dark": "#9aa1ab", "Shadow": "#6a727d",
    "BrightText": "#b3261e", "Accent": "#1f5fbf",
}  # fmt: skip
_DARK: Final = {
    "Window": "#22252a", "WindowText": "#e7e9ec", "Base": "#191b1f", "AlternateBase": "#1f2226", "Text": "#e7e9ec",
    "Button": "#2e3238", "ButtonText": "#e7e9ec", "Highlight": "#3f7fe0", "HighlightedText": "#ffffff",
    "ToolTipBase": "#e7e9ec", "ToolTipText": "#191b1f", "PlaceholderText": "#9aa2ad", "Link": "#7fb0ff",
    "Light": "#454b54", "Midlight": "#363b42", "Mid": "#4a515b", "Dark": "#15171a", "Shadow": "#0c0d0f",
    "BrightText": "#ff8a80", "Accent": "#3f7fe0",
}  # fmt: skip
_DISABLED: Final = {False: "#8b929c", True: "#767d87"}
_SHEET: Final = """
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { padding: 4px; border: 1px solid palette(mid); }
QToolBar { spacing: 2px; padding: 3px 6px; border: none; border-bottom: 1px solid palette(mid); }
QToolButton { padding: 4px; border: 1px solid transparent; border-radius: 5px; }
QToolButton:hover { background: palette(midlight); }
QToolButton:checked { background: palette(midlight); border-color: palette(highlight); }
QToolButton:focus { border-color: palette(highlight); }
QDockWidget::title { padding: 6px 8px; background: palette(window); }
QDockWidget { font-weight: 600; }
QStatusBar { border-top: 1px solid palette(mid); }
QStatusBar::item { border: none; }
QSplitter::handle { background: palette(mid); }
QListView, QTreeView, QTableView { border: 1px solid palette(mid); border-radius: 4px; }
QHeaderView::section { background: palette(window); border: none; border-bottom: 1px solid palette(mid); padding: 4px 6px; }
QAbstractSpinBox { min-height: 1.3em; }
QCheckBox::indicator:unchecked { border: 1px solid palette(placeholder-text); border-radius: 2px; background: palette(base); }
QLabel#heading { font-size: 15pt; font-weight: 600; }
QLabel#muted { color: palette(placeholder-text); }
"""


def is_dark() -> bool:
    """Whether the window is dark at present."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Gives the application its style and colours; with "system" they follow the system from now on."""
    application.setStyle("Fusion")
    hints = QGuiApplication.styleHints()
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(theme, Qt.ColorScheme.Unknown)
    hints.setColorScheme(scheme)
    dark = theme == "dark" or (theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    application.setPalette(_palette(_DARK if dark else _LIGHT, dark=dark))
    application.setStyleSheet(_SHEET)
    _pixmap.cache_clear()


def _palette(colors: dict[str, str], *, dark: bool) -> QPalette:
    palette = QPalette()
    for name, color in colors.items():
        palette.setColor(QPalette.ColorRole[name], QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED[dark]))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colors["Mid"]))
    return palette


def icon(name: str) -> QIcon:
    """The icon `name` of resources/icons in the colour of text on buttons, greyed when disabled."""
    palette = QApplication.palette()
    found = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        color = palette.color(group, QPalette.ColorRole.ButtonText).name()
        for side in (20, 24, 40, 48):
            found.addPixmap(_pixmap(name, side, color), mode)
    return found


def pixmap(name: str, side: int, color: QColor | None = None) -> QPixmap:
    """The icon `name`, `side` pixels wide and high, in `color` (default: that of text)."""
    chosen = color if color is not None else QApplication.palette().color(QPalette.ColorRole.WindowText)
    return _pixmap(name, side, chosen.name())


@lru_cache(maxsize=512)
def _pixmap(name: str, side: int, color: str) -> QPixmap:
    drawing = (files("gui") / "resources" / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", color)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return QPixmap.fromImage(image)
