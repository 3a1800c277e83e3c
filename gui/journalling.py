"""The journal written in a thread of its own, edit by edit, so that a slow disk never holds up a hand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from gui.keeping import Recorder
from gui.state import State
from omr.errors import OmrError


class JournalWriter(QObject):
    """Records states one after the other; without a journal it records nothing."""

    failed = Signal(str)
    """Edits are not journalled; why, one line. Said once until it works again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._recorder: Recorder | None = None
        self._silent = False

    def restart(self, path: Path, *, base: Path | None, token: str, state: State) -> None:
        """Begins the journal at `path` anew from `state`, which is saved; the journal before is not wanted any more."""
        self.wait()
        if self._recorder is not None and self._recorder.path != path:
            self._recorder.discard()
        try:
            self._recorder = Recorder(path, base=base, token=token, state=state)
        except OmrError as error:
            self._recorder = None
            self.failed.emit(str(error))

    def go_on(self, path: Path, state: State) -> None:
        """Goes on with the journal at `path`, which says `state`."""
        self.wait()
        self._recorder = Recorder(path, base=None, token="", state=state, new=False)

    def record(self, state: State) -> None:
        """Adds what has changed, soon."""
        recorder = self._recorder
        if recorder is not None:
            self._pool.start(lambda: self._record(recorder, state))

    def wait(self) -> None:
        """Returns when all is on the disk."""
        self._pool.waitForDone()

    def stop(self) -> None:
        """Ends the thread and forgets the journal."""
        self.wait()
        if self._recorder is not None:
            self._recorder.discard()
            self._recorder = None

    def _record(self, recorder: Recorder, state: State) -> None:
        try:
            recorder.record(state)
            self._silent = False
        except OmrError as error:
            if not self._silent:
                self._silent = True
                self.failed.emit(str(error))
