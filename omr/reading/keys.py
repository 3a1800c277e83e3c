"""Key signatures: accidentals in the fixed order and places of the circle of fifths, agreed on over staves and systems.

A key signature stands between clef and first note. All staves of a system share it and it seldom changes, so each staff votes
with what it shows and a change needs more evidence than one system's missing or surplus accidental. Where every relation of a
page is certain, a row of accidentals is complete, however loosely a pen has set them, and those of no note are the key's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omr.labels import NOTEHEADS
from omr.notation import Node, NotationGraph, Staff
from omr.reading.clefs import key_shift
from omr.reading.layout import System
from omr.reading.page import trusted
from omr.score import Clef

SHARP_PLACES = (0, 3, -1, 2, 5, 1, 4)  # half spaces below the top line under a treble clef: F C G D A E B
FLAT_PLACES = (4, 1, 5, 2, 6, 3, 7)  # B E A D G C F
PLACE_SLACK = 1  # half spaces an accidental may stand from its place
STEP_MIN = 0.4  # staff spaces between two accidentals of a signature at one height, at least
SAME_HEIGHT = 1.0  # half spaces between two boxes of one accidental, at most
STEP_MAX = 2.4  # and at most
FIRST_MAX = 4.0  # staff spaces from the clef or barline to the first one
CHANGE_COST = 2.5  # price of a change of key between two systems without a printed one
MISSED_COST = 0.6  # price of an accidental of the key that a staff does not show
SURPLUS_COST = 1.0  # price of one that it shows too many
NOTE_GAP = 1.2  # staff spaces between a head and its own accidental, at most
STEPS = "FCGDAEB"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySign:
    """A row of accidentals on one staff: where it stands and how many fifths it shows."""

    row: int
    fifths: int
    left: float
    right: float
    nodes: tuple[int, ...]
    heights: tuple[int, ...] = ()
    """Half spaces below the top line of each accidental."""


def alteration(step: str, fifths: int) -> int:
    """What the key does to a step, in semitones."""
    place = STEPS.index(step)
    if fifths > 0:
        return 1 if place < fifths else 0
    return -1 if 6 - place < -fifths else 0


def read_key_row(
    graph: NotationGraph, system: System, row: int, *, start: float, end: float, clef: Clef
) -> KeySign | None:
    """The key signature of one staff whose first accidental stands right of `start`, all of it left of `end`; None: none."""
    staff = system.staves[row]
    chain = _chain(_accidentals(graph, staff, start, end), start, staff)
    return _sign(chain, staff, row, clef, whole=trusted(graph))


def naturals_after(graph: NotationGraph, system: System, row: int, *, start: float, end: float) -> tuple[Node, ...]:
    """The naturals right of `start` that cancel a key on one staff."""
    staff = system.staves[row]
    found = _standing(graph, staff, start, end, ("accidentalNatural",))
    return tuple(_chain(found, start, staff))


def _chain(candidates: Sequence[Node], start: float, staff: Staff) -> list[Node]:
    """Accidentals of one kind at the distances of a signature, from the first one right of `start`."""
    chain: list[Node] = []
    for node in candidates:
        gap = node.box.center.x - (chain[-1].box.center.x if chain else start)
        if gap > (STEP_MAX if chain else FIRST_MAX) * staff.staff_space or len(chain) == 7:
            break
        if chain and node.label != chain[0].label:
            break
        same = bool(chain) and abs(height(node, staff) - height(chain[-1], staff)) <= SAME_HEIGHT
        if not same or gap >= STEP_MIN * staff.staff_space:
            chain.append(node)
    return chain


def _accidentals(graph: NotationGraph, staff: Staff, start: float, end: float) -> list[Node]:
    return _standing(graph, staff, start, end, ("accidentalSharp", "accidentalFlat"))


def _standing(graph: NotationGraph, staff: Staff, start: float, end: float, labels: tuple[str, ...]) -> list[Node]:
    """Accidentals of these labels on the staff between two x that stand before no head, in order of x."""
    found = [
        node
        for node in graph.nodes
        if node.label in labels
        and start < node.box.center.x < end
        and -3 < height(node, staff) < 10
        and not _before_head(graph, node, staff)
    ]
    return sorted(found, key=lambda node: (node.box.center.x, node.id))


def _before_head(graph: NotationGraph, node: Node, staff: Staff) -> bool:
    """Whether an accidental stands right before a head of its own height, or is related to a near head.

    Where relations are certain, they alone tell.
    """
    space, certain = staff.staff_space, trusted(graph)
    y = staff.y_of(node.box.center.x, height(node, staff))
    linked = {source.id for source in graph.sources(node.id)}
    for head in graph.nodes:
        gap = head.box.left - node.box.right
        if not -space < gap < 2 * NOTE_GAP * space or head.label not in NOTEHEADS:
            continue
        if not certain and -0.5 * space < gap < NOTE_GAP * space and abs(head.box.center.y - y) < 0.6 * space:
            return True
        if head.id in linked and gap < 2 * NOTE_GAP * space:
            return True
    return False


def height(node: Node, staff: Staff) -> float:
    """Where an accidental points, in half spaces below the top line: a flat's belly hangs below the middle of its box."""
    centre = node.box.center
    y = centre.y + (0.2 * node.box.height if node.label == "accidentalFlat" else 0.0)
    return staff.position_at(centre.x, y)


