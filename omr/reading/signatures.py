"""What stands at the head of every system and changes between: clefs, keys and times, agreed on over the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from omr.memory import remembered, the_same
from omr.notation import NotationGraph
from omr.reading.c_clefs import agreed
from omr.reading.clefs import BASS, TREBLE, ClefSign, opening_clefs, read_clefs
from omr.reading.items import Item
from omr.reading.keys import KeySign, agree, clef_evidence, naturals_after, read_key_row
from omr.reading.layout import Span, System
from omr.reading.times import TimeSign, read_times
from omr.score import Clef

CLEF_WIDTH = 3.2  # staff spaces from the staff's end to where a key may begin, when no clef was seen
KEY_END = 0.3  # staff spaces a key must end before the first head
CHANGE_SUPPORT = 0.5  # share of the staves that must show a key change within a system


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """A key valid from a bar of a system on."""

    bar: int
    fifths: int
    nodes: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Of one system: the clef each staff opens with and those that follow, the keys, the printed times."""

    clefs: tuple[Clef, ...]
    """One a staff."""
    clef_nodes: tuple[int | None, ...]
    inner: tuple[ClefSign, ...]
    fifths: int
    key_nodes: tuple[tuple[int, ...], ...]
    changes: tuple[KeyChange, ...]
    times: tuple[tuple[int, TimeSign], ...]
    """(bar of the system, signature that opens it)."""

    @property
    def key_ink(self) -> frozenset[int]:
        """Accidentals that belong to a key."""
        own = {node for nodes in self.key_nodes for node in nodes}
        return frozenset(own | {node for change in self.changes for node in change.nodes})


def read_signatures(
    graphs: Sequence[NotationGraph],
    systems: Sequence[System],
    items: Sequence[Sequence[Item]],
    rows: Sequence[Sequence[int | None]],
    starts: frozenset[int],
) -> tuple[Signatures, ...]:
    """Signatures of every system; `graphs[i]` is the page of `systems[i]`, `rows[k][i]` the row of document staff k in it.

    With the systems of `starts` a movement begins: their clefs and keys owe nothing to the system before.
    """
    own = [remembered(read_clefs, graph, system) for graph, system in zip(graphs, systems, strict=True)]
    seen = [the_same(signs) for signs in agreed(own, rows)]
    opening = _opening(graphs, systems, items, rows, seen, starts)
    keys = [remembered(_keys, graphs[i], systems[i], items[i], seen[i], opening[i]) for i in range(len(systems))]
    changes = [remembered(_changes, graphs[i], systems[i], items[i], opening[i]) for i in range(len(systems))]
    ends = {i: found[-1].fifths for i, found in enumerate(changes) if found}
    fifths = agree([_votes(found, systems[i], items[i]) for i, found in enumerate(keys)], ends, starts)
    result = []
    for i, system in enumerate(systems):
        result.append(
            the_same(
                Signatures(
                    clefs=opening[i],
                    clef_nodes=tuple(_header_node(seen[i], row, opening[i][row]) for row in range(len(system.staves))),
                    inner=tuple(sign for sign in seen[i] if not sign.header),
                    fifths=fifths[i],
                    key_nodes=tuple(sign.nodes if sign else () for sign in keys[i]),
                    changes=tuple(change for change in changes[i]),
                    times=remembered(_times, graphs[i], system, items[i]),
                )
            )
        )
    return tuple(result)


def _header_node(seen: Sequence[ClefSign], row: int, clef: Clef) -> int | None:
    return next((sign.node for sign in seen if sign.row == row and sign.header and sign.clef == clef), None)


def first_x(items: Sequence[Item], row: int | None, left: float, right: float) -> float:
    """Left side of the first head or rest of a staff (None: of any staff) between two x; `right` where there is none."""
    edges: list[float] = []
    for item in items:
        if row is not None and item.staff != row:
            continue
        nodes = [head.node for head in item.heads] + ([item.rest] if item.rest is not None else [])
        edges.extend(node.box.left for node in nodes if left <= node.box.center.x < right)
    return min(edges, default=right)


def _first_span(system: System) -> Span:
    return system.spans[0]


def key_bounds(system: System, items: Sequence[Item], seen: Sequence[ClefSign], row: int) -> tuple[float, float]:
    """Left and right end of where the key signature of a staff may stand; `seen` are the clefs of the system."""
    staff = system.staves[row]
    header = [sign for sign in seen if sign.row == row and sign.header]
    start = header[-1].right if header else staff.box.left + CLEF_WIDTH * staff.staff_space
    end = first_x(items, row, start, _first_span(system).right)
    return start - 0.2 * staff.staff_space, end - KEY_END * staff.staff_space


