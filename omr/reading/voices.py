"""Which notes of a part follow each other in one voice, once a bar's times are read.

Runs that belong together (beams, tuplets) are laid on voices as whole. What decides is how engravers write parts: the first
voice of a staff sounds or rests all through the bar, others come and go; where two sound at once, the upper has its stems up
and stands higher; a voice stays on its staff unless its beam leaves it. All assignments are weighed together, the cheapest few
being kept after each run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from omr.reading.choices import ALTERNATING
from omr.reading.items import Item
from omr.reading.steps import Placed
from omr.reading.values import GRID

VOICES: Final = 4  # voices a staff may have
WIDTH: Final = 24  # assignments kept after each run

GAP_FIRST: Final = 2.0  # the first voice of a staff silent for a while
GAP: Final = 0.7  # another voice that pauses
ENTERS: Final = 0.9  # a voice that begins
LATE: Final = 0.3  # and more after the start of the bar
ALONE: Final = 1.2  # and more where the first voice of the staff is silent
DEEPER: Final = 0.6  # for each voice above it
TURN: Final = 0.6  # stems that turn within a voice while others sound
STEM: Final = 1.5  # a stem down over another voice, or up under it
HEIGHT: Final = 0.8  # a run below what sounds in the voices above it
REST_HEIGHT: Final = 1.1  # the same of a rest
CROSS: Final = 2.2  # a voice that goes to another staff without a beam
STRAY: Final = 5.0  # a run on another staff than its voice's that follows on nothing
AWAY: Final = 0.2  # a run there while the voice stays
UNTIED: Final = 1.5  # two notes in two voices that a tie joins
PARTED: Final = 0.25  # two runs parted that the bar's arithmetic had in one voice
LEAP: Final = 0.06  # for each step from a voice's last note to its next, up to an octave
OCTAVE: Final = 7  # steps
KEPT_FREE: Final = 1  # voices a run may leave free above itself, for what comes later and stands higher
MARGIN: Final = 6.0  # how much dearer than the cheapest an assignment may be to be kept


LOST: Final = 50.0  # a run for which every voice of its staff is taken
NOWHERE: Final = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What one voice sounds in a bar, in order of time."""

    staff: int
    """1 = upper staff of the part."""
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Notes and rests that no voice parts."""

    placed: tuple[Placed, ...]
    staves: frozenset[int]
    """Of the part."""

    start: int
    end: int
    stem: int
    """Up 1, down -1, unknown or both 0."""


def _run(placed: tuple[Placed, ...], staves: frozenset[int]) -> _Run:
    ways = {entry.item.direction for entry in placed if entry.item.direction}
    last = placed[-1]
    return _Run(
        placed=placed,
        staves=staves,
        start=placed[0].onset,
        end=last.onset + last.ticks,
        stem=ways.pop() if len(ways) == 1 else 0,
    )


_Order = tuple[float, float]
"""Prices of the first of two runs that sound together being the upper voice, and of its being the lower."""


@dataclass(frozen=True, slots=True)
class _State:
    cost: float
    homes: tuple[tuple[int, int], ...] = ()
    """(staff, voice) of each run so far."""
    ends: tuple[tuple[tuple[int, int], int, int], ...] = ()
    """((staff, voice), when it ends, last run) of the voices that have begun."""


_Way = tuple[float, _State, tuple[int, int]]
"""(price, state before, (staff, voice)) of a run on a voice."""


def voices_of(placed: Sequence[Placed], rows: Mapping[int, int]) -> tuple[tuple[int, Chain], ...]:
    """(number, what it sounds) of each voice of a part; `rows` maps its rows of the system to its staves.

    What is more than four voices at once on a staff is in none.
    """
    own = [entry for entry in placed if entry.item.staff in rows]
    runs = _runs(own, rows)
    homes = _assigned(runs)
    voices: dict[tuple[int, int], list[Placed]] = {}
    for run, home in zip(runs, homes, strict=True):
        voices.setdefault(home, []).extend(run.placed)
    return tuple(
        (VOICES * (staff - 1) + number, Chain(staff=staff, placed=tuple(sorted(members, key=_time))))
        for (staff, number), members in sorted(voices.items())
        if staff
    )


def _time(entry: Placed) -> tuple[int, int]:
    return entry.onset, entry.item.id


def _runs(placed: Sequence[Placed], rows: Mapping[int, int]) -> list[_Run]:
    """The runs of a bar in order of time, stems up first, then upper before lower."""
    home = {entry.item.id: index for index, entry in enumerate(placed)}
    members = [[index] for index in range(len(placed))]
    first: dict[int, int] = {}
    for index, entry in enumerate(placed):
        if entry.item.group >= 0:
            _join(first.setdefault(entry.item.group, index), index, placed, members)
    for index, entry in enumerate(placed):
        before = home.get(entry.after)
        if before is not None and _bound(placed[before], entry):
            _join(before, index, placed, members)
    for index, entry in enumerate(placed):
        if entry.item.is_rest and len(members[index]) == 1:
            _fill(index, placed, members)
    unique = {id(group): group for group in members}
    runs = []
    for group in unique.values():
        entries = tuple(sorted((placed[index] for index in group), key=_time))
        runs.append(_run(entries, frozenset(rows[entry.item.staff] for entry in entries)))
    return sorted(runs, key=lambda run: (run.start, -run.placed[0].item.direction, _top(run), run.placed[0].item.id))


def _bound(before: Placed, entry: Placed) -> bool:
    """Whether what follows in a voice cannot be another's: within a tuplet, or a tremolo of two chords."""
    if entry.ratio == ALTERNATING:
        return bool({n.id for n in before.item.tremolos} & {n.id for n in entry.item.tremolos})
    return entry.onset % GRID != 0 and bool(before.ratio)


