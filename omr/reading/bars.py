"""The items of each bar, and the length all bars of a section share.

Where no time signature is printed, or the printed one was misread, the bars themselves tell: the length most of them fill
without a fault is the section's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from omr.memory import recalled
from omr.reading.bar import QUICK, knows_bar, read_bar
from omr.reading.choices import PLAIN, Tuplets
from omr.reading.columns import columns_of, merge_fragments
from omr.reading.items import Item
from omr.reading.layout import Span, System
from omr.reading.own_bars import by_bars
from omr.reading.steps import BarReading, Effort
from omr.reading.values import TICKS
from omr.score import Time

TIMES: dict[Fraction, tuple[int, int]] = {
    Fraction(1): (2, 8), Fraction(3, 2): (3, 8), Fraction(2): (2, 4), Fraction(5, 2): (5, 8), Fraction(3): (3, 4),
    Fraction(4): (4, 4), Fraction(9, 2): (9, 8), Fraction(5): (5, 4), Fraction(6): (6, 4), Fraction(8): (4, 2),
    Fraction(9, 4): (9, 16), Fraction(3, 4): (3, 16), Fraction(7, 2): (7, 8), Fraction(7): (7, 4), Fraction(12): (3, 1),
}  # fmt: skip
"""The usual time signature of each length in quarter notes a bar may be inferred to have."""

TRIAL = Effort(6, 5, 2.5, 0.7)  # of the search that tells lengths apart
HEADER = 0.7  # of the usual width of a bar: an empty first span narrower than this is no bar
SAMPLE = 14  # bars of a section that are tried
COST_MAX = 6.0  # one bar's faults never outweigh the rest of the section
PRINTED = 0.5  # what a printed signature is worth, a bar
PRINTED_ONCE = 4.0  # and whatever the number of bars
RARE = 0.35  # price a bar of a length no printed signature supports and music seldom has
ROUNDING = 1e-9
COMMON = frozenset((Fraction(3, 2), Fraction(2), Fraction(3), Fraction(4)))


@dataclass(frozen=True, slots=True, kw_only=True)
class BarInk:
    """What is printed in one bar of one system."""

    system: int
    """Place of the system in the document."""
    bar: int
    """Place of the bar in its system."""
    span: Span
    columns: tuple[tuple[Item, ...], ...]
    graces: tuple[Item, ...]
    whole_rests: tuple[Item, ...]
    """Rests alone on their staff: they fill the bar whatever its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedBar:
    """A bar with its reading."""

    ink: BarInk
    length: Fraction
    """Quarter notes."""
    reading: BarReading
    time: Time | None
    """The signature that begins here."""
    tuplets: Tuplets = PLAIN
    """Prices of tuplets without a figure with which it was read first."""
    incomplete: bool = False
    """A pick-up, or one half of a bar a repeat divides."""


def split_bars(system: System, place: int, items: Sequence[Item], *, certain: bool = False) -> tuple[BarInk, ...]:
    """The bars of a system with their chords and rests; an empty header before a repeat or end after the last line is none.

    `certain`: every relation of the page is.
    """
    found = []
    for bar, (span, inside) in enumerate(zip(system.spans, by_bars(system, items), strict=True)):
        if not inside and (_is_header(system, bar) or (span.closing is None and bar > 0)):
            continue
        timed = merge_fragments([item for item in inside if not item.grace], system.space, certain=certain)
        whole = _whole_rests(timed)
        alone = {item.id for item in whole}
        ink = BarInk(
            system=place,
            bar=bar,
            span=span,
            columns=columns_of([item for item in timed if item.id not in alone], system.space),
            graces=tuple(item for item in inside if item.grace),
            whole_rests=whole,
        )
        found.append(_known(ink))
    return tuple(found)


def _known(ink: BarInk) -> BarInk:
    """The bar as an earlier reading has it, where the same is printed in it."""
    held = ink.span, ink.columns, ink.graces, tuple(ink.whole_rests)
    return recalled(held, (ink.system, ink.bar), lambda: ink)


