"""The arithmetic of one bar: an onset and a length for every chord and rest, at the least price.

Columns are walked from left to right. A column begins when some voice before it ends; every item either continues a voice that
ends there or begins a new one, and takes one of the values it may have. Voices that leave silence, values other than the
printed ones and lengths that do not fill the bar cost something; a beam search keeps the cheapest readings. Because every bar
begins at 0 whatever the bar before did, one wrong bar never moves the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log2

from omr.reading.items import Item
from omr.reading.values import GRID, TICKS, Value, values_of

RATIOS: tuple[tuple[int, int], ...] = ((1, 1), (3, 2), (5, 4), (7, 4), (2, 3), (4, 3), (6, 4))
"""(actual, normal) of the tuplets a reading may use; the first is none."""

NEW_TOGETHER = 0.15  # a second voice from the start of the bar, or under a sounding one, with the other stem direction
NEW_SAME = 0.9  # the same with the stem direction of the voice that sounds
NEW_SILENT = 1.2  # a voice after silence without a rest
DROP_COVERED = 0.4  # a voice that stops while another of its staff sounds
DROP_SILENT = 2.4  # a voice that stops and leaves its staff silent
TURN_ALONE = 0.1  # a stem that turns within the only voice of a staff
TURN = 0.5  # a stem that turns although the staff has two voices
CROSS_BEAM = 0.1  # a beam that runs over to the other staff
CROSS = 2.0  # a voice that goes to the other staff without a beam
OVER = 2.6  # a note longer than the rest of the bar
LATE = 4.0  # a column at or beyond the bar's end
INSIDE = 1.3  # a column that begins where no voice ends: a voice enters without a rest
SPACING = 0.6  # doublings of width a doubling of duration takes
UNEVEN = 0.6  # price of a doubling of width too much or too little
UNEVEN_FREE = 0.45  # doublings that cost nothing: accidentals and seconds need room
UNEVEN_MAX = 1.2
OFF_GRID = 3.0  # a plain value in the middle of a tuplet
RATIO_CHANGE = 1.2  # a beam that is a tuplet only in part
SHARED_SHIFT = 0.2  # a missed beam level, for each further note of the group
DROP_REST = 1.0  # a rest that is none, and more by its confidence
DROP_REST_SCORE = 2.4
DROP_HEADS = 3.0  # a chord that is none
DROP_HEADS_SCORE = 5.0



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

Voice = tuple[int, int, int, int, int, int, int]
"""(end, staff, stem direction, beam group, ratio, shift, last item)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuplets:
    """Prices of beginning a triplet that has no figure."""

    beamed: float = 1.6
    loose: float = 3.0
    figured: float = 0.0
    ignored: float = 1.4
    """A figure that belongs to no tuplet: fingering."""


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


@dataclass(frozen=True, slots=True)
class _Choice:
    ticks: int
    value: Value
    ratio: int
    start: float
    """Price of the ratio when it begins here."""


@dataclass(slots=True)
class _State:
    cost: float
    time: int
    voices: tuple[Voice, ...]
    trail: tuple[object, ...] | None = None
    step: int = 0
    """Ticks between the last two columns."""


_Way = tuple[float, int, int, int, _Choice | None]
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
    choices = {item.id: _choices(item, columns, tuplets) for column in columns for item in column}
    spans = _spans(columns, choices)
    best: BarReading | None = None
    for effort in efforts:
        reading = _search(columns, length, choices, spans, effort, give_up)
        if best is None or reading.cost < best.cost:
            best = reading
        if best.cost <= effort.clear:
            break
    assert best is not None
    return best


