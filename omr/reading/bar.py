"""The arithmetic of one bar: an onset and a length for every chord and rest, at the least price.

Columns are walked from left to right. A column begins when some voice before it ends; every item either continues a voice that
ends there or begins a new one, and takes one of the values it may have. Voices that leave silence, values other than the
printed ones and lengths that do not fill the bar cost something; a beam search keeps the cheapest readings. Because every bar
begins at 0 whatever the bar before did, one wrong bar never moves the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from omr.reading.choices import Choice, Tuplets, choices_of, spans_of
from omr.reading.items import Item
from omr.reading.prices import (
    OFF_GRID,
    TRIPLET,
    Reaches,
    Tariff,
    Voice,
    dropped,
    homes,
    reaches_of,
    stretches,
    unevenness,
)
from omr.reading.values import GRID, Value

OVER = 2.6  # a note longer than the rest of the bar
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


QUICK = Effort(3, 3, 1.7, 0.7)
EFFORTS = (QUICK, Effort(8, 6, 3.2, 2.0), Effort(36, 10, 5.5, 0.0))


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


def read_bar(
    columns: Sequence[Sequence[Item]],
    length: int | None,
    *,
    tuplets: Tuplets,
    efforts: Sequence[Effort] = EFFORTS,
    give_up: float = inf,
) -> BarReading:
    """The cheapest reading of a bar of `length` ticks (None: unknown, any common end is as good).

    Wider searches follow while the reading is not clear; a search stops where every reading costs more than `give_up`.
    """
    choices = {item.id: choices_of(item, columns, tuplets) for column in columns for item in column}
    spans = spans_of(columns, choices)
    best: BarReading | None = None
    for effort in efforts:
        reading = _search(columns, length, choices, spans, effort, give_up)
        if best is None or reading.cost < best.cost:
            best = reading
        if best.cost <= effort.clear:
            break
    assert best is not None
    return best


def _search(
    columns: Sequence[Sequence[Item]],
    length: int | None,
    choices: dict[int, tuple[Choice, ...]],
    spans: dict[int, int],
    effort: Effort,
    give_up: float,
) -> BarReading:
    states = [State(0.0, 0, ())]
    widths, reaches = stretches(columns), reaches_of(columns)
    tried = {item.id: Tariff(item, choices[item.id][: effort.choices]) for column in columns for item in column}
    for number, column in enumerate(columns):
        following: list[State] = []
        bound = inf
        for state in states:
            for cost, time, voices in times_of(state, column, length, spans, widths[number], reaches):
                if cost > bound:
                    break
                filled = _fill(state, column, time, voices, cost, tried, length, effort, bound, reaches)
                if filled:  # cheapest first
                    following.extend(filled)
                    bound = min(bound, filled[0].cost + effort.margin)
        states = _prune(following, effort)
        if states[0].cost > give_up:
            return BarReading(placed=(), cost=states[0].cost, end=0)
    closed = [(state.cost + close(state, length, reaches), index, state) for index, state in enumerate(states)]
    cost, _, best = min(closed, key=lambda entry: entry[:2])
    end = max((voice[0] for voice in best.voices), default=0)
    return BarReading(placed=unwind(best), cost=cost, end=end)


def times_of(
    state: State,
    column: Sequence[Item],
    length: int | None,
    spans: dict[int, int],
    stretch: float | None,
    reaches: Reaches,
) -> list[tuple[float, int, tuple[Voice, ...]]]:
    """When a column may begin: (price of the reading until then, time, voices still alive), cheapest first.

    `stretch` is how much wider (log 2) the gap before the column is than the one before that; None for the first column.
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
    if not any(time < limit for time in times):
        times[now + max(GRID, (min(limit, ends[0] if ends else limit) - now) // 2 // GRID * GRID)] = LATE
    found = []
    for time, price in times.items():
        cost = state.cost + price + (LATE if time >= limit else 0.0)
        if state.step:
            cost += unevenness(stretch, time - now, state.step)
        alive = []
        for voice in state.voices:
            if voice[0] >= time:
                alive.append(voice)
            else:
                cost += dropped(voice, state.voices, reaches)
        found.append((cost, time, tuple(alive)))
    found.sort(key=lambda entry: entry[:2])
    return found


def _fill(
    state: State,
    column: Sequence[Item],
    time: int,
    voices: tuple[Voice, ...],
    cost: float,
    tariffs: dict[int, Tariff],
    length: int | None,
    effort: Effort,
    bound: float,
    reaches: Reaches,
) -> list[State]:
    """The ways to place the items of a column at `time` that cost less than `bound`."""
    partial: list[Filling] = [(cost, voices, state.trail)]
    for item in column:
        ways = fill_item(item, time, partial, tariffs[item.id], length, effort, bound, reaches)
        partial = [filling for _, _, filling in ways]
    step = time - state.time
    return [State(spent, time, held, trail, step) for spent, held, trail in partial]  # type: ignore[arg-type]


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
    ways = _ways(item, time, partial, tariff, length, effort, limit, reaches)
    return [(way[2], -1 if way[4] is None else way[4].ticks, _taken(way, item, time, partial)) for way in ways]


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
    none = tariff.absence
    latest = length if length is not None else 1 << 40
    for index, (spent, held, _) in enumerate(partial):
        company = any(voice[4] == TRIPLET and voice[0] > time for voice in held)
        if spent + none <= limit:
            ways.append((spent + none, len(ways), index, -2, None))
        for joining, place in homes(item, held, time, reaches):
            base = spent + joining
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
                    limit = min(limit, price + effort.margin)
                    ways.append((price, len(ways), index, place, choice))
    ways.sort(key=_way_order)
    return ways[: effort.width]


def _way_order(way: _Way) -> tuple[float, int]:
    return way[0], way[1]


def _taken(way: _Way, item: Item, time: int, partial: Sequence[Filling]) -> Filling:
    """The partial filling after one way was taken."""
    price, _, index, place, choice = way
    _, held, trail = partial[index]
    if choice is None:
        return price, held, trail
    before = held[place] if place >= 0 else None
    rest = held if before is None else held[:place] + held[place + 1 :]
    after = before[6] if before is not None else -1
    shift = choice.value.shift
    voice = (time + choice.ticks, item.staff, item.direction, item.group, choice.ratio, shift, item.id)
    return price, (*rest, voice), (trail, item, time, choice, after)


def _prune(states: list[State], effort: Effort) -> list[State]:
    states.sort(key=lambda state: state.cost)
    bound = states[0].cost + effort.margin
    kept: list[State] = []
    seen: set[object] = set()
    for state in states:
        if state.cost > bound:
            break
        key = (state.time, tuple(sorted(voice[:6] for voice in state.voices)))
        if key not in seen:
            seen.add(key)
            kept.append(state)
            if len(kept) == effort.width:
                break
    return kept


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
