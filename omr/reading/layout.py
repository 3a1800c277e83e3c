"""Systems, bars and parts: where the music of a page runs.

A barline crosses whole staves: what covers most of a staff's height in at least half of the staves of a system separates
bars. Braced staves are one part; where no brace was seen, barlines that run through the gap between two staves join them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from omr.geometry import Box, overlap
from omr.labels import BARLINES
from omr.memory import recalled, remembered
from omr.notation import Node, NotationGraph, Staff
from omr.score import BarStyle

COVER_MIN = 0.75  # share of a staff's height a line must cover to be its barline
COVER_THROUGH = 0.4  # the same for a line that runs on through the gap to the next staff
SUPPORT_MIN = 0.5  # share of the system's staves that must carry a barline; of two staves, both
FIT = 0.7  # staff spaces: or one, where the line ends this near to the end of the system
JOIN = 1.3  # staff spaces: lines closer than this are one double line
STRAYED = 3.0  # staff spaces: strokes on different staves closer than this may be one line
BAR_MIN = 2.5  # staff spaces: nothing that narrow is a bar
EDGE = 1.5  # staff spaces: a line this near the staff's end is the system's edge
BESIDE = 2.0  # staff spaces beyond the staves' ends: a line farther out is the edge of the paper
DOT_REACH = 2.2  # staff spaces from a barline to its repeat dots
BRACE_COVER = 0.6  # share of a staff a brace must span


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """One barline, single or compound, through a system."""

    left: float
    right: float
    style: BarStyle = "regular"
    forward: bool = False
    backward: bool = False
    nodes: tuple[int, ...] = ()
    strokes: tuple[Box, ...] = ()
    """Its lines, in order of their left edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The place of one bar in a system; `opening` and `closing` are None where no line was seen."""

    left: float
    right: float
    opening: Separator | None = None
    closing: Separator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Staves that sound together, with their bars."""

    page: int
    index: int
    staves: tuple[Staff, ...]
    spans: tuple[Span, ...]
    groups: tuple[int, ...]
    """Staves of each part from the top: (1, 2) is a voice with piano."""
    braced: tuple[bool, ...]
    through: tuple[float, ...] = ()
    """For each staff but the last, the share of barlines that run on to the next."""

    @property
    def space(self) -> float:
        return self.staves[0].staff_space


def find_systems(
    page_index: int, rows: Sequence[tuple[Staff, ...]], graphs: Sequence[NotationGraph]
) -> tuple[System, ...]:
    """The systems of a page from top to bottom, each with its bars and its grouping of staves into parts.

    `rows` are the staves of each, `graphs` the ink of each (zones).
    """
    return tuple(
        remembered(_system, graph, page_index, staves[0].system, staves)
        for graph, staves in zip(graphs, rows, strict=True)
    )


def _system(graph: NotationGraph, page: int, index: int, staves: tuple[Staff, ...]) -> System:
    space = staves[0].staff_space
    top, bottom = staves[0].box.top - space, staves[-1].box.bottom + space
    left = min(staff.box.left for staff in staves) - BESIDE * space
    right = max(staff.box.right for staff in staves) + BESIDE * space
    lines = [
        node
        for node in graph.nodes
        if node.label in BARLINES
        and overlap(node.box.top, node.box.bottom, top, bottom) > 0.5 * node.box.height
        and left < node.box.center.x < right
    ]
    separators = _separators(graph, lines, staves)
    groups, braced = _groups(graph, staves, lines)
    spans = _spans(separators, staves)
    through = _through(staves, lines)
    return recalled(
        (staves,),
        (page, index, spans, groups, braced, through),
        lambda: System(
            page=page, index=index, staves=staves, spans=spans, groups=groups, braced=braced, through=through
        ),
    )


def divides(line: Separator) -> bool:
    """Whether a barline ends or begins a stretch of the music, so that a bar beside it may be incomplete."""
    return line.forward or line.backward or line.style not in ("regular", "dashed")


def covers(box: Box, staff: Staff) -> bool:
    """Whether a vertical line runs through nearly the whole staff."""
    top = staff.lines[0].y_at(box.center.x)
    bottom = staff.lines[-1].y_at(box.center.x)
    if len(staff.lines) == 1:
        top, bottom = top - 1.5 * staff.staff_space, bottom + 1.5 * staff.staff_space
    return overlap(box.top, box.bottom, top, bottom) >= COVER_MIN * (bottom - top)


