"""Rhythm of made-up music: bars filled beat by beat with the figures that keyboard music is made of.

Durations are in ticks of 1/1440 of a quarter note, which divides by every note value and tuplet used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

QUARTER: Final = 1440  # ticks
TYPES: Final = {
    0: "breve",
    1: "whole",
    2: "half",
    4: "quarter",
    8: "eighth",
    16: "16th",
    32: "32nd",
    64: "64th",
    128: "128th",
}
"""MusicXML name of a note value by its denominator; 0 is the breve."""
NORMAL: Final = {3: 2, 5: 4, 6: 4, 9: 8}
"""Notes that a tuplet takes the place of."""
BEAMS: Final = {8: 1, 16: 2, 32: 3, 64: 4, 128: 5}

SIMPLE: Final = {
    "4": 9, "8 8": 9, "16 16 16 16": 9, "8. 16": 5, "8 16 16": 4, "16 16 8": 4, "16 8 16": 2, "16 8.": 1, "r8 8": 3,
    "8 r8": 2, "r4": 2, "3: 8 8 8": 4, "3: 4 8": 1, "3: r8 8 8": 1, "6: 16 16 16 16 16 16": 2, "5: 16 16 16 16 16": 0.7,
    "32 32 32 32 32 32 32 32": 1.5, "8 32 32 32 32": 1, "16 16 16 32 32": 1, "8.. 32": 1, "r16 16 16 16": 2,
    "16. 32 16. 32": 1, "r8 16 16": 1.5, "8 r16 16": 1, "16 64 64 64 64 8": 0.4, "8 64 64 64 64 16": 0.3,
    "8. 64 64 64 64": 0.4, "8 16. 128 128 128 128": 0.3, "r8 r16 16": 1, "9: 32 32 32 32 32 32 32 32 32": 0.2,
}  # fmt: skip
"""Figures of a quarter-note beat and how often they come; "3:" makes a tuplet, "r" a rest."""
COMPOUND: Final = {
    "4.": 6, "8 8 8": 9, "4 8": 6, "8 4": 2, "16 16 16 16 16 16": 6, "8. 16 8": 3, "8 16 16 8": 2, "8 8 16 16": 2, "r8 8 8": 2,
    "8 r8 8": 1.5, "4 r8": 1.5, "r4.": 1.5, "4 16 16": 2, "16 16 8 8": 1.5, "8 16 16 16 16": 2, "r4 8": 1.5, "r8 r8 8": 1,
    "32 32 32 32 8 8": 0.5, "8.. 32 8": 0.4, "8 r4": 1,
}  # fmt: skip
"""The same for a beat of three eighths."""
LONG: Final = {2: ("2", "r2"), 3: ("2.", "2 r4"), 4: ("1", "2 2"), 6: ("1.", "1 2"), 8: ("0", "1 1")}
"""Values over several quarter beats; the first is a single note."""
METRES: Final = {
    ("4", "4"): 8, ("3", "4"): 7, ("2", "4"): 7, ("6", "8"): 6, ("3", "8"): 3, ("2", "2"): 3, ("9", "8"): 1.5, ("12", "8"): 1.5,
    ("3", "2"): 1, ("5", "4"): 0.7, ("6", "4"): 1, ("4", "2"): 0.7, ("7", "8"): 0.4, ("5", "8"): 0.4, ("2", "8"): 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One note or rest without its pitch."""

    onset: int
    """Ticks from the barline."""
    ticks: int
    denominator: int
    dots: int
    rest: bool
    tuplet: int = 0
    """Notes of its tuplet, 0 outside."""
    tuplet_edge: str = ""
    """start or stop of its tuplet, else empty."""
    beams: tuple[str, ...] = ()
    """MusicXML beam words, outermost beam first."""


