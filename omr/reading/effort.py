"""How widely a bar may be searched, so that none takes long however much ink it holds.

A search takes about as many steps as readings are kept, times values tried, times chords and rests. Counting these instead of
seconds gives the same reading on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from omr.reading.items import Item

STEPS_MAX = 10_000  # of one search: about a third of a second


class Width(Protocol):
    """How widely a bar is searched."""

    @property
    def width(self) -> int:
        """Readings kept after each column."""

    @property
    def choices(self) -> int:
        """Values tried for an item."""


W = TypeVar("W", bound=Width)


def affordable(efforts: Sequence[W], columns: Sequence[Sequence[Item]]) -> tuple[W, ...]:
    """Those of `efforts` (narrowest first) that a bar of these columns may cost; the first always."""
    items = sum(map(len, columns))
    return tuple(
        effort
        for place, effort in enumerate(efforts)
        if not place or effort.width * effort.choices * items <= STEPS_MAX
    )
