"""Where a new movement begins: after a final barline, on an indented system, with its time signature printed anew.

No one sign is enough: a da capo ends with a final barline too, a trio may be indented, and metres change at line ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from omr.memory import remembered
from omr.notation import NotationGraph
from omr.reading.items import Item
from omr.reading.layout import Separator, System
from omr.reading.signatures import first_x
from omr.reading.times import read_times

INDENT = 2.5  # staff spaces a system begins right of the others of its page
ENOUGH = 3.0  # weight of the signs of a new movement
FINAL = 2.0  # weight of a heavy barline at the end of the system before
REPEATED = 1.0  # the same with repeat dots
INDENTED = 1.5
TIMED = 1.5


def movement_starts(
    graphs: Sequence[NotationGraph], systems: Sequence[System], items: Sequence[Sequence[Item]]
) -> frozenset[int]:
    """Places of the systems with which a new movement begins, the first of the document left out."""
    return frozenset(
        place
        for place in range(1, len(systems))
        if _ending(systems[place - 1])
        + INDENTED * _indented(systems, place)
        + TIMED * _timed(graphs[place], systems[place], items[place])
        >= ENOUGH
    )


def last_line(system: System) -> Separator | None:
    """The barline a system ends with."""
    last = system.spans[-1]
    return last.closing or last.opening


def _ending(system: System) -> float:
    line = last_line(system)
    if line is None or line.style not in ("light-heavy", "heavy"):
        return 0.0
    return REPEATED if line.backward else FINAL


def _indented(systems: Sequence[System], place: int) -> bool:
    """Whether a system begins right of another of its page, as only the first of a piece does."""
    system = systems[place]
    lefts = [_left(other) for other in systems if other.page == system.page]
    return _left(system) - min(lefts) > INDENT * system.space


def _left(system: System) -> float:
    return min(staff.box.left for staff in system.staves)


def _timed(graph: NotationGraph, system: System, items: Sequence[Item]) -> bool:
    """Whether a time signature stands before the first note."""
    first = system.spans[0]
    end = first_x(items, None, first.left, first.right)
    return any(first.left <= sign.x < end for sign in remembered(read_times, graph, system))
