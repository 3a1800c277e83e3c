"""Selecting and editing with the mouse and the keys changes the document in steps that can be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui import edits
from gui.main_window import MainWindow
from gui.shapes import BY_KEYS, FAMILIES, SHAPES
from gui.state import BarKey, PageEntry
from gui.tools import AddTool, RelateTool
from omr.labels import DETECTED
from omr.notation import Node, NotationGraph
from omr.pipeline import PageResult


def graph(window: MainWindow) -> NotationGraph:
    return window.session.document.state.pages[0].graph


def head(window: MainWindow) -> Node:
    """A single black head with a stem."""
    return next(node for node in graph(window).nodes if node.label == "noteheadFull")


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the picture of its page there."""
    view = window.workspace.page_view
    qtbot.waitUntil(lambda: not view.page_size.isEmpty(), timeout=10_000)
    view.set_zoom(1.5)
    return window


def spot(window: MainWindow, node: Node) -> QPoint:
    """Where a symbol lies in the view, scrolled to."""
    view = window.workspace.page_view
    window.session.selection.select([node.id])
    window.workspace.reveal_selection()
    window.session.selection.select([])
    return view.to_view(QPointF(node.box.center.x, node.box.center.y)).toPoint()


def test_click_selects_on_both_sides(page: MainWindow, qtbot: QtBot) -> None:
    own = head(page)
    view = page.workspace.page_view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot(page, own))
    assert page.session.selection.nodes == {own.id}
    engraved = page.workspace.engraved_view
    qtbot.waitUntil(lambda: engraved.rect_of_ink((0, own.id)) is not None, timeout=30_000)
    assert engraved._marked == {(0, own.id)}
    assert "black head" in view.accessibleDescription()
    assert "quarter" in view.accessibleDescription()
    page.session.selection.select([])
    rect = engraved.rect_of_ink((0, own.id))
    assert rect is not None
    QTest.mouseClick(engraved.viewport(), Qt.MouseButton.LeftButton, pos=engraved.to_view(rect.center()).toPoint())
    assert page.session.selection.nodes == {own.id}


def test_scroll_and_zoom_are_locked(page: MainWindow) -> None:
    view, engraved = page.workspace.page_view, page.workspace.engraved_view
    view.set_zoom(2.0, QPointF(100, 100))
    assert engraved.zoom == view.zoom
    engraved.set_zoom(1.2)
    assert view.zoom == 1.2
    view.verticalScrollBar().setValue(200)
    assert abs(engraved.center().y() - view.center().y()) < 2


def test_pitch_by_arrows_and_undo(page: MainWindow) -> None:
    own = head(page)
    page.session.selection.select([own.id])
    QTest.keyClick(page.workspace.page_view, Qt.Key.Key_Up)
    raised = graph(page).by_id[own.id]
    space = page.workspace.page_view.overlay.space
    assert raised.box.center.y == pytest.approx(own.box.center.y - space / 2, abs=0.3 * space)
    assert page.action("undo").text() == "&Undo Raise note"
    page.action("undo").trigger()
    assert graph(page).by_id[own.id] == own
    page.action("redo").trigger()
    assert graph(page).by_id[own.id] == raised


def test_length_by_digits_and_dot(page: MainWindow) -> None:
    own = head(page)
    entry = page.session.document.state.pages[0]
    page.session.selection.select([own.id])
    page.edits.digit(6)
    page.action("dot").trigger()
    value = page.session.document.state.page(entry.id).values[own.id]
    assert (value.type, value.dots) == ("half", 1)


def test_two_strokes_rename_or_put(page: MainWindow) -> None:
    own = head(page)
    page.session.selection.select([own.id])
    page.edits.shape(BY_KEYS["hh"].label)
    assert graph(page).by_id[own.id].label == "noteheadHalf"
    page.session.selection.select([])
    page.edits.shape("restQuarter")
    view = page.workspace.page_view
    assert isinstance(view.tool, AddTool)
    before = len(graph(page).nodes)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert len(graph(page).nodes) == before + 1
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert page.action("tool_select").isChecked()


