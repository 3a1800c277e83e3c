"""The cheapest way to lay the staves of one system along the staves of the document, top to bottom.

A system may leave out staves of the document and may show some that the document does not have yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from omr.reading.profiles import Profile, StaffSign

ABSENT = 0.3  # price of a part that a system does not show
STILL_ABSENT = 0.2  # the same where the system before did not show it either
HALF = 3.0  # price of showing one staff of a braced part without the other
BRACED = 1.5  # price of a pair of staves that is braced in the system and not in the document, or the other way round
SHARED = 0.3  # the same with barlines that run on from staff to staff
LOWER = 1e-6  # worth of one staff lower among paths that cost the same

Path = tuple[int | None, ...]
"""For each staff of a system the document's staff that it is; None: a new one."""
State = tuple[int, bool]
"""(staves of the document passed, whether the last staff of the system is the last of those)."""


def cheapest_path(
    signs: Sequence[StaffSign], profiles: Sequence[Profile], *, absent: frozenset[int], added: float | None
) -> Path:
    """The cheapest path of a system; of equally cheap ones that over the lowest staves, because upper parts rest oftener.

    `profiles` are the document's staves, `absent` those that the system before did not show, `added` the price of a new staff;
    None: the document has them all.
    """
    parts = _part_of([profile.held for profile in profiles])
    skips = _skip_prices(parts, [STILL_ABSENT if k in absent else ABSENT for k in range(len(profiles))])
    states: dict[State, tuple[float, Path]] = {(0, False): (0.0, ())}
    for row, sign in enumerate(signs):
        above = signs[row - 1] if row else None
        following: dict[State, tuple[float, Path]] = {}
        fits = [profile.price(sign) - LOWER * k for k, profile in enumerate(profiles)]
        last = len(profiles) if added is not None else len(profiles) - (len(signs) - row) + 1
        for (j, matched), (cost, path) in states.items():
            torn = HALF if above is not None and above.held else 0.0
            if added is not None:
                _keep(following, (j, False), cost + added + (torn if matched else 0.0), path, None)
            links = _links(above, profiles, parts, j - 1) if matched and above is not None else None
            for k in range(j, last):
                price = cost + skips[j][k] + fits[k] + (links[k] if links else torn)
                _keep(following, (k + 1, True), price, path, k)
        states = following
    ends = [(cost + skips[j][-1], path) for (j, _), (cost, path) in states.items()]
    return min(ends, key=lambda end: end[0])[1]


def _keep(states: dict[State, tuple[float, Path]], state: State, cost: float, path: Path, staff: int | None) -> None:
    if state not in states or cost < states[state][0]:
        states[state] = (cost, (*path, staff))


def _part_of(held: Sequence[bool]) -> list[int]:
    parts = [0]
    for together in held[:-1]:
        parts.append(parts[-1] + (not together))
    return parts


def _links(above: StaffSign, profiles: Sequence[Profile], parts: Sequence[int], upper: int) -> list[float]:
    """What it costs that two neighbours of the system are joined otherwise than `upper` and each staff of the document are."""
    prices = [0.0] * len(profiles)
    through = 0.0
    for lower in range(upper + 1, len(profiles)):
        through += profiles[lower - 1].through
        price = BRACED if above.held != (parts[upper] == parts[lower]) else 0.0
        prices[lower] = price + SHARED * abs(above.through - through / (lower - upper))
    return prices


def _skip_prices(parts: Sequence[int], absent: Sequence[float]) -> list[list[float]]:
    """[j][k]: price of the staves from j to k, k left out, that are not shown while j - 1 and k are (where there are such).

    The part of a staff shown beside them is cut by each of them that belongs to it.
    """
    count = len(parts)
    prices = [[0.0] * (count + 1) for _ in range(count + 1)]
    for j in range(count + 1):
        whole, above = 0.0, 0.0
        for k in range(j + 1, count + 1):
            staff = k - 1
            if j and parts[staff] == parts[j - 1]:
                above = HALF
            else:
                whole += absent[staff]
            prices[j][k] = whole + above
            if k < count and parts[staff] == parts[k] and not (j and parts[k] == parts[j - 1]):
                own = sum(absent[other] for other in range(j, k) if parts[other] == parts[k])
                prices[j][k] += HALF - own
    return prices
