"""The arithmetic of one bar: an onset and a length for every chord and rest, at the least price.

The search is complete where few readings cost little, as in a bar that is printed and seen well; where every reading is dear,
a beam search keeps the cheapest. Because every bar begins at 0 whatever the bar before did, one wrong bar never moves the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from omr.memory import Memory, mark, present
from omr.reading.choices import EVERYWHERE, Tuplets
from omr.reading.complete import Search
from omr.reading.effort import affordable
from omr.reading.items import Item
from omr.reading.prices import Tariff, Voice
from omr.reading.renumber import Renumbered
from omr.reading.steps import BarReading, Effort, Filling, State, close, fill_item, unwind

QUICK = Effort(3, 3, 1.7, 0.7)
EFFORTS = (QUICK, Effort(8, 6, 3.2, 2.0), Effort(36, 10, 5.5, 0.0))
BOUNDS = (0.4, 1.0, 2.2)  # prices up to which the search is complete at first
FAR_BOUNDS = (2.2, 3.5, 5.0, 7.0)  # and where the beams found nothing as cheap
STEPS = 1200  # fillings after which it is given up
FAR_STEPS = 3000


def read_bar(
    columns: Sequence[Sequence[Item]],
    length: int | None,
    *,
    tuplets: Tuplets,
    efforts: Sequence[Effort] = EFFORTS,
    give_up: float = inf,
    enough: float = inf,
) -> BarReading:
    """The cheapest reading of a bar of `length` ticks (None: unknown, any common end is as good).

    Wider searches follow while the reading is not clear; a search stops where every reading costs more than `give_up`.
    One that costs more than `enough` may come out without its notes, and with any price above that.
    """
    memory = present()
    if memory is None:
        return _search(columns, length, tuplets, efforts, give_up, enough=enough)[0]
    terms = length, tuplets, tuple(efforts), give_up
    if memory.hasty and efforts == EFFORTS and not knows_bar(columns, *terms):
        return _known(memory, columns, *terms)
    return memory.recall(("bar", terms, id(columns)), columns, lambda: _known(memory, columns, *terms))


def knows_bar(
    columns: Sequence[Sequence[Item]], length: int | None, tuplets: Tuplets, efforts: tuple[Effort, ...], give_up: float
) -> bool:
    """Whether an earlier reading has read these very columns so."""
    memory = present()
    return memory is not None and memory.knows(("bar", (length, tuplets, efforts, give_up), id(columns)))


def _known(
    memory: Memory,
    columns: Sequence[Sequence[Item]],
    length: int | None,
    tuplets: Tuplets,
    efforts: tuple[Effort, ...],
    give_up: float,
) -> BarReading:
    """The reading of a bar with the same ink, whatever its chords are numbered."""
    bar = Renumbered(columns)
    terms = length, tuplets, efforts, give_up
    key = "bar", bar.marks, terms
    if memory.hasty and efforts == EFFORTS and not memory.knows(key):
        guess = memory.last_guess(("guess", terms, id(columns)))
        if isinstance(guess, BarReading):
            return guess
        reading, sure = _search(columns, *terms, hasty=True)
        if not sure:
            return memory.guess(("guess", terms, id(columns)), columns, reading)
        found = memory.recall(key, columns, lambda: bar.numbered(reading))
    else:
        found = memory.recall(key, columns, lambda: bar.numbered(_search(columns, *terms)[0]))
    return memory.recall(("reading", mark(bar.items), terms), bar.items, lambda: bar.restored(found))


def _search(
    columns: Sequence[Sequence[Item]],
    length: int | None,
    tuplets: Tuplets,
    efforts: Sequence[Effort],
    give_up: float,
    *,
    hasty: bool = False,
    enough: float = inf,
) -> tuple[BarReading, bool]:
    """(the cheapest reading found, whether searching on would change nothing); a hasty search stops at the first beam."""
    search = Search(columns, length, tuplets, most=1, steps=STEPS)
    for bound in BOUNDS:
        found = search.within(min(bound, give_up))
        if found:
            return found[0], True
        if found is None:
            break
        if bound >= min(give_up, enough):
            return BarReading(placed=(), cost=bound, end=0), True
    best: BarReading | None = None
    wide = affordable(efforts, columns)
    for effort in wide:
        reading = _beam(search, effort, min(give_up, enough))
        if best is None or reading.cost < best.cost:
            best = reading
        if hasty or best.cost <= min(effort.clear, enough):
            break
    assert best is not None
    if hasty and best.cost > wide[0].clear:
        return best, len(wide) == 1
    return _cheaper(search, best, efforts if tuplets == EVERYWHERE else wide, give_up) or best, True


def _cheaper(search: Search, best: BarReading, efforts: Sequence[Effort], give_up: float) -> BarReading | None:
    """A reading that beams lost on the way, as the long runs of triplets that nothing announces; None: none was found."""
    if len(efforts) < len(EFFORTS):
        return None
    search.allow(FAR_STEPS)
    for bound in FAR_BOUNDS:
        if bound > min(best.cost, give_up):
            return None
        found = search.within(bound)
        if found is None:
            return None
        if found:
            return found[0]
    return None


def _beam(search: Search, effort: Effort, give_up: float) -> BarReading:
    """The cheapest reading that keeping a few after each column finds."""
    key = search.length, effort
    least: float
    found: BarReading | None
    least, found = search.basis.found.get(key, (inf, None))
    if found is None or give_up < least:
        found = _cheapest(search, effort, give_up)
        if found.placed:  # not given up: what more patience finds too
            search.basis.found[key] = give_up, found
    return found


def _cheapest(search: Search, effort: Effort, give_up: float) -> BarReading:
    states = [State(0.0, 0, ())]
    tried = search.basis.tariffs(effort.choices)
    for number, column in enumerate(search.columns):
        following = _Cheapest(effort)
        for state in states:
            for cost, time, voices in search.times(state, number):
                if cost > following.bound:
                    break
                following.add(_fill(search, state, column, time, voices, cost, tried, effort, following.bound))
        states = following.kept()
        if states[0].cost > give_up:
            return BarReading(placed=(), cost=states[0].cost, end=0)
    closed = [
        (state.cost + close(state, search.length, search.reaches), index, state) for index, state in enumerate(states)
    ]
    cost, _, best = min(closed, key=lambda entry: entry[:2])
    end = max((voice[0] for voice in best.voices), default=0)
    return BarReading(placed=unwind(best), cost=cost, end=end)


def _fill(
    search: Search,
    state: State,
    column: Sequence[Item],
    time: int,
    voices: tuple[Voice, ...],
    cost: float,
    tariffs: dict[int, Tariff],
    effort: Effort,
    bound: float,
) -> list[State]:
    """The ways to place the items of a column at `time` that cost less than `bound`."""
    partial: list[Filling] = [(cost, voices, state.trail)]
    for item in column:
        ways = fill_item(item, time, partial, tariffs[item.id], search.length, effort, bound, search.reaches)
        partial = [filling for _, _, filling in ways]
    step = time - state.time
    return [State(spent, time, held, trail, step) for spent, held, trail in partial]  # type: ignore[arg-type]


class _Cheapest:
    """The cheapest state of each kind after a column; those alike in their voices go on alike."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort
        self._found: dict[object, tuple[float, int, State]] = {}
        self._number = 0
        self.bound = inf
        """Dearer states are not kept."""

    def add(self, states: Sequence[State]) -> None:
        """Takes states, cheapest first."""
        if not states:
            return
        found = self._found
        for state in states:
            self._number += 1
            key = state.time, tuple(sorted([voice[:6] for voice in state.voices]))
            if key not in found or state.cost < found[key][0]:
                found[key] = state.cost, self._number, state
        self.bound = min(self.bound, states[0].cost + self._effort.margin)
        if len(found) >= self._effort.width:
            costs = sorted([entry[0] for entry in found.values()])
            self.bound = min(self.bound, costs[self._effort.width - 1])

    def kept(self) -> list[State]:
        """As many as the effort allows."""
        ranked = sorted(self._found.values())  # no two have the same number
        bound = ranked[0][0] + self._effort.margin
        return [state for cost, _, state in ranked[: self._effort.width] if cost <= bound]
