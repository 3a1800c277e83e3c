"""How widely a bar may be searched, so that none takes long however much ink it holds.

A search takes about as many steps as readings are kept, times values tried, times chords and rests. Counting these instead of
seconds gives the same reading on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.reading.items import Item
from omr.reading.steps import Effort

STEPS_MAX = 10_000  # of one search: about a third of a second


def affordable(efforts: Sequence[Effort], columns: Sequence[Sequence[Item]]) -> tuple[Effort, ...]:
    """Those of `efforts` (narrowest first) that a bar of these columns may cost, the first always.

    The first that is too wide is narrowed, if that leaves it half as wide again as the one before.
    """
    items = sum(map(len, columns))
    found = list(efforts[:1])
    for effort in efforts[1:]:
        width = min(effort.width, STEPS_MAX // max(1, effort.choices * items))
        if 2 * width >= 3 * found[-1].width:
            found.append(effort if width == effort.width else replace(effort, width=width))
        if width < effort.width:
            break
    return tuple(found)
