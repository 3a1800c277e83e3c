"""Which staff a symbol stands on, and how high.

Staff geometry decides; between two staves the ledger lines do: a note far from its staff has one at every line between, and
none where the other staff would want them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from omr.geometry import Box
from omr.memory import mark, present, recalled
from omr.notation import Node, Staff
from omr.reading.layout import System

LEDGER_REACH = 1.1  # staff spaces from the centre of a head to the centre of its ledger line, sideways
LEDGER_NEAR = 0.4  # staff spaces a ledger line may stand from where it is expected
MISSING_LEDGER = 0.6  # weight of a ledger line that ought to be there, in staff spaces of distance
FOUND_LEDGER = 0.8  # weight of one that is there
STEP_MIN, STEP_MAX = 0.7, 1.5  # staff spaces between neighbouring ledger lines
STRETCH_MAX = 1.34  # staff spaces between ledger lines, at most
STRETCH_PRICE = 0.3  # half spaces of misfit a wider spacing must save, a staff space
STRETCH_EVIDENCE = 8  # symbols beyond the staves needed to tell
ON_LEDGER = 0.3  # staff spaces between the middles of a head and of the ledger line it is on
BESIDE = 1.0  # staff spaces from a staff within which a head is its own
REACH = 8.0  # staff spaces beyond its outer line up to which a staff owns symbols


def distance(staff: Staff, x: float, y: float) -> float:
    """Staff spaces from the staff's outer line, 0 inside."""
    position = staff.position_at(x, y)
    return max(0.0, -position, position - 8) / 2


def nearest(
    systems: Sequence[System], box: Box, ledgers: Sequence[Node] = (), *, reach: float = REACH
) -> tuple[int, int] | None:
    """(place of the system in `systems`, row of the staff) nearest to a symbol, None when it is beyond `reach` of all.

    Between two systems the `ledgers` near a head weigh, as between the staves of one.
    """
    centre = box.center
    y = centre.y
    rough = sorted(
        [
            (max(staff.box.top - y, y - staff.box.bottom, 0.0), place, row)
            for place, system in enumerate(systems)
            for row, staff in enumerate(system.staves)
        ]
    )
    if not rough:
        return None
    staves = ((systems[place].staves[row], place, row) for _, place, row in rough[:2])
    best = min((distance(staff, centre.x, centre.y), place, row) for staff, place, row in staves)
    if best[0] > reach:
        return None
    if ledgers and best[0] > BESIDE and rough[0][1] != rough[1 % len(rough)][1]:
        near = [node.box.center.y for node in ledgers]
        both = [(systems[place].staves[row], place, row) for _, place, row in rough[:2]]
        best = min((_strangeness(staff, centre.x, centre.y, near), place, row) for staff, place, row in both)
    return best[1], best[2]


def led_to(systems: Sequence[System], box: Box, own: Sequence[Node]) -> tuple[int, int] | None:
    """(place of the system, row) of the staff from which just the ledger lines `own` lead to a head, however far; or None."""
    centre = box.center
    leading = [
        (distance(staff, centre.x, centre.y), place, row)
        for place, system in enumerate(systems)
        for row, staff in enumerate(system.staves)
        if own and _lead(own, staff, centre.x, centre.y)
    ]
    return min(leading)[1:] if leading else None


def pointed_to(systems: Sequence[System], box: Box, own: Sequence[Node]) -> tuple[int, int] | None:
    """(place of the system, row) of the nearest staff on that side of a head on which its ledger lines `own` stand.

    A pen spaces ledger lines as it likes, but never draws one beyond the head. None where they tell no side (the only one
    goes through the head), or the head is on a staff.
    """
    centre = box.center
    sides = {node.box.center.y > centre.y for node in own if not _through(node, box)}
    staves = [
        (distance(staff, centre.x, centre.y), place, row, staff.box.center.y > centre.y)
        for place, system in enumerate(systems)
        for row, staff in enumerate(system.staves)
    ]
    if len(sides) != 1 or any(far == 0 for far, *_ in staves):
        return None
    beside = [(far, place, row) for far, place, row, below in staves if below in sides]
    return min(beside)[1:] if beside else None


