"""What runs beside the window in a process of its own: recognition, engraving, export.

A process can be ended at any moment, so cancelling never waits for a stage, and a fault in a model's runtime loses nothing of
the document. There is no Qt here, and the heavy libraries are imported by the tasks that need them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from omr.errors import OmrError, ResourceError
from omr.progress import Progress

log = logging.getLogger(__name__)

Task = Callable[..., Any]
"""A function of a module, called with the request's arguments and a Progress."""


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for `task(*arguments, progress)`; the answers carry `key`."""

    key: object
    task: Task
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """The task has come this far."""

    key: object
    page: int
    """0 = first of the file."""
    name: str
    """Of the stage, or "page done"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the task returned."""

    key: object
    value: object


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the task failed: one line for the user."""

    key: object
    message: str


class _Told(Progress):
    """Progress that goes through the pipe."""

    def __init__(self, pipe: Connection, key: object) -> None:
        self._pipe, self._key = pipe, key

    def stage(self, page: int, name: str) -> None:
        self._pipe.send(Stage(self._key, page, name))

    def page_done(self, page: int) -> None:
        self._pipe.send(Stage(self._key, page, "page done"))


def serve(pipe: Connection) -> None:
    """Answers one request after another until the pipe is closed."""
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    while True:
        try:
            request: Request = pipe.recv()
            pipe.send(_answer(request, _Told(pipe, request.key)))
        except (EOFError, BrokenPipeError, KeyboardInterrupt):
            return


def _answer(request: Request, progress: Progress) -> Answer | Failure:
    try:
        return Answer(request.key, request.task(*request.arguments, progress))
    except OmrError as error:
        return Failure(request.key, str(error))
    except MemoryError:
        return Failure(request.key, str(ResourceError("there is not enough memory for this; close other programs")))
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:  # the border of the process: whatever it is must reach the window
        log.exception("a task failed")
        return Failure(request.key, f"internal error ({type(error).__name__}: {error}); please report it")
