"""What runs in a worker process: one call after another, from a pipe, until the pipe closes.

Functions are named MODULE:NAME and imported here, never in the parent, which stays light.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import signal
import threading
import traceback
from multiprocessing.connection import Connection, wait
from typing import Any

from omr.errors import OmrError, ResourceError

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def serve(pipe: Connection, threads: int, offline: bool, level: int) -> None:
    """Answers (function, arguments) with (True, value) or (False, OmrError). Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal's processes; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for name in THREAD_VARIABLES:
        os.environ[name] = str(threads)
    logging.basicConfig(level=level, format="omr: %(message)s", force=True)
    if offline:
        from omr.offline import refuse_connections

        refuse_connections()
    while True:
        try:
            name, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        answer = attempt(name, arguments)
        try:
            pipe.send(answer)
        except OSError:
            return


def attempt(name: str, arguments: tuple[object, ...]) -> tuple[bool, Any]:
    """(True, value) or (False, the OmrError that tells what went wrong), whatever the function MODULE:NAME does."""
    try:
        module, _, function = name.partition(":")
        return True, getattr(importlib.import_module(module), function)(*arguments)
    except OmrError as error:
        return False, error
    except MemoryError:
        return False, ResourceError("needs more memory than there is; use fewer workers (-j) or a smaller scan")
    except Exception:  # noqa: BLE001  a fault of ours costs one page and is told with its traceback
        lines = traceback.format_exc()
        logging.getLogger("omr").error("internal error; please report these lines:\n%s", lines)
        return False, OmrError("internal error; please report it with the lines above")


def _end_with_parent() -> None:
    """A worker whose parent was killed would finish its page for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
