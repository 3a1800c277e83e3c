"""Warm worker processes, each with a time limit and a memory cap: whatever a call does, it costs that call alone.

Processes are spawned, never forked (a fork copies locks of libraries in any state). Each has a pipe of its own, so one that is
killed leaves nothing locked. Memory is what the system says the process holds (resident set), looked at several times a second.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

import psutil

from omr.batch.calls import Call, Done, WorkerDied
from omr.batch.settings import GIGABYTE
from omr.batch.worker import serve
from omr.errors import Cancelled, OmrError, ResourceError

TICK: Final = 0.1
"""Seconds between looks at time and memory."""
WARM_UP: Final = 60.0
"""Seconds allowed to a new process besides, for loading its models on a busy machine."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    call: Call | None = None
    deadline: float = 0.0
    used: bool = field(default=False)


class Pool:
    """At most `count` processes of `threads` threads each, started when there is something for them to do."""

    def __init__(self, count: int, *, threads: int, max_bytes: float, offline: bool = False) -> None:
        self._count = count
        self._threads = threads
        self._max_bytes = max_bytes
        self._offline = offline
        self._workers: list[_Worker] = []
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Has wait() raise Cancelled soon; may be called from any thread."""
        self._cancelled.set()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> int:
        """Calls begun and not ended."""
        return sum(worker.call is not None for worker in self._workers)

    @property
    def has_room(self) -> bool:
        return self.busy < self._count

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the worker processes."""
        return tuple(worker.process.pid or 0 for worker in self._workers)

    def begin(self, call: Call) -> None:
        """Gives `call` to a worker that waits, or to a new one; has_room must hold."""
        worker = next((worker for worker in self._workers if worker.call is None), None) or self._spawn()
        worker.call = call
        worker.deadline = time.monotonic() + call.seconds + (0.0 if worker.used else WARM_UP)
        with contextlib.suppress(OSError):  # a worker that died while it waited is noticed by wait()
            worker.pipe.send((call.function, call.arguments))

    def wait(self) -> list[Done]:
        """Waits until at least one call has come to an end; none when nothing was begun. Raises Cancelled after cancel()."""
        while self.busy:
            if self._cancelled.is_set():
                raise Cancelled("the conversion was stopped")
            working = [worker for worker in self._workers if worker.call is not None]
            ready = wait([worker.pipe for worker in working], timeout=TICK)
            done = [self._received(worker) for worker in working if worker.pipe in ready]
            done += [self._stopped(worker, error) for worker in working if (error := self._beyond(worker)) is not None]
            if done:
                return done
        return []

    def close(self) -> None:
        """Ends every worker, also in the middle of a call."""
        for worker in self._workers:
            worker.pipe.close()
            if worker.call is not None:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def _spawn(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        level = logging.getLogger().getEffectiveLevel()
        process = context.Process(target=serve, args=(theirs, self._threads, self._offline, level), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _received(self, worker: _Worker) -> Done:
        call = _call_of(worker)
        try:
            good, value = worker.pipe.recv()
        except (EOFError, OSError):
            return self._stopped(worker, None)
        worker.call, worker.used = None, True
        if good:
            return Done(call=call, value=value)
        return Done(call=call, error=_named(value, call))

    def _beyond(self, worker: _Worker) -> OmrError | None:
        """What to tell when a working process has passed a limit."""
        if worker.call is None:
            return None
        if time.monotonic() > worker.deadline:
            return ResourceError(
                f"{worker.call.what}: took more than {worker.call.seconds:g} s and was given up; allow more with --timeout-page"
            )
        with contextlib.suppress(psutil.Error):
            if psutil.Process(worker.process.pid).memory_info().rss > self._max_bytes:
                return ResourceError(
                    f"{worker.call.what}: needs more than {self._max_bytes / GIGABYTE:g} GB of memory and was given up; "
                    "allow more with --max-memory"
                )
        return None

    def _stopped(self, worker: _Worker, error: OmrError | None) -> Done:
        """The end of a call whose process is dead (no `error`) or has to die."""
        call = _call_of(worker)
        if error is not None:
            worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        return Done(call=call, error=error or _death(call, worker.process.exitcode))


def _call_of(worker: _Worker) -> Call:
    if worker.call is None:
        raise ValueError("this worker has nothing to do")
    return worker.call


def _named(error: OmrError, call: Call) -> OmrError:
    """`error` itself where it names its file, else with the file before it."""
    text = str(error)
    return error if call.what.split(":")[0] in text else type(error)(f"{call.what}: {text}")


def _death(call: Call, code: int | None) -> OmrError:
    if code is not None and code == -getattr(signal, "SIGKILL", 0) != 0:
        return ResourceError(
            f"{call.what}: the system ended the process, probably for want of memory; use fewer workers with -j"
        )
    how = f"signal {-code}" if code is not None and code < 0 else f"code {code}"
    return WorkerDied(f"{call.what}: the program crashed on it ({how}); leave it out with --pages and please report it")
