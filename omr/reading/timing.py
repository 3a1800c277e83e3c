"""Every bar of the document timed: sections with their length, then the cheapest reading of each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from omr.memory import found_in, is_guess, recalled, remembered
from omr.reading.apart import by_staves, one_by_one, out_of_line
from omr.reading.bar import EFFORTS, read_bar
from omr.reading.bars import BarInk, TimedBar, section_length, split_bars, time_of
from omr.reading.basis import sharing
from omr.reading.choices import EVERYWHERE, USUAL, Tuplets
from omr.reading.columns import tightened
from omr.reading.document import Document
from omr.reading.everywhere import everywhere, in_one
from omr.reading.layout import divides
from omr.reading.loose_rests import settled, with_loose_rests
from omr.reading.page import trusted
from omr.reading.rebar import merge_halves, split_doubles
from omr.reading.streams import by_streams
from omr.reading.times import TimeSign
from omr.reading.unmarked import as_triplets
from omr.reading.unmeasured import own_lengths
from omr.reading.values import TICKS
from omr.score import Time

COMPOUND = (Fraction(3), Fraction(6))  # lengths that are compound or simple metres
SHORT_BETTER = 0.8  # how much cheaper a short bar at a repeat or the start must be than a full one
TRIPLETS = 3  # triplets without doubt that make them usual in the piece
TIGHTER = 0.5  # how much cheaper a bar must be when its columns are taken apart
FAULT = 1.0  # a bar dearer than this is worth a second look


def time_bars(document: Document) -> tuple[TimedBar, ...]:
    """All bars of the document in order, each with its length and reading."""
    bars = [
        bar
        for place, system in enumerate(document.systems)
        for bar in remembered(
            split_bars, system, place, with_loose_rests(document, place), certain=trusted(document.graphs[place])
        )
    ]
    with sharing():
        timed, meant = _sections_read(document, bars)
        again = _second_look(document, timed)
    return tuple(_settled(bar) for bar in as_triplets(again, meant))


def _sections_read(document: Document, bars: Sequence[BarInk]) -> tuple[list[TimedBar], list[Time | None]]:
    """(all bars in order, the metre that certainly holds from each signature on)."""
    usual = Tuplets()
    loose = out_of_line([(bar, document.systems[bar.system].space) for bar in bars])
    timed: list[TimedBar] = []
    meant: list[Time | None] = []
    for start, end, sign in _sections(document, bars):
        section = bars[start:end]
        printed = sign.time if sign is not None else None
        space = document.systems[section[0].system].space
        own = own_lengths(section, printed, usual, space)
        if own:
            timed.extend(_unmeasured(bar, length, usual) for bar, length in zip(section, own, strict=True))
            continue
        told = sign is not None and sign.told and printed is not None
        length, prices = (
            (printed.length, usual)
            if told and printed is not None
            else _metre(section, printed, usual, space, loose=loose)
        )
        time = printed if printed is not None and printed.length == length else time_of(length)
        carried = bool(timed) and printed is None and timed[-1].length == length
        timed.extend(_named(_read(section, length, None if carried else time, prices)))
        if not carried:
            firm = sign is not None and sign.share >= 1 and len(document.systems[section[0].system].staves) > 1
            meant.append(printed if firm else None)
    return timed, meant


def _metre(
    section: Sequence[BarInk], printed: Time | None, tuplets: Tuplets, space: float, *, loose: bool
) -> tuple[Fraction, Tuplets]:
    """The length of a section's bars and the price of its tuplets; `loose`: its staves are not written in line."""
    if loose:
        section = one_by_one(section, space)
    return everywhere(section, printed, tuplets, section_length(section, printed, tuplets), space)


def _unmeasured(bar: BarInk, length: Fraction, tuplets: Tuplets) -> TimedBar:
    """A bar of a metre of its own, which no signature tells."""
    reading = read_bar(bar.columns, int(length * TICKS), tuplets=tuplets)
    return TimedBar(ink=bar, length=length, reading=reading, time=None, tuplets=tuplets, incomplete=True)


def _settled(bar: TimedBar) -> TimedBar:
    """The bar with its loose rests settled, as an earlier reading has it where nothing about it has changed."""
    return recalled((bar.ink, bar.reading), (bar.length, bar.time, bar.incomplete), lambda: settled(bar))


def _sections(document: Document, bars: Sequence[BarInk]) -> list[tuple[int, int, TimeSign | None]]:
    """(first bar, bar after the last, printed sign) of each stretch from one printed time signature to the next.

    A signature printed again opens a stretch too: nobody prints the metre that holds already, so one of the two is misread and
    the bars of each stretch must tell. A movement opens one even where no signature of its was seen.
    """
    starts: list[tuple[int, TimeSign | None]] = []
    for index, bar in enumerate(bars):
        before = bars[index - 1].bar if index and bars[index - 1].system == bar.system else -1
        opening = document.signatures[bar.system].times
        if before < 0 and bar.system in document.starts and not any(opened <= bar.bar for opened, _ in opening):
            starts.append((index, None))
        for opened, sign in document.signatures[bar.system].times:
            if before < opened <= bar.bar and (not starts or starts[-1][0] != index):
                starts.append((index, sign))
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, None))
    ends = [start for start, _ in starts[1:]] + [len(bars)]
    return [(start, end, sign) for (start, sign), end in zip(starts, ends, strict=True) if end > start]


