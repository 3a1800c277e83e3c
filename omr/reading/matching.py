"""Which staff of a system is which staff of the document: an alignment that keeps the order from top to bottom.

Parts keep their order all through a document and empty staves are left out, so a system shows some of the document's staves, in
order. Who a staff is shows in its name, the brace that joins it to a neighbour, its clef, its key beside the others', its
size, the barlines it shares and how high its notes lie. A staff that is none of those known becomes one of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import mean

from omr.reading.profiles import Profile, StaffSign, profile_of

ABSENT = 0.3  # price of a part that a system does not show
STILL_ABSENT = 0.2  # the same where the system before did not show it either
HALF = 3.0  # price of showing one staff of a braced part without the other
ADDED = 2.2  # price of a staff that no other system showed
ADDED_RARE = 3.4  # the same in a system of an uncommon size, where a fault of staff detection is likelier
RARE = 0.1  # a number of staves fewer systems have than this share is uncommon
BRACED = 1.5  # price of a pair of staves that is braced in the system and not in the document, or the other way round
SHARED = 0.3  # the same with barlines that run on from staff to staff
PLACES = 6  # decimals to which prices are compared

SystemSigns = tuple[StaffSign, ...]
Path = tuple[int | None, ...]
"""For each staff of a system its column; None: a new one."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The staves of the document and where each system shows them."""

    places: tuple[tuple[int, ...], ...]
    """places[i][row]: the document's staff (0 = top) that row `row` of system i is."""
    groups: tuple[int, ...]
    """Staves of each part from the top."""

    @property
    def rows(self) -> tuple[tuple[int | None, ...], ...]:
        """rows[k][i]: the row of document staff k in system i, None where the system lacks it."""
        shown = [{staff: row for row, staff in enumerate(places)} for places in self.places]
        return tuple(tuple(rows.get(staff) for rows in shown) for staff in range(sum(self.groups)))


def match_staves(systems: Sequence[SystemSigns], starts: frozenset[int] = frozenset()) -> Roster:
    """The roster of a document from what its systems show, top to bottom; at `starts` (movements) nothing is remembered."""
    if not systems:
        return Roster((), ())
    core = _core(systems)
    columns: list[list[StaffSign]] = [[sign] for sign in systems[core]]
    paths: dict[int, list[int]] = {core: list(range(len(columns)))}
    for index in sorted(range(len(systems)), key=lambda place: (place < core, abs(place - core))):
        if index != core:
            path = _assigned(systems[index], columns, frozenset(), _added(systems, index))
            paths[index] = _insert(columns, paths, systems[index], path)
    places = _settled(systems, columns, starts)
    used = sorted({column for path in places for column in path})
    columns = [columns[column] for column in used]
    places = [tuple(used.index(column) for column in path) for path in places]
    return Roster(tuple(places), _groups(_braced_columns(systems, places, len(columns))))


def _core(systems: Sequence[SystemSigns]) -> int:
    """The first system of the commonest make among the fullest that are no exception."""
    sizes = Counter(len(signs) for signs in systems)
    size = max((size for size, count in sizes.items() if count > RARE * len(systems)), default=max(sizes))
    makes = [_make(signs) for signs in systems]
    votes = Counter(make for make in makes if len(make) == size)
    return makes.index(max(votes, key=lambda make: (votes[make], sum(held for held, _ in make), repr(make))))


def _make(signs: SystemSigns) -> tuple[tuple[bool, str], ...]:
    return tuple((sign.held, repr(sign.clef)) for sign in signs)


def _added(systems: Sequence[SystemSigns], index: int) -> float:
    alike = sum(len(signs) == len(systems[index]) for signs in systems)
    return ADDED if alike > RARE * len(systems) else ADDED_RARE


def _settled(
    systems: Sequence[SystemSigns], columns: Sequence[Sequence[StaffSign]], starts: frozenset[int]
) -> list[tuple[int, ...]]:
    """Every system against the finished columns, in order, so that what was absent on the line before is likelier absent."""
    places: list[tuple[int, ...]] = []
    absent: frozenset[int] = frozenset()
    for index, signs in enumerate(systems):
        path = _assigned(signs, columns, frozenset() if index in starts else absent, None)
        shown = tuple(column for column in path if column is not None)
        absent = frozenset(range(len(columns))) - frozenset(shown)
        places.append(shown)
    return places


def _insert(columns: list[list[StaffSign]], paths: dict[int, list[int]], signs: SystemSigns, path: Path) -> list[int]:
    """Add the signs of a system to the columns of its path, making those that are new; the columns it has then."""
    own: list[int] = []
    made = 0
    for row, (sign, column) in enumerate(zip(signs, path, strict=True)):
        if column is not None:
            columns[column + made].append(sign)
            own.append(column + made)
            continue
        place = own[-1] + 1 if own else 0
        if row == 0 or not signs[row - 1].held:
            limit = next((below + made for below in path[row:] if below is not None), len(columns))
            place = _free_place(columns, place, limit)
        columns.insert(place, [sign])
        for other in paths.values():
            other[:] = [staff + (staff >= place) for staff in other]
        own.append(place)
        made += 1
    return own