def _join(one: int, other: int, placed: Sequence[Placed], members: list[list[int]]) -> None:
    """Put two runs into one where nothing in them sounds at the same time."""
    if members[one] is members[other]:
        return
    both = sorted(members[one] + members[other], key=lambda index: _time(placed[index]))
    if any(placed[a].onset + placed[a].ticks > placed[b].onset for a, b in pairwise(both)):
        return
    for index in both:
        members[index] = both


def _fill(rest: int, placed: Sequence[Placed], members: list[list[int]]) -> None:
    """Put a rest into the beam that leaves just its time free."""
    entry = placed[rest]
    for index, other in enumerate(placed):
        if other.item.group < 0 or other.item.staff != entry.item.staff or other.onset + other.ticks != entry.onset:
            continue
        if any(placed[mate].onset == entry.onset + entry.ticks for mate in members[index]):
            _join(index, rest, placed, members)
            return


def _top(run: _Run) -> float:
    return min(_height(entry.item) for entry in run.placed)


def _height(item: Item) -> float:
    """Height of the middle of an item on the page, pixels."""
    if item.rest is not None:
        return item.rest.box.center.y
    return sum(head.node.box.center.y for head in item.heads) / len(item.heads)


def _assigned(runs: Sequence[_Run]) -> tuple[tuple[int, int], ...]:
    """The cheapest (staff, voice) of each run."""
    before = {entry.item.id: place for place, run in enumerate(runs) for entry in run.placed}
    last = max((run.end for run in runs), default=0)
    tied = _tied(runs)
    states = [_State(0.0)]
    for place, run in enumerate(runs):
        over = {other: _order(runs[other], run) for other in range(place) if runs[other].end > run.start}
        followed = before.get(run.placed[0].after)
        states = _kept([way for old in states for way in _after(old, run, over, followed, tied[place], runs)], run.end)
    return min(states, key=lambda state: state.cost + _closing(state, last)).homes


def _tied(runs: Sequence[_Run]) -> tuple[tuple[int, ...], ...]:
    """For each run those before it that end as it begins, and from which a tie leads to its first chord."""
    arcs = [(_arcs(run.placed[0].item), _arcs(run.placed[-1].item)) for run in runs]
    return tuple(
        tuple(
            other
            for other in range(place)
            if runs[other].end == run.start and not arcs[other][1].isdisjoint(arcs[place][0])
        )
        for place, run in enumerate(runs)
    )


def _arcs(item: Item) -> frozenset[int]:
    return frozenset(node.id for node in item.attached if node.label == "tie")


