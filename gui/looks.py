"""A bar taken from a second look at its page: the symbols and relations seen there put in place of its own.

What only the look has, and what it has not, is a person's decision from then on; symbols it shares with the page stay as they
are, in the boxes they have there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gui.edits import delete
from gui.ink import fresh_node_id, with_edge, with_nodes, without_edges
from gui.rereading import Reread, bar_box
from gui.state import State
from omr.labels import GRAMMAR

BEYOND: Final = 5.0
"""Staff spaces above and below its staves that symbols of a bar may stand."""

if TYPE_CHECKING:
    from omr.second_look import OtherBar, Pair


def others_of(heard: Reread, place: int) -> Iterator[OtherBar]:
    """What further looks at its page found in bar `place` of the document, where they said other notes than the first."""
    bar, measure = heard.bars[place], heard.score.parts[0].measures[place]
    for other in heard.state.page(bar.page).looks or ():
        if other.system == bar.system and measure.left_x <= other.middle < measure.right_x:
            yield other


def touched(heard: Reread, place: int) -> bool:
    """Whether a person put, changed or deleted a symbol in bar `place` of the document."""
    entry = heard.state.page(heard.bars[place].page)
    own = [*(node for node in entry.graph.nodes if node.origin == "human"), *entry.erased]
    if not own or entry.result is None:
        return False
    box = bar_box(heard, place).padded(0.0, BEYOND * entry.result.staves[0].staff_space)
    return any(box.contains(node.box.center) for node in own)


def with_other(state: State, page_id: str, other: OtherBar) -> State:
    """The state with a bar as `other` shows it; what a person put there stays."""
    entry = state.page(page_id)
    own = entry.graph.by_id
    gone = [node for node in other.gone if node in own and own[node].origin == "model"]
    state = delete(state, page_id, gone) if gone else state
    entry = state.page(page_id)
    assert entry.result is not None
    first = max(fresh_node_id(entry.graph), max((node.id + 1 for node in entry.erased), default=0))
    names = {node.id: first + count for count, node in enumerate(other.found)}
    found = [replace(node, id=names[node.id], score=1.0, origin="human") for node in other.found]
    own = entry.graph.by_id
    moved = [replace(own[node], box=box) for node, box in other.moved if node in own and own[node].origin == "model"]
    result = with_nodes(entry.result, [*found, *moved])
    by_id = result.graph.by_id

    def named(pairs: tuple[Pair, ...]) -> frozenset[Pair]:
        ends = ((names.get(source, source), names.get(target, target)) for source, target in pairs)
        return frozenset((source, target) for source, target in ends if source in by_id and target in by_id)

    drawn, cut = named(other.joined) - entry.drawn, named(other.parted) - entry.drawn
    for source, target in sorted(drawn):
        if (by_id[source].label, by_id[target].label) in GRAMMAR:
            result = with_edge(result, source, target)
    result = without_edges(result, cut)
    return state.with_page(replace(entry, result=result, drawn=entry.drawn | drawn, cut=(entry.cut - drawn) | cut))
