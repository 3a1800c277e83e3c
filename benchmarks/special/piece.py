"""A piece as a tree: bars of voices, voices of notes and tuplets, tuplets within tuplets.

Lengths are in quarter notes. Nothing here knows an engraver.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Pitch = tuple[int, int]
"""(diatonic steps above C0, alteration in semitones)"""
BeamEdge = Literal["", "begin", "continue", "end"]
Closing = Literal["regular", "none", "light-light", "light-heavy"]
StemSide = Literal["", "up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A chord or, without pitches, a rest."""

    denominator: int
    """4 is a quarter, 8 an eighth."""
    dots: int = 0
    pitches: tuple[Pitch, ...] = ()
    """Lowest first."""
    staff: int = 1
    """1 = upper staff."""
    stem: StemSide = ""
    beam: BeamEdge = ""
    graces: tuple[Pitch, ...] = ()
    slashed: bool = False
    """Of its grace notes."""
    accidentals: tuple[int, ...] = ()
    """Heights whose accidental is printed here."""

    @property
    def written(self) -> Fraction:
        """Length outside tuplets."""
        return Fraction(4, self.denominator) * (2 - Fraction(1, 2**self.dots))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuplet:
    """`actual` equal parts in the time of `normal`."""

    actual: int
    normal: int
    members: tuple[Note | Tuplet, ...]
    shown: bool = True
    """Whether its figure is printed."""


Member = Note | Tuplet


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice in one bar."""

    staff: int
    """Its home, 1 = upper staff."""
    number: int
    """1-based on its staff."""
    members: tuple[Member, ...]
    stem: StemSide = ""
    """Where all its stems point; empty: as the engraver likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Every voice is as long as the bar."""

    length: Fraction
    voices: tuple[Voice, ...]
    metre: tuple[int, int] | None = None
    """Where it changes; None: as before."""
    opens_repeat: bool = False
    closes_repeat: bool = False
    closing: Closing = "regular"
    counted: bool = True
    """False for pick-ups and second halves."""
    new_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One or two staves of music."""

    clefs: tuple[Literal["G", "F"], ...]
    fifths: int
    bars: tuple[Bar, ...]
    metred: bool = True
    """False: no time signature is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A note in its place, with the tuplets that begin and end at it, outermost first."""

    note: Note
    onset: Fraction
    length: Fraction
    within: tuple[Tuplet, ...]
    begins: tuple[Tuplet, ...]
    ends: tuple[Tuplet, ...]


def length_of(members: Sequence[Member]) -> Fraction:
    """Sounding length of what follows each other."""
    return sum((entry.length for entry in sounding(members)), Fraction(0))


def sounding(members: Sequence[Member], onset: Fraction = Fraction(0)) -> Iterator[Sounding]:
    """The notes of a voice from left to right."""
    for member in members:
        for entry in _within(member, (), (), onset):
            yield entry
            onset = entry.onset + entry.length


def _within(
    member: Member,
    outer: tuple[Tuplet, ...],
    begins: tuple[Tuplet, ...],
    onset: Fraction,
    ends: tuple[Tuplet, ...] = (),
) -> Iterator[Sounding]:
    if isinstance(member, Note):
        length = member.written
        for tuplet in outer:
            length *= Fraction(tuplet.normal, tuplet.actual)
        yield Sounding(note=member, onset=onset, length=length, within=outer, begins=begins, ends=ends)
        return
    last = len(member.members) - 1
    for place, inner in enumerate(member.members):
        opened = (*begins, member) if place == 0 else ()
        closed = (*ends, member) if place == last else ()
        for entry in _within(inner, (*outer, member), opened, onset, closed):
            yield entry
            onset = entry.onset + entry.length
