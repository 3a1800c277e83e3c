"""One `omr convert` of many pages as a user starts it, seen from outside: when each page was out, how much memory it took.

Memory is the proportional set size (PSS) of the command and all its workers, looked at several times a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
LOOK = 0.25  # seconds
WARM_AFTER = 4
"""Inputs after which every worker has read a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A run of single-page inputs."""

    code: int
    moments: tuple[float, ...]
    """Seconds from the start at which each input was told, in order."""
    memory: tuple[tuple[float, float], ...]
    """(seconds from the start, MB)."""

    @property
    def warm_seconds(self) -> float:
        """Seconds a page after the first few."""
        return (self.moments[-1] - self.moments[WARM_AFTER - 1]) / (len(self.moments) - WARM_AFTER)

    @property
    def peak(self) -> float:
        """MB."""
        return max((size for _, size in self.memory), default=0.0)

    def growth(self, early: int, late: int) -> float:
        """MB by which the highest memory of the inputs around number `late` exceeds that around number `early`."""
        return self._around(late) - self._around(early)

    def _around(self, number: int) -> float:
        last = min(number, len(self.moments)) - 1
        first = max(0, last - 8)
        return max((size for at, size in self.memory if self.moments[first] <= at <= self.moments[last]), default=0.0)


def timed_convert(inputs: Sequence[Path], out: Path, *options: str, weighed: bool = True) -> Timed:
    """Converts `inputs`, one page each, into the folder `out`; looking at its memory, which takes time, where `weighed`."""
    command = [
        sys.executable,
        "-m",
        "omr.cli",
        "convert",
        *map(str, inputs),
        "-O",
        str(out),
        "--log-format",
        "json",
        *options,
    ]
    start = time.perf_counter()
    moments: list[float] = []
    memory: list[tuple[float, float]] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        looking = threading.Thread(target=_look, args=(process.pid, start, memory), daemon=True)
        if weighed:
            looking.start()
        for line in process.stderr or ():
            if line.startswith("{") and "outcome" in json.loads(line):
                moments.append(time.perf_counter() - start)
    if weighed:
        looking.join(5)
    return Timed(code=process.returncode, moments=tuple(moments), memory=tuple(memory))


def _look(process: int, start: float, memory: list[tuple[float, float]]) -> None:
    """Writes down the memory of a process and its children until it ends."""
    while True:
        try:
            family = psutil.Process(process)
            members = [family, *family.children(recursive=True)]
        except psutil.Error:
            return
        if family.status() == psutil.STATUS_ZOMBIE:
            return
        total = 0.0
        for member in members:
            try:
                total += member.memory_full_info().pss
            except psutil.Error:
                continue
        memory.append((time.perf_counter() - start, total / 1e6))
        time.sleep(LOOK)
