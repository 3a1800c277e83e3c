"""The best few readings of one bar, in order of their price: what a person is offered when the first is wrong.

The space is that of the usual search (bar.py): every item left out or given one of its values, in a voice that ends there or a
new one. Within a bound on the price the search is complete: readings that agree in their voices at the end of a column are
merged, keeping the few cheapest of different music, and nothing else is dropped. The bound grows until enough readings lie
under it. A bar on which that takes too many steps keeps what was found and says that it is not proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from omr.reading.bar import (
    BarReading,
    Effort,
    State,
    close,
    fill_item,
    read_bar,
    times_of,
    unwind,
)
from omr.reading.choices import Tuplets, choices_of, spans_of
from omr.reading.items import Item
from omr.reading.prices import Tariff, Voice, reaches_of, stretches

COMPLETE: Final = Effort(1 << 30, 1 << 30, inf, 0.0)
BOUNDS: Final = (0.7, 1.5, 2.5, 4.0, 6.0)  # above the cheapest reading
STEPS: Final = 6000  # fillings tried before a bar is given up; about a twentieth of a second

Music = int
"""Hash of which items sound when and how long, as far as read."""
Entry = tuple[float, int, Music, State]
"""(price, order of finding, music, state)."""


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
    first = read_bar(columns, length, tuplets=tuplets)
    search = _Search(columns, length, tuplets, most, steps)
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


class _Search:
    """All readings of a bar under a bound."""

    def __init__(
        self, columns: Sequence[Sequence[Item]], length: int | None, tuplets: Tuplets, most: int, steps: int
    ) -> None:
        self._columns, self._length, self._most, self._left = columns, length, most, steps
        choices = {item.id: choices_of(item, columns, tuplets) for column in columns for item in column}
        self._spans = spans_of(columns, choices)
        self._tariffs = {item.id: Tariff(item, choices[item.id]) for column in columns for item in column}
        self._widths, self._reaches = stretches(columns), reaches_of(columns)

    def within(self, bound: float) -> tuple[BarReading, ...] | None:
        """The cheapest readings that cost at most `bound`; None when the steps are used up."""
        entries: list[Entry] = [(0.0, 0, 0, State(0.0, 0, ()))]
        for number, column in enumerate(self._columns):
            grown: list[Entry] = []
            for _, _, music, state in entries:
                for cost, time, voices in times_of(
                    state, column, self._length, self._spans, self._widths[number], self._reaches
                ):
                    if cost <= bound:
                        grown.extend(self._fillings(state, column, time, voices, cost, music, bound))
                    if self._left <= 0:
                        return None
            entries = self._merged(grown)
        return self._closed(entries, bound)

    def _fillings(
        self,
        state: State,
        column: Sequence[Item],
        time: int,
        voices: tuple[Voice, ...],
        cost: float,
        music: Music,
        bound: float,
    ) -> list[Entry]:
        partial: list[tuple[float, tuple[Voice, ...], object, Music]] = [(cost, voices, state.trail, music)]
        for item in column:
            ways = fill_item(
                item, time, [entry[:3] for entry in partial], self._tariffs[item.id], self._length, COMPLETE, bound,
                self._reaches,
            )  # fmt: skip
            self._left -= len(ways)
            kept: dict[object, tuple[float, tuple[Voice, ...], object, Music]] = {}
            for index, ticks, (spent, held, trail) in ways:
                mark = hash((partial[index][3], item.id, time, ticks))
                key = mark, tuple(sorted(voice[:6] for voice in held))
                if key not in kept or spent < kept[key][0]:
                    kept[key] = spent, held, trail, mark
            partial = list(kept.values())
        step = time - state.time
        return [
            (spent, number, mark, State(spent, time, held, trail, step))  # type: ignore[arg-type]
            for number, (spent, held, trail, mark) in enumerate(partial)
        ]

    def _merged(self, entries: list[Entry]) -> list[Entry]:
        """The cheapest few of different music for each set of voices."""
        entries.sort(key=lambda entry: entry[:2])
        kept: list[Entry] = []
        seen: dict[object, set[Music]] = {}
        for entry in entries:
            state = entry[3]
            key = state.time, state.step, tuple(sorted(voice[:6] for voice in state.voices))
            known = seen.setdefault(key, set())
            if len(known) < self._most and entry[2] not in known:
                known.add(entry[2])
                kept.append(entry)
        return kept

    def _closed(self, entries: Sequence[Entry], bound: float) -> tuple[BarReading, ...]:
        ended = sorted(
            ((state.cost + close(state, self._length, self._reaches), number, music, state)
             for number, (_, _, music, state) in enumerate(entries)),
            key=lambda entry: entry[:2],
        )  # fmt: skip
        found: dict[Music, BarReading] = {}
        for cost, _, music, state in ended:
            if cost <= bound and music not in found and len(found) < self._most:
                end = max((voice[0] for voice in state.voices), default=0)
                found[music] = BarReading(placed=unwind(state), cost=cost, end=end)
        return tuple(found.values())
