"""Barlines put right by the music: a bar twice as long as its section was two, and two halves that do not add up were one.

A faint barline is missed and a stem may be taken for one; both show in the sums, and only where the corrected bars come out
much better is a line added or taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from omr.memory import is_guess
from omr.reading.bar import EFFORTS, QUICK, read_bar
from omr.reading.bars import TimedBar
from omr.reading.choices import Tuplets
from omr.reading.steps import BarReading
from omr.reading.values import TICKS

SUSPECT = 5.0  # price from which a bar's barlines are doubted
SPLIT_GAIN = 3.0  # how much cheaper two bars must be than one
MERGE_GAIN = 3.0  # how much cheaper one bar must be than two
HALF_FAULT = 1.5  # price from which each of two neighbours is doubted
PARTS_MAX = 4  # bars that may have run together
CAREFUL = EFFORTS[:2]


def split_doubles(bars: Sequence[TimedBar], tuplets: Tuplets) -> list[TimedBar]:
    """`bars` with those cut that hold the music of several."""
    widths = sorted(bar.ink.span.right - bar.ink.span.left for bar in bars)
    usual = widths[len(widths) // 2] if widths else 1.0
    found: list[TimedBar] = []
    for bar in bars:
        doubted = bar.reading.cost > SUSPECT and not is_guess(bar.reading)
        found.extend(_split(bar, usual, tuplets) if doubted else (bar,))
    return found


def _split(bar: TimedBar, usual: float, tuplets: Tuplets) -> tuple[TimedBar, ...]:
    """The bar in as many parts as its width suggests, or one more or less; whole when no cut makes it cheaper."""
    if bar.ink.whole_rests:
        return (bar,)
    ratio = (bar.ink.span.right - bar.ink.span.left) / usual
    counts = [count for count in range(2, PARTS_MAX + 1) if abs(count - ratio) < 1.2]
    best: tuple[TimedBar, ...] = (bar,)
    price = bar.reading.cost - SPLIT_GAIN
    for count in counts:
        parts = _parts(bar, count, price, tuplets)
        cost = sum(part.reading.cost for part in parts)
        if len(parts) == count and cost < price:
            best, price = parts, cost
    return best


def _parts(bar: TimedBar, count: int, price: float, tuplets: Tuplets) -> tuple[TimedBar, ...]:
    """`count` bars of the section's length cut where a column begins one; fewer when that is impossible below `price`."""
    ticks = int(bar.length * TICKS)
    columns = bar.ink.columns
    whole = read_bar(columns, count * ticks, tuplets=tuplets, efforts=CAREFUL, give_up=price)
    onsets = {entry.item.id: entry.onset for entry in whole.placed}
    cuts = [0, *(cut for k in range(1, count) if (cut := _cut(bar, onsets, k * ticks)) is not None), len(columns)]
    if len(cuts) != count + 1 or cuts != sorted(set(cuts)):
        return ()
    readings = [read_bar(columns[a:b], ticks, tuplets=tuplets, give_up=price) for a, b in pairwise(cuts)]
    if not all(reading.placed for reading in readings):
        return ()
    return tuple(_part(bar, cuts[k], cuts[k + 1], readings[k]) for k in range(count))


def _cut(bar: TimedBar, onsets: dict[int, int], moment: int) -> int | None:
    """The column that begins at `moment`."""
    for index, column in enumerate(bar.ink.columns):
        if any(onsets.get(item.id) == moment for item in column):
            return index
    return None


def _part(bar: TimedBar, first: int, last: int, reading: BarReading) -> TimedBar:
    columns, span = bar.ink.columns, bar.ink.span
    left = span.left if first == 0 else _middle(bar, first)
    right = span.right if last == len(columns) else _middle(bar, last)
    place = replace(
        span,
        left=left,
        right=right,
        opening=span.opening if first == 0 else None,
        closing=span.closing if last == len(columns) else None,
    )
    graces = tuple(item for item in bar.ink.graces if left <= item.x < right)
    ink = replace(bar.ink, columns=columns[first:last], span=place, graces=graces)
    return replace(bar, ink=ink, reading=reading, time=bar.time if first == 0 else None)


def _middle(bar: TimedBar, column: int) -> float:
    """Halfway between a column and the one before."""
    before, after = bar.ink.columns[column - 1], bar.ink.columns[column]
    return (max(item.x for item in before) + min(item.x for item in after)) / 2


def merge_halves(bars: Sequence[TimedBar], tuplets: Tuplets) -> list[TimedBar]:
    """`bars` with neighbours joined that only together fill a bar."""
    found: list[TimedBar] = []
    for bar in bars:
        joined = _join(found[-1], bar, tuplets) if found else None
        if joined is None:
            found.append(bar)
        else:
            found[-1] = joined
    return found


def _join(one: TimedBar, other: TimedBar, tuplets: Tuplets) -> TimedBar | None:
    if one.ink.system != other.ink.system or other.time is not None or one.length != other.length:
        return None
    line = one.ink.span.closing
    if line is None or line.style != "regular" or line.forward or line.backward:
        return None
    if min(one.reading.cost, other.reading.cost) < HALF_FAULT or one.ink.whole_rests or other.ink.whole_rests:
        return None
    ticks = int(one.length * TICKS)
    ends = [read_bar(bar.ink.columns, None, tuplets=tuplets, efforts=(QUICK,)).end for bar in (one, other)]
    if sum(ends) > ticks:
        return None
    price = one.reading.cost + other.reading.cost - MERGE_GAIN
    columns = (*one.ink.columns, *other.ink.columns)
    reading = read_bar(columns, ticks, tuplets=tuplets, efforts=CAREFUL, give_up=price)
    if not reading.placed or reading.cost > price:
        return None
    span = replace(one.ink.span, right=other.ink.span.right, closing=other.ink.span.closing)
    ink = replace(one.ink, columns=columns, span=span, graces=(*one.ink.graces, *other.ink.graces))
    return replace(one, ink=ink, reading=reading)
