"""Bars whose voices, each counted by itself, fill them, though they are not written in line with each other.

Of two voices on one staff one has its stems up and the other down, and a beam keeps its notes in one voice though they stand on
two staves. Where the printed lengths of such a voice, with some of the staff's rests, come to just the bar's length, its onsets
follow from counting alone; what belongs to no such voice begins with what it stands over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product
from math import prod

from omr.memory import found_in
from omr.reading.apart import GAIN, TORN, Columns, side_by_side, staff_by_staff, together, torn
from omr.reading.bar import EFFORTS, read_bar
from omr.reading.bars import TimedBar
from omr.reading.basis import Basis
from omr.reading.choices import Choice, Tuplets
from omr.reading.columns import ALIGNED, columns_of
from omr.reading.items import Item
from omr.reading.steps import BarReading, Placed
from omr.reading.values import TICKS

WAYS_MAX = 4096  # ways to share rests out that are tried
STRAYED = 2.5  # staff spaces between what begins together on one staff, at most: a pen sees its neighbours there
AFTER = 0.8  # staff spaces from one note of a voice to the next, at least
NONE = -1  # in the place of a voice
FAULTY = 3.5  # price from which a voice whose printed lengths do not fill the bar is not known well enough

Stream = tuple[Item, ...]


def by_streams(bar: TimedBar, space: float, tuplets: Tuplets, *, loose: bool) -> TimedBar:
    """The bar with what begins together as its voices tell one by one, where that makes it cheaper; see by_staves.

    Unless its staves are not written in line (`loose`), every note must be in such a voice.
    """
    ticks, ink = int(bar.length * TICKS), bar.ink.columns
    counted, columns = found_in(
        ink, (ticks, space, tuplets, loose), lambda: _counted_alone(ink, ticks, tuplets, space, loose=loose)
    )
    if not counted:
        return bar
    whole = sum(len(reading.placed) for reading in counted) == sum(map(len, columns))
    most = bar.reading.cost - GAIN - TORN * torn(bar.ink.columns, columns)
    alone = side_by_side(columns, counted) if whole else None
    limit = most if alone is None else min(most, alone.cost)
    reading = read_bar(columns, ticks, tuplets=tuplets, give_up=limit)
    if alone is not None and (not reading.placed or reading.cost > limit):
        reading = alone
    if not reading.placed or reading.cost > most:
        return bar
    return replace(bar, reading=reading, ink=replace(bar.ink, columns=columns))


def _counted_alone(
    ink: Columns, ticks: int, tuplets: Tuplets, space: float, *, loose: bool
) -> tuple[tuple[BarReading, ...], Columns]:
    """The readings of a bar's voices and its columns as they tell them; none where they do not tell."""
    nothing: tuple[tuple[BarReading, ...], Columns] = ((), ())
    counted = tuple(
        reading
        for part in staff_by_staff(ink, space)
        for reading in _part_counted(part, ticks, tuplets, space, loose=loose)
    )
    if len(counted) < 2:
        return nothing
    columns = _with_others(together(counted), ink, space)
    if _strayed(columns, space):
        return nothing
    whole = sum(len(reading.placed) for reading in counted) == sum(map(len, columns))
    return (counted, columns) if whole or loose else nothing


def _strayed(columns: Columns, space: float) -> bool:
    """Whether something would begin with what stands far away on its own staff, as where a barline was missed."""
    return any(
        item.staff == mate.staff and abs(item.x - mate.x) > STRAYED * space
        for column in columns
        for item in column
        for mate in column
    )


def _part_counted(columns: Columns, ticks: int, tuplets: Tuplets, space: float, *, loose: bool) -> list[BarReading]:
    """The readings of the voices of a staff, or of staves that share a beam, that fill the bar.

    Of what is not written in line also voices that do so with a fault: a dot or beam that a pen forgot.
    """
    choices = Basis(columns, tuplets).choices
    found = []
    for stream, full in _streams(columns, ticks, choices):
        if full and all(other.x - one.x >= AFTER * space for one, other in pairwise(stream)):
            found.append(_counted(stream, choices))
        elif loose:
            reading = read_bar(columns_of(stream, space), ticks, tuplets=tuplets, efforts=EFFORTS[:2], give_up=FAULTY)
            if reading.cost < FAULTY and reading.end == ticks and len(reading.placed) == len(stream):
                found.append(reading)
    return found


