"""Chords and rests as printed: heads gathered on their stems, with the beams, flags and dots that say their length.

Relations of the graph come first; where a head has none, geometry decides: a stem touches the side of its heads, a dot stands
to the right of its head, a flag hangs at the stem's end.
"""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation import Node
from omr.score import NoteType


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A notehead and its place on a staff."""

    node: Node
    staff: int
    """Row of the staff in its system, 0 = top."""
    position: int
    """Half staff spaces below the top line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A chord or, without heads, a rest: what the bar's arithmetic gives an onset and a length."""

    id: int
    """Unique in its system, in order of x."""
    x: float
    """Where it sounds: centre of the undisplaced heads, pixels."""
    staff: int
    """Row of the staff in its system, 0 = top."""
    heads: tuple[Head, ...] = ()
    """Lowest pitch first."""
    rest: Node | None = None
    beyond: int = -1
    """Row of the other staff whose a rest between two staves may be; -1: of none."""
    stem: Node | None = None
    direction: int = 0
    """Stem up 1, down -1, unknown 0."""
    beams: tuple[Node, ...] = ()
    group: int = -1
    """Items under common beams share it; -1: none."""
    flags: tuple[Node, ...] = ()
    levels: int = 0
    """Beams or flags: 1 an eighth, 2 a sixteenth."""
    spike: bool = False
    """More levels than its neighbours under the beam, where music hardly has them: a beam found twice."""
    forgotten: bool = False
    """A beam of its neighbours is drawn at its stem, though nobody related the two."""
    dots: int = 0
    dot_nodes: tuple[Node, ...] = ()
    shared_dots: bool = False
    """Printed once for it and a chord of another voice, with which it shares the dotted head."""
    figures: tuple[Node, ...] = ()
    """Tuplet numerals and brackets related to it."""
    tremolos: tuple[Node, ...] = ()
    """Strokes through its stem, or between it and the one other chord that has them too."""
    grace: bool = False
    certain: bool = False
    """Every relation of its page is beyond doubt, its symbols are, and an engraver set them, who forgets none."""
    told: tuple[NoteType, int] | None = None
    """The length a person gave it: note type and dots."""
    attached: tuple[Node, ...] = ()
    """Everything else related to its heads: slurs, ties, articulations, ornaments ..."""

    @property
    def alternates(self) -> bool:
        """Whether it sounds in turn with another chord, each of them printed with the length of both."""
        return any(node.label == "multipleNoteTremolo" for node in self.tremolos)

    @property
    def is_rest(self) -> bool:
        return self.rest is not None
