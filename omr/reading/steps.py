"""One step of reading a bar: a column gets its time, and each of its items a voice and a length, at a price.

Columns are walked from left to right. A column begins when some voice before it ends; every item either continues a voice that
ends there or begins a new one, and takes one of the values it may have. Voices that leave silence, values other than the
printed ones and lengths that do not fill the bar cost something. How the steps are searched is complete.py's and bar.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.reading.choices import Choice
from omr.reading.items import Item
from omr.reading.prices import (
    LOOSE,
    OFF_GRID,
    TOGETHER,
    TRIPLET,
    Reaches,
    Tariff,
    Voice,
    dropped,
    homes,
    unevenness,
)
from omr.reading.values import GRID, Value

OVER = 3.1  # a note longer than the rest of the bar
OVER_WHOLE = 4.6  # a note longer than any bar
LATE = 4.0  # a column at or beyond the bar's end
INSIDE = 1.3  # a column that begins where no voice ends: a voice enters without a rest


@dataclass(frozen=True, slots=True)
class Effort:
    """How widely a bar is searched."""

    width: int
    """Readings kept after each column."""
    choices: int
    """Values tried for an item."""
    margin: float
    """Readings dearer than the cheapest by more than this are dropped."""
    clear: float
    """A reading cheaper than this needs no wider search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One item with its place in the bar, in ticks."""

    item: Item
    onset: int
    ticks: int
    value: Value
    ratio: int
    after: int
    """Id of the item this one follows in its voice, -1: it begins one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarReading:
    """The cheapest reading of a bar; `end` is where its last voice ends."""

    placed: tuple[Placed, ...]
    cost: float
    end: int


@dataclass(slots=True)
class State:
    cost: float
    time: int
    voices: tuple[Voice, ...]
    trail: tuple[object, ...] | None = None
    step: int = 0
    """Ticks between the last two columns."""


Filling = tuple[float, tuple[Voice, ...], object]
"""(price, voices, trail) with some items of a column placed."""
_Way = tuple[float, int, int, int, Choice | None]
"""(price, order of finding, partial filling, place of the voice continued, value); no value: the item is left out."""


def times_of(
    state: State,
    column: Sequence[Item],
    length: int | None,
    spans: dict[int, int],
    stretch: float | None,
    reaches: Reaches,
    *,
    beside: bool = False,
) -> list[tuple[float, int, tuple[Voice, ...]]]:
    """When a column may begin: (price of the reading until then, time, voices still alive), cheapest first.

    `stretch` is how much wider (log 2) the gap before the column is than the one before that; None for the first column.
    `beside`: it may begin with the column before.
    """
    if stretch is None:
        return [(state.cost, 0, ())]
    now = state.time
    ends = sorted({voice[0] for voice in state.voices if voice[0] > now})
    limit = length if length is not None else 1 << 40
    times = dict.fromkeys(ends[:3], 0.0)
    targets = [*ends[:4], *([length] if length is not None else [])]
    for item in column:
        for target in targets:
            time = target - spans[item.id]
            if now < time < limit and time not in times:
                times[time] = INSIDE
    if beside:
        times[now] = TOGETHER
    if not any(time < limit for time in times):
        times[now + max(GRID, (min(limit, ends[0] if ends else limit) - now) // 2 // GRID * GRID)] = LATE
    found = []
    stops: dict[Voice, float] = {}
    for time, price in times.items():
        cost = state.cost + price + (LATE if time >= limit else 0.0)
        if state.step and time > now:
            cost += unevenness(stretch, time - now, state.step)
        alive = []
        for voice in state.voices:
            if voice[0] >= time:
                alive.append(voice)
            else:
                if voice not in stops:
                    stops[voice] = dropped(voice, state.voices, reaches)
                cost += stops[voice]
        found.append((cost, time, tuple(alive)))
    found.sort()  # no two are of the same time
    return found


def fill_item(
    item: Item,
    time: int,
    partial: Sequence[Filling],
    tariff: Tariff,
    length: int | None,
    effort: Effort,
    limit: float,
    reaches: Reaches,
) -> list[tuple[int, int, Filling]]:
    """The cheapest ways to place an item: (place of the filling continued, ticks, or -1 left out, filling), cheapest first."""
    found: list[tuple[int, int, Filling]] = []
    staff, direction = item.staff, item.direction
    group = item.group if item.beyond < 0 else LOOSE - item.beyond
    for price, _, index, place, choice in _ways(item, time, partial, tariff, length, effort, limit, reaches):
        _, held, trail = partial[index]
        if choice is None:
            found.append((index, -1, (price, held, trail)))
            continue
        after = -1
        if place >= 0:
            after = held[place][6]
            held = held[:place] + held[place + 1 :]
        ticks = choice.ticks
        voice = (time + ticks, staff, direction, group, choice.ratio, choice.value.shift, item.id)
        found.append((index, ticks, (price, (*held, voice), (trail, item, time, choice, after))))
    return found


def _ways(
    item: Item,
    time: int,
    partial: Sequence[Filling],
    tariff: Tariff,
    length: int | None,
    effort: Effort,
    limit: float,
    reaches: Reaches,
) -> list[_Way]:
    """The cheapest ways to place an item in the partial fillings, cheapest first."""
    ways: list[_Way] = []
    none, margin, late = tariff.absence, effort.margin, tariff.late if time else 0.0
    latest = length if length is not None else 1 << 40
    for index, (spent, held, _) in enumerate(partial):
        company = False
        for voice in held:
            if voice[4] == TRIPLET and voice[0] > time:
                company = True
                break
        if spent + none <= limit:
            ways.append((spent + none, len(ways), index, -2, None))
        for joining, place in homes(item, held, time, reaches):
            base = spent + joining + late
            if base > limit:
                break
            before = held[place] if place >= 0 else None
            for own, choice in tariff.after(before, time, company):
                price = base + own
                if price > limit:
                    break
                if time + choice.ticks > latest:
                    price += OVER if choice.ticks <= latest else OVER_WHOLE
                if price <= limit:
                    if price + margin < limit:
                        limit = price + margin
                    ways.append((price, len(ways), index, place, choice))
    ways.sort()  # no two are of the same order
    return ways[: effort.width]


def close(state: State, length: int | None, reaches: Reaches) -> float:
    """Price of the voices that do not end with the bar."""
    end = length if length is not None else max((voice[0] for voice in state.voices), default=0)
    cost = 0.0
    for voice in state.voices:
        if voice[0] < end:
            cost += dropped(voice, state.voices, reaches)
        if voice[0] % GRID:
            cost += OFF_GRID
    return cost


def unwind(state: State) -> tuple[Placed, ...]:
    placed = []
    trail = state.trail
    while trail is not None:
        before, item, time, choice, after = trail
        placed.append(
            Placed(
                item=item, onset=time, ticks=choice.ticks, value=choice.value,  # type: ignore[arg-type,attr-defined]
                ratio=choice.ratio, after=after,  # type: ignore[arg-type,attr-defined]
            )
        )  # fmt: skip
        trail = before  # type: ignore[assignment]
    return tuple(reversed(placed))
