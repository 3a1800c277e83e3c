"""Where a page may be cut without cutting anything: at rows on which nothing is printed.

Assumes that most pages have such rows between their systems. Looked at one band after the other, a page takes less
memory than at once, and each symbol is still seen whole, with what stands around it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

LEAST_BLANK: Final = 6
"""Rows without ink at which a page may be cut, a third of a staff space."""


def bands(inked: npt.NDArray[np.bool_], height: int) -> tuple[tuple[int, int], ...]:
    """(first row, row after the last) of parts of a page of about `height` rows each, as even as its blank rows allow.

    `inked` says for each row whether there is ink on it; every part holds some.
    """
    rows = np.flatnonzero(inked)
    if not len(rows):
        return ()
    gaps = np.flatnonzero(np.diff(rows) > LEAST_BLANK)
    middles = (rows[gaps] + rows[gaps + 1] + 1) // 2
    first, last = int(rows[0]), int(rows[-1])
    count = -(-(last - first) // max(1, height))
    wanted = first + (last - first) * np.arange(1, count) / count
    cuts = sorted({int(middles[np.argmin(np.abs(middles - row))]) for row in wanted}) if len(gaps) else []
    return tuple(zip([0, *cuts], [*cuts, len(inked)], strict=True))
