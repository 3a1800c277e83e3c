"""Run by test_journey.py as a process of its own: a person's steps through the real main(), in two runs with a crash between.

`python journey.py first|second FOLDER`
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.app import main
from gui.dialogs.export import ExportDialog
from gui.dialogs.recovery import RecoveryDialog
from gui.main_window import MainWindow

Steps = Iterator[Callable[[], bool]]
"""Yields what to wait for before the next step."""
PATIENCE = 120_000  # milliseconds until the journey is given up


def window() -> MainWindow:
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))


def first(folder: Path) -> Steps:
    """Recognise, go to the top problem, fix, undo, redo, save, fix on, crash."""
    yield lambda: any(isinstance(widget, MainWindow) for widget in QApplication.topLevelWidgets())
    own = window()
    document, selection = own.session.document, own.session.selection
    yield lambda: bool(document.score.parts) and document.state.pages[0].status == "done"
    document.settle()
    own.action("next").trigger()
    if selection.bar is None:  # nothing is doubtful on so clean a page: look at the second bar
        selection.select([], document.bar_key(1))
    bar = selection.bar
    assert bar is not None
    head = next(node for node in document.state.pages[0].graph.nodes if node.label == "noteheadFull")
    selection.select([head.id], bar)
    own.session.editor.pitch(1)
    raised = document.state
    own.action("undo").trigger()
    assert document.state != raised
    own.action("redo").trigger()
    assert document.state.pages[0].graph.by_id[head.id] == raised.pages[0].graph.by_id[head.id]
    document.save(folder / "piece.omr")
    own.settings.add_recent(folder / "piece.omr")
    own.settings._store.sync()
    assert document.is_clean
    selection.select([], bar)
    own.action("toggle_checked").trigger()
    assert not document.is_clean
    document._journal.wait()
    (folder / "before").write_text(f"{head.id} {raised.pages[0].graph.by_id[head.id].box.top}")
    own.session.recognition.cancel()
    own.session.engraving.cancel()
    os.kill(os.getpid(), signal.SIGKILL)
    yield lambda: False


def second(folder: Path) -> Steps:
    """Recover, look whether all is there, export, close."""
    yield lambda: any(isinstance(widget, RecoveryDialog) for widget in QApplication.topLevelWidgets())
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, RecoveryDialog))
    dialog.restore.click()
    own = window()
    document = own.session.document
    yield lambda: bool(document.score.parts)
    document.settle()
    head, top = (folder / "before").read_text().split()
    assert document.state.pages[0].graph.by_id[int(head)].box.top == float(top)
    assert len(document.state.decisions.checked) == 1
    export = ExportDialog(own)
    export.folder.setText(str(folder / "out"))
    export.name.setText("piece")
    export.formats["mxl"].setChecked(True)
    export.start()
    yield lambda: bool(export.written)
    document.save(folder / "piece.omr")
    own.close()
    yield lambda: True


def run(steps: Steps, arguments: list[str]) -> int:
    """Runs main() and takes the steps beside it; 0 when they all were taken."""
    state = {"wait": next(steps), "done": False}

    def tick() -> None:
        if not state["wait"]():  # type: ignore[operator]
            return
        try:
            state["wait"] = next(steps)
        except StopIteration:
            state["done"] = True
            QApplication.closeAllWindows()
            QApplication.quit()
        except Exception:  # noqa: BLE001 - the border of the process
            import traceback

            traceback.print_exc()
            os._exit(3)

    from gui import app

    make = app.make_application

    def made() -> QApplication:
        application = make()
        timer = QTimer(application)
        timer.setInterval(20)
        timer.timeout.connect(tick)
        timer.start()
        QTimer.singleShot(PATIENCE, application, lambda: os._exit(4))
        return application

    app.make_application = made
    code = main(arguments)
    return code if state["done"] else 5


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "first":
        sys.exit(run(first(place), [str(place / "scan.pdf")]))
    sys.exit(run(second(place), []))
