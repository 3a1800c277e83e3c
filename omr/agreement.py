"""A bar put as further looks at the page show it, where most of them agree with each other against the first.

Each look errs in places of its own, so three of four that say the same other notes are seldom all wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from omr.ink import fresh_node_id, with_edge, with_nodes, without_edges, without_nodes
from omr.labels import GRAMMAR
from omr.notation import Node, NotationGraph
from omr.sound import Sound

if TYPE_CHECKING:
    from omr.pipeline import PageResult
    from omr.second_look import OtherBar, Pair

NUMBERS: Final = (0, 1, 3, 4)
"""Of the looks at a page besides the first."""
FIRST: Final = 2
"""In place of such a number: the bar as it was read first, where that gave way to the others."""
ENOUGH: Final = 3
"""Of the looks, that say the same other notes, for the first to give way: on 40 scans that mends 17 bars and spoils 2, while
two at the sizes 15/16 and 17/16 would mend 13 and spoil 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What another look changes in the ink of a page, by the ids it will have there."""

    gone: tuple[int, ...]
    found: tuple[Node, ...]
    """Page pixels."""
    moved: tuple[Node, ...]
    """The same symbols in the boxes they have there, page pixels."""
    joined: frozenset[Pair]
    parted: frozenset[Pair]


def agreed(others: Iterable[OtherBar]) -> OtherBar | None:
    """What ENOUGH of the other looks at one bar say; each of `others` is to differ from what the bar says."""
    bars = sorted((bar for bar in others if bar.size != FIRST and bar.sound is not None), key=lambda bar: bar.size)
    votes = Counter(bar.sound for bar in bars)
    return next((bar for bar in bars if votes[bar.sound] >= ENOUGH), None)


def dissent(others: Iterable[OtherBar], sound: Sound) -> int:
    """How many looks, the first too, say of a bar other notes than `sound`, which it says now."""
    sounds = {bar.size: bar.sound for bar in others}
    if FIRST not in sounds:
        return sum(other != sound for other in sounds.values())
    return 1 + len(NUMBERS) - sum(other == sound for number, other in sounds.items() if number != FIRST)


def change_to(graph: NotationGraph, other: OtherBar, fresh: int) -> Change:
    """What makes a bar of `graph` (page pixels) what `other` shows; new symbols get ids from `fresh`, a person's stay."""
    own = {node.id: node for node in graph.nodes if node.origin == "model"}
    gone = tuple(node for node in other.gone if node in own)
    names = {node.id: fresh + count for count, node in enumerate(other.found)}
    found = tuple(replace(node, id=names[node.id]) for node in other.found)
    left = {node.id: node for node in (*graph.nodes, *found) if node.id not in gone}

    def named(pairs: Iterable[Pair]) -> frozenset[Pair]:
        ends = ((names.get(source, source), names.get(target, target)) for source, target in pairs)
        return frozenset((source, target) for source, target in ends if source in left and target in left)

    return Change(
        gone=gone,
        found=found,
        moved=tuple(replace(own[node], box=box) for node, box in other.moved if node in own and node in left),
        joined=frozenset(pair for pair in named(other.joined) if (left[pair[0]].label, left[pair[1]].label) in GRAMMAR),
        parted=named(other.parted),
    )


def with_change(result: PageResult, change: Change) -> PageResult:
    """The page with the change made."""
    result = with_nodes(without_nodes(result, change.gone), [*change.found, *change.moved])
    for source, target in sorted(change.joined):
        result = with_edge(result, source, target)
    return without_edges(result, change.parted)


def given_way(result: PageResult, other: OtherBar, sound: Sound, *, fresh: int = 0) -> tuple[PageResult, OtherBar]:
    """The page with one of its bars as `other` shows it, and how to get back the bar that said `sound`.

    New symbols get ids from `fresh`, or from the first that is free.
    """
    change = change_to(result.graph, other, max(fresh, fresh_node_id(result.graph)))
    return with_change(result, change), _before(result.graph, other, change, sound)


def _before(graph: NotationGraph, other: OtherBar, change: Change, sound: Sound) -> OtherBar:
    """The bar of `graph` as a look at the page that was changed since."""
    lost = [graph.by_id[node] for node in change.gone]
    names = {node.id: -1 - count for count, node in enumerate(lost)}
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    cut = {pair for pair in pairs if not names.keys().isdisjoint(pair)} | (change.parted & pairs)
    new = {node.id for node in change.found}
    return replace(
        other,
        size=FIRST,
        sound=sound,
        found=tuple(replace(node, id=names[node.id], scores=(), features=()) for node in lost),
        moved=tuple((node.id, graph.by_id[node.id].box) for node in change.moved),
        gone=tuple(sorted(new)),
        joined=tuple(sorted((names.get(source, source), names.get(target, target)) for source, target in cut)),
        parted=tuple(sorted(pair for pair in change.joined - pairs if new.isdisjoint(pair))),
    )


def read_again(result: PageResult, others: Sequence[OtherBar]) -> PageResult:
    """The page with each bar on which the other looks agree as they show it."""
    bars: dict[tuple[int, float], list[OtherBar]] = {}
    for bar in others:
        bars.setdefault((bar.system, bar.middle), []).append(bar)
    for own in bars.values():
        other = agreed(own)
        if other is not None:
            result = with_change(result, change_to(result.graph, other, fresh_node_id(result.graph)))
    return result
