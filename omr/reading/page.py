"""What reading starts from: the relations found on a page and the staves they stand on."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation import NotationGraph, Staff
from omr.score import NoteType


@dataclass(frozen=True)
class ReadPage:
    """One page, in coordinates whose unit is each staff's own staff_space."""

    graph: NotationGraph
    staves: tuple[Staff, ...]
    names: tuple[tuple[int, str], ...] = ()
    """(index of a staff, name of its part in full) for names printed before staves, where they were read."""
    told: tuple[tuple[int, NoteType, int], ...] = ()
    """(id of a head or rest, note type, dots): lengths that a person gave."""