def _read(bars: Sequence[BarInk], length: Fraction, time: Time | None, tuplets: Tuplets) -> list[TimedBar]:
    found = []
    for index, bar in enumerate(bars):
        reading = read_bar(bar.columns, int(length * TICKS), tuplets=tuplets)
        opens = time if index == 0 else None
        found.append(TimedBar(ink=bar, length=length, reading=reading, time=opens, tuplets=tuplets))
    return found


def _named(bars: list[TimedBar]) -> list[TimedBar]:
    """The section in six eighths instead of three quarters (and the like) if beams hold dotted quarters and no beat is one."""
    time = bars[0].time
    if time is None or time.printed or time.length not in COMPOUND:
        return bars
    groups: dict[tuple[int, int], int] = {}
    quarters = 0
    for place, bar in enumerate(bars):
        for entry in bar.reading.placed:
            quarters += entry.ticks == TICKS and entry.onset in (TICKS, 2 * TICKS)
            if entry.item.group >= 0:
                key = place, entry.item.group
                groups[key] = groups.get(key, 0) + entry.ticks
    threes = sum(2 * ticks == 3 * TICKS for ticks in groups.values())
    twos = quarters + sum(ticks in (TICKS, 2 * TICKS) for ticks in groups.values())
    if threes <= twos:
        return bars
    return [replace(bars[0], time=replace(time, beats=int(2 * time.length), beat_type=8)), *bars[1:]]


def _second_look(document: Document, bars: Sequence[TimedBar]) -> tuple[TimedBar, ...]:
    """Faulty bars again: tuplets cheaper where the piece has them, columns tighter, barlines doubted, shorter at repeats."""
    tuplets = tuplets_of(bars)
    loose = out_of_line([(bar.ink, document.systems[bar.ink.system].space) for bar in bars])
    found = [_again(document, bar, tuplets, changed=tuplets == USUAL, loose=loose) for bar in bars]
    found = merge_halves(split_doubles(found, tuplets), tuplets)
    return tuple(
        _shorter(bar, tuplets, first=index == 0 or _after_end(found[index - 1], bar))
        if bar.reading.cost > FAULT and not is_guess(bar.reading)
        else bar
        for index, bar in enumerate(found)
    )


def tuplets_of(bars: Sequence[TimedBar]) -> Tuplets:
    """What tuplets without a figure cost in this document: less where it has some."""
    return USUAL if sum(_triplets(bar) for bar in bars) >= TRIPLETS else Tuplets()


def _after_end(before: TimedBar, bar: TimedBar) -> bool:
    """Whether a bar opens a system after a double or final barline or a repeat: a pick-up may stand there."""
    line = before.ink.span.closing
    return before.ink.system != bar.ink.system and line is not None and divides(line)


def _triplets(bar: TimedBar) -> int:
    """Beamed triplets of a bar that has hardly another fault."""
    groups: dict[int, list[int]] = {}
    for entry in bar.reading.placed:
        if entry.item.group >= 0:
            groups.setdefault(entry.item.group, []).append(entry.ratio if entry.value.cost == 0 else 0)
    whole = sum(len(ratios) % 3 == 0 and all(ratio == 1 for ratio in ratios) for ratios in groups.values())
    return whole if bar.reading.cost - whole * Tuplets().beamed < FAULT else 0


def _again(document: Document, bar: TimedBar, tuplets: Tuplets, *, changed: bool, loose: bool) -> TimedBar:
    if bar.reading.cost <= FAULT or not bar.ink.columns or is_guess(bar.reading):
        return bar
    ticks = int(bar.length * TICKS)
    if bar.tuplets == EVERYWHERE:
        tuplets, changed = EVERYWHERE, False
    if changed:
        reading = read_bar(bar.ink.columns, ticks, tuplets=tuplets)
        bar = replace(bar, reading=reading)
    columns, space = bar.ink.columns, document.systems[bar.ink.system].space
    tight = found_in(columns, space, lambda: tightened(columns, space))
    if tight != bar.ink.columns and bar.reading.cost > FAULT + TIGHTER:
        reading = read_bar(tight, ticks, tuplets=tuplets, give_up=bar.reading.cost)
        if reading.cost + TIGHTER < bar.reading.cost and reading.placed:
            bar = replace(bar, reading=reading, ink=replace(bar.ink, columns=tight))
    if loose and bar.reading.cost > FAULT:
        bar = by_staves(bar, space, tuplets)
    if bar.reading.cost > FAULT:
        bar = by_streams(bar, space, tuplets, loose=loose)
    return in_one(bar, space)


def _shorter(bar: TimedBar, tuplets: Tuplets, *, first: bool) -> TimedBar:
    edges = [line for line in (bar.ink.span.opening, bar.ink.span.closing) if line is not None]
    divided = any(divides(line) for line in edges)
    if not (first or divided) or not bar.ink.columns:
        return bar
    free = read_bar(bar.ink.columns, None, tuplets=tuplets, efforts=EFFORTS[:2])
    length = Fraction(free.end, TICKS)
    if free.cost + SHORT_BETTER < bar.reading.cost and 0 < length < bar.length:
        return replace(bar, length=length, reading=free, incomplete=True)
    return bar
