"""What a chord or rest may last: the printed value first, then the readings a missed or surplus mark would give.

Each alternative has a price in the same unit everywhere: about the surprise, in nats, of the detection fault it supposes.
Durations are counted in ticks so that triplets, quintuplets and septuplets of 128ths stay whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from omr.labels import INDEX, RESTS
from omr.reading.items import Item
from omr.score import NoteType

TICKS = 6720  # ticks a quarter note: 2^6 * 3 * 5 * 7
GRID = TICKS // 32  # 128th notes: what no tuplet ends off
TYPES: tuple[NoteType, ...] = ("breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th")
QUARTER = TYPES.index("quarter")
WHOLE = TYPES.index("whole")
HALF = TYPES.index("half")

LEVEL_MORE = 1.8  # a beam or flag the detector missed
LEVEL_FORGOTTEN = 0.2  # the same where one is drawn at the stem, but not related to it
LEVEL_LESS = 2.4  # a beam or flag that is none
UNSURE = 0.7  # of that price where it was hardly seen
LEVEL_SPIKE = 0.6  # the same where the neighbours have fewer
LEVEL_FIRST = 2.2  # every beam or flag missed
LEVEL_STEMLESS = 1.2  # the same where not even the stem was found
BLACK_HALF = 0.25  # two black chords in turn that stand for a half note, as where their strokes join the stems
HOLLOW = 2.6  # a half note taken for a quarter or the reverse
WHOLE_HALF = 1.6  # a half note whose stem was missed
DOT_MORE = 1.9
DOT_LESS = 1.5
DOT_SHARED = 0.3  # a dot that is the other voice's only
DOT_SECOND = 3.0
REST_OTHER = 3.0  # a rest taken for its neighbour in length
PROBABLE = 0.03  # soft scores below this say nothing
CERTAIN = 2.5  # times these prices where the page is beyond doubt, as where a person named and related its ink


Terms = tuple[tuple[tuple[int, float, int], ...], tuple[tuple[int, float], ...]]
"""(type, cost, shift) of what an item may be without dots, (dots, cost) of the dots it may have."""


@dataclass(frozen=True, slots=True)
class Value:
    """A possible reading of an item's length, before tuplets."""

    type: int
    """Index in TYPES."""
    dots: int
    cost: float
    shift: int = 0
    """Beam levels more (or, negative, less) than seen: a fault its whole beam group may share."""
    of_dots: float = 0.0
    """Of the cost, what its dots are reckoned: nothing that a group shares."""

    @property
    def ticks(self) -> int:
        return ticks_of(self.type, self.dots)


@lru_cache(maxsize=256)
def ticks_of(kind: int, dots: int) -> int:
    """Length in ticks of a note type with dots."""
    plain = Fraction(TICKS) * Fraction(2) ** (QUARTER - kind)
    return int(plain * (2 - Fraction(1, 2**dots)))


def values_of(item: Item) -> tuple[Value, ...]:
    """The readings of an item's length, cheapest first; one only where a person told it."""
    return values_from(terms_of(item))


def terms_of(item: Item) -> Terms:
    """All that the readings of an item's length follow from; many items share theirs."""
    if item.told is not None:
        return ((TYPES.index(item.told[0]), 0.0, 0),), ((item.told[1], 0.0),)
    bases, dots = _rest_types(item) if item.is_rest else _head_types(item), _dot_choices(item)
    if not item.certain or item.alternates:  # how pairs in turn are written is a custom, no fault
        return tuple(bases), dots
    shared = 1.0 if item.shared_dots else CERTAIN
    return tuple((kind, CERTAIN * cost, shift) for kind, cost, shift in bases), tuple((n, shared * c) for n, c in dots)


@lru_cache(maxsize=4096)
def values_from(terms: Terms) -> tuple[Value, ...]:
    """The readings of a length, cheapest first."""
    found: dict[tuple[int, int], Value] = {}
    for kind, cost, shift in terms[0]:
        if not 0 <= kind < len(TYPES):
            continue
        for dots, extra in terms[1]:
            value = Value(kind, dots, cost + extra, shift, extra)
            if (kind, dots) not in found or value.cost < found[kind, dots].cost:
                found[kind, dots] = value
    return tuple(sorted(found.values(), key=lambda value: (value.cost, value.type, value.dots)))


def _dot_choices(item: Item) -> tuple[tuple[int, float], ...]:
    if item.dots == 0:
        return (0, 0.0), (1, DOT_MORE)
    sure = max((node.score for node in item.dot_nodes), default=1.0)
    less = DOT_SHARED if item.shared_dots else DOT_LESS * (0.4 + 0.6 * sure)
    if item.dots == 1:
        return (1, 0.0), (0, less), (2, DOT_SECOND)
    return (2, 0.0), (1, less), (0, 2 * less)


def _head_types(item: Item) -> list[tuple[int, float, int]]:
    """(type, cost, shift in beam levels) of a chord."""
    label = item.heads[0].node.label
    if label == "noteheadDoubleWhole":
        return [(WHOLE - 1, 0.0, 0), (WHOLE, HOLLOW, 0)]
    if label == "noteheadWhole" and item.stem is None:
        return [(WHOLE, 0.0, 0), (HALF, WHOLE_HALF, 0)]
    if label in ("noteheadHalf", "noteheadWhole", "noteheadHalfSmall") and not item.levels:
        lone = WHOLE_HALF if item.stem is None else HOLLOW + 1
        return [(HALF, 0.0, 0), (QUARTER, HOLLOW, 0), (WHOLE, lone, 0)]
    levels = item.levels
    found = [(QUARTER + levels, 0.0, 0)]
    if levels:
        found += [
            (QUARTER + levels + 1, LEVEL_FORGOTTEN, 0) if item.forgotten else (QUARTER + levels + 1, LEVEL_MORE, 1),
            (QUARTER + levels - 1, LEVEL_SPIKE if item.spike else LEVEL_LESS * _sureness(item), -1),
        ]
        found += [(QUARTER + levels + 2, 2 * LEVEL_MORE, 2)]
    else:
        more = LEVEL_FIRST if item.stem is not None else LEVEL_STEMLESS
        found += [(QUARTER + 1, more, 1), (QUARTER + 2, more + 0.5, 2), (QUARTER + 3, more + 1.5, 3)]
        found += [(HALF, BLACK_HALF if item.alternates else HOLLOW, 0)]
    return found


def _sureness(item: Item) -> float:
    """How much of its price taking away a beam or flag costs, by the least sure of them."""
    least = min((node.score for node in (*item.beams, *item.flags)), default=1.0)
    return UNSURE + (1 - UNSURE) * least


def _rest_types(item: Item) -> list[tuple[int, float, int]]:
    assert item.rest is not None
    own = RESTS.index(item.rest.label)
    found = [(own, 0.0, 0)]
    costs = {other: REST_OTHER + 0.5 * (abs(other - own) - 1) for other in (own - 1, own + 1)}
    if {own} & {WHOLE, HALF}:
        costs[WHOLE + HALF - own] = 1.2
    if item.rest.scores:
        best = item.rest.scores[INDEX[item.rest.label]]
        for other, label in enumerate(RESTS):
            share = item.rest.scores[INDEX[label]]
            if other != own and share > PROBABLE and best > 0:
                costs[other] = min(costs.get(other, 9.0), 0.5 + max(0.0, math.log(best / share)))
    found += [(other, cost, 0) for other, cost in sorted(costs.items()) if other >= 0]
    return found