def _after(
    state: _State,
    run: _Run,
    over: Mapping[int, _Order],
    last: int | None,
    tied: Sequence[int],
    runs: Sequence[_Run],
) -> list[_Way]:
    """The ways to lay the run on a voice that is free; `last` is what it follows in the bar's arithmetic, `tied` over ties."""
    orders = [(state.homes[other], order) for other, order in over.items() if any(order)]
    known = {home: (end, index) for home, end, index in state.ends}
    place = len(state.homes)
    found = []
    for staff in sorted({home[0] for home in known} | run.staves):
        new = 0
        for number in range(1, VOICES + 1):
            home = staff, number
            ended, index = known.get(home, (0, None))
            if ended > run.start:
                continue
            strange = 0.0
            if staff not in run.staves:
                follows = index is not None and ended == run.start
                stays = follows and index is not None and bool(run.staves & runs[index].staves)
                strange = AWAY if stays else CROSS if follows else STRAY
            cost = state.cost + strange + _entry(number, ended, run.start, new=index is None)
            if number > 1 and (index is None or ended < run.start) and known.get((staff, 1), (0, None))[0] <= run.start:
                cost += ALONE
            if over and index is not None and run.stem * runs[index].stem < 0:
                cost += TURN
            if last is not None and last != place and index != last:
                cost += PARTED
            cost += UNTIED * sum(state.homes[other] != home for other in tied)
            if index is not None and ended == run.start:
                cost += LEAP * _leap(runs[index].placed[-1].item, run.placed[0].item)
            for other, (above, below) in orders:
                if other != NOWHERE:
                    cost += above if other < home else below
            found.append((cost, state, home))
            new += index is None and number > 1
            if new > KEPT_FREE:
                break  # the voices below are as free as this one
    return found or [(state.cost + LOST, state, NOWHERE)]


def _leap(before: Item, item: Item) -> float:
    """Steps from a chord to the next of a staff, none to a rest or another staff, an octave at most."""
    if before.staff != item.staff or not before.heads or not item.heads:
        return 0.0
    one, other = (sum(head.position for head in each.heads) / len(each.heads) for each in (before, item))
    return min(abs(one - other), OCTAVE)


def _entry(number: int, ended: int, start: int, *, new: bool) -> float:
    """Price of a voice that goes on at `start`, or begins there."""
    if number == 1:
        return GAP_FIRST if ended < start else 0.0
    if new:
        return ENTERS + DEEPER * (number - 2) + (LATE if start else 0.0)
    return GAP if ended < start else 0.0


def _order(one: _Run, other: _Run) -> _Order:
    if not one.staves & other.staves:
        return 0.0, 0.0
    pairs = [
        (a.item, b.item)
        for a in one.placed
        for b in other.placed
        if a.onset < b.onset + b.ticks and b.onset < a.onset + a.ticks and a.item.staff == b.item.staff
    ]
    if not pairs:
        return 0.0, 0.0
    upper = lower = 0.0
    for item, mate in pairs:
        upper += STEM * ((item.direction < 0) + (mate.direction > 0))
        lower += STEM * ((item.direction > 0) + (mate.direction < 0))
        price = REST_HEIGHT if item.is_rest or mate.is_rest else HEIGHT
        down = _height(item) - _height(mate)
        upper += price * (down > 1)
        lower += price * (down < -1)
    return upper / len(pairs), lower / len(pairs)


def _closing(state: _State, last: int) -> float:
    """Price of first voices that end before others of their staff or were never there, of staves that end before the bar."""
    ends: dict[int, int] = {}
    for (staff, _), end, _ in state.ends:
        ends[staff] = max(end, ends.get(staff, 0))
    firsts = {staff: end for (staff, number), end, _ in state.ends if number == 1}
    silent = sum((firsts.get(staff, -1) < end) + (staff not in firsts) + (end < last) for staff, end in ends.items())
    return GAP_FIRST * silent


def _kept(ways: Sequence[_Way], end: int) -> list[_State]:
    """The cheapest states, one of those that go on alike, after ways to lay a run that ends at `end`."""
    found: list[_State] = []
    seen: set[object] = set()
    bound = min(way[0] for way in ways) + MARGIN
    ranked = sorted(((cost, (*state.homes, home), state) for cost, state, home in ways if cost <= bound), key=_by_homes)
    for cost, homes, state in ranked:
        ends = _ends(state, homes, end)
        if ends not in seen:
            seen.add(ends)
            found.append(_State(cost, homes, ends))
            if len(found) == WIDTH:
                break
    return found


def _by_homes(entry: tuple[float, tuple[tuple[int, int], ...], _State]) -> tuple[float, tuple[tuple[int, int], ...]]:
    return entry[:2]


def _ends(state: _State, homes: tuple[tuple[int, int], ...], end: int) -> tuple[tuple[tuple[int, int], int, int], ...]:
    """The voices that have begun after one more run, which ends at `end`."""
    home = homes[-1]
    if home == NOWHERE:
        return state.ends
    others = [entry for entry in state.ends if entry[0] != home]
    return tuple(sorted([*others, (home, end, len(homes) - 1)]))
