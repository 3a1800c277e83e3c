"""The composite symbols of MUSCIMA++, built from detected and linked parts: for export and for comparison with its truth.

Assumption: parts of one composite stand side by side or above each other on one staff or in one system, and no relation of
their own tells otherwise: an accidental without a head belongs to a key signature, a numeral without one to a time signature.
Contractions are undone: head -> tuple -> numeral, repeat -> barline, repeatDot; a sixteenth has two flags (`omr.first_flags`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from omr.features import nearest_staff
from omr.first_flags import with_first_flags
from omr.geometry import Box, overlap, union
from omr.labels import ACCIDENTALS, BARLINES, DYNAMIC_LETTERS, NOTEHEADS, NUMERALS, RESTS, TIME_SYMBOLS
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.proximity import staff_space

# Gaps in staff spaces.
KEY_GAP: Final = 1.4  # between neighbouring accidentals of a key signature
TIME_GAP: Final = 0.6  # between the figures of a time signature, sideways
LETTER_GAP: Final = 0.7  # between letters of one dynamic
DIGIT_GAP: Final = 1.0  # between digits of a tuplet's number
DOUBLE_BAR_GAP: Final = 0.8  # between the lines of a double bar
ALIGNED: Final = 1.0  # barline pieces of one system standing above each other, and a line at the system's left edge
NESTING: Final = 1.2  # times as long as what it holds is a staff grouping at least
OFF_STAFF: Final = 3.0  # half staff spaces outside the staff up to which a figure still belongs to its signature

Group = tuple[Node, ...]
Joined = Callable[[Node, Node], bool]
Scores = dict[tuple[int, int], float]
"""By (source, target)."""


def with_composites(graph: NotationGraph, staves: Sequence[Staff]) -> NotationGraph:
    """The graph in MUSCIMA++ form: composite nodes and first flags with new ids above all others, in a fixed order."""
    graph = with_first_flags(graph)
    space = staff_space(graph.nodes, staves)
    on_staff = _staff_indexes(graph.nodes, staves)
    left_lines = _left_lines(graph, staves, space)
    separators = _separators(graph, left_lines, staves, on_staff, space)
    families: tuple[tuple[str, tuple[Group, ...]], ...] = (
        ("keySignature", _keys(graph, on_staff, space)),
        ("timeSignature", _times(graph, staves, on_staff, space)),
        ("measureSeparator", separators),
        ("repeat", _repeats(graph, space)),
        ("tuple", _tuplets(graph, space)),
        ("dynamicsText", _dynamics(graph, space)),
        ("staffGrouping", _groupings(graph, left_lines, space)),
    )
    return _assembled(graph, families)


def _assembled(graph: NotationGraph, families: Iterable[tuple[str, tuple[Group, ...]]]) -> NotationGraph:
    """Nodes for all groups; a tuple takes over the edges of the heads and rests that pointed to its parts.

    A composite is as certain as its surest part, its relation to a part as certain as the part.
    """
    free = max((node.id for node in graph.nodes), default=-1) + 1
    added: list[Node] = []
    edges: Scores = {(edge.source, edge.target): edge.score for edge in graph.edges}
    for label, groups in families:
        for group in groups:
            surest = max(part.score for part in group)
            composite = Node(id=free + len(added), label=label, box=union(part.box for part in group), score=surest)
            added.append(composite)
            if label == "tuple":
                edges = _redirected(edges, group, composite, graph)
            if label == "repeat":
                inner = {part.id for part in group}
                edges = {pair: score for pair, score in edges.items() if not inner.issuperset(pair)}
            edges |= {(composite.id, part.id): part.score for part in group}
    groupings = {node.id: node.score for node in added if node.label == "staffGrouping"}
    nested = _nested([node for node in added if node.label == "staffGrouping"])
    edges |= {(outer, inner): min(groupings[outer], groupings[inner]) for outer, inner in nested}
    return NotationGraph((*graph.nodes, *added), tuple(Edge(*pair, edges[pair]) for pair in sorted(edges)))


def _redirected(edges: Scores, parts: Group, tuplet: Node, graph: NotationGraph) -> Scores:
    ids = {part.id for part in parts}
    notes = {s for s, t in edges if t in ids and graph.by_id[s].label in (*NOTEHEADS, *RESTS)}
    kept = {(s, t): score for (s, t), score in edges.items() if not (t in ids and s in notes)}
    for (note, part), score in edges.items():
        if note in notes and part in ids:
            kept[note, tuplet.id] = max(score, kept.get((note, tuplet.id), 0.0))
    return kept


def _keys(graph: NotationGraph, on_staff: dict[int, int], space: float) -> tuple[Group, ...]:
    """Accidentals of no head, next to each other on one staff."""
    loose = [node for node in graph.nodes if node.label in ACCIDENTALS and not graph.sources(node.id)]
    return _chained(loose, lambda a, b: _same(on_staff, a, b) and _across(a, b) <= KEY_GAP * space)


def _times(graph: NotationGraph, staves: Sequence[Staff], on_staff: dict[int, int], space: float) -> tuple[Group, ...]:
    """Numerals of no note, above each other on the staff, and time symbols by themselves."""
    kinds = (*NUMERALS, *TIME_SYMBOLS)
    _, places = nearest_staff(graph.nodes, staves)
    inside = {node.id for node, place in zip(graph.nodes, places, strict=True) if -OFF_STAFF <= place <= 8 + OFF_STAFF}
    loose = [n for n in graph.nodes if n.label in kinds and not graph.sources(n.id) and n.id in inside]
    return _chained(loose, lambda a, b: _same(on_staff, a, b) and _across(a, b) <= TIME_GAP * space)


def _dynamics(graph: NotationGraph, space: float) -> tuple[Group, ...]:
    letters = [node for node in graph.nodes if node.label in DYNAMIC_LETTERS]
    return _chained(letters, lambda a, b: _across(a, b) <= LETTER_GAP * space and _down(a, b) <= 0)


def _tuplets(graph: NotationGraph, space: float) -> tuple[Group, ...]:
    """Numerals and brackets that notes point to; digits beside each other, a bracket with the number in it."""
    parts = [
        node
        for node in graph.nodes
        if node.label in (*NUMERALS, "tupleBracket")
        and any(source.label in (*NOTEHEADS, *RESTS) for source in graph.sources(node.id))
    ]
    return _chained(parts, lambda a, b: _across(a, b) <= DIGIT_GAP * space and _down(a, b) <= DIGIT_GAP * space)


def _repeats(graph: NotationGraph, space: float) -> tuple[Group, ...]:
    """Barlines with the dots they point to and the other line of the double bar; barlines that share dots are one repeat."""
    linked = {(e.source, e.target) for e in graph.edges if graph.by_id[e.target].label == "repeatDot"}
    dotted = {source for source, _ in linked}
    parts = [node for node in graph.nodes if node.label in BARLINES or node.label == "repeatDot"]

    def joined(a: Node, b: Node) -> bool:
        if "repeatDot" in (a.label, b.label):
            return (a.id, b.id) in linked or (b.id, a.id) in linked
        return bool({a.id, b.id} & dotted) and _down(a, b) <= 0 and _across(a, b) <= DOUBLE_BAR_GAP * space

    return tuple(group for group in _chained(parts, joined) if any(part.id in dotted for part in group))


def _left_lines(graph: NotationGraph, staves: Sequence[Staff], space: float) -> dict[int, int]:
    """Node id of each barline that stands at the left edge of a system of several staves -> that system."""
    systems: dict[int, list[Box]] = {}
    for staff in staves:
        systems.setdefault(staff.system, []).append(staff.box)
    found: dict[int, int] = {}
    for node in (node for node in graph.nodes if node.label in BARLINES):
        for system, boxes in systems.items():
            crossed = sum(overlap(node.box.top, node.box.bottom, box.top, box.bottom) > 0 for box in boxes)
            if crossed > 1 and abs(node.box.center.x - min(box.left for box in boxes)) <= ALIGNED * space:
                found[node.id] = system
    return found


def _separators(
    graph: NotationGraph,
    left_lines: dict[int, int],
    staves: Sequence[Staff],
    on_staff: dict[int, int],
    space: float,
) -> tuple[Group, ...]:
    """Barlines other than the systems' left edges: lines of a double bar together, pieces of one system at one x together."""
    system = {index: staff.system for index, staff in enumerate(staves)}

    def joined(a: Node, b: Node) -> bool:
        if _down(a, b) <= 0:
            return _across(a, b) <= DOUBLE_BAR_GAP * space
        same_system = system.get(on_staff[a.id], -1) == system.get(on_staff[b.id], -2)
        return same_system and abs(a.box.center.x - b.box.center.x) <= ALIGNED * space

    return _chained([node for node in graph.nodes if node.label in BARLINES and node.id not in left_lines], joined)