def _through(ledger: Node, head: Box) -> bool:
    """Whether a ledger line goes through the middle half of a head."""
    return abs(ledger.box.center.y - head.center.y) < head.height / 4


def head_row(system: System, row: int, box: Box, ledgers: Sequence[Node], *, own: Sequence[Node] = ()) -> int:
    """The staff of `system` a head belongs to, `row` being the nearest: ledger lines weigh between the two neighbours.

    `own`: the ledger lines that are its beyond doubt; they lead to one of the staves.
    """
    centre = box.center
    if own:
        staves = [(abs(other - row), other) for other in range(max(0, row - 1), min(len(system.staves), row + 2))]
        leading = [entry for entry in staves if _lead(own, system.staves[entry[1]], centre.x, centre.y)]
        if leading:
            return min(leading)[1]
        pointed = pointed_to((system,), box, own)
        if pointed is not None:
            return pointed[1]
    if distance(system.staves[row], centre.x, centre.y) <= BESIDE:
        return row
    near = [node.box.center.y for node in ledgers if abs(node.box.center.x - centre.x) <= LEDGER_REACH * system.space]
    rows = [other for other in (row - 1, row, row + 1) if 0 <= other < len(system.staves)]
    return min(rows, key=lambda other: (_strangeness(system.staves[other], centre.x, centre.y, near), abs(other - row)))


def _lead(ledgers: Sequence[Node], staff: Staff, x: float, y: float) -> bool:
    """Whether these ledger lines, and no others, lead from a staff to a height."""
    heights = [node.box.center.y for node in ledgers]
    wanted = _wanted(staff, x, y)
    near = LEDGER_NEAR * staff.staff_space
    return len(wanted) == len(heights) and all(any(abs(y - want) <= near for y in heights) for want in wanted)


def _wanted(staff: Staff, x: float, y: float) -> list[float]:
    """Heights of the ledger lines from a staff to a height beyond it, outwards."""
    position = staff.position_at(x, y)
    steps = range(-2, round(position) - 1, -2) if position < 0 else range(10, round(position) + 1, 2)
    return [staff.y_of(x, float(step)) for step in steps]


def _strangeness(staff: Staff, x: float, y: float, ledgers: Sequence[float]) -> float:
    """Distance from the staff, dearer by ledger lines missing and cheaper by those found."""
    position = staff.position_at(x, y)
    if -1.5 <= position <= 9.5:
        return distance(staff, x, y)
    wanted = _wanted(staff, x, y)
    held = sum(any(abs(y - want) <= LEDGER_NEAR * staff.staff_space for y in ledgers) for want in wanted)
    return distance(staff, x, y) + MISSING_LEDGER * (len(wanted) - held) - FOUND_LEDGER * held


def head_position(staff: Staff, box: Box, ledgers: Sequence[Node], stretch: float = 1.0) -> int:
    """Half staff spaces below the top line, rounded.

    Beyond the staff heights are measured between the ledger lines where all are found, else with ledger lines `stretch`
    staff spaces apart.
    """
    centre = box.center
    raw = staff.position_at(centre.x, centre.y)
    if -1.3 < raw < 9.3:
        return round(raw)
    sign, edge = (-1, 0) if raw < 0 else (1, 8)
    beyond = abs(raw - edge) / stretch
    rungs = _ledger_chain(staff, centre.x, sign, ledgers)
    local = _between(rungs, sign, centre.y, staff.staff_space * stretch)
    complete = len(rungs) > 1 and len(rungs) - 1 >= (beyond - 1.6) / 2
    steps = local if complete and abs(local - beyond) < 1.5 else beyond
    return edge + sign * max(1, round(steps))