def _free_place(columns: Sequence[Sequence[StaffSign]], place: int, limit: int) -> int:
    """`place` or, where that lies inside a braced part, the end of the part; never beyond `limit`."""
    while 0 < place < limit and _votes_braced(columns[place - 1]):
        place += 1
    return place


def _votes_braced(column: Sequence[StaffSign]) -> bool:
    return 2 * sum(sign.held for sign in column) >= len(column)


def _braced_columns(systems: Sequence[SystemSigns], places: Sequence[Sequence[int]], count: int) -> list[bool]:
    """For each staff of the document but the last, whether a brace joins it to the next.

    So it does in half the systems that show both, a system counting as often as it has staves: a guess that two lone staves
    are a piano's says less than a full system.
    """
    seen, held = Counter[int](), Counter[int]()
    for signs, path in zip(systems, places, strict=True):
        for row, (upper, lower) in enumerate(pairwise(path)):
            if lower == upper + 1:
                seen[upper] += len(signs)
                held[upper] += len(signs) * signs[row].held
    return [seen[k] > 0 and 2 * held[k] >= seen[k] for k in range(count - 1)]


def _groups(joined: Sequence[bool]) -> tuple[int, ...]:
    sizes = [1]
    for together in joined:
        if together:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return tuple(sizes)


def _assigned(
    signs: SystemSigns, columns: Sequence[Sequence[StaffSign]], absent: frozenset[int], added: float | None
) -> Path:
    """The cheapest path of a system through the columns; of equally cheap ones the lowest columns: upper parts rest oftener.

    `added` is the price of a new column; None: there is a column for every staff.
    """
    profiles = [profile_of(column) for column in columns]
    parts = _part_of([profile.held for profile in profiles])
    skips = _Skips(tuple(parts), tuple(STILL_ABSENT if k in absent else ABSENT for k in range(len(columns))))
    states: dict[tuple[int, bool], tuple[float, Path]] = {(0, False): (0.0, ())}
    for row, sign in enumerate(signs):
        above = signs[row - 1] if row else None
        following: dict[tuple[int, bool], tuple[float, Path]] = {}
        fits = [profile.price(sign) for profile in profiles]
        for (j, matched), (cost, path) in states.items():
            torn = HALF if above is not None and above.held else 0.0
            if added is not None:
                _keep(following, (j, False), cost + added + (torn if matched else 0.0), (*path, None))
            for k in range(j, len(columns)):
                price = cost + skips.price(j, k) + fits[k]
                if matched and above is not None:
                    price += _link(above, profiles, parts, j - 1, k)
                elif above is not None:
                    price += torn
                _keep(following, (k + 1, True), price, (*path, k))
        states = following
    ends = [(cost + skips.price(j, len(columns)), path) for (j, _), (cost, path) in states.items()]
    return min(ends, key=_order)[1]


def _keep(states: dict[tuple[int, bool], tuple[float, Path]], state: tuple[int, bool], cost: float, path: Path) -> None:
    if state not in states or _order((cost, path)) < _order(states[state]):
        states[state] = (cost, path)


def _order(entry: tuple[float, Path]) -> tuple[float, tuple[int, ...]]:
    cost, path = entry
    return round(cost, PLACES), tuple(1 if column is None else -column for column in path)


def _part_of(held: Sequence[bool]) -> list[int]:
    parts = [0]
    for together in held[:-1]:
        parts.append(parts[-1] + (not together))
    return parts


def _link(above: StaffSign, profiles: Sequence[Profile], parts: Sequence[int], upper: int, lower: int) -> float:
    """What it costs that two neighbours of the system are joined otherwise than their columns are."""
    price = BRACED if above.held != (parts[upper] == parts[lower]) else 0.0
    through = mean(profile.through for profile in profiles[upper:lower])
    return price + SHARED * abs(above.through - through)


@dataclass(frozen=True, slots=True)
class _Skips:
    """Prices of columns that a system does not show."""

    parts: tuple[int, ...]
    absent: tuple[float, ...]

    def price(self, j: int, k: int) -> float:
        """Of the columns from j to k, k left out, when j - 1 and k are shown (there is none before 0 or after the last)."""
        if j == k:
            return 0.0
        cut = {self.parts[x] for x in (j - 1, k) if 0 <= x < len(self.parts)}
        between = self.parts[j:k]
        whole = sum(price for part, price in zip(between, self.absent[j:k], strict=True) if part not in cut)
        return whole + HALF * len(cut & set(between))


def part_names(roster: Roster, systems: Sequence[SystemSigns]) -> tuple[str | None, ...]:
    """The name of each part: the one read oftenest before its staves; None where none was read."""
    ends = tuple(accumulate(roster.groups))
    votes = [Counter[str]() for _ in ends]
    for signs, path in zip(systems, roster.places, strict=True):
        for sign, staff in zip(signs, path, strict=True):
            if sign.name:
                votes[bisect_right(ends, staff)][sign.name] += 1
    return tuple(min(found, key=lambda name: (-found[name], name)) if found else None for found in votes)
