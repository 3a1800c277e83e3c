"""How long work tells what it is doing; silent by default."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about each stage; `advance` may raise errors.Cancelled to stop the work."""

    def start(self, *, total: int, unit: str) -> None:
        """`total` units of work follow."""

    def advance(self, message: str) -> None:
        """One unit is done."""


class Silent:
    """Progress that nobody watches."""

    def start(self, *, total: int, unit: str) -> None:
        return None

    def advance(self, message: str) -> None:
        return None


SILENT: Progress = Silent()
