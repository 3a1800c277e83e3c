"""What this program is, with all versions to copy into a report."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gui import theme
from omr import __version__
from omr.doctor import VERSIONS_OF

PACKAGES = ("PySide6-Essentials", *VERSIONS_OF)


def versions() -> str:
    """Every version that matters, one a line."""
    lines = [
        f"Scorewright {__version__}",
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}",
    ]
    lines.append(f"Qt {qVersion()} ({QGuiApplication.platformName()})")
    for name in PACKAGES:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} missing")
    return "\n".join([*lines, *_models()])


def _models() -> list[str]:
    """The installed models by the names of their cards."""
    from importlib.resources import files

    folder = files("omr") / "weights"
    return sorted(
        f"model {item.name.removesuffix('.onnx')}" for item in folder.iterdir() if item.name.endswith(".onnx")
    )


class AboutDialog(QDialog):
    """Name, licence, versions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Scorewright")
        picture = QLabel()
        picture.setPixmap(theme.pixmap("scorewright", 64))
        title = QLabel(f"Scorewright {__version__}")
        title.setObjectName("heading")
        text = QLabel("Reads scanned music and helps to mend what is doubtful.\n"
                      "Free software under the GNU Affero General Public License 3 or later.\n"
                      "Nothing you open leaves this computer.")  # fmt: skip
        head = QHBoxLayout()
        head.addWidget(picture)
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(text)
        head.addLayout(words, 1)
        self.versions = QPlainTextEdit(versions())
        self.versions.setReadOnly(True)
        self.versions.setAccessibleName("Versions")
        self.versions.setMinimumSize(460, 230)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton("Copy versions", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.versions.toPlainText()))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.versions)
        layout.addWidget(buttons)
