"""Symbols added, deleted, moved, resized and named anew.

A symbol keeps its relations as long as the grammar allows them for its class.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.edits.error import EditError, node_of, page_of, result_of
from gui.edits.sizes import size_of
from gui.state import State
from omr.geometry import Box, Point
from omr.ink import fresh_node_id, staff_near, with_nodes, without_edges, without_nodes
from omr.labels import ACCIDENTALS, GRAMMAR, INDEX, NOTEHEADS, RESTS
from omr.notation import Node

if TYPE_CHECKING:
    from omr.pipeline import PageResult

SNAPPED = (*NOTEHEADS, *ACCIDENTALS, *RESTS)
"""Classes that stand on a staff position."""
LEAST = 0.05  # staff spaces: sides of a symbol, at least


def add_symbol(state: State, page_id: str, label: str, box: Box) -> tuple[State, int]:
    """The state with a symbol of class `label` in `box` (page pixels), and its id."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    _known(label)
    node = Node(id=_fresh(entry.erased, result), label=label, box=_sound(result, box), origin="human")
    return state.with_page(replace(entry, result=with_nodes(result, [node]))), node.id


def snapped(result: PageResult, label: str, at: Point) -> Box:
    """Where a symbol of class `label` put at `at` (page pixels) stands: of its usual size, on the nearest staff position."""
    space = result.staves[0].staff_space if result.staves else 1.0
    staff = staff_near(result, Box(at.x, at.y, at.x, at.y))
    y = at.y
    if staff is not None:
        space = staff.staff_space
        if label in SNAPPED:
            y = staff.y_of(at.x, round(staff.position_at(at.x, at.y)))
    width, height = (side * space for side in size_of(result, label))
    return Box(at.x - width / 2, y - height / 2, at.x + width / 2, y + height / 2)


def delete(state: State, page_id: str, ids: Collection[int]) -> State:
    """The state less some symbols and their relations."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    gone = [node_of(result, node_id) for node_id in sorted(set(ids))]
    if not gone:
        raise EditError("nothing is selected")
    return state.with_page(
        replace(entry, result=without_nodes(result, [node.id for node in gone]), erased=(*entry.erased, *gone))
    )


def move(state: State, page_id: str, ids: Collection[int], by: Point) -> State:
    """The state with some symbols moved by `by` page pixels."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    moved = []
    for node_id in sorted(set(ids)):
        node = node_of(result, node_id)
        box = Box(node.box.left + by.x, node.box.top + by.y, node.box.right + by.x, node.box.bottom + by.y)
        moved.append(_by_hand(node, box=_sound(result, box)))
    return state.with_page(replace(entry, result=with_nodes(result, moved)))


def resize(state: State, page_id: str, node_id: int, box: Box) -> State:
    """The state with a symbol's box replaced."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    node = _by_hand(node_of(result, node_id), box=_sound(result, box))
    return state.with_page(replace(entry, result=with_nodes(result, [node])))


def relabel(state: State, page_id: str, ids: Collection[int], label: str) -> State:
    """The state with some symbols of another class; relations that class cannot have are cut."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    _known(label)
    nodes = [_by_hand(node_of(result, node_id), label=label) for node_id in sorted(set(ids))]
    result = with_nodes(result, nodes)
    return state.with_page(replace(entry, result=without_edges(result, illegal_edges(result))))


def illegal_edges(result: PageResult) -> list[tuple[int, int]]:
    """(source, target) of relations between detected symbols that the grammar does not know."""
    by_id = result.graph.by_id
    return [
        (edge.source, edge.target)
        for edge in result.graph.edges
        if by_id[edge.source].label in INDEX
        and by_id[edge.target].label in INDEX
        and (by_id[edge.source].label, by_id[edge.target].label) not in GRAMMAR
    ]


def _by_hand(node: Node, *, box: Box | None = None, label: str | None = None) -> Node:
    """`node` as a person wants it: certain, and what the model thought of it forgotten."""
    return replace(
        node, box=box or node.box, label=label or node.label, score=1.0, scores=(), features=(), origin="human"
    )


def _fresh(erased: tuple[Node, ...], result: PageResult) -> int:
    """An id that no symbol of the page has or had."""
    return max(fresh_node_id(result.graph), max((node.id + 1 for node in erased), default=0))


def _known(label: str) -> None:
    if label not in INDEX:
        raise EditError(f"{label} is no class of symbols")


def _sound(result: PageResult, box: Box) -> Box:
    space = result.staves[0].staff_space if result.staves else 1.0
    if box.width < LEAST * space or box.height < LEAST * space:
        raise EditError("a symbol needs some width and height; drag further")
    return box
