"""Music in bars of no common length: hymns whose barlines end phrases, recitative, free metres.

Nothing on the page tells the length of such a bar but its staves, counted one by one: most of them agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from omr.reading.bar import QUICK, read_bar
from omr.reading.bars import BarInk
from omr.reading.choices import Tuplets
from omr.reading.columns import columns_of
from omr.reading.values import TICKS
from omr.score import Time

SHARED = 0.4  # of the bars: as many of one length make a metre
AGREED = 0.5  # of the staves of a bar must end together
STAVES = 3  # staves that a bar needs to tell its length
LONGER = 2  # times the usual length: some bars of a free metre are


def own_lengths(bars: Sequence[BarInk], printed: Time | None, tuplets: Tuplets, space: float) -> tuple[Fraction, ...]:
    """The length of each bar, where they have no metre in common; none where they may have one.

    `space` is a staff space in pixels.
    """
    if printed is not None or any(len({i.staff for c in bar.columns for i in c}) < STAVES for bar in bars):
        return ()
    lengths = [_length(bar, tuplets, space) for bar in bars]
    known = [length for length in lengths if length is not None]
    if len(known) < len(bars) or len(set(known)) < 2:
        return ()
    if max(Counter(known).values()) > max(1, SHARED * len(bars)) or max(known) < LONGER * min(known):
        return ()
    return tuple(known)


def _length(bar: BarInk, tuplets: Tuplets, space: float) -> Fraction | None:
    """Where most staves of a bar end, counted one by one."""
    items = [item for column in bar.columns for item in column]
    staves = sorted({item.staff for item in items})
    ends = Counter(
        read_bar(
            columns_of([item for item in items if item.staff == staff], space), None, tuplets=tuplets, efforts=(QUICK,)
        ).end
        for staff in staves
    )
    end, votes = ends.most_common(1)[0]
    return Fraction(end, TICKS) if votes > AGREED * len(staves) and end else None
