"""Systems of a page are alike: parts of a system whose joining stroke is worn away are put together.

Assumes that a run of neighbouring groups which together have as many staves as the page's largest system, no farther apart
than the staves of such a system, is one system too. Single staves alone are weaker evidence: they need SURE whole systems.
"""

from __future__ import annotations

import dataclasses
from itertools import groupby, pairwise
from typing import Final

from omr.notation import Staff

FARTHER: Final = 1.25
"""Times the widest gap inside a whole system that a gap inside a mended one may measure."""

SURE: Final = 2
"""Whole systems on the page from which even single staves are put together."""

Group = tuple[Staff, ...]


def mended_systems(staves: tuple[Staff, ...]) -> tuple[Staff, ...]:
    """`staves` (top to bottom, `system` set) with the parts of broken systems in one, numbered anew from 0."""
    groups = [tuple(members) for _, members in groupby(staves, key=lambda staff: staff.system)]
    full = max((len(group) for group in groups), default=0)
    reach = FARTHER * max(
        (_gap(*pair) for group in groups if len(group) == full for pair in pairwise(group)), default=0.0
    )
    sure = sum(len(group) == full for group in groups) >= SURE
    mended: list[Group] = []
    for group in groups:
        mended.append(group)
        run = _run(mended, full, reach)
        if run > 1 and (sure or any(len(part) > 1 for part in mended[-run:])):
            mended[-run:] = [tuple(staff for part in mended[-run:] for staff in part)]
    return tuple(dataclasses.replace(staff, system=system) for system, group in enumerate(mended) for staff in group)


def _run(groups: list[Group], full: int, reach: float) -> int:
    """How many of the last groups make a system of `full` staves together; 0: none do."""
    total = 0
    for count, group in enumerate(reversed(groups), 1):
        total += len(group)
        if total > full or len(group) == full:
            return 0
        if total == full:
            return count
        above = groups[-count - 1] if count < len(groups) else None
        if above is None or _gap(above[-1], group[0]) > reach:
            return 0
    return 0


def _gap(upper: Staff, lower: Staff) -> float:
    """Staff spaces between two staves."""
    return (lower.box.top - upper.box.bottom) / ((upper.staff_space + lower.staff_space) / 2)
