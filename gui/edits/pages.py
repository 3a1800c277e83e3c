"""Pages inserted, moved, removed, turned, and regions of them left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gui.edits.error import EditError, page_of
from gui.state import PageEntry, Rotation, State
from omr.geometry import Box
from omr.ink import without_nodes

TURNS: dict[int, Rotation] = {0: 0, 90: 90, 180: 180, 270: 270}


def insert_pages(state: State, entries: Sequence[PageEntry], at: int | None = None) -> State:
    """The state with pages put before place `at` (None: at the end)."""
    place = len(state.pages) if at is None else max(0, min(at, len(state.pages)))
    known = {entry.id for entry in state.pages}
    if any(entry.id in known for entry in entries) or len({entry.id for entry in entries}) != len(entries):
        raise EditError("two pages cannot have the same id")
    return replace(state, pages=(*state.pages[:place], *entries, *state.pages[place:]))


def remove_pages(state: State, page_ids: Collection[str]) -> State:
    """The state less some pages; decisions about their bars stay for undo."""
    for page_id in page_ids:
        page_of(state, page_id)
    return replace(state, pages=tuple(entry for entry in state.pages if entry.id not in page_ids))


def move_page(state: State, page_id: str, to: int) -> State:
    """The state with a page moved to place `to`, 0 = first."""
    entry = page_of(state, page_id)
    rest = [own for own in state.pages if own.id != page_id]
    rest.insert(max(0, min(to, len(rest))), entry)
    return replace(state, pages=tuple(rest))


def rotate_page(state: State, page_id: str, degrees: int) -> State:
    """The state with a page turned clockwise by a multiple of 90 degrees: it waits to be recognised anew."""
    entry = page_of(state, page_id)
    rotation = TURNS.get((entry.rotation + degrees) % 360)
    if rotation is None:
        raise EditError("a page is turned by quarters only")
    if rotation == entry.rotation:
        return state
    return state.with_page(PageEntry(id=entry.id, source=entry.source, index=entry.index, rotation=rotation))


def ignore_region(state: State, page_id: str, region: Box) -> State:
    """The state with a region (page pixels) of a page left out: what lies in it goes now and whenever it is recognised."""
    entry = page_of(state, page_id)
    if region.area <= 0:
        raise EditError("a region needs some width and height; drag further")
    entry = replace(entry, ignored=(*entry.ignored, region))
    if entry.result is not None:
        inside = [node.id for node in entry.result.graph.nodes if region.contains(node.box.center)]
        entry = replace(entry, result=without_nodes(entry.result, inside))
    return state.with_page(entry)
