"""Results that go to an address: put there as soon as an input is done, before it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from omr.addresses import publish
from omr.batch.outcome import Outcome, failed
from omr.batch.progress import Watcher
from omr.commands.speech import result
from omr.errors import OmrError


class Publisher:
    """A watcher that moves the outputs below `folder` to `address`, a folder or the one file, and tells `teller`."""

    def __init__(self, teller: Watcher, folder: Path, address: str) -> None:
        self._teller = teller
        self._folder = folder
        base = address if address.endswith("/") or "." not in address.rsplit("/", 1)[-1] else address.rsplit("/", 1)[0]
        self._base = base.rstrip("/")

    def planned(self, pages: int) -> None:
        """So many pages are to be recognised."""
        self._teller.planned(pages)

    def page_done(self) -> None:
        """A page came to an end."""
        self._teller.page_done()

    def finished(self, outcome: Outcome) -> None:
        """Puts the outputs of an input in their place."""
        try:
            for path in outcome.outputs:
                publish(path, f"{self._base}/{path.relative_to(self._folder).as_posix()}")
        except OmrError as error:
            self._teller.finished(failed(outcome.source, error))
            return
        for path in outcome.outputs:
            result(f"{self._base}/{path.relative_to(self._folder).as_posix()}")
            path.unlink()
        self._teller.finished(replace(outcome, outputs=()) if outcome.outputs else outcome)