def counted_position(staff: Staff, box: Box, own: Sequence[Node]) -> int | None:
    """The height of a head told by its own ledger lines, wherever a pen has put them: so many, and it is on the last or beyond.

    None where they are on both sides of the staff, or not beyond it.
    """
    centre = box.center
    raw = staff.position_at(centre.x, centre.y)
    if not own or -1 < raw < 9:
        return None
    sign, edge = (-1, 0) if raw < 0 else (1, 8)
    heights = sorted((node.box.center.y for node in own), key=lambda y: sign * y)
    if sign * (heights[0] - staff.y_of(centre.x, edge)) <= 0:
        return None
    beyond = sign * (centre.y - heights[-1]) > ON_LEDGER * staff.staff_space
    return edge + sign * (2 * len(heights) + beyond)


def _between(rungs: Sequence[float], sign: int, y: float, space: float) -> float:
    """Half spaces from the first of `rungs`, a staff's outer line and its ledger lines, outwards; `space` apart beyond them."""
    for number, (near, far) in enumerate(pairwise(rungs)):
        if sign * (far - y) > 0:
            return 2 * (number + (y - near) / (far - near))
    return 2 * (len(rungs) - 1) + 2 * sign * (y - rungs[-1]) / space


def _ledger_chain(staff: Staff, x: float, sign: int, ledgers: Sequence[Node]) -> tuple[float, ...]:
    """Heights of the staff's outer line at x on one side and of the ledger lines there, outwards."""
    reach = LEDGER_REACH * staff.staff_space
    beside = (node.box.center.y for node in ledgers if abs(node.box.center.x - x) <= reach)
    rungs = [staff.y_of(x, 0.0 if sign < 0 else 8.0)]
    for y in sorted(beside, reverse=sign < 0):
        if STEP_MIN <= sign * (y - rungs[-1]) / staff.staff_space <= STEP_MAX:
            rungs.append(y)
    return tuple(rungs)


def ledger_stretch(systems: Sequence[System], heads: Sequence[Node], ledgers: Sequence[Node]) -> float:
    """Staff spaces between the ledger lines of a page, 1 to STRETCH_MAX: engravers of old set them wider than the staff's.

    The spacing under which heads beyond the staves and ledger lines stand nearest to whole steps.
    """
    distances = [(d, 1) for d in _beyond(systems, heads) if 1.6 < d < 9] + [
        (d, 2) for d in _beyond(systems, ledgers) if 1.4 < d < 9
    ]
    if len(distances) < STRETCH_EVIDENCE:
        return 1.0
    return recalled((), tuple(distances), lambda: _best_stretch(distances))


def _best_stretch(distances: Sequence[tuple[float, int]]) -> float:
    """See ledger_stretch; `distances` are half spaces beyond the staff, and the steps between places they may stand at."""
    prices = {}
    for percent in range(100, round(100 * STRETCH_MAX) + 1, 2):
        factor = percent / 100
        off = sum(step * abs(d / factor / step - max(1, round(d / factor / step))) for d, step in distances)
        prices[factor] = off / len(distances) + STRETCH_PRICE * (factor - 1)
    return min(prices, key=lambda factor: (prices[factor], factor))


def _beyond(systems: Sequence[System], nodes: Sequence[Node]) -> list[float]:
    """Half staff spaces from the nearest staff's outer line, for symbols beyond the staves."""
    memory, systems = present(), tuple(systems)
    if memory is None:
        found = [_height_beyond(systems, node) for node in nodes]
    else:
        here = mark(systems)
        found = [
            memory.recall(("beyond", id(node), here), (node, systems), partial(_height_beyond, systems, node))
            for node in nodes
        ]
    return [d for d in found if d > 0]


def _height_beyond(systems: Sequence[System], node: Node) -> float:
    place = nearest(systems, node.box)
    if place is None:
        return 0.0
    centre = node.box.center
    return 2 * distance(systems[place[0]].staves[place[1]], centre.x, centre.y)
