"""Time signatures as printed: two numerals over each other in the staff, or a C.

The numerals stand in the upper and lower half of the staff, so a fingering beside it or a tuplet figure is never taken for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from omr.labels import NUMERALS
from omr.notation import Node, NotationGraph, Staff
from omr.reading.layout import System
from omr.score import Time

SAME_COLUMN = 0.9  # staff spaces between the centres of numerator and denominator
SMALL = 1.0  # staff spaces: no digit of a signature is lower
TALL = 1.3  # and one of a signature's is higher
SAME_NUMBER = 1.6  # staff spaces between the digits of one number
MARKS = frozenset((*NUMERALS, "timeSigCommon", "timeSigCutCommon"))
BEAT_TYPES = (1, 2, 4, 8, 16, 32)
SYSTEM_COLUMN = 2.0  # staff spaces within which the staves of a system show the same signature


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSign:
    """A time signature through a system at `x`."""

    time: Time
    x: float
    right: float
    nodes: tuple[int, ...]
    share: float = 1.0
    """Share of the system's staves that show it."""

    @property
    def told(self) -> bool:
        """Whether a person said so, whatever is printed."""
        return not self.nodes


def read_times(graph: NotationGraph, system: System) -> tuple[TimeSign, ...]:
    """The time signatures of a system from left to right, the reading most staves share."""
    found = sorted(
        (sign for staff in system.staves for sign in _on_staff(graph, staff)), key=lambda sign: (sign.x, sign.nodes)
    )
    clusters: list[list[TimeSign]] = []
    for sign in found:
        if clusters and sign.x - clusters[-1][0].x < SYSTEM_COLUMN * system.space:
            clusters[-1].append(sign)
        else:
            clusters.append([sign])
    return tuple(_vote(cluster, len(system.staves)) for cluster in clusters)


def _vote(cluster: Sequence[TimeSign], staves: int) -> TimeSign:
    votes = Counter(sign.time for sign in cluster)
    time = max(votes, key=lambda value: (votes[value], -value.beats, repr(value)))
    return TimeSign(
        time=time,
        x=min(sign.x for sign in cluster),
        right=max(sign.right for sign in cluster),
        nodes=tuple(sorted(node for sign in cluster for node in sign.nodes)),
        share=votes[time] / staves,
    )


def _on_staff(graph: NotationGraph, staff: Staff) -> list[TimeSign]:
    found = []
    upper: list[Node] = []
    lower: list[Node] = []
    reach = staff.box.padded(staff.staff_space, staff.staff_space)
    marks = [n for n in graph.nodes if n.label in MARKS and reach.contains(n.box.center)]
    for node in sorted(marks, key=lambda n: (n.box.center.x, n.id)):
        position = staff.position_at(node.box.center.x, node.box.center.y)
        if node.label in ("timeSigCommon", "timeSigCutCommon") and 2.5 < position < 5.5:
            common = node.label == "timeSigCommon"
            time = Time(beats=4 if common else 2, beat_type=4 if common else 2, symbol="common" if common else "cut")
            found.append(TimeSign(time=time, x=node.box.center.x, right=node.box.right, nodes=(node.id,)))
        elif node.label in NUMERALS and 0.8 < position < 3.4 and _tall(node, staff):
            upper.append(node)
        elif node.label in NUMERALS and 4.6 < position < 7.2 and _tall(node, staff):
            lower.append(node)
    tops, bottoms = _numbers(upper, staff), _numbers(lower, staff)
    for top in tops:
        for bottom in bottoms:
            sign = _pair(top, bottom, staff)
            if sign is not None:
                found.append(sign)
    return found


def _tall(node: Node, staff: Staff) -> bool:
    return node.box.height > SMALL * staff.staff_space


def _numbers(nodes: Sequence[Node], staff: Staff) -> list[list[Node]]:
    groups: list[list[Node]] = []
    for node in nodes:
        if groups and node.box.center.x - groups[-1][-1].box.center.x < SAME_NUMBER * staff.staff_space:
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _pair(top: Sequence[Node], bottom: Sequence[Node], staff: Staff) -> TimeSign | None:
    middle = [sum(node.box.center.x for node in group) / len(group) for group in (top, bottom)]
    if abs(middle[0] - middle[1]) > SAME_COLUMN * staff.staff_space:
        return None
    if max(node.box.height for node in (*top, *bottom)) <= TALL * staff.staff_space:
        return None
    beats, beat_type = (int("".join(node.label[-1] for node in group)) for group in (top, bottom))
    if beat_type not in BEAT_TYPES or not 1 <= beats <= 24:
        return None
    nodes = (*top, *bottom)
    return TimeSign(
        time=Time(beats=beats, beat_type=beat_type),
        x=middle[0],
        right=max(node.box.right for node in nodes),
        nodes=tuple(node.id for node in nodes),
    )
