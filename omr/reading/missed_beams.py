"""Chords that a beam of their neighbours is drawn over though nobody related it to them.

Whoever relates the ink of a page by hand forgets one now and then. Such a chord may have a beam more for next to nothing; which
of the two is meant the bar's sum says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from omr.notation import Node
from omr.reading.items import Item

REACH = 0.3  # staff spaces a beam may end beside a stem


def under_more_beams(items: Sequence[Item], groups: Mapping[int, int], space: float) -> frozenset[int]:
    """The places of the items at whose stem a beam of the next chord under their beams is drawn that they have not.

    `groups` are the beam groups of the items by their places, which are in order of x.
    """
    found = set()
    members: dict[int, list[int]] = {}
    for place, group in sorted(groups.items()):
        if group >= 0:
            members.setdefault(group, []).append(place)
    for places in members.values():
        for one, other in pairwise(places):
            for place, mate in ((one, other), (other, one)):
                if any(_drawn_at(beam, items[place], space) for beam in _more(items[place], items[mate])):
                    found.add(place)
    return frozenset(found)


def _more(item: Item, mate: Item) -> list[Node]:
    """The beams that a neighbour has and an item has not."""
    own = {beam.id for beam in item.beams}
    return [beam for beam in mate.beams if beam.id not in own]


def _drawn_at(beam: Node, item: Item, space: float) -> bool:
    if item.stem is None:
        return False
    x, reach = item.stem.box.center.x, REACH * space
    return beam.box.left - reach < x < beam.box.right + reach
