"""Staves that are not part of the piece: footnotes that show how to play an ornament, an ossia above the system.

Assumes that the music fills the width of the page and that an aside is short and joined to no other staff.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Final

from omr.geometry import Box, overlap
from omr.notation import Node, Staff

SHORT: Final = 0.3
"""Of the widest staff of the page: a lone staff shorter than this is an aside."""
SHORT_WHERE_OTHERS_JOIN: Final = 0.5
"""The same on a page whose other systems have several staves."""
SMALL: Final = 0.85
"""Of the widest staff's staff space: a lone small staff counts as short when it is less than SMALL_SHORT as wide."""
SMALL_SHORT: Final = 0.7
AROUND: Final = 6.0
"""Staff spaces above and below an aside within which ink belongs to it, unless the music's staves are nearer."""


def split_asides(staves: tuple[Staff, ...]) -> tuple[tuple[Staff, ...], tuple[Staff, ...]]:
    """`staves` (grouped in systems) as (music, asides); both keep their order, the music is numbered anew."""
    if not staves:
        return (), ()
    widest = max(staves, key=lambda staff: staff.box.width)
    sizes = Counter(staff.system for staff in staves)
    usual = Counter(sizes[staff.system] for staff in staves if staff.box.width >= SMALL_SHORT * widest.box.width)
    joined = bool(usual) and 1 not in usual
    short = SHORT_WHERE_OTHERS_JOIN if joined else SHORT
    asides = tuple(staff for staff in staves if _is_lone(staff, staves) and _is_short(staff, widest, short))
    apart = frozenset(staff.index for staff in asides)
    return _numbered(tuple(staff for staff in staves if staff.index not in apart)), asides


def without_asides(nodes: Iterable[Node], music: tuple[Staff, ...], asides: tuple[Staff, ...]) -> tuple[Node, ...]:
    """`nodes` less those that stand on or near an aside and nearer to it than to the music's staves."""
    return tuple(node for node in nodes if not any(_belongs(node.box, aside, music) for aside in asides))


def _is_lone(staff: Staff, staves: tuple[Staff, ...]) -> bool:
    """Whether no staff of its system stands above or below it; two footnotes side by side are not joined."""
    others = (other for other in staves if other.system == staff.system and other.index != staff.index)
    return all(overlap(staff.box.left, staff.box.right, other.box.left, other.box.right) <= 0 for other in others)


def _is_short(staff: Staff, widest: Staff, short: float) -> bool:
    small = staff.staff_space < SMALL * widest.staff_space
    return staff.box.width < (SMALL_SHORT if small else short) * widest.box.width


def _numbered(staves: tuple[Staff, ...]) -> tuple[Staff, ...]:
    systems = {system: number for number, system in enumerate(sorted({staff.system for staff in staves}))}
    return tuple(
        dataclasses.replace(staff, index=index, system=systems[staff.system]) for index, staff in enumerate(staves)
    )


def _belongs(box: Box, aside: Staff, music: tuple[Staff, ...]) -> bool:
    near = aside.box.padded(2 * aside.staff_space, AROUND * aside.staff_space)
    if not near.contains(box.center):
        return False
    away = _distance(box, aside.box)
    return all(away < _distance(box, staff.box) for staff in music)


def _distance(box: Box, other: Box) -> float:
    """Pixels up or down from the middle of `box` to `other`."""
    y = box.center.y
    return max(other.top - y, y - other.bottom, 0.0)
