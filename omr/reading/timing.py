"""Every bar of the document timed: sections with their length, then the cheapest reading of each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from omr.reading.bar import EFFORTS, BarReading, Tuplets, read_bar
from omr.reading.bars import BarInk, section_length, split_bars, time_of
from omr.reading.document import Document
from omr.reading.values import TICKS
from omr.score import Time

SHORT_BETTER = 0.8  # how much cheaper a short bar at a repeat or the start must be than a full one
TUPLET_BARS = 2  # bars with tuplets that make them usual in the piece
FAULT = 1.0  # a bar dearer than this is worth a second look


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedBar:
    """A bar with its reading."""

    ink: BarInk
    length: Fraction
    """Quarter notes."""
    reading: BarReading
    time: Time | None
    """The signature that begins here."""
    incomplete: bool = False
    """A pick-up, or one half of a bar a repeat divides."""


def time_bars(document: Document) -> tuple[TimedBar, ...]:
    """All bars of the document in order, each with its length and reading."""
    bars = [
        bar for place, system in enumerate(document.systems) for bar in split_bars(system, place, document.items[place])
    ]
    usual = Tuplets()
    timed: list[TimedBar] = []
    for start, end, printed in _sections(document, bars):
        section = bars[start:end]
        length = section_length(section, printed, usual)
        time = printed if printed is not None and printed.length == length else time_of(length)
        if timed and printed is None and timed[-1].length == length:
            timed.extend(_read(section, length, None, usual))
        else:
            timed.extend(_read(section, length, time, usual))
    return _second_look(timed)


def _sections(document: Document, bars: Sequence[BarInk]) -> list[tuple[int, int, Time | None]]:
    """(first bar, bar after the last, printed time) of each stretch under one time signature."""
    starts: list[tuple[int, Time | None]] = []
    for index, bar in enumerate(bars):
        for opened, sign in document.signatures[bar.system].times:
            if opened == bar.bar and (not starts or starts[-1][1] != sign.time):
                starts.append((index, sign.time))
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, None))
    ends = [start for start, _ in starts[1:]] + [len(bars)]
    return [(start, end, time) for (start, time), end in zip(starts, ends, strict=True) if end > start]


def _read(bars: Sequence[BarInk], length: Fraction, time: Time | None, tuplets: Tuplets) -> list[TimedBar]:
    found = []
    for index, bar in enumerate(bars):
        reading = read_bar(bar.columns, int(length * TICKS), tuplets=tuplets)
        found.append(TimedBar(ink=bar, length=length, reading=reading, time=time if index == 0 else None))
    return found


def _second_look(bars: Sequence[TimedBar]) -> tuple[TimedBar, ...]:
    """Faulty bars again: with tuplets cheaper where the piece has them, and shorter where a repeat or the start allows it."""
    clean = [bar for bar in bars if any(entry.ratio for entry in bar.reading.placed) and bar.reading.cost < 6]
    tuplets = Tuplets(beamed=0.6, loose=1.6) if len(clean) >= TUPLET_BARS else Tuplets()
    found = []
    for index, bar in enumerate(bars):
        if bar.reading.cost > FAULT and bar.ink.columns and len(clean) >= TUPLET_BARS:
            reading = read_bar(bar.ink.columns, int(bar.length * TICKS), tuplets=tuplets)
            bar = TimedBar(ink=bar.ink, length=bar.length, reading=reading, time=bar.time)
        found.append(_shorter(bar, tuplets, first=index == 0) if bar.reading.cost > FAULT else bar)
    return tuple(found)


def _shorter(bar: TimedBar, tuplets: Tuplets, *, first: bool) -> TimedBar:
    edges = [line for line in (bar.ink.span.opening, bar.ink.span.closing) if line is not None]
    divided = any(line.forward or line.backward or line.style not in ("regular", "dashed") for line in edges)
    if not (first or divided) or not bar.ink.columns:
        return bar
    free = read_bar(bar.ink.columns, None, tuplets=tuplets, efforts=EFFORTS[:2])
    length = Fraction(free.end, TICKS)
    if free.cost + SHORT_BETTER < bar.reading.cost and 0 < length < bar.length:
        return TimedBar(ink=bar.ink, length=length, reading=free, time=bar.time, incomplete=True)
    return bar
