"""Lists and tables obey Qt's rules and show what they should."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.models.alike import AlikeModel, Place
from gui.models.batch import BatchModel, BatchRow
from gui.models.pages import MIME, PageModel
from gui.models.parts import PartModel, PartRow
from gui.models.problems import ProblemModel
from gui.state import NodeKey, PageEntry, fresh_page_id

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def test_pages(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    model = PageModel(document, window.session.errands)
    tester = QAbstractItemModelTester(model, FATAL)
    more = [PageEntry(id=fresh_page_id(), source="lost.png") for _ in range(2)]
    document.add_pages(more)
    assert model.rowCount() == 3
    assert "waits" in str(model.data(model.index(1)))
    data = QMimeData()
    data.setData(MIME, more[1].id.encode())
    with qtbot.waitSignal(model.move_wanted) as asked:
        assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert asked.args == [more[1].id, 0]
    window.session.editor.remove_pages([entry.id for entry in more])
    assert model.rowCount() == 1
    del tester


def test_problems(window: MainWindow) -> None:
    model = ProblemModel(window.session.document)
    tester = QAbstractItemModelTester(model, FATAL)
    assert model.rowCount() == len(window.session.document.problems)
    assert [model.headerData(column, Qt.Orientation.Horizontal) for column in range(3)] == [
        "Bar",
        "Page",
        "What is odd",
    ]
    model.refresh()
    assert model.row_of(None) == -1
    del tester


def test_batch() -> None:
    model = BatchModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.add([Path("a.pdf"), Path("b.pdf"), Path("a.pdf")])
    assert [row.source.name for row in model.rows] == ["a.pdf", "b.pdf"]
    model.put(0, BatchRow(source=Path("a.pdf"), status="done", pages=2, bars=40, doubtful=3, seconds=1.25))
    assert [model.data(model.index(0, column)) for column in (2, 3, 4, 5, 6)] == ["done", "2", "40", "3", "1.2"]
    model.put(1, BatchRow(source=Path("b.pdf"), status="failed", message="is empty"))
    assert model.data(model.index(1, 2)) == "failed: is empty"
    model.restart()
    assert [row.status for row in model.rows] == ["done", "waiting"]
    model.remove([0])
    assert [row.source.name for row in model.rows] == ["b.pdf"]
    del tester


def test_alike(qapp: object) -> None:
    model = AlikeModel([Place(NodeKey("p", number), f"page {number}", QPixmap(4, 4)) for number in range(3)])
    tester = QAbstractItemModelTester(model, FATAL)
    assert model.setData(model.index(1), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert [key.node for key in model.chosen] == [0, 2]
    model.choose_all(False)
    assert model.chosen == ()
    del tester


def test_parts() -> None:
    model = PartModel([PartRow("", 2), PartRow("Flute", 1)])
    tester = QAbstractItemModelTester(model, FATAL)
    assert model.setData(model.index(0, 0), "Piano")
    assert not model.setData(model.index(0, 1), "9")
    model.split(0)
    assert [row.staves for row in model.rows] == [1, 1, 1]
    model.join(0)
    assert model.rows == (PartRow("Piano", 2), PartRow("Flute", 1))
    del tester