def test_drag_moves_and_delete_deletes(page: MainWindow) -> None:
    own = head(page)
    view = page.workspace.page_view
    at = spot(page, own)
    page.session.selection.select([own.id])
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(view.viewport(), at + QPoint(20, 0))
    view.tool.move(view.to_page(QPointF(at + QPoint(24, 0))), pressed=True)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(24, 0))
    assert graph(page).by_id[own.id].box.left > own.box.left + 5
    page.action("delete").trigger()
    assert own.id not in graph(page).by_id
    assert not page.session.selection.nodes


def test_relations_are_drawn_and_cut(page: MainWindow) -> None:
    own = next(node for node in graph(page).nodes if node.label == "noteheadFull" and graph(page).targets(node.id))
    stem = next(node for node in graph(page).targets(own.id) if node.label == "stem")
    page.action("tool_relate").trigger()
    view = page.workspace.page_view
    assert isinstance(view.tool, RelateTool)
    assert stem.id in view.partners(own.id)
    view.relation_wanted.emit(own.id, stem.id)
    assert stem not in graph(page).targets(own.id)
    view.relation_wanted.emit(own.id, stem.id)
    assert stem.id in {node.id for node in graph(page).targets(own.id)}
    said: list[str] = []
    page.session.editor.refused.connect(said.append)
    clef = next(node for node in graph(page).nodes if node.label == "gClef")
    view.relation_wanted.emit(own.id, clef.id)
    assert len(said) == 1


def test_bars_are_chosen_and_checked(page: MainWindow) -> None:
    document = page.session.document
    bar = document.bar_key(1)
    assert isinstance(bar, BarKey)
    page.session.selection.select([], bar)
    page.action("toggle_checked").trigger()
    document.settle()
    assert bar in document.state.decisions.checked
    assert any(mark.checked for mark in page.workspace.page_view.overlay.bars)
    page.action("toggle_checked").trigger()
    assert bar not in document.state.decisions.checked


def test_keys_are_unambiguous() -> None:
    firsts = {shape.keys[0] for shape in SHAPES.values()}
    assert len(BY_KEYS) == len(SHAPES) == sum(len(family.shapes) for family in FAMILIES)
    from gui.actions import COMMANDS

    single = {keys.lower() for command in COMMANDS for keys in command.keys if len(keys) == 1}
    assert not firsts & single
    assert len({keys for command in COMMANDS for keys in command.keys}) == sum(len(c.keys) for c in COMMANDS)
    assert set(SHAPES) <= set(DETECTED)


def test_recognising_again_is_one_step_that_can_be_undone(window: MainWindow, recognised: PageResult) -> None:
    document = window.session.document
    page = document.state.pages[0].id
    first = document.state.page(page).graph
    head = next(node for node in first.nodes if node.label == "noteheadFull")
    document.apply("Delete", edits.delete(document.state, page, [head.id]))
    document.settle()
    notes = document.score
    mine = document.state.page(page).graph
    document.recognise_again([page])
    document.settle()
    assert document.score == notes  # what was found before stays until more comes
    document.page_recognised(page, recognised)
    assert document.state.page(page).status == "done"
    assert document.state.page(page).graph is not mine
    assert document.state.page(page).erased
    again = document.state.page(page).graph
    document.undo_stack.undo()
    assert document.state.page(page).graph is mine
    assert document.state.page(page).status == "done"
    document.undo_stack.undo()
    assert document.state.page(page).graph is first
    document.undo_stack.redo()
    document.undo_stack.redo()
    assert document.state.page(page).graph is again
    assert not document.undo_stack.canRedo()


def test_pages_recognised_again_together_are_undone_together(window: MainWindow, recognised: PageResult) -> None:
    document = window.session.document
    other = PageEntry(id="again-2", source="two.png")
    document.add_pages([other])
    document.page_recognised(other.id, recognised)
    pages = [entry.id for entry in document.state.pages]
    before = [entry.graph for entry in document.state.pages]
    steps = document.undo_stack.index()
    document.recognise_again(pages)
    for page in pages:
        document.page_recognised(page, recognised)
    assert document.undo_stack.index() == steps + 1
    document.undo_stack.undo()
    assert [entry.graph for entry in document.state.pages] == before
    assert {entry.status for entry in document.state.pages} == {"done"}
    document.apply("Remove", edits.remove_pages(document.state, [other.id]))
    document.undo_stack.clear()
