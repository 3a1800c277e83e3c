"""Everything read from the pages before bars are timed: systems in order, their items, signatures, accidentals and ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omr.notation import Node, NotationGraph
from omr.reading.gather import gather
from omr.reading.items import Item
from omr.reading.layout import System, find_systems
from omr.reading.page import ReadPage
from omr.reading.pitches import own_accidentals
from omr.reading.signatures import Signatures, read_signatures
from omr.reading.ties import Ties, read_ties

RARE = 0.1  # a number of staves fewer systems have than this share is a fault of staff detection


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The systems of all pages in reading order and what was read in each; tuples run parallel to `systems`."""

    graphs: tuple[NotationGraph, ...]
    systems: tuple[System, ...]
    items: tuple[tuple[Item, ...], ...]
    groups: tuple[int, ...]
    """Staves of each part."""
    braced: tuple[bool, ...]
    rows: tuple[tuple[int | None, ...], ...]
    """rows[k][i]: the row of document staff k in system i."""
    signatures: tuple[Signatures, ...]
    accidentals: tuple[Mapping[int, Node], ...]
    ties: tuple[Ties, ...]


def read_document(pages: Sequence[ReadPage]) -> Document:
    """The pages' systems with their items, signatures, accidentals and ties."""
    graphs: list[NotationGraph] = []
    systems: list[System] = []
    items: list[tuple[Item, ...]] = []
    own: list[tuple[int, int]] = []
    for index, page in enumerate(pages):
        found = find_systems(page, index)
        own.append((len(systems), len(systems) + len(found)))
        systems.extend(found)
        graphs.extend([page.graph] * len(found))
        items.extend(gather(page.graph, found))
    groups, braced = _groups(systems)
    rows = _rows(systems, sum(groups))
    signatures = read_signatures(graphs, systems, items, rows)
    accidentals: list[Mapping[int, Node]] = []
    for index, (first, last) in enumerate(own):
        keys = frozenset(node for signs in signatures[first:last] for node in signs.key_ink)
        found_here = own_accidentals(pages[index].graph, systems[first:last], items[first:last], keys)
        accidentals.extend([found_here] * (last - first))
    return Document(
        graphs=tuple(graphs),
        systems=tuple(systems),
        items=tuple(items),
        groups=groups,
        braced=braced,
        rows=rows,
        signatures=signatures,
        accidentals=tuple(accidentals),
        ties=tuple(read_ties(graphs[i], systems[i], items[i]) for i in range(len(systems))),
    )


def _groups(systems: Sequence[System]) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """The grouping of the fullest systems that are no exception, the commonest one."""
    sizes = Counter(len(system.staves) for system in systems)
    usual = [size for size, count in sizes.items() if count > RARE * len(systems)]
    size = max(usual, default=1)
    votes = Counter((s.groups, s.braced) for s in systems if len(s.staves) == size)
    if not votes:
        return (1,), (False,)
    return max(votes, key=lambda vote: (votes[vote], -len(vote[0]), vote[0]))


def _rows(systems: Sequence[System], count: int) -> tuple[tuple[int | None, ...], ...]:
    """Document staves in each system; a system with fewer staves lacks the upper ones, as songs do."""
    rows: list[tuple[int | None, ...]] = []
    for staff in range(count):
        places: list[int | None] = []
        for system in systems:
            row = staff - (count - len(system.staves)) if len(system.staves) < count else staff
            places.append(row if row >= 0 else None)
        rows.append(tuple(places))
    return tuple(rows)
