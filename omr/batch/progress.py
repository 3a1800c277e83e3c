"""How a batch tells what it is doing."""

from __future__ import annotations

from typing import Protocol

from omr.batch.outcome import Outcome


class Watcher(Protocol):
    """Told by the process that runs the batch, never by workers."""

    def planned(self, pages: int) -> None:
        """So many pages are to be recognised."""

    def page_done(self) -> None:
        """A page is recognised, is empty or has failed."""

    def finished(self, outcome: Outcome) -> None:
        """An input is done; inputs are told in the order they were given, whatever the number of workers."""