def _fits(box: Box, staves: tuple[Staff, ...]) -> bool:
    """Whether a line crosses the top or bottom staff and ends with the system there."""
    reach = FIT * staves[0].staff_space
    top = covers(box, staves[0]) and abs(box.top - staves[0].box.top) < reach
    return top or (covers(box, staves[-1]) and abs(box.bottom - staves[-1].box.bottom) < reach)


def _carried(box: Box, staves: tuple[Staff, ...]) -> list[bool]:
    """For each staff whether a vertical line is a barline of it: through the staff, or into it from a gap it fills."""
    found = [covers(box, staff) for staff in staves]
    for i, (upper, lower) in enumerate(pairwise(staves)):
        gap = lower.box.top - upper.box.bottom
        into = [
            overlap(box.top, box.bottom, staff.box.top, staff.box.bottom) / max(staff.box.height, 1.0)
            for staff in (upper, lower)
        ]
        if overlap(box.top, box.bottom, upper.box.bottom, lower.box.top) >= gap and min(into) >= COVER_THROUGH:
            found[i] = found[i + 1] = True
    return found


def _separators(graph: NotationGraph, lines: Sequence[Node], staves: tuple[Staff, ...]) -> tuple[Separator, ...]:
    space = staves[0].staff_space
    clusters: list[list[Node]] = []
    for node in sorted(lines, key=lambda node: (node.box.center.x, node.id)):
        if not any(_carried(node.box, staves)):
            continue
        if clusters and node.box.left - max(other.box.right for other in clusters[-1]) < JOIN * space:
            clusters[-1].append(node)
        else:
            clusters.append([node])
    found = []
    for cluster in _put_together(clusters, staves):
        carried = [_carried(node.box, staves) for node in cluster]
        support = sum(any(column) for column in zip(*carried, strict=True))
        fitting = any(_fits(node.box, staves) for node in cluster)
        if _borne(support, staves) or (fitting and support >= SUPPORT_MIN * len(staves)):
            found.append(_separator(graph, cluster, staves))
    return tuple(found)


def _put_together(clusters: Sequence[list[Node]], staves: tuple[Staff, ...]) -> list[list[Node]]:
    """The strokes of each barline, those joined that stand somewhat apart on different staves and are none alone."""
    found: list[list[Node]] = []
    for cluster in clusters:
        if found and _parted(found[-1], cluster, staves):
            found[-1] = [*found[-1], *cluster]
        else:
            found.append(cluster)
    return found


def _parted(before: Sequence[Node], after: Sequence[Node], staves: tuple[Staff, ...]) -> bool:
    """Whether two groups of strokes, side by side, are one barline: too few staves have either, and none has both."""
    gap = min(node.box.left for node in after) - max(node.box.right for node in before)
    if gap > STRAYED * staves[0].staff_space:
        return False
    one, other = _carrying(before, staves), _carrying(after, staves)
    return not one & other and not all(_borne(len(rows), staves) for rows in (one, other))


def _borne(support: int, staves: tuple[Staff, ...]) -> bool:
    """Whether so many staves are enough for a barline: half of them; of two staves both."""
    return support >= SUPPORT_MIN * len(staves) and (len(staves) != 2 or support == 2)


def _carrying(cluster: Sequence[Node], staves: tuple[Staff, ...]) -> frozenset[int]:
    """The staves that strokes run through."""
    return frozenset(row for node in cluster for row, carried in enumerate(_carried(node.box, staves)) if carried)


def _separator(graph: NotationGraph, cluster: Sequence[Node], staves: tuple[Staff, ...]) -> Separator:
    space = staves[0].staff_space
    left = min(node.box.left for node in cluster)
    right = max(node.box.right for node in cluster)
    dots = _repeat_dots(graph, left, right, staves)
    before = [dot for dot in dots if dot.box.center.x < (left + right) / 2]
    after = [dot for dot in dots if dot.box.center.x >= (left + right) / 2]
    return Separator(
        left=left,
        right=right,
        style=_style(cluster, space, backward=bool(before) and not after),
        forward=bool(after),
        backward=bool(before),
        nodes=tuple(sorted(node.id for node in (*cluster, *dots))),
        strokes=tuple(sorted((node.box for node in cluster), key=lambda box: (box.left, box.top))),
    )