def _opening(
    graphs: Sequence[NotationGraph],
    systems: Sequence[System],
    items: Sequence[Sequence[Item]],
    rows: Sequence[Sequence[int | None]],
    seen: Sequence[Sequence[ClefSign]],
    starts: frozenset[int],
) -> list[tuple[Clef, ...]]:
    opening: list[list[Clef]] = [[TREBLE] * len(system.staves) for system in systems]
    for staff_rows in rows:
        present = [sign for i, row in enumerate(staff_rows) for sign in seen[i] if sign.row == row and sign.header]
        fallback = _usual(present, staff_rows, systems)
        states = sorted({fallback, *(sign.clef for sign in present)}, key=repr)
        evidence = []
        for i, row in enumerate(staff_rows):
            sign = None
            if row is not None:
                signs = remembered(_rows, graphs[i], systems[i], items[i], seen[i], row, tuple(states))
                sign = max((s for s in signs if s), key=lambda s: len(s.heights), default=None)
            evidence.append(clef_evidence(sign, states))
        for i, clef in enumerate(opening_clefs(seen, staff_rows, evidence, fallback, starts)):
            row = staff_rows[i]
            if row is not None:
                opening[i][row] = clef
    return [tuple(clefs) for clefs in opening]


def _rows(
    graph: NotationGraph,
    system: System,
    items: Sequence[Item],
    seen: Sequence[ClefSign],
    row: int,
    clefs: Sequence[Clef],
) -> list[KeySign | None]:
    """The key signature of a staff as it would read under each of `clefs`."""
    start, end = key_bounds(system, items, seen, row)
    return [read_key_row(graph, system, row, start=start, end=end, clef=clef) for clef in clefs]


def _usual(present: Sequence[ClefSign], rows: Sequence[int | None], systems: Sequence[System]) -> Clef:
    """The clef a staff shows most; unseen: bass for the lowest of several staves, else treble."""
    if present:
        votes = Counter(sign.clef for sign in present)
        return max(votes, key=lambda clef: (votes[clef], repr(clef)))
    lowest = [row == len(systems[i].staves) - 1 and row > 0 for i, row in enumerate(rows) if row is not None]
    return BASS if lowest and all(lowest) else TREBLE


def _keys(
    graph: NotationGraph, system: System, items: Sequence[Item], seen: Sequence[ClefSign], clefs: Sequence[Clef]
) -> list[KeySign | None]:
    found = []
    for row, clef in enumerate(clefs):
        start, end = key_bounds(system, items, seen, row)
        found.append(read_key_row(graph, system, row, start=start, end=end, clef=clef))
    return found


def _votes(keys: Sequence[KeySign | None], system: System, items: Sequence[Item]) -> list[int]:
    return [sign.fifths if sign is not None else 0 for sign in keys]


def _changes(graph: NotationGraph, system: System, items: Sequence[Item], clefs: Sequence[Clef]) -> list[KeyChange]:
    """Keys that begin after a barline within the system: shown by enough staves, alike."""
    found = []
    for bar, span in enumerate(system.spans):
        if bar == 0 or span.opening is None:
            continue
        shown: dict[int, KeySign] = {}
        cancelled: dict[int, tuple[int, ...]] = {}
        for row, clef in enumerate(clefs):
            end = first_x(items, row, span.left, span.right) - KEY_END * system.space
            naturals = naturals_after(graph, system, row, start=span.left, end=end)
            start = naturals[-1].box.right if naturals else span.left
            sign = read_key_row(graph, system, row, start=start, end=end, clef=clef)
            if sign is not None and (naturals or abs(sign.fifths) > 1 or span.opening.style != "regular"):
                shown[row] = sign
            if naturals:
                cancelled[row] = tuple(node.id for node in naturals)
        change = _change(bar, shown, cancelled, len(clefs))
        if change is not None:
            found.append(change)
    return found


def _change(
    bar: int, shown: dict[int, KeySign], cancelled: dict[int, tuple[int, ...]], staves: int
) -> KeyChange | None:
    votes = Counter(sign.fifths for sign in shown.values())
    nodes = tuple(
        sorted({n for sign in shown.values() for n in sign.nodes} | {n for c in cancelled.values() for n in c})
    )
    if votes:
        fifths = max(votes, key=lambda value: (votes[value], -abs(value), value))
        rows = {row for row, sign in shown.items() if abs(sign.fifths - fifths) <= 1}
        if len(rows) > CHANGE_SUPPORT * staves or (len(rows) == staves == 1 and abs(fifths) > 1):
            return KeyChange(bar=bar, fifths=fifths, nodes=nodes, rows=tuple(sorted(rows)))
        return None
    if len(cancelled) == staves and staves > 1:
        return KeyChange(bar=bar, fifths=0, nodes=nodes, rows=tuple(sorted(cancelled)))
    return None


def _times(graph: NotationGraph, system: System, items: Sequence[Item]) -> tuple[tuple[int, TimeSign], ...]:
    """Printed times with the bar each opens; one that stands after a bar's first note is none."""
    found = []
    for sign in remembered(read_times, graph, system):
        for bar, span in enumerate(system.spans):
            if span.left <= sign.x < span.right and sign.x < first_x(items, None, span.left, span.right):
                found.append((bar, sign))
    return tuple(found)