def _counted(stream: Stream, choices: Mapping[int, Sequence[Choice]]) -> BarReading:
    """The notes and rests of a voice one after the other, each as long as it is printed."""
    placed: list[Placed] = []
    now, cost = 0, 0.0
    for item in stream:
        own = choices[item.id][0]
        after = placed[-1].item.id if placed else -1
        placed.append(Placed(item=item, onset=now, ticks=own.ticks, value=own.value, ratio=own.ratio, after=after))
        now += own.ticks
        cost += own.value.cost + own.start
    return BarReading(placed=tuple(placed), cost=cost, end=now)


def _streams(columns: Columns, ticks: int, choices: Mapping[int, Sequence[Choice]]) -> tuple[tuple[Stream, bool], ...]:
    """The voices of a staff, or of staves that share a beam, and whether their printed lengths fill the bar.

    Rests are shared out so that as many voices as possible do; none where no voice does.
    """
    items = sorted((item for column in columns for item in column), key=lambda item: (item.x, item.id))
    lengths = {item.id: choices[item.id][0].ticks for item in items}
    if sum(lengths.values()) == ticks:
        return ((tuple(items), True),)
    voices, free = _voices(items), [item for item in items if _is_free(item)]
    best: list[tuple[Stream, bool]] = []
    most = 0
    for way in _ways(voices, free):
        held = [list(voice) for voice in voices]
        for item, place in zip(free, way, strict=True):
            if place != NONE:
                held[place].append(item)
        full = [sum(lengths[item.id] for item in voice) == ticks for voice in held]
        if sum(full) > most:
            most = sum(full)
            streams = [tuple(sorted(voice, key=lambda item: (item.x, item.id))) for voice in held]
            best = list(zip(streams, full, strict=True))
    return tuple(best)


def _is_free(item: Item) -> bool:
    return item.is_rest or item.direction == 0


def _voices(items: Sequence[Item]) -> list[list[Item]]:
    """The chords of each staff and stem direction, those together that share a beam."""
    voices: list[list[Item]] = []
    for item in items:
        if _is_free(item):
            continue
        mates = [voice for voice in voices if any(_go_together(item, other) for other in voice)]
        voices = [voice for voice in voices if voice not in mates]
        voices.append([*(other for voice in mates for other in voice), item])
    return voices


def _go_together(item: Item, other: Item) -> bool:
    return (item.staff, item.direction) == (other.staff, other.direction) or 0 <= item.group == other.group


def _ways(voices: Sequence[Sequence[Item]], free: Sequence[Item]) -> Iterator[tuple[int, ...]]:
    """The voices that rests and chords without a stem may be in, each time one of their staff for each.

    A black head that has lost its stem may be a part of some chord: it may be in none.
    """
    homes = [
        [place for place, voice in enumerate(voices) if any(mate.staff == item.staff for mate in voice)]
        + ([NONE] if item.heads and item.heads[0].node.label == "noteheadFull" else [])
        for item in free
    ]
    return product(*homes) if prod(map(len, homes)) <= WAYS_MAX else iter(())


def _with_others(columns: Columns, before: Columns, space: float) -> Columns:
    """The columns with what they leave out of those before, each with the chords it stands over."""
    placed = {item.id for column in columns for item in column}
    found = [list(column) for column in columns]
    for item in (item for column in before for item in column if item.id not in placed):
        gaps = [(min(abs(item.x - mate.x) for mate in column), place) for place, column in enumerate(found)]
        gap, place = min(gaps)
        if gap <= ALIGNED * space:
            found[place].append(item)
        else:
            after = sum(column[0].x < item.x for column in found)
            found.insert(after, [item])
    return tuple(tuple(sorted(column, key=lambda item: (item.staff, -item.direction, item.id))) for column in found)
