"""Time signatures as printed: two numerals over each other in the staff, or a C.

The numerals stand in the upper and lower half of the staff, so a fingering beside it or a tuplet figure is never taken for one.
Where every relation of a page is certain, a figure that is related to a note is no signature's, so a pen's may be smaller and
stand higher or lower.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from omr.labels import NUMERALS
from omr.notation import Node, NotationGraph, Staff
from omr.reading.layout import System
from omr.reading.page import trusted
from omr.score import Time

SAME_COLUMN = 0.9  # staff spaces between the centres of numerator and denominator
SMALL = 1.0  # staff spaces: no digit of a signature is lower
TALL = 1.3  # and one of a signature's is higher
UPPER, LOWER = (0.8, 3.4), (4.6, 7.2)  # half spaces below the top line between which their middles lie
SMALL_CERTAIN, TALL_CERTAIN = 0.8, 1.1  # the same of digits that are certainly no note's
UPPER_CERTAIN, LOWER_CERTAIN = (0.0, 4.0), (4.0, 8.0)
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


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Within which digits are those of a signature, see the constants."""

    upper: tuple[float, float]
    lower: tuple[float, float]
    small: float
    tall: float


PLAIN = _Bounds(UPPER, LOWER, SMALL, TALL)
CERTAIN = _Bounds(UPPER_CERTAIN, LOWER_CERTAIN, SMALL_CERTAIN, TALL_CERTAIN)


def _on_staff(graph: NotationGraph, staff: Staff) -> list[TimeSign]:
    found = []
    upper: list[Node] = []
    lower: list[Node] = []
    certain = trusted(graph)
    bounds = CERTAIN if certain else PLAIN
    reach = staff.box.padded(staff.staff_space, staff.staff_space)
    marks = [n for n in graph.nodes if n.label in MARKS and reach.contains(n.box.center)]
    for node in sorted(marks, key=lambda n: (n.box.center.x, n.id)):
        position = staff.position_at(node.box.center.x, node.box.center.y)
        if node.label in ("timeSigCommon", "timeSigCutCommon"):
            if 2.5 < position < 5.5:
                common = node.label == "timeSigCommon"
                time = Time(
                    beats=4 if common else 2, beat_type=4 if common else 2, symbol="common" if common else "cut"
                )
                found.append(TimeSign(time=time, x=node.box.center.x, right=node.box.right, nodes=(node.id,)))
        elif node.box.height <= bounds.small * staff.staff_space or (certain and graph.sources(node.id)):
            continue
        elif bounds.upper[0] < position < bounds.upper[1]:
            upper.append(node)
        elif bounds.lower[0] < position < bounds.lower[1]:
            lower.append(node)
    tops, bottoms = _numbers(upper, staff), _numbers(lower, staff)
    for top in tops:
        for bottom in bottoms:
            sign = _pair(top, bottom, staff, bounds.tall)
            if sign is not None:
                found.append(sign)
    return found


def _numbers(nodes: Sequence[Node], staff: Staff) -> list[list[Node]]:
    groups: list[list[Node]] = []
    for node in nodes:
        if groups and node.box.center.x - groups[-1][-1].box.center.x < SAME_NUMBER * staff.staff_space:
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _pair(top: Sequence[Node], bottom: Sequence[Node], staff: Staff, tall: float) -> TimeSign | None:
    middle = [sum(node.box.center.x for node in group) / len(group) for group in (top, bottom)]
    if abs(middle[0] - middle[1]) > SAME_COLUMN * staff.staff_space:
        return None
    if max(node.box.height for node in (*top, *bottom)) <= tall * staff.staff_space:
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
