"""What every search of a bar rests on, found once: the values of its items, their prices, and the widths between its columns.

A bar is read several times, with other lengths, efforts and limits. Within `sharing()` these readings share their basis and
what they found; a few bars are kept, because the readings of one follow each other soon.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, Final

from omr.reading.choices import Choice, Tuplets, choices_of, group_sizes, parted_groups, shared_figures, spans_of
from omr.reading.items import Item
from omr.reading.prices import Prices, Tariff, beside, reaches_of, stretches, tied_over

KEPT: Final = 64  # bars: the samples of a section, read with and without tuplets, and some more


class Basis:
    """The columns of a bar with the values its items are tried with."""

    def __init__(self, columns: Sequence[Sequence[Item]], tuplets: Tuplets) -> None:
        self.columns = columns
        members, shared = group_sizes(columns), shared_figures(columns)
        parted = parted_groups(columns, shared)
        self.choices: dict[int, tuple[Choice, ...]] = {
            item.id: choices_of(item, members, shared, tuplets, parted) for column in columns for item in column
        }
        self.reaches = reaches_of(columns)
        self._tied_over = tied_over(columns)
        self.spans = spans_of(columns, self.choices)
        self.found: dict[Hashable, Any] = {}
        """What searches found, by all that makes them alike."""
        self._tariffs: dict[int | None, dict[int, Tariff]] = {}

    @cached_property
    def widths(self) -> list[float | None]:
        """See stretches."""
        return stretches(self.columns)

    @cached_property
    def beside(self) -> list[bool]:
        """See beside."""
        return beside(self.columns)

    def tariffs(self, most: int | None = None) -> dict[int, Tariff]:
        """The prices of each item's `most` likeliest values, or of all."""
        if most not in self._tariffs:
            found: dict[int, Prices] = {}  # by the identity of the values
            self._tariffs[most] = {
                item.id: Tariff(item, own[:most], found.setdefault(id(own), {}), tied_over=item.id in self._tied_over)
                for column in self.columns
                for item in column
                for own in (self.choices[item.id],)
            }
        return self._tariffs[most]


_kept: ContextVar[OrderedDict[tuple[int, Tuplets], Basis] | None] = ContextVar("bars read last", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """Within this context readings of the same columns share their basis."""
    token = _kept.set(OrderedDict() if _kept.get() is None else _kept.get())
    try:
        yield
    finally:
        _kept.reset(token)


def basis_of(columns: Sequence[Sequence[Item]], tuplets: Tuplets) -> Basis:
    """The basis of a bar, that of an earlier reading where it is still kept."""
    kept = _kept.get()
    if kept is None:
        return Basis(columns, tuplets)
    key = id(columns), tuplets  # of columns that the basis holds
    if key not in kept:
        kept[key] = Basis(columns, tuplets)
        if len(kept) > KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]
