"""Windows without a screen, their settings in a folder of the test, and a small page that was really recognised."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.settings import Settings
from gui.state import PageEntry, fresh_page_id
from omr.models import load_models
from omr.page import read_pages
from omr.pipeline import PageResult, recognise_page
from omr.self_test import PAGE


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["scorewright"]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path) -> None:
    """Nothing of the person who runs the tests is read or changed."""
    QStandardPaths.setTestModeEnabled(True)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))


@pytest.fixture(scope="session")
def recognised() -> PageResult:
    """What is on the small page."""
    return recognise_page(next(iter(read_pages(PAGE))), load_models("print"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def loaded(settings: Settings, result: PageResult) -> MainWindow:
    """A window, not shown, with the small page recognised and read."""
    settings.recognise_at_once = False
    window = MainWindow(settings)
    entry = PageEntry(id=fresh_page_id(), source=str(PAGE))
    document = window.session.document
    document.add_pages([entry])
    document.page_recognised(entry.id, result)
    document.settle()
    window.resize(1600, 900)
    window.show()
    return window


def ended(window: MainWindow) -> None:
    """Ends a window, and sees that nothing of it goes on."""
    session = window.session
    window.end()
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith(("recognition", "engraving"))]
    assert not left
    assert session.recognition._process is None
    assert session.engraving._process is None
    assert session.errands._pool.activeThreadCount() == 0
    assert not session.document._listener._thread.isRunning()
    window.deleteLater()
    QApplication.processEvents()


@pytest.fixture(scope="module")
def window(
    qapp: QApplication, recognised: PageResult, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MainWindow]:
    """One window for the tests of a file; each takes back what it did."""
    store = QSettings(str(tmp_path_factory.mktemp("window") / "settings.ini"), QSettings.Format.IniFormat)
    made = loaded(Settings(store), recognised)
    yield made
    ended(made)


@pytest.fixture(autouse=True)
def _taken_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """A shared window is left as it was found: nothing selected, all steps undone."""
    yield
    if "window" in request.fixturenames:
        own = request.getfixturevalue("window")
        own.session.document.undo_stack.setIndex(0)
        own.session.document.settle()
        own.session.selection.select(())
        own.action("tool_select").trigger()
