"""All readings of a bar under a bound on the price.

Readings that agree in their voices at the end of a column are merged, keeping the few cheapest of different music, and nothing
else under the bound is dropped; so the cheapest that come out are the cheapest there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from omr.reading.basis import basis_of
from omr.reading.choices import Tuplets
from omr.reading.items import Item
from omr.reading.prices import Tariff, Voice
from omr.reading.steps import BarReading, Effort, State, close, fill_item, times_of, unwind

COMPLETE: Final = Effort(1 << 30, 1 << 30, inf, 0.0)
Music = int
"""Hash of which items sound when and how long, as far as read."""
Entry = tuple[float, int, Music, State]
"""(price, order of finding, music, state)."""


class Search:
    """A bar with the values its items are tried with; `most` readings are kept of those that end alike.

    `steps` is how many fillings of columns all searches together may try.
    """

    def __init__(
        self, columns: Sequence[Sequence[Item]], length: int | None, tuplets: Tuplets, *, most: int, steps: int
    ) -> None:
        self.columns, self.length, self._most, self._left = columns, length, most, steps
        self.basis = basis_of(columns, tuplets)
        self.reaches = self.basis.reaches

    def allow(self, steps: int) -> None:
        """Let the searches to come try this many fillings."""
        self._left = steps

    def times(self, state: State, number: int) -> list[tuple[float, int, tuple[Voice, ...]]]:
        """When column `number` may begin after `state`, see times_of."""
        three = number > 1 and state.step == 0  # the two columns before begin together
        return times_of(
            state, self.columns[number], self.length, self.basis.spans, self.basis.widths[number], self.reaches,
            beside=self.basis.beside[number]
            and not (three and _under_one_beam(*self.columns[number - 2 : number + 1 : 2])),
        )  # fmt: skip

    def within(self, bound: float) -> tuple[BarReading, ...] | None:
        """The cheapest readings that cost at most `bound`; None when the steps are used up."""
        key = self.length, self._most, self._left, bound
        if key not in self.basis.found:
            self.basis.found[key] = self._within(bound), self._left
        found: tuple[BarReading, ...] | None
        found, self._left = self.basis.found[key]
        return found

    def _within(self, bound: float) -> tuple[BarReading, ...] | None:
        entries: list[Entry] = [(0.0, 0, 0, State(0.0, 0, ()))]
        tariffs = self.basis.tariffs()
        for number, column in enumerate(self.columns):
            grown: list[Entry] = []
            for _, _, music, state in entries:
                for cost, time, voices in self.times(state, number):
                    if cost > bound:
                        break
                    grown.extend(self._fillings(state, column, time, voices, cost, music, bound, tariffs))
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
        tariffs: Mapping[int, Tariff],
    ) -> list[Entry]:
        partial: list[tuple[float, tuple[Voice, ...], object, Music]] = [(cost, voices, state.trail, music)]
        for item in column:
            ways = fill_item(
                item, time, [entry[:3] for entry in partial], tariffs[item.id], self.length, COMPLETE, bound,
                self.reaches,
            )  # fmt: skip
            self._left -= len(ways)
            kept: dict[object, tuple[float, tuple[Voice, ...], object, Music]] = {}
            for index, ticks, (spent, held, trail) in ways:
                mark = partial[index][3]
                if ticks >= 0:  # what is left out sounds at no time, whenever its column begins
                    mark = hash((mark, item.id, time, ticks))
                key = mark, tuple(sorted([voice[:6] for voice in held]))
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
            key = state.time, state.step, tuple(sorted([voice[:6] for voice in state.voices]))
            known = seen.setdefault(key, set())
            if len(known) < self._most and entry[2] not in known:
                known.add(entry[2])
                kept.append(entry)
        return kept

    def _closed(self, entries: Sequence[Entry], bound: float) -> tuple[BarReading, ...]:
        ended = sorted(
            ((state.cost + close(state, self.length, self.reaches), number, music, state)
             for number, (_, _, music, state) in enumerate(entries)),
            key=lambda entry: entry[:2],
        )  # fmt: skip
        found: dict[Music, BarReading] = {}
        for cost, _, music, state in ended:
            if cost <= bound and music not in found and len(found) < self._most:
                end = max((voice[0] for voice in state.voices), default=0)
                found[music] = BarReading(placed=unwind(state), cost=cost, end=end)
        return tuple(found.values())


def _under_one_beam(column: Sequence[Item], other: Sequence[Item]) -> bool:
    """Whether two columns hold notes of one beam group, which follow each other."""
    groups = {item.group for item in column if item.group >= 0}
    return any(item.group in groups for item in other)
