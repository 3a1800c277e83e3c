"""A page laid out for reading: the two pages of a spread below one another, with its staves.

Stages never import each other; what finding staves tells about the picture comes back to preparing it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omr.notation import Staff
from omr.prepare import Prepared
from omr.prepare.bend import bend_of
from omr.prepare.spread import fold, stacked, two_pages
from omr.prepare.straighten import straightened
from omr.staves import find_staves

ROUNDS: Final = 2
"""Times that a page is straightened at most: what a first net leaves, a second takes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A prepared page and the staves on it, every staff a system of its own."""

    prepared: Prepared
    staves: tuple[Staff, ...]


def flatten(prepared: Prepared) -> Flat:
    """`prepared`, or what its staves show it to be: a bent page straight, the pages of an open book below one another."""
    flat = _found(prepared)
    x = fold(flat.staves, prepared.image)
    if x is None:
        return _straight(flat)
    pages = [_straight(_found(page)) for page in two_pages(prepared, x)]
    pages = [page for page in pages if page.staves]
    if len(pages) < 2:
        return _straight(flat)
    lefts = [min(staff.box.left for staff in page.staves) for page in pages]
    return _found(stacked([page.prepared for page in pages], lefts))


def _found(prepared: Prepared) -> Flat:
    return Flat(prepared=prepared, staves=find_staves(prepared.image))


def _straight(flat: Flat) -> Flat:
    """`flat` with perspective and curl taken out where it shows any; itself where that shows fewer staves."""
    for _ in range(ROUNDS):
        if not bend_of(flat.staves).worth_straightening:
            break
        prepared = straightened(flat.prepared, flat.staves)
        if prepared is None:
            break
        better = _found(prepared)
        if len(better.staves) < len(flat.staves):
            break
        flat = better
    return flat
