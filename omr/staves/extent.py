"""Where traced staves begin and end.

Assumes that a staff ends where its lines do, and that lines which were worn away in places left traces: ink of several lines
at once, more than beside them, over some staff spaces. On an unworn staff such traces count for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.staves.evidence import LINES
from omr.staves.trace import Traced

Bools = npt.NDArray[np.bool_]

SHORTEST: Final = 5.0
"""Staff spaces in length; anything shorter is no staff."""
LINES_AT_END: Final = 3
"""Lines that must be there for a column to belong to the staff."""
LINES_BESIDE_HIDDEN: Final = 2
"""Lines that suffice where all others but one are hidden."""
AT_END: Final = 0.5
"""Share of the full ink of such a line: ink averaged along the line falls to one half at its very end."""
GAP: Final = 5.0
"""Staff spaces without lines that part two staves of the same height (a coda set off from what precedes)."""
WORN: Final = 0.7
"""Usual share of ink along the lines in view below which a staff is worn."""
TRACES: Final = 0.08
"""Mean ink of a worn staff's five lines, less the ink beside them, over TRACES_WINDOW."""
TRACES_WINDOW: Final = 6.0
"""Staff spaces."""
TRACE_INK: Final = 0.15
"""Ink of each of two lines that must be seen in a column where a worn staff ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Columns from `left` to before `right`, pixels of the image, of a traced staff."""

    traced: Traced
    left: int
    right: int

    @property
    def piece(self) -> slice:
        """The same columns in the arrays of `traced`."""
        return slice(self.left - self.traced.left, self.right - self.traced.left)


def clear_stretches(traced: Traced) -> tuple[Stretch, ...]:
    """The stretches where lines are plainly there, parted by gaps longer than GAP."""
    return _stretches(traced, _plain(traced))


def grown(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """`stretches` of one trace, joined and lengthened over the traces that a worn staff left."""
    if not stretches:
        return ()
    traced = stretches[0].traced
    solid = [traced.solid[:, one.piece][~traced.hidden[:, one.piece]] for one in stretches]
    if np.median(np.concatenate(solid)) >= WORN:
        return stretches
    window = round(TRACES_WINDOW * traced.space) | 1
    mean = traced.ink.mean(axis=0) - traced.beside.mean(axis=0)
    lasting = cv2.blur(mean[None], (window, 1), borderType=cv2.BORDER_REPLICATE)[0]
    left_traces = (lasting >= TRACES) & ((traced.ink >= TRACE_INK).sum(axis=0) >= LINES_BESIDE_HIDDEN)
    wider = _stretches(traced, _plain(traced) | left_traces)
    return tuple(one for one in wider if any(one.left < core.right and core.left < one.right for core in stretches))


def _plain(traced: Traced) -> Bools:
    shown = (traced.ink >= AT_END).sum(axis=0)
    beside_hidden = (shown >= LINES_BESIDE_HIDDEN) & (shown + traced.hidden.sum(axis=0) >= LINES - 1)
    return np.asarray((shown >= LINES_AT_END) | beside_hidden)


def _stretches(traced: Traced, there: Bools) -> tuple[Stretch, ...]:
    columns = np.nonzero(there)[0]
    if len(columns) == 0:
        return ()
    breaks = np.nonzero(np.diff(columns) > GAP * traced.space)[0]
    starts = columns[np.concatenate([[0], breaks + 1])] + traced.left
    ends = columns[np.concatenate([breaks, [len(columns) - 1]])] + traced.left + 1
    return tuple(
        Stretch(traced=traced, left=int(left), right=int(right))
        for left, right in zip(starts, ends, strict=True)
        if right - left >= SHORTEST * traced.space
    )
