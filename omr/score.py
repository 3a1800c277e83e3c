"""The score: what the page says as music, independent of ink and of file format.

Time is counted in quarter notes as Fractions from the start of the bar. A part is what one player reads (a piano part has two
staves). Every symbol keeps the ids of the ink it was read from; with several pages these are (page index, node id).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

NodeRef = tuple[int, int]
"""(0-based page index, node id on that page)."""

StemDirection = Literal["up", "down", "none"]
BeamState = Literal["begin", "continue", "end", "forward hook", "backward hook"]
BarStyle = Literal[
    "regular", "light-light", "light-heavy", "heavy-light", "heavy-heavy", "dashed", "dotted", "heavy", "none"
]
NoteType = Literal["breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th"]
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Pitch:
    """A written pitch; `alter` in semitones (sharp 1), `octave` 4 begins at middle C."""

    step: Literal["C", "D", "E", "F", "G", "A", "B"]
    octave: int
    alter: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """One head of a chord."""

    pitch: Pitch
    accidental: Literal["sharp", "flat", "natural", "double-sharp", "flat-flat"] | None = None
    """The accidental printed at this head, None when none is."""
    cautionary: bool = False
    tie_start: bool = False
    tie_stop: bool = False
    notehead: Literal["x", "slash", "triangle", "diamond"] | None = None
    nodes: tuple[NodeRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TupletMark:
    """Start or stop of a tuplet bracket or figure at an event."""

    kind: Literal["start", "stop"]
    number: int = 1
    bracket: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlurMark:
    """One end of a slur; `key` is the same for its two ends and unique in the part."""

    kind: Literal["start", "stop"]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A chord (one tone: a note) or, without tones, a rest, in one voice of one part."""

    onset: Fraction
    """Quarter notes from the start of the bar."""
    duration: Fraction
    """Sounding length in quarter notes, tuplets applied; 0 for a grace note."""
    type: NoteType
    dots: int = 0
    tones: tuple[Tone, ...] = ()
    """Lowest pitch first."""
    voice: int = 1
    """1-based, unique in the part: staff s owns voices 4(s-1)+1 to 4s."""
    staff: int = 1
    """1 = upper staff of the part; where the heads are printed."""
    stem: StemDirection | None = None
    beams: tuple[BeamState, ...] = ()
    """One state a beam level, outermost (eighth) first."""
    time_modification: tuple[int, int] | None = None
    """(actual, normal): (3, 2) for a triplet."""
    tuplets: tuple[TupletMark, ...] = ()
    slurs: tuple[SlurMark, ...] = ()
    grace: Literal["plain", "slashed"] | None = None
    measure_rest: bool = False
    """A rest for the whole bar, whatever its length."""
    articulations: tuple[str, ...] = ()
    """MusicXML element names: staccato, accent, tenuto, strong-accent, staccatissimo."""
    fermata: bool = False
    tremolo: tuple[Literal["single", "start", "stop"], int] | None = None
    """On one chord or between this and the next, and the number of strokes."""
    ornaments: tuple[str, ...] = ()
    """MusicXML element names: trill-mark, turn, inverted-turn, mordent, inverted-mordent."""
    arpeggiate: bool = False
    padding: bool = False
    """True for silence added to fill a bar that does not add up: written as <forward>, not as a rest."""
    nodes: tuple[NodeRef, ...] = ()
    """Stem, flags, beams, dots, rest ... ; each head's own ink is in its Tone."""

    @property
    def is_rest(self) -> bool:
        return not self.tones


@dataclass(frozen=True, slots=True, kw_only=True)
class Clef:
    """MusicXML clef: `line` counted from the bottom line, 1-5."""

    sign: Literal["G", "F", "C", "percussion", "TAB"]
    line: int
    octave_change: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClefChange:
    """A clef valid from `onset` on."""

    onset: Fraction
    staff: int
    clef: Clef
    printed: bool = True
    nodes: tuple[NodeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """Fifths: sharps positive, flats negative."""

    fifths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time signature; `printed` False when it was inferred or carried over from an earlier page."""

    beats: int
    beat_type: int
    symbol: Literal["common", "cut"] | None = None
    printed: bool = True

    @property
    def length(self) -> Fraction:
        """Bar length in quarter notes."""
        return Fraction(4 * self.beats, self.beat_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Barline:
    """One edge of a bar."""

    style: BarStyle = "regular"
    repeat: Literal["forward", "backward"] | None = None
    ending: tuple[Literal["start", "stop", "discontinue"], str] | None = None
    """(type, numbers): ("start", "1")."""
    nodes: tuple[NodeRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Something said above or below the staff: `kind` is a MusicXML direction-type name."""

    onset: Fraction
    staff: int
    kind: Literal["dynamics", "wedge", "words", "segno", "coda", "pedal", "octave-shift", "metronome"]
    value: str
    """dynamics: 'mf'; wedge: 'crescendo', 'diminuendo' or 'stop'; words: the text; pedal: 'start', 'change' or 'stop';
    octave-shift: 'up', 'down' or 'stop', its size after it when not 8 ('down 15'); metronome: 'quarter.=60'."""
    above: bool = False
    nodes: tuple[NodeRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One bar of one part. Clefs, key and time are stated where they change (and at the start of the part)."""

    index: int
    """0 = first bar of the document."""
    number: str
    duration: Fraction
    """Length of the bar in quarter notes: no voice exceeds it."""
    events: tuple[Event, ...] = ()
    """Ordered by (onset, staff, voice); grace notes before the note they lead to."""
    clefs: tuple[ClefChange, ...] = ()
    key: Key | None = None
    time: Time | None = None
    left: Barline = field(default_factory=Barline)
    right: Barline = field(default_factory=Barline)
    directions: tuple[Direction, ...] = ()
    new_system: bool = False
    new_page: bool = False
    multi_rest: int = 0
    """Bars of a multi-measure rest that begins here, 0: none."""
    implicit: bool = False
    """A pick-up or a bar completed later: not counted."""
    page: int = 0
    """0-based page index."""
    system: int = 0
    """0-based system on its page."""
    left_x: float = 0.0
    """Left and right edge on the page, pixels."""
    right_x: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one player reads."""

    id: str
    name: str
    staves: int
    measures: tuple[Measure, ...]
    group: Literal["brace", "bracket", "none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that makes no musical sense or could not be read: shown to the user, never raised."""

    code: str
    """Short and stable, for instance bar-too-short."""
    message: str
    severity: Severity = "warning"
    nodes: tuple[NodeRef, ...] = ()
    measure: int | None = None
    """0-based index of the bar in the document."""
    part: str | None = None
    probability: float | None = None
    """That something is wrong here, 0-1, where a check can tell; None: what is usual for its code (omr.check.harm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A document read as music: every part has the same number of measures."""

    parts: tuple[Part, ...]
    issues: tuple[Issue, ...] = ()
    title: str | None = None
