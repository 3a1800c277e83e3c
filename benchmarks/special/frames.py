"""Bars still empty: their lengths, beats, metres, repeats and lines, plain or with one of the rarer turns.

A pick-up and the bar that completes it fill one bar together, and so do the halves of a bar that a repeat or the end of a line
divides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Final, Literal

from benchmarks.special.piece import Bar

Kind = Literal["plain", "pick-up", "split bars", "unmetered", "metre changes"]
KINDS: Final[tuple[Kind, ...]] = ("pick-up", "split bars", "unmetered", "metre changes")
Metre = tuple[int, int]
SIMPLE: Final[tuple[Metre, ...]] = ((4, 4), (3, 4), (2, 4), (4, 4))
COMPOUND: Final[tuple[Metre, ...]] = ((6, 8), (9, 8), (6, 8), (12, 8))
ODD: Final[tuple[Metre, ...]] = ((5, 4), (5, 8), (7, 8), (3, 8), (3, 2))
LINE: Final = 4  # bars after which a line is broken where the frame says so
EIGHTH: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An empty bar and its beats in quarter notes."""

    bar: Bar
    beats: tuple[Fraction, ...]


def frames(kind: Kind, random: Random, count: int, *, compound: bool) -> tuple[Frame, ...]:
    """`count` bars (a divided one counts twice), in metres of dotted beats if `compound`."""
    metres = COMPOUND if compound else SIMPLE
    if kind == "unmetered":
        return tuple(_unmetered(random, index == 0) for index in range(count))
    if kind == "metre changes":
        return _changing(random, count, metres if compound else (*metres, *ODD, *COMPOUND[:1]))
    metre = random.choice(metres)
    whole = [_frame(beats_of(metre), metre if index == 0 else None) for index in range(count)]
    if kind == "pick-up":
        return _with_pick_up(whole, random)
    if kind == "split bars":
        return _divided(whole, random)
    return _closed(whole)


def beats_of(metre: Metre) -> tuple[Fraction, ...]:
    """The beats of a bar in quarter notes: dotted ones in compound metres, a last dotted one where eighths are odd."""
    count, unit = metre
    if unit == 8 and count % 3 == 0:
        return (Fraction(3, 2),) * (count // 3)
    if unit == 8:
        return (Fraction(1),) * ((count - 3) // 2) + (Fraction(3, 2),)
    return (Fraction(1),) * (count * 4 // unit)


def _frame(beats: Sequence[Fraction], metre: Metre | None = None) -> Frame:
    return Frame(bar=Bar(length=sum(beats, Fraction(0)), voices=(), metre=metre), beats=tuple(beats))


def _with(frame: Frame, **changes: object) -> Frame:
    return replace(frame, bar=replace(frame.bar, **changes))  # type: ignore[arg-type]


def _closed(found: Sequence[Frame]) -> tuple[Frame, ...]:
    return (*found[:-1], _with(found[-1], closing="light-heavy"))


def _unmetered(random: Random, first: bool) -> Frame:
    beats = [Fraction(1)] * random.randint(4, 9)
    if random.random() < 0.5:
        beats.insert(random.randrange(len(beats)), EIGHTH)
    return _frame(beats, (4, 4) if first else None)


def _changing(random: Random, count: int, metres: Sequence[Metre]) -> tuple[Frame, ...]:
    """A new metre after every one to three bars, now and then at the beginning of a line: printed before its end too."""
    found: list[Frame] = []
    metre = random.choice(metres)
    while len(found) < count:
        for place in range(random.randint(1, 3)):
            frame = _frame(beats_of(metre), metre if place == 0 else None)
            breaks = place == 0 and len(found) > 1 and random.random() < 0.4
            found.append(_with(frame, new_line=breaks))
        metre = random.choice([other for other in metres if other != metre])
    return _closed(found[:count])


def _with_pick_up(whole: Sequence[Frame], random: Random) -> tuple[Frame, ...]:
    """The first bar short from its left, the last one from its right."""
    before, after = _cut(whole[0].beats, random, late=True)
    first = _with(_frame(after, whole[0].bar.metre), counted=False)
    return _closed((first, *whole[1:], _frame(before)))


def _cut(beats: Sequence[Fraction], random: Random, *, late: bool) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Both parts of a bar's beats, cut between two of them or before the last eighth."""
    last = beats[-1]
    if len(beats) < 2 or (late and random.random() < 0.4):
        return (*beats[:-1], last - EIGHTH), (EIGHTH,)
    place = random.randrange(len(beats) // 2 if late else 1, len(beats))
    place = max(1, place)
    return tuple(beats[:place]), tuple(beats[place:])


def _divided(whole: Sequence[Frame], random: Random) -> tuple[Frame, ...]:
    """Every fourth bar or so in two: at a repeat, at a double line, or at the end of a line without any line."""
    found: list[Frame] = []
    for index, frame in enumerate(whole[: len(whole) - len(whole) // LINE]):
        if index % 3 != 1 or len(frame.beats) < 2:
            found.append(frame)
            continue
        left, right = (_frame(beats) for beats in _cut(frame.beats, random, late=False))
        turn = random.choice(("repeat", "repeat both", "double", "line", "line"))
        if turn.startswith("repeat"):
            found += [_with(left, closes_repeat=True), _with(right, counted=False, opens_repeat=turn == "repeat both")]
        elif turn == "double":
            found += [_with(left, closing="light-light"), _with(right, counted=False)]
        else:
            found += [_with(left, closing="none"), _with(right, counted=False, new_line=True)]
    return _closed(found)
