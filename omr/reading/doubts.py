"""What was read but is hard to believe: staves without a clef or with two at once, bars with more ink than music holds.

None of it stops the reading: the likeliest is taken, and the user is told where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from omr.reading.bars import TimedBar
from omr.reading.clefs import read_clefs
from omr.reading.document import Document
from omr.score import Clef, Issue

CROWDED = 100  # chords and rests of all staves from which a bar is shown
AT_ONCE = 1.5  # staff spaces between two clefs of which only one can count


def doubtful(document: Document, bars: Sequence[TimedBar]) -> tuple[Issue, ...]:
    """An issue for each doubt, clefs first."""
    first = {bar.ink.system: index for index, bar in reversed(list(enumerate(bars)))}
    found = [issue for place in sorted(first) for issue in _clefs(document, place, first[place])]
    found.extend(_crowded(document, bar, index) for index, bar in enumerate(bars) if _size(bar) >= CROWDED)
    return tuple(found)


def _clefs(document: Document, place: int, measure: int) -> Iterator[Issue]:
    """Of one system, whose first bar is `measure`."""
    system, signatures = document.systems[place], document.signatures[place]
    signs = read_clefs(document.graphs[place], system)
    for one, other in pairwise(signs):
        if one.row == other.row and one.clef != other.clef and other.x - one.x < AT_ONCE * system.space:
            message = f"staff {one.row + 1} of a system has two clefs at once"
            nodes = ((system.page, one.node), (system.page, other.node))
            yield Issue(code="clef-doubled", message=message, nodes=nodes, measure=measure)
    for row, clef in enumerate(signatures.clefs):
        if any(sign.row == row and sign.header for sign in signs):
            continue
        heads = sorted(head.node.id for item in document.items[place] for head in item.heads if head.staff == row)
        yield Issue(
            code="clef-missing",
            message=f"no clef was seen at the head of staff {row + 1} of a system; {_named(clef)} was taken",
            severity="warning" if place == 0 else "note",
            nodes=tuple((system.page, node) for node in heads[:1]),
            measure=measure,
        )


def _named(clef: Clef) -> str:
    return f"a {clef.sign} clef on line {clef.line}"


def _size(bar: TimedBar) -> int:
    return sum(map(len, bar.ink.columns))


def _crowded(document: Document, bar: TimedBar, measure: int) -> Issue:
    page = document.systems[bar.ink.system].page
    items = [item for column in bar.ink.columns for item in column]
    ink = {head.node.id for item in items for head in item.heads} | {item.rest.id for item in items if item.rest}
    return Issue(
        code="bar-crowded",
        message=f"a bar holds {len(items)} chords and rests and was read in haste; are barlines missing?",
        nodes=tuple((page, node) for node in sorted(ink)),
        measure=measure,
    )
