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

from omr.reading.paths import Path, cheapest_path
from omr.reading.profiles import Profile, StaffSign, profile_of

ADDED = 2.2  # price of a staff that no other system showed
ADDED_RARE = 3.4  # the same in a system of an uncommon size, where a fault of staff detection is likelier
RARE = 0.1  # a number of staves fewer systems have than this share is uncommon

SystemSigns = tuple[StaffSign, ...]


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
            profiles = [profile_of(column) for column in columns]
            path = cheapest_path(systems[index], profiles, absent=frozenset(), added=_added(systems, index))
            paths[index] = _insert(columns, paths, systems[index], path)
    places = _settled(systems, [profile_of(column) for column in columns], starts)
    used = sorted({column for path in places for column in path})
    places = [tuple(used.index(column) for column in path) for path in places]
    return Roster(tuple(places), _groups(_braced_columns(systems, places, len(used))))


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
    systems: Sequence[SystemSigns], profiles: Sequence[Profile], starts: frozenset[int]
) -> list[tuple[int, ...]]:
    """Every system against all staves, in order, so that what was absent on the line before is likelier absent."""
    places: list[tuple[int, ...]] = []
    absent: frozenset[int] = frozenset()
    for index, signs in enumerate(systems):
        path = cheapest_path(signs, profiles, absent=frozenset() if index in starts else absent, added=None)
        shown = tuple(column for column in path if column is not None)
        absent = frozenset(range(len(profiles))) - frozenset(shown)
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


def part_names(roster: Roster, systems: Sequence[SystemSigns]) -> tuple[str | None, ...]:
    """The name of each part: the one read oftenest before its staves; None where none was read."""
    ends = tuple(accumulate(roster.groups))
    votes = [Counter[str]() for _ in ends]
    for signs, path in zip(systems, roster.places, strict=True):
        for sign, staff in zip(signs, path, strict=True):
            if sign.name:
                votes[bisect_right(ends, staff)][sign.name] += 1
    return tuple(min(found, key=lambda name: (-found[name], name)) if found else None for found in votes)
