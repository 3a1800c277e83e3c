"""Each panel shows the document and says what the person wants."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.models.pages import ID_ROLE
from gui.panels.alternatives import NONE
from gui.settings import Settings
from gui.state import PageEntry, fresh_page_id
from gui.welcome import Welcome
from gui.words import plain


def test_pages_panel_turns_to_a_page(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    first = document.state.pages[0].id
    other = PageEntry(id=fresh_page_id(), source="lost.png")
    document.add_pages([other])
    panel = window.pages_panel
    panel.view.setCurrentIndex(panel.model.index(1))
    assert window.session.selection.page == other.id
    assert panel.model.data(panel.model.index(1), ID_ROLE) == other.id
    qtbot.waitUntil(lambda: "cannot be shown" in window.workspace.page_view._message, timeout=10_000)
    window.session.selection.show_page(first)
    assert panel.view.currentIndex().row() == 0
    window.session.editor.remove_pages([other.id])


def test_problems_panel_counts_and_names(window: MainWindow) -> None:
    panel = window.problems_panel
    found = window.session.document.problems
    text = panel.summary.text()
    assert ("Nothing is left" in text) if not found else (str(len(found)) in text)
    assert plain("a noteheadFull has no stem") == "A black head has no stem"
    assert plain("whether an augmentationDot is one") == "Whether a dot is one"


def test_alternatives_are_offered_and_taken(window: MainWindow, qtbot: QtBot) -> None:
    document, panel = window.session.document, window.alternatives_panel
    for index in range(5):
        bar = document.bar_key(index)
        window.session.selection.select([], bar)
        qtbot.waitUntil(lambda: bar is not None and document.alternatives(bar) is not None, timeout=20_000)  # noqa: B023
        panel._fill()
        if panel.alternatives:
            break
    else:
        pytest.fail("no bar of the small page has another reading")
    assert len(panel.cards) == len(panel.alternatives) <= 5
    qtbot.waitUntil(lambda: panel.cards[0]._note != "…", timeout=30_000)
    wanted = panel.alternatives[0].state
    panel.cards[0].click()
    assert document.state == wanted
    assert "Choose reading" in window.action("undo").text()
    assert panel.note.text() in ("", NONE, "Looking for other readings …")


def test_inspector_tells_of_a_symbol(window: MainWindow) -> None:
    graph = window.session.document.state.pages[0].graph
    head = next(node for node in graph.nodes if node.label == "noteheadFull")
    window.session.selection.select([head.id])
    assert window.inspector.heading.text() == "Black head"
    assert "stem" in window.inspector.rows["Relations"].text()
    assert "voice" in window.inspector.rows["Music"].text()
    window.session.selection.select(node.id for node in graph.nodes)
    assert window.inspector.heading.text().startswith(f"{len(graph.nodes)} symbols")


def test_palette_has_a_named_button_for_every_shape(window: MainWindow, qtbot: QtBot) -> None:
    for button in window.palette_panel.buttons.values():
        assert button.accessibleName()
        assert not button.icon().isNull() or button.text()
    with qtbot.waitSignal(window.palette_panel.shape_chosen) as chosen:
        window.palette_panel.buttons["restQuarter"].click()
    assert chosen.args == ["restQuarter"]


def test_layers_follow_their_keys(window: MainWindow) -> None:
    shown = window.workspace.page_view._layers
    window.action("layer_voices").trigger()
    assert window.workspace.page_view._layers == shown ^ {"voices"}
    window.action("layer_voices").trigger()
    assert window.workspace.page_view._layers == shown


def test_every_control_of_the_toolbar_has_words(window: MainWindow) -> None:
    for action in window.actions_by_id.values():
        assert action.text().replace("&", "")
        assert action.toolTip()


def test_welcome_lists_files_that_still_exist(qtbot: QtBot, settings: Settings, tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept.pdf", tmp_path / "gone.pdf"
    kept.touch()
    settings.add_recent(gone)
    settings.add_recent(kept)
    welcome = Welcome(settings)
    qtbot.addWidget(welcome)
    assert welcome.recent.count() == 1
    with qtbot.waitSignal(welcome.open_wanted):
        QTest.mouseClick(welcome.open_button, Qt.MouseButton.LeftButton)


def test_page_drawing_is_complete_after_a_zoom(window: MainWindow, qtbot: QtBot) -> None:
    view = window.workspace.page_view
    qtbot.waitUntil(lambda: not view.page_size.isEmpty(), timeout=10_000)
    view.set_zoom(0.9)
    qtbot.waitUntil(lambda: view.complete, timeout=20_000)
    picture = view.grab().toImage()
    colors = {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }
    assert len(colors) > 5
