"""Relations drawn and cut, with the grammar's help."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.edits.error import EditError, node_of, page_of, result_of
from gui.state import State
from omr.ink import with_edge, without_edges
from omr.labels import GRAMMAR

if TYPE_CHECKING:
    from omr.pipeline import PageResult


def add_edge(state: State, page_id: str, one: int, other: int) -> State:
    """The state with two symbols related, in the direction that the grammar allows."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    source, target = _directed(result, one, other)
    edge = {(source, target)}
    result = with_edge(result, source, target)
    return state.with_page(replace(entry, result=result, cut=entry.cut - edge, drawn=entry.drawn | edge))


def cut_edge(state: State, page_id: str, one: int, other: int) -> State:
    """The state with the relation of two symbols cut, whatever its direction."""
    entry = page_of(state, page_id)
    result = result_of(entry)
    pairs = {(edge.source, edge.target) for edge in result.graph.edges} & {(one, other), (other, one)}
    if not pairs:
        raise EditError("these symbols are not related")
    return state.with_page(
        replace(entry, result=without_edges(result, pairs), cut=entry.cut | pairs, drawn=entry.drawn - pairs)
    )


def partners(result: PageResult, node_id: int) -> frozenset[int]:
    """The symbols that `node_id` may be related to: what a relation drawn from it may end at."""
    own = node_of(result, node_id).label
    return frozenset(
        node.id
        for node in result.graph.nodes
        if node.id != node_id and ((own, node.label) in GRAMMAR or (node.label, own) in GRAMMAR)
    )


def _directed(result: PageResult, one: int, other: int) -> tuple[int, int]:
    first, second = node_of(result, one), node_of(result, other)
    if one != other and (first.label, second.label) in GRAMMAR:
        return one, other
    if one != other and (second.label, first.label) in GRAMMAR:
        return other, one
    raise EditError(f"a {first.label} is never related to a {second.label}")
