"""How recognition tells what it is doing; silent by default."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about each stage of each page; either method may raise errors.Cancelled to stop the work."""

    def stage(self, page: int, name: str) -> None:
        """Stage `name` begins on page `page` (0 = first of the file)."""

    def page_done(self, page: int) -> None:
        """Page `page` is recognised, or was found to have no staves."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, page: int, name: str) -> None:
        return None

    def page_done(self, page: int) -> None:
        return None


SILENT: Progress = Silent()
