"""Each dialog asks what it should and does what was chosen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

import omr.batch.run
from gui.dialogs.about import AboutDialog
from gui.dialogs.alike import AlikeDialog, _place
from gui.dialogs.batch import BatchWindow
from gui.dialogs.export import ExportDialog
from gui.dialogs.parts import PartsDialog
from gui.dialogs.password import PasswordDialog
from gui.dialogs.preferences import PreferencesDialog
from gui.dialogs.recovery import RecoveryDialog
from gui.dialogs.shortcuts import ShortcutsDialog, sheet
from gui.dialogs.signature import SignatureDialog
from gui.journals import Journals, Lost
from gui.main_window import MainWindow
from gui.models.parts import PartRow
from gui.settings import Settings
from gui.state import NodeKey
from omr import __version__
from omr.files.read_musicxml import read_musicxml
from omr.score import Clef, Key, Time
from omr.self_test import PAGE


def test_export_writes_every_format(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(window)
    qtbot.addWidget(dialog)
    for box in (*dialog.formats.values(), *dialog.pictures.values()):
        box.setChecked(True)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.name.setText("piece")
    dialog.start()
    qtbot.waitUntil(lambda: bool(dialog.written), timeout=90_000)
    endings = (".mei", ".mid", ".mung.xml", ".musicxml", ".mxl", ".overlay.png", ".pdf", ".preview.png")
    assert sorted(path.name for path in dialog.written) == [f"piece{ending}" for ending in endings]
    assert len(read_musicxml(tmp_path / "out" / "piece.musicxml").parts[0].measures) == 5


@pytest.mark.parametrize("pages", ["7", "one"])
def test_export_says_what_is_wrong(window: MainWindow, qtbot: QtBot, pages: str) -> None:
    dialog = ExportDialog(window)
    qtbot.addWidget(dialog)
    dialog.pages.setText(pages)
    assert "pages" in dialog.note.text()
    dialog.start()
    assert not dialog.written


def test_signatures(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    values = []
    for kind in ("clef", "key", "time"):
        dialog = SignatureDialog(document, kind, document.bar_key(1), window)
        qtbot.addWidget(dialog)
        values.append(dialog.value)
        assert dialog.range == (document.bar_key(1), document.bar_key(4))
    assert values == [Clef(sign="G", line=2), Key(0), Time(beats=4, beat_type=4)]
    first, last = document.bar_key(1), document.bar_key(4)
    assert first is not None
    assert last is not None
    assert window.session.editor.signature(Key(-3), first, last, None)
    document.settle()
    assert document.score.parts[0].measures[1].key == Key(-3)


def test_parts(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    dialog = PartsDialog([PartRow(part.name, part.staves) for part in document.score.parts], window)
    qtbot.addWidget(dialog)
    dialog.model.setData(dialog.model.index(0, 0), "Clavichord")
    assert window.session.editor.attempt("Change parts", dialog.changed)
    document.settle()
    assert document.score.parts[0].name == "Clavichord"


def test_alike_shows_pictures_first(window: MainWindow, qtbot: QtBot) -> None:
    page = window.session.document.state.pages[0]
    nodes = [node for node in page.graph.nodes if node.label == "stem"][:3]
    dialog = AlikeDialog([_place(window, NodeKey(page.id, node.id)) for node in nodes], nodes[0], "barline", window)
    qtbot.addWidget(dialog)
    assert dialog.label == "barline"
    assert len(dialog.model.chosen) == 3


def test_preferences_are_kept(qtbot: QtBot, settings: Settings) -> None:
    dialog = PreferencesDialog(settings)
    qtbot.addWidget(dialog)
    dialog.theme.setCurrentIndex(2)
    dialog.text_size.setValue(120)
    dialog.at_once.setChecked(False)
    assert dialog.second_look.isChecked()
    dialog.second_look.setChecked(False)
    dialog.dpi.setValue(400)
    dialog.device.setCurrentIndex(dialog.device.findData("auto"))
    dialog.precision.setCurrentIndex(dialog.precision.findData("f32"))
    dialog.accept()
    assert (settings.theme, settings.text_size, settings.recognise_at_once) == ("dark", 120, False)
    assert (settings.dpi, settings.device) == (400, "auto")
    assert (settings.precision, settings.second_look) == ("f32", False)
    again = PreferencesDialog(settings)
    qtbot.addWidget(again)
    again.dpi.setValue(again.dpi.minimum())
    again.accept()
    assert settings.dpi is None


def test_about_copies_versions(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.copy.click()
    assert f"Scorewright {__version__}" in dialog.versions.toPlainText()
    assert "model detector-print" in dialog.versions.toPlainText()


def test_shortcuts_can_be_searched(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    assert "quarter rest" in sheet()
    dialog.search.setText("quarter rest")
    assert "r 4" in dialog.view.toPlainText()
    assert "Open" not in dialog.view.toPlainText()


def test_recovery_restores_what_is_ticked(qtbot: QtBot, tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    assert journals.lost() == ()
    lost = tuple(Lost(tmp_path / name, name, datetime(2026, 11, 23).astimezone(), 2) for name in ("one", "two"))
    dialog = RecoveryDialog(lost)
    asked: list[Path] = []
    dialog.restore_wanted.connect(asked.append)
    dialog.list.item(1).setCheckState(dialog.list.item(1).checkState().Unchecked)
    assert "2 edits" in dialog.list.item(0).text()
    dialog.restore.click()
    assert asked == [tmp_path / "one"]
    journals.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_asks_about_unsaved_work(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda self: QMessageBox.StandardButton.Cancel)
    assert not window.files.may_close()
    monkeypatch.setattr(QMessageBox, "exec", lambda self: QMessageBox.StandardButton.Discard)
    assert window.files.may_close()


def test_a_name_without_its_ending_replaces_no_file_unasked(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "piece.omr"
    there.write_bytes(b"another piece")
    asked: list[str] = []
    buttons = QMessageBox.StandardButton

    def answering(answer: QMessageBox.StandardButton, name: str) -> bool:
        def answered(box: QMessageBox) -> QMessageBox.StandardButton:
            asked.append(box.text())
            return answer

        monkeypatch.setattr(QMessageBox, "exec", answered)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(tmp_path / name), ""))
        return window.files.save_as()

    assert not answering(buttons.Cancel, "piece")
    assert there.read_bytes() == b"another piece"
    assert len(asked) == 1
    assert "piece.omr" in asked[0]
    assert answering(buttons.Yes, "piece")
    assert there.read_bytes() != b"another piece"
    assert answering(buttons.Cancel, "other")
    assert (tmp_path / "other.omr").exists()
    assert len(asked) == 2, "nothing is asked about a name that is free"


def test_batch_has_a_row_for_each_file(qtbot: QtBot, settings: Settings, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    batch = BatchWindow(settings)
    qtbot.addWidget(batch)
    batch.add_paths([Path(PAGE), bad])
    batch.folder.setText(str(tmp_path / "out"))
    batch.start()
    qtbot.waitUntil(lambda: not batch.running, timeout=90_000)
    assert [row.status for row in batch.model.rows] == ["done", "failed"]
    assert batch.model.rows[0].bars == 5
    assert "not a page image" in batch.model.rows[1].message
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["self_test.musicxml"]
    batch.close()
    assert not batch.conversion.running


def test_a_page_that_crashes_costs_its_file_alone(
    qtbot: QtBot, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(omr.batch.run, "TASKS", "tests.gui.window.crashing")
    crashing = tmp_path / "crash.png"
    crashing.write_bytes(Path(PAGE).read_bytes())
    batch = BatchWindow(settings)
    qtbot.addWidget(batch)
    batch.add_paths([crashing, Path(PAGE)])
    batch.folder.setText(str(tmp_path / "out"))
    batch.start()
    qtbot.waitUntil(lambda: not batch.running, timeout=90_000)
    assert [row.status for row in batch.model.rows] == ["failed", "done"]
    assert "crashed" in batch.model.rows[0].message
    batch.close()


def test_a_stopped_batch_ends_at_once_and_can_go_on(qtbot: QtBot, settings: Settings, tmp_path: Path) -> None:
    batch = BatchWindow(settings)
    qtbot.addWidget(batch)
    batch.add_paths([Path(PAGE)])
    batch.folder.setText(str(tmp_path / "out"))
    batch.start()
    assert batch.running
    batch.stop()
    assert not batch.running
    assert batch.model.rows[0].status == "stopped"
    batch.start()
    qtbot.waitUntil(lambda: not batch.running, timeout=90_000)
    assert batch.model.rows[0].status == "done"
    batch.close()


ENCRYPTED = Path(__file__).parents[2] / "page" / "encrypted.pdf"


def test_an_encrypted_file_is_opened_with_its_password(window: MainWindow, qtbot: QtBot) -> None:
    document = window.session.document
    before = len(document.state.pages)

    def asked() -> PasswordDialog:
        qtbot.waitUntil(lambda: bool(window.findChildren(PasswordDialog)), timeout=5000)
        (dialog,) = window.findChildren(PasswordDialog)
        return dialog

    window.files.open_scans([ENCRYPTED])
    dialog = asked()
    assert "is encrypted" in dialog.text.text()
    dialog.password.setText("wrong")
    dialog.accept()
    qtbot.waitUntil(lambda: any("not that of" in own.text.text() for own in window.findChildren(PasswordDialog)))
    dialog = next(own for own in window.findChildren(PasswordDialog) if "not that of" in own.text.text())
    dialog.password.setText("melody")
    dialog.accept()
    qtbot.waitUntil(lambda: len(document.state.pages) == before + 1, timeout=5000)
    assert document.image(document.state.pages[-1].id).size
    window.session.editor.remove_pages([document.state.pages[-1].id])