def _choices(item: Item, columns: Sequence[Sequence[Item]], tuplets: Tuplets) -> tuple[_Choice, ...]:
    figures = {node.label for node in item.figures}
    beamed = item.group >= 0
    members = sum(other.group == item.group for column in columns for other in column) if beamed else 1
    fits = beamed and members % 3 == 0
    found = []
    for value in values_of(item):
        found.append(_Choice(value.ticks, value, 0, tuplets.ignored if figures & {"numeral3"} else 0.0))
        price = tuplets.figured if figures & {"numeral3", "numeral6", "tupleBracket"} else None
        if price is None:
            price = tuplets.beamed if fits else tuplets.loose if not beamed else (tuplets.beamed + tuplets.loose) / 2
        found.append(_Choice(value.ticks * 2 // 3, value, 1, price))
        for label, ratio in (("numeral5", 2), ("numeral7", 3), ("numeral2", 4), ("numeral4", 5)):
            if label in figures:
                actual, normal = RATIOS[ratio]
                found.append(_Choice(value.ticks * normal // actual, value, ratio, 0.8))
    found.sort(key=lambda choice: (choice.value.cost + choice.start, choice.ratio, choice.ticks))
    return tuple(found[:12])


def _spans(columns: Sequence[Sequence[Item]], choices: dict[int, tuple[_Choice, ...]]) -> dict[int, int]:
    """For each item the printed length, in ticks, of its beam group from it on, or its own."""
    spans: dict[int, int] = {}
    rest: dict[int, int] = {}
    for column in reversed(columns):
        for item in column:
            own = choices[item.id][0].ticks
            if item.group >= 0:
                own += rest.get(item.group, 0)
                rest[item.group] = own
            spans[item.id] = own
    return spans


def _search(
    columns: Sequence[Sequence[Item]],
    length: int | None,
    choices: dict[int, tuple[_Choice, ...]],
    spans: dict[int, int],
    effort: Effort,
    give_up: float,
) -> BarReading:
    states = [_State(0.0, 0, ())]
    stretches = _stretches(columns)
    tried = {key: found[: effort.choices] for key, found in choices.items()}
    for number, column in enumerate(columns):
        following: list[_State] = []
        bound = inf
        for state in states:
            for cost, time, voices in _times(state, column, length, spans, stretches[number]):
                if cost > bound:
                    break
                filled = _fill(state, column, time, voices, cost, tried, length, effort, bound)
                if filled:  # cheapest first
                    following.extend(filled)
                    bound = min(bound, filled[0].cost + effort.margin)
        states = _prune(following, effort)
        if states[0].cost > give_up:
            return BarReading(placed=(), cost=states[0].cost, end=0)
    closed = [(state.cost + _closing(state, length), index, state) for index, state in enumerate(states)]
    cost, _, best = min(closed, key=lambda entry: entry[:2])
    end = max((voice[0] for voice in best.voices), default=0)
    return BarReading(placed=_unwind(best), cost=cost, end=end)


def _stretches(columns: Sequence[Sequence[Item]]) -> list[float | None]:
    """For each column how much wider (log 2) the gap before it is than the one before that; 0 where there is only one."""
    xs = [sum(item.x for item in column) / len(column) for column in columns]
    gaps = [max(1.0, b - a) for a, b in zip(xs, xs[1:], strict=False)]
    found: list[float | None] = [None, 0.0]
    found.extend(log2(b / a) for a, b in zip(gaps, gaps[1:], strict=False))
    return found[: len(columns)]


def _unevenness(stretch: float, step: int, before: int) -> float:
    """Price of two steps in time whose widths on paper do not go with them: longer notes take more room, not in proportion."""
    off = abs(SPACING * log2(step / before) - stretch) - UNEVEN_FREE
    return min(UNEVEN_MAX, UNEVEN * off) if off > 0 else 0.0


def _times(
    state: _State, column: Sequence[Item], length: int | None, spans: dict[int, int], stretch: float | None
) -> list[tuple[float, int, tuple[Voice, ...]]]:
    """When a column may begin: (price of the reading until then, time, voices still alive), cheapest first.

    `stretch` is how much wider (log 2) the gap before the column is than the one before that; None for the first column.
    """
    if stretch is None:
        return [(state.cost, 0, ())]
    now = state.time
    ends = sorted({voice[0] for voice in state.voices if voice[0] > now})
    limit = length if length is not None else 1 << 40
    times = {end: 0.0 for end in ends[:3]}
    targets = [*ends[:4], *([length] if length is not None else [])]
    for item in column:
        for target in targets:
            for span in (spans[item.id],):
                time = target - span
                if now < time < limit and time not in times:
                    times[time] = INSIDE
    if not any(time < limit for time in times):
        times[now + max(GRID, (min(limit, ends[0] if ends else limit) - now) // 2 // GRID * GRID)] = LATE
    found = []
    for time, price in times.items():
        cost = state.cost + price + (LATE if time >= limit else 0.0)
        if state.step:
            cost += _unevenness(stretch, time - now, state.step)
        alive = []
        for voice in state.voices:
            if voice[0] >= time:
                alive.append(voice)
            else:
                cost += _dropped(voice, state.voices)
        found.append((cost, time, tuple(alive)))
    found.sort(key=lambda entry: entry[:2])
    return found


def _dropped(voice: Voice, voices: Sequence[Voice]) -> float:
    covered = any(other[1] == voice[1] and other[0] > voice[0] for other in voices)
    return DROP_COVERED if covered else DROP_SILENT


def _fill(
    state: _State,
    column: Sequence[Item],
    time: int,
    voices: tuple[Voice, ...],
    cost: float,
    choices: dict[int, tuple[_Choice, ...]],
    length: int | None,
    effort: Effort,
    bound: float,
) -> list[_State]:
    """The ways to place the items of a column at `time` that cost less than `bound`."""
    partial: list[tuple[float, tuple[Voice, ...], object]] = [(cost, voices, state.trail)]
    for item in column:
        ways = _ways(item, time, partial, choices[item.id], length, effort, bound)
        partial = [_taken(way, item, time, partial) for way in ways]
    step = time - state.time
    return [_State(spent, time, held, trail, step) for spent, held, trail in partial]  # type: ignore[arg-type]


def _ways(
    item: Item,
    time: int,
    partial: Sequence[tuple[float, tuple[Voice, ...], object]],
    choices: Sequence[_Choice],
    length: int | None,
    effort: Effort,
    limit: float,
) -> list[_Way]:
    """The cheapest ways to place an item in the partial fillings, cheapest first."""
    ways: list[_Way] = []
    absence = _absence(item)
    latest = length if length is not None else 1 << 40
    for index, (spent, held, _) in enumerate(partial):
        if spent + absence <= limit:
            ways.append((spent + absence, len(ways), index, -2, None))
        for joining, place in _homes(item, held, time):
            base = spent + joining
            if base > limit:
                break
            before = held[place] if place >= 0 else None
            mate = before is not None and item.group >= 0 and before[3] == item.group
            for choice in choices:
                price = base + _price(choice, before, time, mate)
                if time + choice.ticks > latest:
                    price += OVER
                if price <= limit:
                    limit = min(limit, price + effort.margin)
                    ways.append((price, len(ways), index, place, choice))
    ways.sort(key=_way_order)
    return ways[: effort.width]


def _way_order(way: _Way) -> tuple[float, int]:
    return way[0], way[1]


def _taken(
    way: _Way, item: Item, time: int, partial: Sequence[tuple[float, tuple[Voice, ...], object]]
) -> tuple[float, tuple[Voice, ...], object]:
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


def _absence(item: Item) -> float:
    """Price of taking an item for no music at all."""
    if item.rest is not None:
        return DROP_REST + DROP_REST_SCORE * item.rest.score
    return DROP_HEADS + DROP_HEADS_SCORE * max(head.node.score for head in item.heads)


def _homes(item: Item, voices: Sequence[Voice], time: int) -> list[tuple[float, int]]:
    """(price, place of the voice an item may continue), cheapest first; place -1 is a new voice."""
    found: list[tuple[float, int]] = []
    mates = [voice for voice in voices if voice[1] == item.staff]
    for place, voice in enumerate(voices):
        if voice[0] != time:
            continue
        if voice[1] != item.staff:
            same_beam = item.group >= 0 and voice[3] == item.group
            found.append((CROSS_BEAM if same_beam else CROSS, place))
        elif voice[2] and item.direction and voice[2] != item.direction:
            found.append((TURN if len(mates) > 1 else TURN_ALONE, place))
        else:
            found.append((0.0, place))
    sounding = [voice for voice in mates if voice[0] > time]
    if not mates:
        price = NEW_SILENT if time > 0 else 0.0
    elif not sounding:
        price = NEW_SILENT
    else:
        clash = any(voice[2] == item.direction and voice[2] for voice in sounding)
        price = NEW_SAME if clash or len(sounding) > 1 else NEW_TOGETHER
        price += 0.3 if time > 0 else 0.0
    found.append((price, -1))
    found.sort()
    return found


def _price(choice: _Choice, before: Voice | None, time: int, mate: bool) -> float:
    """Price of a value for an item that follows `before`, its beam mate or not."""
    value = choice.value
    cost = value.cost
    if mate and before is not None and value.shift and before[5] == value.shift:
        cost = SHARED_SHIFT
    on_grid = time % GRID == 0
    if choice.ratio == 0:
        if mate and before is not None and before[4]:
            cost += RATIO_CHANGE
        return cost + (0.0 if on_grid else OFF_GRID) + (choice.start if not mate else 0.0)
    if mate and before is not None:
        return cost + (0.0 if before[4] == choice.ratio else RATIO_CHANGE + choice.start)
    inside = before is not None and before[4] == choice.ratio and not on_grid
    return cost + (0.0 if inside else choice.start)


def _prune(states: list[_State], effort: Effort) -> list[_State]:
    states.sort(key=lambda state: state.cost)
    bound = states[0].cost + effort.margin
    kept: list[_State] = []
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


def _closing(state: _State, length: int | None) -> float:
    """Price of the voices that do not end with the bar."""
    end = length if length is not None else max((voice[0] for voice in state.voices), default=0)
    cost = 0.0
    for voice in state.voices:
        if voice[0] < end:
            cost += _dropped(voice, state.voices)
        if voice[0] % GRID:
            cost += OFF_GRID
    return cost


def _unwind(state: _State) -> tuple[Placed, ...]:
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
