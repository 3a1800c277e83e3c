"""Draws of synthetic pages in child processes: an engraver that aborts or never ends costs its own draw alone."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

log = logging.getLogger(__name__)

LONGEST = 240
"""Seconds after which a draw is given up: verovio lays some excerpts out for ever."""

Made = TypeVar("Made")


def run_draws(work: Callable[[int], Made], indices: range, jobs: int) -> Iterator[Made]:
    """Results in order. Each draw runs in a child process: an engraver that aborts or never ends costs its own draw alone."""
    waiting = list(indices)
    while waiting:
        done = 0
        with ProcessPoolExecutor(jobs) as pool:
            futures = [pool.submit(_limited, work, index) for index in waiting]
            try:
                for future in futures:
                    yield future.result()
                    done += 1
            except BrokenProcessPool:
                log.warning("draw %d left out: the engraver aborted or did not end", waiting[done])
                done += 1
        waiting = waiting[done:]


def _limited(work: Callable[[int], Made], index: int) -> Made:
    """`work(index)`; the process ends where it takes longer than LONGEST."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST)
    try:
        return work(index)
    finally:
        signal.alarm(0)