def _repeat_dots(graph: NotationGraph, left: float, right: float, staves: tuple[Staff, ...]) -> tuple[Node, ...]:
    """Repeat dots beside a line: in the middle two spaces of a staff."""
    found = []
    for node in graph.nodes:
        if node.label != "repeatDot":
            continue
        centre = node.box.center
        for staff in staves:
            reach = DOT_REACH * staff.staff_space
            if left - reach < centre.x < right + reach and 2 < staff.position_at(centre.x, centre.y) < 6:
                found.append(node)
                break
    return tuple(found)


def _style(cluster: Sequence[Node], space: float, *, backward: bool) -> BarStyle:
    columns: list[Node] = []
    for node in sorted(cluster, key=lambda node: (node.box.center.x, node.id)):
        if not columns or node.box.center.x - columns[-1].box.center.x > 0.3 * space:
            columns.append(node)
    labels = [node.label for node in columns]
    if labels == ["barlineDashed"]:
        return "dashed"
    if labels == ["barlineDotted"]:
        return "dotted"
    if "barlineHeavy" in labels:
        if len(labels) == 1:
            return "light-heavy" if backward else "heavy"
        return "heavy-light" if labels[0] == "barlineHeavy" else "light-heavy"
    return "light-light" if len(labels) > 1 else "regular"


def _spans(separators: Sequence[Separator], staves: tuple[Staff, ...]) -> tuple[Span, ...]:
    """Bars between separators; the line at the system's left edge opens the first bar, a missing last line is implied."""
    space = staves[0].staff_space
    left = min(staff.box.left for staff in staves)
    right = max(staff.box.right for staff in staves)
    spans: list[Span] = []
    opening: Separator | None = None
    x = left
    for line in separators:
        if line.left < left + EDGE * space:
            opening, x = line, line.right
            continue
        if line.left - x < BAR_MIN * space:
            opening = opening or line
            continue
        spans.append(Span(left=x, right=line.left, opening=opening, closing=line))
        opening, x = line, line.right
    if right - x > 2 * BAR_MIN * space or not spans:
        spans.append(Span(left=x, right=max(right, x + space), opening=opening))
    return tuple(spans)


def _groups(
    graph: NotationGraph, staves: tuple[Staff, ...], lines: Sequence[Node]
) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    joined = _braced(graph, staves)
    if not any(joined):
        joined = _guess_joined(staves, lines)
    sizes = [1]
    for together in joined:
        if together:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return tuple(sizes), tuple(size > 1 for size in sizes)


def _braced(graph: NotationGraph, staves: tuple[Staff, ...]) -> list[bool]:
    """For each pair of neighbouring staves, whether one brace spans both."""
    joined = [False] * (len(staves) - 1)
    for node in graph.nodes:
        if node.label != "brace":
            continue
        held = [
            overlap(node.box.top, node.box.bottom, staff.box.top, staff.box.bottom) > BRACE_COVER * staff.box.height
            for staff in staves
        ]
        for i in range(len(joined)):
            joined[i] = joined[i] or (held[i] and held[i + 1])
    return joined


def _guess_joined(staves: tuple[Staff, ...], lines: Sequence[Node]) -> list[bool]:
    """Without a brace: a pair of staves, or the lower two of three under a voice, joined by most of their barlines."""
    through = _through(staves, lines)
    if len(staves) == 2:
        return [through[0] >= 0.5 or not lines]
    if len(staves) == 3 and through[1] >= 0.5 > through[0]:
        return [False, True]
    return [False] * len(through)


def _through(staves: tuple[Staff, ...], lines: Sequence[Node]) -> tuple[float, ...]:
    return tuple(_share_through(upper, lower, lines) for upper, lower in pairwise(staves))


def _share_through(upper: Staff, lower: Staff, lines: Iterable[Node]) -> float:
    """Share of the barlines of two staves that run through the gap between them."""
    touching = [node for node in lines if covers(node.box, upper) or covers(node.box, lower)]
    gap = max(1.0, lower.box.top - upper.box.bottom)
    through = [n for n in touching if overlap(n.box.top, n.box.bottom, upper.box.bottom, lower.box.top) > 0.8 * gap]
    return len(through) / len(touching) if touching else 0.0
