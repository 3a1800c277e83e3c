"""Work beside the window: answers arrive, failures are told, cancelling is quick and leaves nothing behind."""

from __future__ import annotations

import threading
import time

from pytestqt.qtbot import QtBot

from gui.jobs import Errands, Service
from omr.errors import InputError
from omr.progress import Progress


def double(number: int, progress: Progress) -> int:
    progress.stage(number, "doubling")
    return 2 * number


def fail(progress: Progress) -> None:
    raise InputError("x.png: is empty; scan it again")


def sleep(progress: Progress) -> None:
    time.sleep(60)


def test_answers_stages_and_failures(qtbot: QtBot) -> None:
    service = Service("testing")
    with qtbot.waitSignals([service.stage, service.answered], order="strict", timeout=30_000):
        service.ask("a", double, 4)
    with qtbot.waitSignal(service.failed, timeout=30_000) as failed:
        service.ask("b", fail)
    assert failed.args == ["b", "x.png: is empty; scan it again"]
    assert not service.busy
    service.close()


def test_cancel_is_quick_and_final(qtbot: QtBot) -> None:
    service = Service("testing")
    service.ask("long", sleep)
    qtbot.wait(200)
    start = time.perf_counter()
    service.cancel()
    assert time.perf_counter() - start < 1
    with qtbot.waitSignal(service.answered, timeout=30_000) as answered:
        service.ask("next", double, 1)
    assert answered.args == ["next", 2]
    service.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("testing")]


def test_errands_tell_results_and_errors(qtbot: QtBot) -> None:
    errands = Errands()

    def bad() -> None:
        raise InputError("y.png: is damaged")

    with qtbot.waitSignal(errands.done) as done:
        errands.run("good", lambda: 3)
    assert done.args == ["good", 3]
    with qtbot.waitSignal(errands.failed) as failed:
        errands.run("bad", bad)
    assert failed.args == ["bad", "y.png: is damaged"]
    errands.close()
