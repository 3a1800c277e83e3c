"""A page laid out for reading: the two pages of a spread below one another, with its staves.

Stages never import each other; what finding staves tells about the picture comes back to preparing it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation import Staff
from omr.prepare import Prepared
from omr.prepare.spread import fold, stacked, two_pages
from omr.staves import find_staves


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A prepared page and the staves on it, every staff a system of its own."""

    prepared: Prepared
    staves: tuple[Staff, ...]


def flatten(prepared: Prepared) -> Flat:
    """`prepared`, or what its staves show it to be: the pages of an open book below one another."""
    flat = Flat(prepared=prepared, staves=find_staves(prepared.image))
    x = fold(flat.staves, prepared.image)
    if x is None:
        return flat
    pages = [Flat(prepared=page, staves=find_staves(page.image)) for page in two_pages(prepared, x)]
    pages = [page for page in pages if page.staves]
    if len(pages) < 2:
        return flat
    lefts = [min(staff.box.left for staff in page.staves) for page in pages]
    both = stacked([page.prepared for page in pages], lefts)
    return Flat(prepared=both, staves=find_staves(both.image))
