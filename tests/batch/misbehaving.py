"""Things a worker process may do to us."""

from __future__ import annotations

import os
import signal
import socket
import time

from omr.errors import InputError


def double(number: int) -> int:
    return 2 * number


def refuse(text: str) -> None:
    raise InputError(text)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(3)


def hang() -> None:
    time.sleep(600)


def hoard() -> None:
    kept = []
    while True:
        kept.append(bytearray(os.urandom(1 << 20)) * 50)
        time.sleep(0.02)


def fault() -> None:
    raise RuntimeError("a fault of ours")


def no_memory() -> None:
    raise MemoryError


def connect() -> None:
    socket.create_connection(("192.0.2.1", 80), timeout=1)


def own_process() -> int:
    return os.getpid()
