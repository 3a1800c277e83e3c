"""Barlines put right by the music: a bar twice as long as its section was two, and two halves that do not add up were one.

A faint barline is missed and a stem may be taken for one; both show in the sums, and only where the corrected bars come out
much better is a line added or taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.reading.bar import EFFORTS, QUICK, BarReading, Tuplets, read_bar
from omr.reading.bars import TimedBar
from omr.reading.values import TICKS

SUSPECT = 5.0  # price from which a bar's barlines are doubted
SPLIT_GAIN = 3.0  # how much cheaper two bars must be than one
MERGE_GAIN = 3.0  # how much cheaper one bar must be than two
HALF_FAULT = 1.5  # price from which each of two neighbours is doubted
CAREFUL = EFFORTS[:2]


def split_doubles(bars: Sequence[TimedBar], tuplets: Tuplets) -> list[TimedBar]:
    """`bars` with those cut in two that hold the music of two."""
    return [part for bar in bars for part in (_split(bar, tuplets) if bar.reading.cost > SUSPECT else (bar,))]


def _split(bar: TimedBar, tuplets: Tuplets) -> tuple[TimedBar, ...]:
    ticks = int(bar.length * TICKS)
    columns = bar.ink.columns
    double = read_bar(columns, 2 * ticks, tuplets=tuplets, efforts=CAREFUL, give_up=bar.reading.cost - SPLIT_GAIN)
    cut = _cut(bar, double, ticks)
    if cut is None or bar.ink.whole_rests:
        return (bar,)
    halves = [
        read_bar(part, ticks, tuplets=tuplets, give_up=bar.reading.cost) for part in (columns[:cut], columns[cut:])
    ]
    if not all(half.placed for half in halves) or sum(h.cost for h in halves) + SPLIT_GAIN > bar.reading.cost:
        return (bar,)
    x = (max(item.x for item in columns[cut - 1]) + min(item.x for item in columns[cut])) / 2
    span = bar.ink.span
    left = replace(bar.ink, columns=columns[:cut], span=replace(span, right=x, closing=None))
    left = replace(left, graces=tuple(item for item in left.graces if item.x < x))
    right = replace(bar.ink, columns=columns[cut:], span=replace(span, left=x, opening=None))
    right = replace(right, graces=tuple(item for item in right.graces if item.x >= x))
    return replace(bar, ink=left, reading=halves[0]), replace(bar, ink=right, reading=halves[1], time=None)


def _cut(bar: TimedBar, double: BarReading, ticks: int) -> int | None:
    """The column that begins the second bar when everything before it ends there, None when nothing does."""
    onsets = {entry.item.id: entry.onset for entry in double.placed}
    if any(entry.onset < ticks < entry.onset + entry.ticks for entry in double.placed):
        return None
    for index, column in enumerate(bar.ink.columns):
        if index and any(onsets.get(item.id) == ticks for item in column):
            return index
    return None


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
