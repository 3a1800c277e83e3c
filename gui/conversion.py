"""Many files converted by the worker pool of `omr convert`: a page that crashes, hangs or is too large costs itself alone.

The pool is led from a thread: it only waits for its processes. Stopping ends them within a tenth of a second, and what was
recognised stays for the next run, which goes on from there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from omr.config import Options
from omr.errors import Cancelled, OmrError
from omr.plan import Job

if TYPE_CHECKING:
    from omr.batch.outcome import Outcome
    from omr.batch.pool import Pool

log = logging.getLogger(__name__)


class Conversion(QObject):
    """One run after another; signals arrive in the thread of the window."""

    planned = Signal(int)
    """Pages to recognise."""
    page_done = Signal()
    """One of them is recognised, is empty or has failed."""
    finished = Signal(object)
    """The Outcome of the next job, in the order given."""
    ended = Signal(str)
    """The run is over; what kept it from going on, else ""."""
    _told = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._pool: Pool | None = None
        self._round = 0
        self._told.connect(self._tell)

    @property
    def running(self) -> bool:
        return self._thread is not None

    def start(self, jobs: Sequence[Job], options: Options) -> None:
        """Converts `jobs`; nothing may be running."""
        if self._thread is not None:
            raise RuntimeError("a conversion is running")
        from omr.batch.pool import Pool
        from omr.batch.run import core_count
        from omr.batch.settings import Settings

        settings = Settings(resume=True)
        self._pool = Pool(core_count(), threads=1, max_bytes=settings.page_bytes)
        self._round += 1
        arguments = self._pool, tuple(jobs), options, settings, core_count(), self._round
        self._thread = threading.Thread(target=self._work, args=arguments, name="conversion", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the processes and waits for it; nothing more is told of this run."""
        self._round += 1
        if self._pool is not None:
            self._pool.cancel()
        if self._thread is not None:
            self._thread.join()
        self._thread = self._pool = None

    def _work(
        self, pool: Pool, jobs: Sequence[Job], options: Options, settings: object, count: int, number: int
    ) -> None:
        from omr.batch.run import run_on
        from omr.batch.settings import Settings

        assert isinstance(settings, Settings)
        message = ""
        try:
            with pool:
                run_on(pool, jobs, options, settings, _Watcher(self, number), count=count)
        except Cancelled:
            return
        except OmrError as error:
            message = str(error)
        except Exception as error:  # the border of the thread: the window must hear of it
            log.exception("a conversion failed")
            message = f"internal error ({type(error).__name__}: {error}); please report it"
        self._told.emit(number, "ended", message)

    def _tell(self, number: int, name: str, value: object) -> None:
        if number != self._round:
            return
        if name == "planned":
            self.planned.emit(value)
        elif name == "page":
            self.page_done.emit()
        elif name == "finished":
            self.finished.emit(value)
        else:
            self._thread = self._pool = None
            self.ended.emit(value)


class _Watcher:
    """What a run tells, brought to the thread of the window."""

    def __init__(self, conversion: Conversion, number: int) -> None:
        self._conversion, self._number = conversion, number

    def planned(self, pages: int) -> None:
        self._conversion._told.emit(self._number, "planned", pages)

    def page_done(self) -> None:
        self._conversion._told.emit(self._number, "page", None)

    def finished(self, outcome: Outcome) -> None:
        self._conversion._told.emit(self._number, "finished", outcome)
