"""The values an item is tried with in a bar: plain ones and those of tuplets, each with its price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from omr.labels import NUMERALS
from omr.reading.items import Item
from omr.reading.values import Terms, Value, terms_of, values_from

RATIOS: tuple[tuple[int, int], ...] = ((1, 1), (3, 2), (5, 4), (7, 4), (2, 3), (4, 3), (6, 4), (2, 1))
"""(actual, normal) of the tuplets a reading may use; the first is none, the last two chords in turn."""
ALTERNATING = RATIOS.index((2, 1))
NOT_ALTERNATING = 2.0  # strokes between two chords that are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuplets:
    """Prices of beginning a triplet that has no figure."""

    beamed: float = 1.6
    loose: float = 3.0
    figured: float = 0.3
    ignored: float = 0.8
    """A figure that belongs to no tuplet: fingering."""


PLAIN = Tuplets()
"""Where nothing tells of them."""
USUAL = Tuplets(beamed=0.6, loose=1.6)
"""Where unmarked triplets are usual."""


EVERYWHERE = Tuplets(beamed=0.1, loose=0.3)
"""Where hardly a bar of a section adds up without them."""


@dataclass(frozen=True, slots=True)
class Choice:
    ticks: int
    value: Value
    ratio: int
    start: float
    """Price of the ratio when it begins here."""
    told: bool | None = None
    """Whether the figure of a tuplet that is only a part of its beam says so, or the contrary; None: there is none."""


def group_sizes(columns: Sequence[Sequence[Item]]) -> Mapping[int, int]:
    """How many items of a bar each beam group has."""
    return Counter(item.group for column in columns for item in column)


def shared_figures(columns: Sequence[Sequence[Item]]) -> frozenset[int]:
    """The figures that several chords or rests of a bar have, as a tuplet's and unlike a fingering's, by id."""
    counts = Counter(node.id for column in columns for item in column for node in item.figures)
    return frozenset(number for number, count in counts.items() if count > 1)


def parted_groups(columns: Sequence[Sequence[Item]], shared: Collection[int]) -> frozenset[int]:
    """The beam groups of a bar of which some notes have a figure that several share, and others have none."""
    counted: dict[int, set[bool]] = {}
    for column in columns:
        for item in column:
            if item.group >= 0:
                counted.setdefault(item.group, set()).add(_figured(item, shared))
    return frozenset(group for group, kinds in counted.items() if len(kinds) > 1)


def _figured(item: Item, shared: Collection[int]) -> bool:
    """Whether a tuplet's numeral is an item's and another's."""
    return any(node.id in shared and node.label in NUMERALS for node in item.figures)


def choices_of(
    item: Item,
    members: Mapping[int, int],
    shared: Collection[int],
    tuplets: Tuplets,
    parted: Collection[int] = (),
) -> tuple[Choice, ...]:
    """The values an item is tried with, likeliest first.

    `members` are the sizes of its bar's beam groups, `shared` the bar's figures that are not one item's only, `parted` the
    groups of which such a figure takes a part.
    """
    figures = frozenset(node.label for node in item.figures)
    told = "numeral3" in figures or any(n.label == "numeral2" and n.id in shared for n in item.figures)
    beamed = item.group >= 0
    fits = beamed and members[item.group] % 3 == 0
    found = _choices(terms_of(item), figures, told, item.alternates, beamed, fits, tuplets)
    return _judged(found, _figured(item, shared)) if item.group in parted else found


@lru_cache(maxsize=4096)
def _judged(choices: tuple[Choice, ...], figured: bool) -> tuple[Choice, ...]:
    """The choices with what a figure of a part of the beam says to each: ratios for its notes, plain values for the others."""
    return tuple(replace(choice, told=(choice.ratio > 0) == figured) for choice in choices)


@lru_cache(maxsize=4096)
def _choices(
    terms: Terms, figures: frozenset[str], told: bool, alternates: bool, beamed: bool, fits: bool, tuplets: Tuplets
) -> tuple[Choice, ...]:
    found = []
    for value in values_from(terms):
        if alternates:
            found.append(Choice(value.ticks // 2, value, ALTERNATING, 0.0))
            found.append(Choice(value.ticks, value, 0, NOT_ALTERNATING))
            continue
        found.append(Choice(value.ticks, value, 0, tuplets.ignored if told else 0.0))
        price = tuplets.figured if figures & {"numeral3", "numeral6", "tupleBracket"} else None
        if price is None:
            price = tuplets.beamed if fits else tuplets.loose if not beamed else (tuplets.beamed + tuplets.loose) / 2
        found.append(Choice(value.ticks * 2 // 3, value, 1, price))
        for label, ratio in (("numeral5", 2), ("numeral7", 3), ("numeral2", 4), ("numeral4", 5)):
            if label in figures:
                actual, normal = RATIOS[ratio]
                found.append(Choice(value.ticks * normal // actual, value, ratio, tuplets.figured))
    found.sort(key=lambda choice: (choice.value.cost + choice.start, choice.ratio, choice.ticks))
    return tuple(found[:12])


def spans_of(columns: Sequence[Sequence[Item]], choices: Mapping[int, Sequence[Choice]]) -> dict[int, int]:
    """For each item the printed length, in ticks, of its beam group from it on, or its own."""
    spans: dict[int, int] = {}
    rest: dict[int, int] = {}
    for column in reversed(columns):
        for item in column:
            own = choices[item.id][0].ticks
            if item.group >= 0:
                own += rest.get(item.group, 0)
                rest[item.group] = own
            spans[item.id] = own
    return spans