def beats(metre: tuple[str, str]) -> tuple[int, ...]:
    """Lengths of the beats of a bar in ticks."""
    count, unit = int(metre[0]), int(metre[1])
    if unit == 8 and count % 3 == 0:
        return (QUARTER * 3 // 2,) * (count // 3)
    if unit == 8:
        return (QUARTER,) * ((count - 3) // 2) + (QUARTER * 3 // 2,) if count % 2 else (QUARTER,) * (count // 2)
    return (QUARTER,) * (count * 4 // unit)


def fill(metre: tuple[str, str], random: Random, *, calm: float, beamed: bool) -> tuple[Value, ...]:
    """A bar of rhythm; `calm` (0-1) is the share of beats under long notes, `beamed` False draws flags as in vocal music."""
    values: list[Value] = []
    lengths = beats(metre)
    uniform = random.random() < 0.45
    figure = {length: _figure(length, random) for length in set(lengths)}
    place = onset = 0
    while place < len(lengths):
        length = lengths[place]
        span = _long_span(lengths[place:], random) if random.random() < calm else 1
        if span > 1:
            text = random.choices(LONG[span], (4, 1))[0]
        else:
            text = figure[length] if uniform else _figure(length, random)
        group = _parsed(text, onset)
        values.extend(_with_beams(group) if beamed else group)
        onset += sum(lengths[place : place + span])
        place += span
    return tuple(_joined(values, random) if beamed else values)


def _figure(length: int, random: Random) -> str:
    table = SIMPLE if length == QUARTER else COMPOUND
    return random.choices(list(table), list(table.values()))[0]


def _long_span(lengths: Sequence[int], random: Random) -> int:
    """A number of quarter beats that one note value covers."""
    quarters = next((i for i, length in enumerate(lengths) if length != QUARTER), len(lengths))
    spans = [span for span in LONG if span <= quarters]
    return random.choice(spans) if spans else 1


def _parsed(text: str, onset: int) -> list[Value]:
    tuplet = 0
    if ":" in text:
        head, text = text.split(":")
        tuplet = int(head)
    values: list[Value] = []
    for word in text.split():
        denominator, dots = int(word.strip("r.")), word.count(".")
        ticks = _ticks(denominator, dots)
        if tuplet:
            ticks = ticks * NORMAL[tuplet] // tuplet
        rest = word.startswith("r")
        values.append(Value(onset=onset, ticks=ticks, denominator=denominator, dots=dots, rest=rest, tuplet=tuplet))
        onset += ticks
    if tuplet:
        values[0] = replace(values[0], tuplet_edge="start")
        values[-1] = replace(values[-1], tuplet_edge="stop")
    return values


def _ticks(denominator: int, dots: int) -> int:
    plain = QUARTER * 8 if denominator == 0 else QUARTER * 4 // denominator
    return sum(plain >> dot for dot in range(dots + 1))


def _with_beams(values: Sequence[Value]) -> list[Value]:
    """The values with beams over those that can carry one, when at least two can."""
    found = list(values)
    places = [i for i, value in enumerate(values) if not value.rest and value.denominator in BEAMS]
    if len(places) < 2 or any(not values[i].rest for i in range(places[0], places[-1]) if i not in places):
        return found
    levels = [BEAMS[values[i].denominator] for i in places]
    for index, place in enumerate(places):
        words = tuple(beam_word(levels, index, level) for level in range(1, levels[index] + 1))
        found[place] = replace(found[place], beams=words)
    return found


def beam_word(levels: Sequence[int], index: int, level: int) -> str:
    """MusicXML's word for beam `level` (1 = the eighth's) at chord `index` of a group with these numbers of beams."""
    before = index > 0 and levels[index - 1] >= level
    after = index + 1 < len(levels) and levels[index + 1] >= level
    if before and after:
        return "continue"
    if before or after:
        return "end" if before else "begin"
    return "forward hook" if index == 0 else "backward hook"


def _joined(values: Sequence[Value], random: Random) -> list[Value]:
    """Pairs of eighths in neighbouring beats under one beam, now and then."""
    found = list(values)
    for i in range(len(found) - 3):
        four = found[i : i + 4]
        if all(value.beams in (("begin",), ("end",)) and value.denominator == 8 for value in four):
            words = [value.beams[0] for value in four]
            straight = all(value.tuplet == 0 and value.dots == 0 for value in four)
            if words == ["begin", "end", "begin", "end"] and straight and random.random() < 0.6:
                for offset, word in enumerate(("begin", "continue", "continue", "end")):
                    found[i + offset] = replace(four[offset], beams=(word,))
    return found
