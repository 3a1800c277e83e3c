"""Work beside the window: a process that answers requests, and a thread for what is short but not short enough.

Signals arrive in the thread of the window. Ending a process cancels its work at once; the next request starts a new one.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from gui.worker import Answer, Failure, Request, Stage, Task, serve
from omr.errors import OmrError

log = logging.getLogger(__name__)

END_SECONDS = 5.0


class Service(QObject):
    """A process that works through requests in order."""

    answered = Signal(object, object)
    """(key, what the task returned)"""
    failed = Signal(object, str)
    """(key, one line)"""
    stage = Signal(object, int, str)
    """(key, page, name of the stage)"""
    _came = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._threads: list[threading.Thread] = []
        self._round = 0
        self._keys: list[object] = []
        self._sending = threading.Lock()
        self._came.connect(self._take)

    @property
    def busy(self) -> bool:
        return bool(self._keys)

    def ask(self, key: object, task: Task, *arguments: object) -> None:
        """Has `task(*arguments, progress)` done after all that was asked before."""
        if self._pipe is None:
            self._start()
        self._keys.append(key)
        pipe, number = self._pipe, self._round
        assert pipe is not None
        self._thread(lambda: self._send(pipe, Request(key, task, arguments), number), "request")

    def cancel(self) -> None:
        """Ends the process with all its work; nothing of it is answered any more."""
        self._round += 1
        self._keys.clear()
        if self._process is not None:
            self._process.kill()
            self._process.join(END_SECONDS)
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def close(self) -> None:
        """Cancels, and waits for the threads that listened."""
        self.cancel()
        for thread in self._threads:
            thread.join(END_SECONDS)
        self._threads.clear()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name=self._name, daemon=True)
        self._process.start()
        theirs.close()
        pipe, number = self._pipe, self._round
        self._thread(lambda: self._listen(pipe, number), "answers")

    def _thread(self, work: Callable[[], None], what: str) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=f"{self._name}: {what}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _send(self, pipe: Connection, request: Request, number: int) -> None:
        try:
            with self._sending:
                pipe.send(request)
        except (OSError, ValueError) as error:
            if number == self._round:
                self._came.emit(number, Failure(request.key, f"{self._name} cannot be asked ({error})"))

    def _listen(self, pipe: Connection, number: int) -> None:
        try:
            while True:
                message = pipe.recv()
                if number != self._round:
                    return
                self._came.emit(number, message)
        except (EOFError, OSError):
            if number == self._round:
                self._came.emit(number, None)

    def _take(self, number: int, message: Answer | Failure | Stage | None) -> None:
        if number != self._round:
            return
        if isinstance(message, Stage):
            self.stage.emit(message.key, message.page, message.name)
        elif isinstance(message, Answer | Failure):
            if message.key in self._keys:
                self._keys.remove(message.key)
            if isinstance(message, Answer):
                self.answered.emit(message.key, message.value)
            else:
                self.failed.emit(message.key, message.message)
        else:
            self._died()

    def _died(self) -> None:
        """The process ended by itself, for lack of memory perhaps: whatever it had to do has failed."""
        lost = tuple(self._keys)
        self.cancel()
        for key in lost:
            self.failed.emit(key, f"{self._name} ended unexpectedly; try again, with fewer programs open")


class Errands(QObject):
    """Short work done one after the other in one thread: reading a picture from a file."""

    done = Signal(object, object)
    """(key, what the function returned)"""
    failed = Signal(object, str)
    """(key, one line)"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._closed = False

    def run(self, key: object, function: Callable[[], object], *, urgent: bool = False) -> None:
        """Has `function()` called in the thread; what is urgent goes before what is not."""
        if not self._closed:
            self._pool.start(_Errand(self, key, function), 1 if urgent else 0)

    def close(self) -> None:
        """Forgets what has not begun and waits for the rest."""
        self._closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def _finish(self, key: object, function: Callable[[], object]) -> None:
        if self._closed:
            return
        try:
            value = function()
        except OmrError as error:
            self.failed.emit(key, str(error))
        except Exception as error:  # the border of the thread: the window must hear of it
            log.exception("an errand failed")
            self.failed.emit(key, f"internal error ({type(error).__name__}: {error}); please report it")
        else:
            self.done.emit(key, value)


class _Errand(QRunnable):
    def __init__(self, errands: Errands, key: object, function: Callable[[], object]) -> None:
        super().__init__()
        self._errands, self._key, self._function = errands, key, function

    def run(self) -> None:
        self._errands._finish(self._key, self._function)
