"""The music of the newest state, read in a thread of its own.

States that were overtaken before their turn are never read; a result that was overtaken is dropped.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from gui.alternatives import alternatives
from gui.problems import Problem, problems
from gui.rereading import Reread, Rereader, checked
from gui.state import BarKey, State
from omr.memory import remembering

log = logging.getLogger(__name__)


class _Reading(QObject):
    """Lives in the reading thread."""

    heard = Signal(object, int)
    checked = Signal(object, object, int)
    failed = Signal(str, int)
    offered = Signal(object, object, int)

    def __init__(self) -> None:
        super().__init__()
        self.newest = 0
        self._rereader = Rereader()

    @Slot(object, int)
    def read(self, state: State, number: int) -> None:
        if number != self.newest:
            return
        try:
            heard = self._rereader.read(state, hasty=True)
            self.heard.emit(heard, number)
            if heard.guessed and number == self.newest:
                heard = self._rereader.read(state)
                self.heard.emit(heard, number)
            if number != self.newest:
                return
            with remembering(self._rereader.memory):
                heard = checked(heard)
                found = problems(heard)
            self.checked.emit(heard, found, number)
        except Exception as error:  # a fault of ours: the thread goes on with the next state
            log.exception("the music could not be read")
            self.failed.emit(str(error), number)

    @Slot(object, object, int)
    def offer(self, heard: Reread, bar: BarKey, number: int) -> None:
        if number != self.newest:
            return
        try:
            found = alternatives(heard, bar, self._rereader)
        except Exception:  # the same: the bar keeps its reading
            log.exception("other readings could not be found")
            found = ()
        self.offered.emit(bar, found, number)


class Listener(QObject):
    """Reads each state it is told of, and says so with `heard`."""

    heard = Signal(object)
    """The Reread of the newest state, before the checks."""
    checked = Signal(object, object)
    """(Reread, tuple of Problem) of the newest state."""
    failed = Signal(str)
    """The newest state could not be read, and why; the log says more."""
    offered = Signal(object, object)
    """(BarKey, tuple of Alternative) for a bar of the newest state."""
    _asked = Signal(object, int)
    _wanted = Signal(object, object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("reading")
        self._reading = _Reading()
        self._reading.moveToThread(self._thread)
        self._asked.connect(self._reading.read)
        self._reading.heard.connect(self._take)
        self._reading.checked.connect(self._take_checked)
        self._reading.failed.connect(self._take_failure)
        self._wanted.connect(self._reading.offer)
        self._reading.offered.connect(self._take_offer)
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

    def want(self, heard: Reread, bar: BarKey) -> None:
        """Asks for other readings of a bar of the newest music."""
        self._wanted.emit(heard, bar, self._reading.newest)

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

    @Slot(object, int)
    def _take(self, heard: Reread, number: int) -> None:
        if number == self._reading.newest:
            self.heard.emit(heard)

    @Slot(object, object, int)
    def _take_checked(self, heard: Reread, found: tuple[Problem, ...], number: int) -> None:
        if number == self._reading.newest:
            self._answered = number
            self.checked.emit(heard, found)

    @Slot(str, int)
    def _take_failure(self, message: str, number: int) -> None:
        if number == self._reading.newest:
            self._answered = number
            self.failed.emit(message)

    @Slot(object, object, int)
    def _take_offer(self, bar: BarKey, found: object, number: int) -> None:
        if number == self._reading.newest:
            self.offered.emit(bar, found)
