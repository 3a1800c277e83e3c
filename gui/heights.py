"""Heights that may be read otherwise: heads between two staff positions, and accidentals between two heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from omr.notation import Node
from omr.reading.bars import TimedBar
from omr.reading.items import Head
from omr.reading.keys import height
from omr.reading.layout import System

NEAR: Final = 1.3  # half staff spaces between an accidental and a head it may belong to
LEFT, RIGHT = 0.3, 4.5  # staff spaces from an accidental to a head it may belong to


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An accidental with the head it was read before and another that it may belong to."""

    sign: Node
    head: Head
    other: Head
    doubt: float
    """0: the other is farther off by a whole position or more; 1: it is as near."""


def heads_of(bar: TimedBar) -> tuple[Head, ...]:
    """The heads of a bar, grace notes too."""
    items = [item for column in bar.ink.columns for item in column] + list(bar.ink.graces)
    return tuple(head for item in items for head in item.heads)


def offset(head: Head, system: System) -> float:
    """How much lower than its staff position a head lies, half staff spaces, -1 to 1."""
    centre = head.node.box.center
    off = system.staves[head.staff].position_at(centre.x, centre.y) - head.position
    return max(-1.0, min(1.0, off))


def claims(bar: TimedBar, system: System, accidentals: Mapping[int, Node]) -> Iterator[Claim]:
    """The accidentals of a bar that may belong to another head, with the head they come nearest to besides."""
    heads = heads_of(bar)
    for head in heads:
        sign = accidentals.get(head.node.id)
        if sign is None:
            continue
        own = abs(height(sign, system.staves[head.staff]) - head.position)
        rivals = []
        for other in heads:
            gap = (other.node.box.center.x - sign.box.center.x) / system.space
            off = abs(height(sign, system.staves[other.staff]) - other.position)
            if other is not head and LEFT < gap < RIGHT and off <= NEAR and other.position != head.position:
                rivals.append((off, other.node.id, other))
        if rivals:
            off, _, other = min(rivals, key=lambda rival: rival[:2])
            yield Claim(sign=sign, head=head, other=other, doubt=max(0.0, min(1.0, 1 - (off - own))))