def _is_header(system: System, bar: int) -> bool:
    """Whether an empty first span is only the clef and key before a repeat that opens the system."""
    widths = sorted(span.right - span.left for span in system.spans[1:])
    own = system.spans[bar].right - system.spans[bar].left
    return bar == 0 and bool(widths) and own < HEADER * widths[len(widths) // 2]


def _whole_rests(items: Sequence[Item]) -> tuple[Item, ...]:
    found = []
    for item in items:
        if item.rest is None or item.rest.label not in ("restWhole", "restDoubleWhole", "restHalf"):
            continue
        if item.rest.label == "restHalf" and item.rest.score > 0.5 and len(items) > 1:
            others = [other for other in items if other.staff == item.staff]
            if len(others) > 1:
                continue
        if sum(other.staff == item.staff for other in items) == 1:
            found.append(item)
    return tuple(found)


def section_length(bars: Sequence[BarInk], printed: Time | None, tuplets: Tuplets) -> Fraction:
    """The bar length, in quarter notes, that fits a section's bars best; 4 when nothing tells."""
    sounding = [bar for bar in bars if bar.columns]
    if not sounding:
        return printed.length if printed is not None else Fraction(4)
    step = max(1, len(sounding) // SAMPLE)
    sample = sounding[::step][: SAMPLE + 2]
    free = [read_bar(bar.columns, None, tuplets=tuplets, efforts=(QUICK,)) for bar in sample]
    candidates = _candidates(free)
    if printed is not None:
        candidates = tuple(dict.fromkeys((printed.length, *candidates)))
    if len(candidates) == 1:
        return candidates[0]
    best, cheapest = candidates[0], inf
    for length in candidates:
        price = _price(sample, length, printed, tuplets, cheapest)
        if (price, length) < (cheapest, best):
            best, cheapest = length, price
    return best


def _candidates(free: Sequence[BarReading]) -> tuple[Fraction, ...]:
    votes: dict[Fraction, float] = {}
    for reading in free:
        length = Fraction(reading.end, TICKS)
        if length in TIMES:
            votes[length] = votes.get(length, 0.0) + 1 / (1 + reading.cost)
    ranked = sorted(votes, key=lambda length: (-votes[length], length))
    return tuple(ranked[:4]) or (Fraction(4),)


def trial(columns: Sequence[Sequence[Item]], length: Fraction, tuplets: Tuplets, enough: float) -> BarReading:
    """A reading to tell lengths apart by; one dearer than `enough`, or than COST_MAX, need not be known exactly."""
    return read_bar(
        columns, int(length * TICKS), tuplets=tuplets, efforts=(QUICK, TRIAL), give_up=COST_MAX, enough=enough
    )  # fmt: skip


def _price(
    sample: Sequence[BarInk], length: Fraction, printed: Time | None, tuplets: Tuplets, cheapest: float
) -> float:
    """The price of a length on all bars of the sample; infinite as soon as it is beyond `cheapest`.

    Bars whose price an earlier reading knows come first: they often settle it.
    """
    ticks = int(length * TICKS)
    base = 0.0
    if printed is not None and printed.length == length:
        base = -PRINTED * len(sample) - PRINTED_ONCE
    elif length not in COMMON:
        base = RARE * len(sample)
    terms = ticks, tuplets, (QUICK, TRIAL), COST_MAX
    prices: dict[int, float] = {}
    for place in sorted(range(len(sample)), key=lambda place: not knows_bar(sample[place].columns, *terms)):
        left = cheapest - base - sum(prices.values())
        prices[place] = min(COST_MAX, trial(sample[place].columns, length, tuplets, left + 2 * ROUNDING).cost)
        if base + sum(prices.values()) > cheapest + ROUNDING:
            return inf
    return base + sum(prices[place] for place in range(len(sample)))


def time_of(length: Fraction) -> Time:
    """The usual signature for a bar of `length` quarter notes, marked as not printed."""
    beats, beat_type = TIMES.get(length, (length.numerator, 4 * length.denominator))
    return Time(beats=beats, beat_type=beat_type, printed=False)
