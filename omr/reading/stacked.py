"""Chords whose heads a pen has given a stem each: what stands over each other and is alike sounds as one.

An engraver joins the heads of a chord by one stem, and parts two of a staff only where they are voices, whose stems go opposite
ways. A pen that writes double stops draws every head with its own, side by side as far as their strokes need room. Notes that
follow each other never stand that near: their heads would overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.notation import Node
from omr.reading.items import Item

OVERLAP = 0.85  # staff spaces between heads that could not follow each other; they are about 1.2 wide
APART = (
    2  # half staff spaces between heads of such a chord, at least: nearer ones stand aside, where a next note may be
)


def stacked(items: Sequence[Item], space: float) -> list[Item]:
    """The items, those joined that are one chord on several stems, in order of x."""
    found: list[Item] = []
    for item in items:
        home = next((place for place, other in enumerate(found) if _one_chord(item, other, space)), None)
        if home is None:
            found.append(item)
        else:
            found[home] = _joined(found[home], item)
    return found


def _one_chord(item: Item, other: Item, space: float) -> bool:
    """Whether two chords stand over each other, stems the same way, and last as long as is printed."""
    if item.stem is None or other.stem is None or item.grace or other.grace:
        return False
    if item.staff != other.staff or item.direction != other.direction:
        return False
    gap = min(abs(_x(one.node) - _x(mate.node)) for one in item.heads for mate in other.heads)
    near = min(abs(one.position - mate.position) for one in item.heads for mate in other.heads)
    return gap < OVERLAP * space and near >= APART and (_share_beam(item, other) or _alike(item, other))


def _share_beam(item: Item, other: Item) -> bool:
    return bool({beam.id for beam in item.beams} & {beam.id for beam in other.beams})


def _alike(item: Item, other: Item) -> bool:
    return (_marks(item), item.heads[0].node.label) == (_marks(other), other.heads[0].node.label)


def _marks(item: Item) -> tuple[int, int]:
    return item.levels, item.dots


def _joined(item: Item, other: Item) -> Item:
    """One chord of both, as long as the one with more beams or flags is printed."""
    main, extra = (item, other) if _rank(item) >= _rank(other) else (other, item)
    return replace(
        main,
        heads=tuple(sorted((*main.heads, *extra.heads), key=lambda head: (-head.node.box.center.y, head.node.id))),
        dots=max(main.dots, extra.dots),
        dot_nodes=_unique(main.dot_nodes, extra.dot_nodes),
        figures=_unique(main.figures, extra.figures),
        tremolos=_unique(main.tremolos, extra.tremolos),
        attached=_unique(main.attached, extra.attached),
    )


def _rank(item: Item) -> tuple[int, int]:
    return len(item.beams), item.levels


def _unique(one: Sequence[Node], other: Sequence[Node]) -> tuple[Node, ...]:
    return tuple({node.id: node for node in (*one, *other)}.values())


def _x(node: Node) -> float:
    return node.box.center.x
