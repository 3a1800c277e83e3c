"""What an empty window shows: how to begin, and what was open last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.settings import Settings

WIDTH = 520


class Welcome(QWidget):
    """The first thing to see."""

    open_wanted = Signal()
    batch_wanted = Signal()
    file_chosen = Signal(Path)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        heading = QLabel("Open a scan of music")
        heading.setObjectName("heading")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel("Drop PDFs or images here. Each page is recognised in the background;\n"
                      "you see the scan and the music side by side and mend what is doubtful.")  # fmt: skip
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        self.open_button = QPushButton("Open …")
        self.open_button.setDefault(True)
        self.open_button.setMinimumHeight(34)
        self.batch_button = QPushButton("Convert many files …")
        self.batch_button.setMinimumHeight(34)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.batch_button)
        buttons.addStretch(1)
        self._recent_title = QLabel("Opened last")
        self._recent_title.setObjectName("muted")
        self.recent = QListWidget()
        self.recent.setAccessibleName("Files opened last")
        self.recent.setMaximumHeight(190)
        self.recent.itemActivated.connect(self._chosen)
        self.recent.itemClicked.connect(self._chosen)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._picture, heading, text):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(self._recent_title)
        column.addWidget(self.recent)
        column.addStretch(3)
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(WIDTH)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(middle)
        layout.addStretch(1)
        self.open_button.clicked.connect(self.open_wanted)
        self.batch_button.clicked.connect(self.batch_wanted)
        self.refresh()

    def refresh(self) -> None:
        """Takes the list of files from the settings, and the colours of the present theme."""
        self._picture.setPixmap(theme.pixmap("scorewright", 72))
        self.open_button.setIcon(theme.icon("open"))
        self.batch_button.setIcon(theme.icon("batch"))
        self.recent.clear()
        for path in self._settings.recent:
            item = QListWidgetItem(QIcon(theme.icon("page")), f"{path.name}    {path.parent}")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setSizeHint(QSize(0, 26))
            self.recent.addItem(item)
        for widget in (self._recent_title, self.recent):
            widget.setVisible(self.recent.count() > 0)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.file_chosen.emit(Path(str(item.data(Qt.ItemDataRole.UserRole))))
