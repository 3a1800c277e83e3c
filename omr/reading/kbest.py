"""The best few readings of one bar, in order of their price: what a person is offered when the first is wrong.

The space is that of the usual search (bar.py): every item left out or given one of its values, in a voice that ends there or a
new one. Within a bound on the price the search is complete: readings that agree in their voices at the end of a column are
merged, keeping the few cheapest of different music, and nothing else is dropped. The bound grows until enough readings lie
under it. A bar on which that takes too many steps keeps what was found and says that it is not proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from omr.reading.bar import read_bar
from omr.reading.basis import sharing
from omr.reading.choices import Tuplets
from omr.reading.complete import Search
from omr.reading.items import Item
from omr.reading.steps import BarReading

BOUNDS: Final = (0.7, 1.5, 2.5, 3.2, 3.8, 4.4, 5.2, 6.0)  # above the cheapest reading; each costs twice the one before
STEPS: Final = 6000  # fillings tried before a bar is given up; about a twentieth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Readings of one bar, cheapest first, no two of the same onsets and lengths."""

    readings: tuple[BarReading, ...]
    proven: bool
    """Whether no cheaper reading was left out."""


def best_readings(
    columns: Sequence[Sequence[Item]], length: int | None, *, tuplets: Tuplets, most: int = 5, steps: int = STEPS
) -> Ranked:
    """The `most` cheapest readings of a bar of `length` ticks (None: unknown)."""
    if not columns:
        return Ranked(readings=(BarReading(placed=(), cost=0.0, end=0),), proven=True)
    with sharing():
        first = read_bar(columns, length, tuplets=tuplets)
        search = Search(columns, length, tuplets, most=most, steps=steps)
    found: tuple[BarReading, ...] = ()
    for margin in BOUNDS:
        complete = search.within(first.cost + margin)
        if complete is None:
            return Ranked(readings=_joined(first, found, most), proven=False)
        found = complete
        if len(found) >= most:
            break
    return Ranked(readings=_joined(first, found, most), proven=len(found) >= most)


def _joined(first: BarReading, found: Sequence[BarReading], most: int) -> tuple[BarReading, ...]:
    """`found`, with the reading of the usual search where it is not among them."""
    own = music_of(first)
    if any(music_of(reading) == own for reading in found):
        return tuple(found[:most])
    return tuple(sorted((first, *found), key=lambda reading: reading.cost)[:most])


def music_of(reading: BarReading) -> frozenset[tuple[int, int, int]]:
    """(item, onset, ticks) of everything that sounds or rests."""
    return frozenset((entry.item.id, entry.onset, entry.ticks) for entry in reading.placed)
