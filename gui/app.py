"""The command `omr-gui [FILES]`: the desktop application.

The window comes first; models and the reading of music are loaded behind it.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from omr import __version__

log = logging.getLogger("gui")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the application until its last window is closed; returns the exit code."""
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)  # opencv names its own, which Qt 6 cannot load
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO if options.verbose else logging.WARNING, format="omr-gui: %(message)s")
    application = make_application()
    from gui.windows import Windows

    windows = Windows(application, theme=options.theme)
    windows.open_first([Path(name) for name in options.files])
    QTimer.singleShot(0, windows.offer_recovery)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = application.exec()
    windows.close_all()
    return code


def make_application() -> QApplication:
    """The one application object, with its name and picture."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Scorewright")
    application.setApplicationVersion(__version__)
    application.setOrganizationName("Scorewright")
    application.setDesktopFileName("scorewright")
    icon = Path(__file__).parent / "resources" / "icons" / "scorewright.svg"
    application.setWindowIcon(QIcon(str(icon)))
    return application


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="omr-gui", description="See the page and the music side by side, and mend it."
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="scans (PDF, PNG, JPEG, TIFF, WEBP, BMP) or .omr documents"
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="for this run (default: as preferred)")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell more on the terminal")
    parser.add_argument("--version", action="version", version=f"scorewright {__version__}")
    return parser