def _groupings(graph: NotationGraph, left_lines: dict[int, int], space: float) -> tuple[Group, ...]:
    """Each brace and bracket, with the left line where that is as long; left lines of their own where none is."""
    signs = [node for node in graph.nodes if node.label in ("brace", "bracket") or node.id in left_lines]

    def as_long(a: Node, b: Node) -> bool:
        differ = abs(a.box.top - b.box.top) + abs(a.box.bottom - b.box.bottom)
        return a.label != b.label and _across(a, b) <= 2 * space and differ <= 4 * space

    return _chained(signs, as_long)


def _nested(groupings: Sequence[Node]) -> set[tuple[int, int]]:
    """(outer, inner) for each grouping and the smallest longer one that holds it."""
    found: set[tuple[int, int]] = set()
    for inner in groupings:
        middle = inner.box.center.y
        holding = [
            outer
            for outer in groupings
            if outer.box.top < middle < outer.box.bottom and outer.box.height > NESTING * inner.box.height
        ]
        if holding:
            found.add((min(holding, key=lambda outer: (outer.box.height, outer.id)).id, inner.id))
    return found


def _chained(nodes: Sequence[Node], joined: Joined) -> tuple[Group, ...]:
    """The nodes in groups within which each is joined to some other, ordered by the first id."""
    group_of = list(range(len(nodes)))
    for i, a in enumerate(nodes):
        for j in range(i):
            if group_of[i] != group_of[j] and joined(a, nodes[j]):
                low, high = sorted((group_of[i], group_of[j]))
                group_of = [low if group == high else group for group in group_of]
    groups: dict[int, list[Node]] = {}
    for node, group in zip(nodes, group_of, strict=True):
        groups.setdefault(group, []).append(node)
    return tuple(tuple(sorted(group, key=lambda node: node.id)) for group in groups.values())


def _staff_indexes(nodes: Sequence[Node], staves: Sequence[Staff]) -> dict[int, int]:
    which, _ = nearest_staff(nodes, staves)
    return {node.id: int(index) for node, index in zip(nodes, which, strict=True)}


def _same(on_staff: dict[int, int], a: Node, b: Node) -> bool:
    return on_staff[a.id] == on_staff[b.id]


def _across(a: Node, b: Node) -> float:
    """Horizontal gap, negative where they overlap, pixels."""
    return -overlap(a.box.left, a.box.right, b.box.left, b.box.right)


def _down(a: Node, b: Node) -> float:
    """Vertical gap, negative where they overlap, pixels."""
    return -overlap(a.box.top, a.box.bottom, b.box.top, b.box.bottom)
