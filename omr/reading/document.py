"""Everything read from the pages before bars are timed: systems in order, their items, signatures, accidentals and ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from omr.memory import remembered
from omr.notation import Node, NotationGraph
from omr.reading.gather import gather
from omr.reading.items import Item
from omr.reading.layout import System, find_systems
from omr.reading.matching import match_staves, part_names
from omr.reading.movements import movement_starts
from omr.reading.page import ReadPage
from omr.reading.pitches import own_accidentals
from omr.reading.signatures import Signatures, read_signatures
from omr.reading.staff_signs import staff_signs
from omr.reading.ties import Ties, joined, read_ties
from omr.reading.zones import in_use, staves_by_system, zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The systems of all pages in reading order and what was read in each; tuples run parallel to `systems`."""

    graphs: tuple[NotationGraph, ...]
    """The ink of each system (zones)."""
    systems: tuple[System, ...]
    items: tuple[tuple[Item, ...], ...]
    starts: frozenset[int]
    """Systems with which a new movement begins, the first left out."""
    groups: tuple[int, ...]
    """Staves of each part."""
    names: tuple[str | None, ...]
    """Of each part, as printed; None: none was read."""
    rows: tuple[tuple[int | None, ...], ...]
    """rows[k][i]: the row of document staff k in system i; None: it is not printed there."""
    signatures: tuple[Signatures, ...]
    accidentals: tuple[Mapping[int, Node], ...]
    ties: tuple[Ties, ...]


def read_document(pages: Sequence[ReadPage]) -> Document:
    """The pages' systems with their items, signatures, accidentals and ties."""
    graphs: list[NotationGraph] = []
    systems: list[System] = []
    items: list[tuple[Item, ...]] = []
    own: list[tuple[System, ...]] = []
    for index, page in enumerate(pages):
        rows = in_use(page, staves_by_system(page.staves))
        inks = zones(page, rows)
        found = find_systems(index, rows, inks)
        own.extend([found] * len(found))
        systems.extend(found)
        graphs.extend(inks)
        items.extend(gather(page, found, inks))
    starts = movement_starts(graphs, systems, items)
    signs = [
        remembered(staff_signs, graphs[i], system, items[i], pages[system.page].names)
        for i, system in enumerate(systems)
    ]
    roster = match_staves(signs, starts)
    signatures = read_signatures(graphs, systems, items, roster.rows, starts)
    return Document(
        graphs=tuple(graphs),
        systems=tuple(systems),
        items=tuple(items),
        starts=starts,
        groups=roster.groups,
        names=part_names(roster, signs),
        rows=roster.rows,
        signatures=signatures,
        accidentals=tuple(
            remembered(own_accidentals, graphs[i], own[i], own[i].index(system), items[i], signatures[i].key_ink)
            for i, system in enumerate(systems)
        ),
        ties=_ties(graphs, systems, items, roster.rows, starts),
    )


def _ties(
    graphs: Sequence[NotationGraph],
    systems: Sequence[System],
    items: Sequence[tuple[Item, ...]],
    rows: Sequence[tuple[int | None, ...]],
    starts: frozenset[int],
) -> tuple[Ties, ...]:
    """The ties of each system; none leaves the last of a movement."""
    found = [remembered(read_ties, graphs[i], system, items[i]) for i, system in enumerate(systems)]
    for i in range(len(systems) - 1):
        if i + 1 in starts:
            found[i] = replace(found[i], leaving=frozenset())
            continue
        staves = {row[i]: row[i + 1] for row in rows}
        known = {one: other for one, other in staves.items() if one is not None and other is not None}
        heads = [[head for item in items[place] for head in item.heads] for place in (i, i + 1)]
        found[i], found[i + 1] = joined(found[i], heads[0], found[i + 1], heads[1], known)
    return tuple(found)
