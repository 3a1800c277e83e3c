"""Sections that hardly add up unless tuplets without figures stand everywhere: some pieces mark them on an earlier page only.

The bars of such a section cost much however long they are taken to be; with tuplets for next to nothing they cost next to
nothing. The same is tried for a single bar. Where a tuplet runs against plain values its notes stand close to theirs, in
columns of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf

from omr.reading.bar import read_bar
from omr.reading.bars import COST_MAX, ROUNDING, SAMPLE, BarInk, TimedBar, section_length, trial
from omr.reading.choices import EVERYWHERE, Tuplets
from omr.reading.columns import tightened
from omr.reading.values import TICKS
from omr.score import Time

SUSPECT = 1.6  # price a bar, on average, from which a section is doubted
ONCE = 4.0  # what it costs to suppose tuplets everywhere
EACH = 0.3  # and more for each bar
BETTER = 0.4  # of the price without them, at most
BAR_BETTER = 0.6  # the same of one bar, whose tight columns cost for themselves
FAULTY = 2.5  # price from which a single bar is doubted
IN_ONE = 1.0  # what it costs to suppose them in one bar


def everywhere(
    bars: Sequence[BarInk], printed: Time | None, tuplets: Tuplets, length: Fraction, space: float
) -> tuple[Fraction, Tuplets]:
    """The length of a section's bars and the price of its tuplets, `length` and `tuplets` unless others are much cheaper.

    `space` is a staff space in pixels.
    """
    sounding = [bar for bar in bars if bar.columns]
    sample = sounding[:: max(1, len(sounding) // SAMPLE)][: SAMPLE + 2]
    plain = _price(sample, length, tuplets)
    if plain < max(SUSPECT * len(sample), ONCE):
        return length, tuplets
    supposed = ONCE + EACH * len(sample)
    most = BETTER * plain - supposed
    if most <= 0:
        return length, tuplets
    other = section_length(bars, printed, EVERYWHERE)
    price = supposed + min(
        _price(sample, other, EVERYWHERE, most),
        _price([_tight(bar, space) for bar in sample], other, EVERYWHERE, most),
    )
    return (other, EVERYWHERE) if price < BETTER * plain else (length, tuplets)


def in_one(bar: TimedBar, space: float) -> TimedBar:
    """The bar with tuplets wherever they help, where that is much cheaper."""
    if bar.reading.cost < FAULTY or bar.tuplets == EVERYWHERE:
        return bar
    found, most = bar, BAR_BETTER * bar.reading.cost - IN_ONE
    for ink in dict.fromkeys((bar.ink, _tight(bar.ink, space))):
        reading = read_bar(ink.columns, int(bar.length * TICKS), tuplets=EVERYWHERE, give_up=most)
        if reading.placed and reading.cost < most:
            found, most = replace(bar, ink=ink, reading=reading, tuplets=EVERYWHERE), reading.cost
    return found


def _tight(bar: BarInk, space: float) -> BarInk:
    return replace(bar, columns=tightened(bar.columns, space))


def _price(sample: Sequence[BarInk], length: Fraction, tuplets: Tuplets, most: float = inf) -> float:
    """The price of all bars together; infinite as soon as it is beyond `most`."""
    price = 0.0
    for bar in sample:
        enough = most - price + ROUNDING
        price += min(COST_MAX, trial(bar.columns, length, tuplets, enough).cost)
        if price > most + ROUNDING:
            return inf
    return price
