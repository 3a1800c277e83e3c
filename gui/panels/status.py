"""The status line: what is being recognised and how far it is, what can be done with the tool in hand, the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from gui import theme
from gui.session import Session


class Status(QStatusBar):
    """Progress with a button that stops it, a hint, and the zoom."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self.hint = QLabel()
        self.hint.setObjectName("muted")
        self.hint.setContentsMargins(6, 0, 6, 0)
        self.words = QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(160)
        self.bar.setMaximumHeight(14)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of recognition")
        self.stop = QToolButton()
        self.stop.setText("Stop")
        self.stop.setIcon(theme.icon("stop"))
        self.stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.stop.clicked.connect(session.stop)
        self.zoom = QLabel()
        self.zoom.setMinimumWidth(52)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(self.hint, 1)
        for widget in (self.words, self.bar, self.stop, self.zoom):
            self.addPermanentWidget(widget)
        session.recogniser.progressed.connect(self.refresh)
        session.recogniser.warmed.connect(self.refresh)
        session.looker.progressed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows how far recognition is, or nothing of it."""
        recogniser, looker = self._session.recogniser, self._session.looker
        self.bar.setVisible(recogniser.running)
        for widget in (self.words, self.stop):
            widget.setVisible(recogniser.running or looker.running)
        self.words.setText(recogniser.words or looker.words)
        done, total = recogniser.progress
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)

    def set_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}")
