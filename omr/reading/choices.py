"""The values an item is tried with in a bar: plain ones and those of tuplets, each with its price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from omr.labels import NUMERALS
from omr.notation import Node
from omr.reading.items import Item
from omr.reading.values import Terms, Value, terms_of, values_from

RATIOS: tuple[tuple[int, int], ...] = ((1, 1), (3, 2), (5, 4), (7, 4), (2, 3), (4, 3), (6, 4), (2, 1), (7, 8))
"""(actual, normal) of the tuplets a reading may use; the first is none, (2, 1) two chords in turn."""
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
                counted.setdefault(item.group, set()).add(bool(_numbers(item, shared)))
    return frozenset(group for group, kinds in counted.items() if len(kinds) > 1)


def _numbers(item: Item, shared: Collection[int]) -> frozenset[int]:
    """The tuplets' numbers that an item has in common with others."""
    labels = _labels([node for node in item.figures if node.id in shared])
    return frozenset(NUMERALS.index(label) for label in labels if label in NUMERALS)


def _labels(figures: Sequence[Node]) -> frozenset[str]:
    """What figures say: two digits beside each other are one number, of which ten and twelve are five's and six's ratio."""
    digits = sorted((node for node in figures if node.label in NUMERALS), key=lambda node: node.box.center.x)
    labels = frozenset(node.label for node in figures)
    if len(digits) == 2:
        number = 10 * NUMERALS.index(digits[0].label) + NUMERALS.index(digits[1].label)
        if number in (10, 12):
            return labels - {node.label for node in digits} | {NUMERALS[number // 2]}
    return labels


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
    figures = _labels(item.figures)
    told = "numeral3" in figures or any(n.label == "numeral2" and n.id in shared for n in item.figures)
    beamed = item.group >= 0
    fits = beamed and members[item.group] % 3 == 0
    found = _choices(terms_of(item), figures, told, item.alternates, beamed, fits, tuplets)
    return _judged(found, _numbers(item, shared)) if item.group in parted else found


@lru_cache(maxsize=4096)
def _judged(choices: tuple[Choice, ...], numbers: frozenset[int]) -> tuple[Choice, ...]:
    """The choices with what a figure of a part of the beam says to each: its ratio for its notes, plain values for others."""
    return tuple(replace(choice, told=_is_told(choice, numbers)) for choice in choices)


def _is_told(choice: Choice, numbers: frozenset[int]) -> bool:
    if not numbers or not choice.ratio:
        return not numbers and not choice.ratio
    actual, _ = RATIOS[choice.ratio]
    return actual in numbers or 2 * actual in numbers


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
        for label, ratio in (("numeral5", 2), ("numeral7", 3), ("numeral2", 4), ("numeral4", 5), ("numeral7", 8)):
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
