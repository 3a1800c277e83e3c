"""Music in bars of no common length: hymns whose barlines end phrases, recitative, free metres.

Nothing on the page tells the length of such a bar but its staves, counted one by one: most of them agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from omr.reading.bar import EFFORTS, QUICK, read_bar
from omr.reading.bars import BarInk
from omr.reading.choices import Tuplets
from omr.reading.columns import columns_of
from omr.reading.values import TICKS
from omr.score import Time

SHARED = 0.4  # of the bars: as many of one length make a metre
AGREED = 0.5  # of the staves of a bar must end together, and fewer at any other time
SURE = 0.5  # of the bars, where a slip of the pen has some staves of the others end elsewhere
STAVES = 3  # staves that a bar needs to tell its length
LONGER = 1.75  # times as long as the shortest: some bars of a free metre are


def own_lengths(bars: Sequence[BarInk], printed: Time | None, tuplets: Tuplets, space: float) -> tuple[Fraction, ...]:
    """The length of each bar, where they have no metre in common; none where they may have one.

    `space` is a staff space in pixels.
    """
    if printed is not None or any(len({i.staff for c in bar.columns for i in c}) < STAVES for bar in bars):
        return ()
    found = [_length(bar, tuplets, space) for bar in bars]
    lengths = [length for length, _ in found]
    if sum(agreed for _, agreed in found) < SURE * len(bars) or 0 in lengths or len(set(lengths)) < 2:
        return ()
    if max(Counter(lengths).values()) > max(1, SHARED * len(bars)) or max(lengths) < LONGER * min(lengths):
        return ()
    return tuple(lengths)


def _length(bar: BarInk, tuplets: Tuplets, space: float) -> tuple[Fraction, bool]:
    """Where a bar ends, told by its staves counted one by one, and whether most of them say so.

    Where they do not, it is the end at which all of them come out cheapest.
    """
    items = [item for column in bar.columns for item in column]
    staves = [
        columns_of([item for item in items if item.staff == staff], space)
        for staff in sorted({item.staff for item in items})
    ]
    ends = Counter(read_bar(staff, None, tuplets=tuplets, efforts=(QUICK,)).end for staff in staves)
    (end, votes), *others = ends.most_common(2)
    if votes >= AGREED * len(staves) and all(votes > fewer for _, fewer in others):
        return Fraction(end, TICKS), True
    prices = {
        length: sum(read_bar(staff, length, tuplets=tuplets, efforts=EFFORTS[:2]).cost for staff in staves)
        for length in sorted(ends)
    }
    return Fraction(min(prices, key=lambda length: (prices[length], length)), TICKS), False