def _sign(chain: Sequence[Node], staff: Staff, row: int, clef: Clef, *, whole: bool) -> KeySign | None:
    """What a row of accidentals means; `whole`: none of them was missed."""
    if not chain:
        return None
    heights = tuple(round(height(node, staff)) for node in chain)
    sharp = chain[0].label == "accidentalSharp"
    places = SHARP_PLACES if sharp else FLAT_PLACES
    expected = [place + key_shift(clef) for place in places]
    if not _fits(heights, expected):
        return None
    count = len(heights) if whole else _count(heights, expected)
    return KeySign(
        row=row, fifths=count if sharp else -count, left=chain[0].box.left, right=chain[-1].box.right,
        nodes=tuple(node.id for node in chain), heights=heights,
    )  # fmt: skip


def _fits(heights: Sequence[int], expected: Sequence[int]) -> bool:
    """Whether most accidentals stand at some place of the signature, octaves apart allowed."""
    near = [any(abs((h - e + 3) % 7 - 3) <= PLACE_SLACK for e in expected[: len(heights) + 2]) for h in heights]
    return sum(near) * 2 > len(near)


def _count(heights: Sequence[int], expected: Sequence[int]) -> int:
    """Number of accidentals the row means: the place of the last one, when one between was missed."""
    last = heights[-1]
    for count in range(len(heights), min(7, len(heights) + 2) + 1):
        if abs((last - expected[count - 1] + 3) % 7 - 3) == 0:
            return count
    return len(heights)


def clef_evidence(sign: KeySign | None, clefs: Sequence[Clef]) -> dict[Clef, float]:
    """A price for each clef under which the accidentals stand at the wrong heights."""
    if sign is None or len(sign.heights) < 2:
        return {}
    places = SHARP_PLACES if sign.fifths > 0 else FLAT_PLACES
    found = {}
    for clef in clefs:
        offsets = [abs(h - place - key_shift(clef)) for h, place in zip(sign.heights, places, strict=False)]
        found[clef] = 0.5 * sum(min(2, offset) for offset in offsets)
    return found


def agree(
    votes: Sequence[Sequence[int]], changes: Mapping[int, int], starts: frozenset[int] = frozenset()
) -> tuple[int, ...]:
    """The key each system opens with: `votes` are the fifths each of its staves shows, `changes` the key a system ends in.

    The cheapest sequence over all systems; a change between systems costs CHANGE_COST unless one was printed
    or a movement begins there (`starts`).
    """
    best: dict[int | None, tuple[float, tuple[int, ...]]] = {None: (0.0, ())}
    for place, shown in enumerate(votes):
        following: dict[int | None, tuple[float, tuple[int, ...]]] = {}
        change = 0.0 if place in starts else CHANGE_COST
        for fifths in range(-7, 8):
            ways = [
                (cost + (0.0 if before in (None, fifths) else change), path) for before, (cost, path) in best.items()
            ]
            cost, path = min(ways)
            cost += sum(_price(fifths, vote) for vote in shown)
            after = changes.get(place, fifths)
            if after not in following or cost < following[after][0]:
                following[after] = (cost, (*path, fifths))
        best = following
    return min(best.values())[1]


def _price(fifths: int, vote: int) -> float:
    """What it costs to believe `fifths` where a staff shows `vote`."""
    if fifths * vote < 0:
        return MISSED_COST * abs(fifths) + SURPLUS_COST * abs(vote)
    missing = abs(fifths) - abs(vote)
    return MISSED_COST * missing if missing > 0 else -SURPLUS_COST * missing
