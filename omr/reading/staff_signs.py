"""Who each staff of a system may be, from what stands at its head and in its bars (see matching)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import mean

from omr.memory import remembered
from omr.notation import NotationGraph
from omr.reading.clefs import TREBLE, ClefSign, read_clefs
from omr.reading.items import Item
from omr.reading.keys import read_key_row
from omr.reading.layout import System
from omr.reading.pitches import diatonic
from omr.reading.profiles import StaffSign
from omr.reading.signatures import key_bounds


def staff_signs(
    graph: NotationGraph, system: System, items: Sequence[Item], names: Sequence[tuple[int, str]]
) -> tuple[StaffSign, ...]:
    """The signs of each staff, from the top; `names` are (index of the staff on its page, name)."""
    named = dict(names)
    seen = remembered(read_clefs, graph, system)
    clefs = [next((s for s in seen if s.row == row and s.header), None) for row in range(len(system.staves))]
    fifths = [_fifths(graph, system, items, seen, row) for row in range(len(system.staves))]
    usual = max(sorted(set(fifths)), key=lambda value: (Counter(fifths)[value], -abs(value)))
    largest = max(staff.staff_space for staff in system.staves)
    held = [row + 1 < len(system.staves) and _same_group(system, row) for row in range(len(system.staves))]
    return tuple(
        StaffSign(
            clef=sign.clef if (sign := clefs[row]) is not None else None,
            fifths=fifths[row] - usual,
            size=staff.staff_space / largest,
            height=_height(items, row, clefs[row]),
            held=held[row],
            through=system.through[row] if row < len(system.through) else 0.0,
            name=named.get(staff.index),
        )
        for row, staff in enumerate(system.staves)
    )


def _same_group(system: System, row: int) -> bool:
    """Whether a staff and the next below are of one part."""
    end = 0
    for size in system.groups:
        end += size
        if row < end:
            return row + 1 < end
    return False


def _fifths(graph: NotationGraph, system: System, items: Sequence[Item], seen: Sequence[ClefSign], row: int) -> int:
    start, end = key_bounds(system, items, seen, row)
    clef = next((sign.clef for sign in seen if sign.row == row and sign.header), TREBLE)
    sign = read_key_row(graph, system, row, start=start, end=end, clef=clef)
    return sign.fifths if sign is not None else 0


def _height(items: Sequence[Item], row: int, clef: ClefSign | None) -> float | None:
    if clef is None:
        return None
    steps = [diatonic(head.position, clef.clef) for item in items for head in item.heads if head.staff == row]
    return mean(steps) if steps else None
