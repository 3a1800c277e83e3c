"""The music of the newest state, read in a thread of its own.

States that were overtaken before their turn are never read; a result that was overtaken is dropped.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from gui.problems import Problem, problems
from gui.rereading import Reread, Rereader
from gui.state import State

log = logging.getLogger(__name__)


class _Reading(QObject):
    """Lives in the reading thread."""

    done = Signal(object, object, int)

    def __init__(self) -> None:
        super().__init__()
        self.newest = 0
        self._rereader = Rereader()

    @Slot(object, int)
    def read(self, state: State, number: int) -> None:
        if number != self.newest:
            return
        heard: Reread | None = None
        found: tuple[Problem, ...] = ()
        try:
            heard = self._rereader.read(state)
            found = problems(heard)
        except Exception:
            log.exception("the music could not be read")
        self.done.emit(heard, found, number)


class Listener(QObject):
    """Reads each state it is told of, and says so with `heard`."""

    heard = Signal(object, object)
    """(Reread, tuple of Problem) of the newest state."""
    failed = Signal()
    """The newest state could not be read; the log says why."""
    _asked = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("reading")
        self._reading = _Reading()
        self._reading.moveToThread(self._thread)
        self._asked.connect(self._reading.read)
        self._reading.done.connect(self._take)
        self._answered = 0

    @property
    def busy(self) -> bool:
        return self._answered != self._reading.newest

    def listen(self, state: State) -> None:
        """Asks for the music of `state`."""
        if not self._thread.isRunning():
            self._thread.start()
        self._reading.newest += 1
        self._asked.emit(state, self._reading.newest)

    def wait(self) -> None:
        """Handles events until the newest state is read."""
        while self.busy and self._thread.isRunning():
            QCoreApplication.processEvents()
            QThread.msleep(1)

    def stop(self) -> None:
        """Ends the thread after the state it is reading."""
        self._reading.newest += 1
        self._thread.quit()
        self._thread.wait()

    @Slot(object, object, int)
    def _take(self, heard: Reread | None, found: tuple[Problem, ...], number: int) -> None:
        if number != self._reading.newest:
            return
        self._answered = number
        if heard is None:
            self.failed.emit()
        else:
            self.heard.emit(heard, found)
