"""What the user is told of the document as a whole: where movements begin and which parts were given rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.score import Issue


def movements(document: Document, bars: Sequence[TimedBar]) -> Iterator[Issue]:
    """A note for each movement after the first."""
    for index, bar in _openings(bars):
        if bar.ink.system in document.starts:
            message = "a new movement begins here; its bars are counted from 1 again"
            yield Issue(code="movement", message=message, severity="note", measure=index)


def unprinted(document: Document, bars: Sequence[TimedBar], staves: range, part: str) -> Iterator[Issue]:
    """A note for each run of systems that lack some staff of a part."""
    missing = False
    for index, bar in _openings(bars):
        shown = [document.rows[staff][bar.ink.system] is not None for staff in staves]
        if not all(shown) and not missing:
            system = document.systems[bar.ink.system]
            where = f"page {system.page + 1}, system {system.index + 1}"
            what = "a staff of the part is" if any(shown) else "the part is"
            message = f"{what} not printed from {where} on and has rests there"
            yield Issue(code="part-not-printed", message=message, severity="note", measure=index, part=part)
        missing = not all(shown)


def _openings(bars: Sequence[TimedBar]) -> Iterator[tuple[int, TimedBar]]:
    """The first bar of each system with its index."""
    for index, bar in enumerate(bars):
        if index == 0 or bars[index - 1].ink.system != bar.ink.system:
            yield index, bar
