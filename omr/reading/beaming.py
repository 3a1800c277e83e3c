"""Beams and flags of a stem: how many it crosses, and which stems stand under common beams.

Beams lie at the end of the stem away from the heads, flags hang there to the right. A beam's box does not say whether it
rises or falls, so both are tried.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations

from omr.labels import FLAGS
from omr.notation import Node
from omr.reading.items import Item

TIP_X = 0.5  # staff spaces a stem may stand outside its beam
TIP_Y = 1.0  # staff spaces between a stem's end and its beam
SAME_PLACE = 1.5  # staff spaces between two stems of opposite directions at one place
SHORT_OF = 0.2  # staff spaces of paper between a stem and a beam that is not its own
LEANS = 0.15  # staff spaces the ends of a group's stems rise or fall together, at least
SAME_BEAM = 0.45  # staff spaces between the middles of two beams, at least
FLAG_X = 1.5  # staff spaces from a stem to the centre of its flag
FLAG_LEVELS = {
    label: 1 + ("8th", "16th", "32nd", "64th", "128th").index(label[4:].removesuffix("Up").removesuffix("Down"))
    for label in FLAGS
}


def touched_beams(stem: Node, direction: int, beams: Sequence[Node], space: float) -> tuple[Node, ...]:
    x = stem.box.center.x
    tip = stem.box.top if direction > 0 else stem.box.bottom
    inner = tip + direction * 2.2 * space  # beams lie between the stem's end and two spaces towards the head
    low, high = sorted((tip - direction * TIP_Y * space, inner))
    found = []
    for beam in beams:
        beside = beam.box.left - TIP_X * space <= x <= beam.box.right + TIP_X * space
        if beside and any(low <= y <= high for y in _beam_heights(beam, x, space)):
            found.append(beam)
    return tuple(found)


def without_intruders(items: Sequence[Item], space: float) -> list[Item]:
    """The items, less beams of other staves or voices.

    Two stems never meet a beam from both sides at one place: the one that ends short of it has none there. And a stem that has
    a beam together with stems of its own direction has no other one together with stems of the other direction only.
    """
    members: dict[int, list[int]] = {}
    for place, item in enumerate(items):
        for beam in item.beams if item.stem is not None else ():
            members.setdefault(beam.id, []).append(place)
    lost: dict[int, set[int]] = {}
    for shared, places in members.items():
        for place, other in permutations(places, 2):
            if _intrudes(items[place], items[other], shared, space):
                lost.setdefault(place, set()).add(shared)
    for place, item in enumerate(items):
        sides = {node.id: _company(items, members.get(node.id, ()), place) for node in item.beams}
        if {item.direction} in sides.values():
            lost.setdefault(place, set()).update(one for one, side in sides.items() if side == {-item.direction})
    return [_less(item, lost[place], space) if lost.get(place) else item for place, item in enumerate(items)]


def _company(items: Sequence[Item], places: Sequence[int], place: int) -> set[int]:
    """Directions of the other stems under a beam."""
    return {items[other].direction for other in places if other != place}


def _intrudes(item: Item, other: Item, beam: int, space: float) -> bool:
    if item.stem is None or other.stem is None or item.direction * other.direction >= 0:
        return False
    if abs(item.stem.box.center.x - other.stem.box.center.x) > SAME_PLACE * space:
        return False
    node = next(node for node in item.beams if node.id == beam)
    gap = _paper_before(node, item.stem, item.direction, space)
    return gap > SHORT_OF * space and gap - _paper_before(node, other.stem, other.direction, space) > SHORT_OF * space


def _paper_before(beam: Node, stem: Node, direction: int, space: float) -> float:
    """Pixels between a stem's end and the beam's nearer edge, whichever way the beam slants; 0 where they meet."""
    tip, half = (stem.box.top if direction > 0 else stem.box.bottom), min(0.25 * space, beam.box.height / 2)
    return min(max(0.0, direction * (tip - height) - half) for height in _beam_heights(beam, stem.box.center.x, space))


def _less(item: Item, lost: Collection[int], space: float) -> Item:
    beams = tuple(beam for beam in item.beams if beam.id not in lost)
    return replace(item, beams=beams, levels=beam_levels(beams, item.stem, item.direction, space))


def _beam_heights(beam: Node, x: float, space: float) -> tuple[float, float]:
    """The two heights a beam may have at x: its box does not say whether it rises or falls."""
    box, half = beam.box, min(0.25 * space, beam.box.height / 2)
    share = min(1.0, max(0.0, (x - box.left) / box.width)) if box.width else 0.5
    fall = (box.top + half) + share * (box.height - 2 * half)
    return fall, box.top + box.bottom - fall


def beam_levels(
    beams: Sequence[Node], stem: Node | None, direction: int, space: float, slants: Sequence[int] = (0, 1)
) -> int:
    """Beams a stem crosses: pieces of one beam, found twice, lie at one height there and count once.

    `slants` are those the beams may have: 0 falling, 1 rising.
    """
    if stem is None or len(beams) < 2:
        return len(beams)
    x, tip = stem.box.center.x, stem.box.top if direction > 0 else stem.box.bottom
    counts = []
    for slope in slants:
        heights = sorted(_beam_heights(beam, x, space)[slope] for beam in beams)
        levels = 1 + sum(b - a > SAME_BEAM * space for a, b in pairwise(heights))
        counts.append((min(abs(tip - height) for height in heights), -levels))
    return -min(counts)[1]


def with_slanted_levels(items: Sequence[Item], space: float) -> list[Item]:
    """The items, levels counted anew where the ends of all stems of a beam group tell which way its beams slant."""
    groups = beam_groups(items)
    leaning: dict[int, float] = {}
    for beam, places in _members(items):
        tips = [_tip(items[place]) for place in places if items[place].direction == items[places[0]].direction]
        group = groups[places[0]]
        width = beam.box.width
        if len(tips) > 1 and width:
            x, y = (sum(values) / len(tips) for values in zip(*tips, strict=True))
            leaning[group] = leaning.get(group, 0.0) + sum((a - x) * (b - y) for a, b in tips) / width
    found = []
    for place, item in enumerate(items):
        lean = leaning.get(groups[place], 0.0)
        if len(item.beams) < 2 or item.flags or abs(lean) < LEANS * space:
            found.append(item)
            continue
        slants = (0,) if lean > 0 else (1,)
        found.append(replace(item, levels=beam_levels(item.beams, item.stem, item.direction, space, slants)))
    return found


def _members(items: Sequence[Item]) -> list[tuple[Node, list[int]]]:
    """For each beam the places of the items whose stems it joins."""
    members: dict[int, tuple[Node, list[int]]] = {}
    for place, item in enumerate(items):
        for beam in item.beams if item.stem is not None else ():
            members.setdefault(beam.id, (beam, []))[1].append(place)
    return list(members.values())


def _tip(item: Item) -> tuple[float, float]:
    """(x, y) of the end of the stem away from the heads."""
    assert item.stem is not None
    box = item.stem.box
    return box.center.x, box.top if item.direction > 0 else box.bottom


def touched_flags(stem: Node, direction: int, flags: Sequence[Node], space: float) -> tuple[Node, ...]:
    tip = stem.box.top if direction > 0 else stem.box.bottom
    found = [
        flag
        for flag in flags
        if -0.5 * space <= flag.box.center.x - stem.box.center.x <= FLAG_X * space
        and flag.box.top - space <= tip <= flag.box.bottom + space
    ]
    return tuple(found[:1])


def beam_groups(items: Sequence[Item]) -> Mapping[int, int]:
    """For each item's place its beam group: items that share a beam, directly or through others; -1 without beams."""
    parent = list(range(len(items)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    first: dict[int, int] = {}
    for i, item in enumerate(items):
        for beam in item.beams:
            j = first.setdefault(beam.id, i)
            parent[root(i)] = root(j)
    return {i: root(i) if item.beams else -1 for i, item in enumerate(items)}


def spikes_of(items: Sequence[Item], groups: Mapping[int, int]) -> frozenset[int]:
    """Places of the items with more levels than their neighbours under the beam: odd in the middle, or from 32nds on."""
    members: dict[int, list[int]] = {}
    for index in range(len(items)):
        if groups[index] >= 0:
            members.setdefault(groups[index], []).append(index)
    found = set()
    for places in members.values():
        for k, index in enumerate(places):
            beside = [items[other] for other in (*places[max(0, k - 1) : k], *places[k + 1 : k + 2])]
            above = all(items[index].levels > other.levels for other in beside)
            dotted = any(other.dots for other in beside)
            if above and beside and not dotted and (len(beside) == 2 or items[index].levels > 2):
                found.add(index)
    return frozenset(found)
