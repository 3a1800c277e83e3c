"""Heads read in two voices, and a bar with each of them in one voice only.

Assumes that print seldom tells which it is: a stem of the lower voice that begins at the head of its own chord looks like one
that begins at the head above, a step or a third off. A quarter of the bars with such a head have one that is meant once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gui.edits import EditError, add_edge, cut_edge, delete, resize
from gui.state import State
from omr.geometry import Box
from omr.notation import Node
from omr.reading.bars import TimedBar
from omr.reading.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Unison:
    """A head and the two chords it is read in."""

    head: int
    """Node id."""
    chords: tuple[Item, Item]
    """Each has a stem."""


def unisons(bar: TimedBar) -> tuple[Unison, ...]:
    """The heads of a bar that two chords share."""
    owners: dict[int, list[Item]] = {}
    for column in bar.ink.columns:
        for item in column:
            for head in item.heads if item.stem is not None else ():
                owners.setdefault(head.node.id, []).append(item)
    return tuple(Unison(head=head, chords=(items[0], items[1])) for head, items in owners.items() if len(items) == 2)


def in_one_voice(state: State, page: str, bar: TimedBar) -> Iterator[State]:
    """`state` with one head of the bar in either of its two voices only, then with all of them in the upper or the lower."""
    shared = unisons(bar)
    for unison in shared:
        for lost in unison.chords:
            yield from _tried(state, page, [(unison, lost)])
    if len(shared) > 1:
        for direction in (-1, 1):
            yield from _tried(
                state, page, [(own, lost) for own in shared for lost in own.chords if lost.direction == direction]
            )


def _tried(state: State, page: str, losses: Sequence[tuple[Unison, Item]]) -> Iterator[State]:
    """The state with heads taken from chords; none where an edit is refused."""
    try:
        for unison, lost in losses:
            state = _without(state, page, unison, lost)
    except EditError:
        return
    yield state


def _without(state: State, page: str, unison: Unison, lost: Item) -> State:
    """The state with a head in the other chord than `lost`, whose stem ends at its next head; a stem without one goes."""
    kept = next(chord for chord in unison.chords if chord is not lost)
    assert lost.stem is not None
    assert kept.stem is not None
    nodes = state.page(page).graph.by_id
    mates = [head.node.id for head in lost.heads if head.node.id != unison.head]
    if _related(state, page, unison.head, lost.stem.id) and mates:
        state = cut_edge(state, page, unison.head, lost.stem.id)
    if not _related(state, page, unison.head, kept.stem.id):
        state = add_edge(state, page, unison.head, kept.stem.id)
    if not mates:
        return delete(state, page, [lost.stem.id]) if lost.stem.id in nodes else state
    return resize(state, page, lost.stem.id, _shortened(nodes, lost.stem.id, unison.head, mates))


def _shortened(nodes: Mapping[int, Node], stem: int, head: int, mates: Sequence[int]) -> Box:
    """The box of a stem that begins at the one of `mates` nearest to `head`."""
    box, y = nodes[stem].box, nodes[head].box.center.y
    start = min((nodes[mate].box.center.y for mate in mates), key=lambda mate: abs(mate - y))
    down = abs(box.bottom - y) > abs(box.top - y)
    return Box(box.left, start, box.right, box.bottom) if down else Box(box.left, box.top, box.right, start)


def _related(state: State, page: str, head: int, stem: int) -> bool:
    return any(node.id == stem for node in state.page(page).graph.targets(head))
