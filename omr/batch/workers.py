"""What a run needs of those who do the work: processes of this machine, or a cluster."""

from __future__ import annotations

from typing import Protocol

from omr.batch.calls import Call, Done


class Workers(Protocol):
    """Take calls and tell when each has come to an end, in any order."""

    @property
    def busy(self) -> int:
        """Calls begun and not ended."""

    @property
    def has_room(self) -> bool:
        """Whether another call may be begun."""

    def begin(self, call: Call) -> None:
        """Begins `call`; has_room must hold."""

    def wait(self) -> list[Done]:
        """Waits until at least one call has come to an end; none when nothing was begun."""
