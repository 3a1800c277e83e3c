"""Which staff a symbol stands on, and how high.

Staff geometry decides; between two staves the ledger lines do: a note far from its staff has one at every line between, and
none where the other staff would want them.
"""

from __future__ import annotations

from collections.abc import Sequence

from omr.geometry import Box
from omr.notation import Node, Staff
from omr.reading.layout import System

LEDGER_REACH = 1.1  # staff spaces from the centre of a head to the centre of its ledger line, sideways
LEDGER_NEAR = 0.4  # staff spaces a ledger line may stand from where it is expected
MISSING_LEDGER = 0.6  # weight of a ledger line that ought to be there, in staff spaces of distance
FOUND_LEDGER = 0.8  # weight of one that is there
REACH = 8.0  # staff spaces beyond its outer line up to which a staff owns symbols


def distance(staff: Staff, x: float, y: float) -> float:
    """Staff spaces from the staff's outer line, 0 inside."""
    position = staff.position_at(x, y)
    return max(0.0, -position, position - 8) / 2


def nearest(systems: Sequence[System], box: Box) -> tuple[int, int] | None:
    """(place of the system in `systems`, row of the staff) nearest to a symbol, None when it is far from all."""
    centre = box.center
    found = [
        (distance(staff, centre.x, centre.y), place, row)
        for place, system in enumerate(systems)
        for row, staff in enumerate(system.staves)
    ]
    if not found:
        return None
    best = min(found)
    return (best[1], best[2]) if best[0] <= REACH else None


def head_row(system: System, row: int, box: Box, ledgers: Sequence[Node]) -> int:
    """The staff of `system` a head belongs to, `row` being the nearest: ledger lines weigh between the two neighbours."""
    centre = box.center
    if distance(system.staves[row], centre.x, centre.y) <= 1.0:
        return row
    near = [node.box.center.y for node in ledgers if abs(node.box.center.x - centre.x) <= LEDGER_REACH * system.space]
    rows = [other for other in (row - 1, row, row + 1) if 0 <= other < len(system.staves)]
    return min(rows, key=lambda other: (_strangeness(system.staves[other], centre.x, centre.y, near), abs(other - row)))


def _strangeness(staff: Staff, x: float, y: float, ledgers: Sequence[float]) -> float:
    """Distance from the staff, dearer by ledger lines missing and cheaper by those found."""
    position = staff.position_at(x, y)
    if -1.5 <= position <= 9.5:
        return distance(staff, x, y)
    if position < 0:
        wanted = [staff.y_of(x, float(p)) for p in range(-2, round(position) - 1, -2)]
    else:
        wanted = [staff.y_of(x, float(p)) for p in range(10, round(position) + 1, 2)]
    held = sum(any(abs(y - want) <= LEDGER_NEAR * staff.staff_space for y in ledgers) for want in wanted)
    return distance(staff, x, y) + MISSING_LEDGER * (len(wanted) - held) - FOUND_LEDGER * held


def head_position(staff: Staff, box: Box, ledgers: Sequence[Node]) -> int:
    """Half staff spaces below the top line, rounded; beyond the staff measured from the last ledger line where all are found."""
    centre = box.center
    raw = staff.position_at(centre.x, centre.y)
    if -2.5 < raw < 10.5:
        return round(raw)
    sign, edge = (-1, 0) if raw < 0 else (1, 8)
    reach = LEDGER_REACH * staff.staff_space
    beside = sorted(
        (node.box.center.y for node in ledgers if abs(node.box.center.x - centre.x) <= reach),
        reverse=sign < 0,
    )
    count, last = 0, staff.y_of(centre.x, float(edge))
    for y in beside:
        step = sign * (y - last) / staff.staff_space
        if 0.7 <= step <= 1.3:
            count, last = count + 1, y
    local = edge + sign * 2 * count + 2 * (centre.y - last) / staff.staff_space
    complete = count >= (abs(raw - edge) - 1.6) / 2
    return round(local) if complete and abs(local - raw) < 1.5 else round(raw)
