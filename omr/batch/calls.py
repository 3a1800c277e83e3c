"""Functions called in worker processes, and what can go wrong with the process itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from omr.errors import OmrError


class WorkerDied(OmrError):
    """The process ended in the middle of a page: a fault of a library, or the system took its memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something for a worker to do."""

    key: Any
    """The caller's own name for it."""
    function: str
    """MODULE:NAME, imported in the worker only."""
    arguments: tuple[object, ...]
    what: str
    """For messages: the file and page."""
    seconds: float
    """Time limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A call that came to an end."""

    call: Call
    value: Any = None
    error: OmrError | None = None
