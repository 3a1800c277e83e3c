"""Clefs, keys and times that a person said hold from one bar to another, put in the place of what was read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omr.reading.bars import TimedBar
from omr.reading.clefs import ClefSign
from omr.reading.document import Document
from omr.reading.signatures import KeyChange, Signatures
from omr.reading.times import TimeSign
from omr.reading.tones import clef_at, fifths_at
from omr.score import Clef, Key, Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A clef, key or time from bar `first` to bar `last` (places in the document, the last included)."""

    first: int
    last: int
    value: Clef | Key | Time
    row: int = 0
    """Of a clef: row of the staff in the system of the first bar."""


def with_told(document: Document, bars: Sequence[TimedBar], told: Sequence[Told]) -> Document:
    """The document as a person has it; `bars` are those read from it before. What names no bar of it is left out."""
    for each in told:
        if 0 <= each.first <= each.last < len(bars):
            document = _with(document, bars, each)
    return document


def _with(document: Document, bars: Sequence[TimedBar], told: Told) -> Document:
    signatures = list(document.signatures)
    stretches: dict[int, list[TimedBar]] = {}
    for bar in bars[told.first : told.last + 1]:
        stretches.setdefault(bar.ink.system, []).append(bar)
    for place, inside in sorted(stretches.items()):
        after = next((bar for bar in bars if bar.ink.system == place and bar.ink.bar > inside[-1].ink.bar), None)
        old = signatures[place]
        if isinstance(told.value, Key):
            signatures[place] = _with_key(old, told.value.fifths, inside, after)
        elif isinstance(told.value, Clef):
            row = _row(document, bars[told.first].ink.system, told.row, place)
            if row is not None:
                signatures[place] = _with_clef(old, row, told.value, inside, after)
    if isinstance(told.value, Time):
        _put_time(signatures, bars, told.first, told.last, told.value)
    return replace(document, signatures=tuple(signatures))


def _with_key(old: Signatures, fifths: int, inside: Sequence[TimedBar], after: TimedBar | None) -> Signatures:
    first, last = inside[0].ink.bar, inside[-1].ink.bar
    changes = [change for change in old.changes if not first <= change.bar <= last]
    if first > 0:
        changes.append(KeyChange(bar=first, fifths=fifths, nodes=(), rows=()))
    if after is not None and not any(change.bar == after.ink.bar for change in changes):
        changes.append(KeyChange(bar=after.ink.bar, fifths=fifths_at(old, after.ink.bar), nodes=(), rows=()))
    ordered = tuple(sorted(changes, key=lambda change: change.bar))
    return replace(old, fifths=fifths if first == 0 else old.fifths, changes=ordered)


def _with_clef(old: Signatures, row: int, clef: Clef, inside: Sequence[TimedBar], after: TimedBar | None) -> Signatures:
    left, right = inside[0].ink.span.left, inside[-1].ink.span.right
    opens = inside[0].ink.bar == 0
    inner = [sign for sign in old.inner if sign.row != row or not (opens or sign.x >= left) or sign.x >= right]
    if not opens:
        inner.append(_sign(clef, left, row))
    if after is not None:
        inner.append(_sign(clef_at(old, row, right), after.ink.span.left, row))
    clefs = tuple(clef if opens and place == row else own for place, own in enumerate(old.clefs))
    nodes = tuple(None if opens and place == row else own for place, own in enumerate(old.clef_nodes))
    ordered = tuple(sorted(inner, key=lambda sign: (sign.row, sign.x, sign.node)))
    return replace(old, clefs=clefs, clef_nodes=nodes, inner=ordered)


def _sign(clef: Clef, x: float, row: int) -> ClefSign:
    return ClefSign(clef=clef, x=x, right=x, row=row, score=1.0, header=False, node=-1)


def _row(document: Document, first: int, row: int, place: int) -> int | None:
    """Where the staff at `row` of system `first` stands in system `place`."""
    return next((rows[place] for rows in document.rows if rows[first] == row), None)


def _put_time(signatures: list[Signatures], bars: Sequence[TimedBar], first: int, last: int, time: Time) -> None:
    """Opens a time at bar `first` and, after `last`, what held there before."""
    before = next((bar.time for bar in reversed(bars[: last + 2]) if bar.time is not None), None)
    inside = {(bar.ink.system, bar.ink.bar) for bar in bars[first : last + 1]}
    for place, old in enumerate(signatures):
        kept = tuple(entry for entry in old.times if (place, entry[0]) not in inside)
        if kept != old.times:
            signatures[place] = replace(old, times=kept)
    _open_time(signatures, bars[first], time)
    if last + 1 < len(bars) and before is not None:
        after = bars[last + 1]
        if all(entry[0] != after.ink.bar for entry in signatures[after.ink.system].times):
            _open_time(signatures, after, before)


def _open_time(signatures: list[Signatures], bar: TimedBar, time: Time) -> None:
    old, x = signatures[bar.ink.system], bar.ink.span.left
    sign = TimeSign(time=time, x=x, right=x, nodes=(), share=1.0)
    times = sorted((*old.times, (bar.ink.bar, sign)), key=lambda entry: (entry[0], entry[1].x))
    signatures[bar.ink.system] = replace(old, times=tuple(times))
