"""Bars of a staff that are alike but for a head or two: where one of them says otherwise, one of them may be wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from omr.check.lines import Bar, Head

FEWEST: Final = 4  # heads of a bar that is compared
REACH: Final = 24  # bars of the same shape looked at on either side
SHARE: Final = 4  # at most one head in so many may differ

Shape = tuple[int, ...]
Row = tuple[Head, ...]


def twin_signs(bars: Sequence[Bar]) -> dict[int, tuple[str]]:
    """By id of a head: "same" where a bar repeats exactly, else how the head stands to that of the bar most like its own."""
    groups: dict[Shape, list[Row]] = defaultdict(list)
    for bar in bars:
        for shape, row in _rows(bar):
            groups[shape].append(row)
    found: dict[int, tuple[str]] = {}
    for rows in groups.values():
        for place, row in enumerate(rows):
            others = rows[max(0, place - REACH) : place] + rows[place + 1 : place + 1 + REACH]
            for head, sign in zip(row, _against(row, others), strict=True):
                found[id(head)] = (sign,)
    return found


def _rows(bar: Bar) -> list[tuple[Shape, Row]]:
    """(staff and rhythm, heads in order) of each staff of the bar."""
    staves: dict[int, list[Head]] = defaultdict(list)
    for head in bar.heads():
        staves[head.chord.event.staff].append(head)
    found = []
    for staff, heads in sorted(staves.items()):
        if len(heads) >= FEWEST:
            heads.sort(key=lambda head: (head.chord.start, head.step))
            found.append(((staff, bar.length, *(head.chord.start for head in heads)), tuple(heads)))
    return found


def _against(row: Row, others: Sequence[Row]) -> list[str]:
    best: Row | None = None
    fewest = len(row) // SHARE + 1
    for other in others:
        unlike = sum(a.step != b.step or a.fifths != b.fifths for a, b in zip(row, other, strict=True))
        if unlike < fewest:
            best, fewest = other, unlike
    if best is None:
        return ["none"] * len(row)
    if not fewest:
        return ["same"] * len(row)
    return [_sign(a, b) for a, b in zip(row, best, strict=True)]


def _sign(head: Head, other: Head) -> str:
    if head.step == other.step:
        return "agrees" if head.fifths == other.fifths else "altered"
    return "step" if abs(head.step - other.step) == 1 else "differs"
