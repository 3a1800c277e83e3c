"""LilyPond's grobs and glyphs as symbol classes: data and the few rules that need a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omr.geometry import Box

HEAVY: Final = 0.4  # staff spaces: a wider barline is a heavy one


@dataclass(frozen=True, slots=True, kw_only=True)
class Grobs:
    """Which grobs are marked in the drawing."""

    named: tuple[str, ...]
    joined: frozenset[str]
    """Grobs of which all pieces make one symbol."""


GROBS: Final = Grobs(
    named=(
        "NoteHead", "Stem", "Flag", "Beam", "Rest", "MultiMeasureRest", "MultiMeasureRestNumber", "Dots", "Accidental",
        "AccidentalCautionary", "KeySignature", "KeyCancellation", "TimeSignature", "Clef", "CueClef", "CueEndClef",
        "ClefModifier",
        "LedgerLineSpanner", "BarLine", "SpanBar", "SystemStartBar", "SystemStartBrace", "SystemStartBracket", "Slur",
        "PhrasingSlur", "Tie", "LaissezVibrerTie", "RepeatTie", "TupletBracket", "TupletNumber", "Script", "Arpeggio",
        "Glissando", "Hairpin", "DynamicText", "StemTremolo", "TrillSpanner", "VoltaBracket", "BreathingSign", "StaffSymbol",
        "Fingering", "LyricText", "TextScript", "OttavaBracket", "DoublePercentRepeat", "PercentRepeat",
    ),
    joined=frozenset(
        ("SystemStartBrace", "SystemStartBracket", "TupletBracket", "Arpeggio", "Hairpin", "StemTremolo", "TrillSpanner",
         "VoltaBracket", "Glissando", "PercentRepeat")
    ),
)  # fmt: skip

SHAPES: Final = {
    "Stem": "stem", "Beam": "beam", "LedgerLineSpanner": "legerLine", "SpanBar": "barline", "BarLine": "barline",
    "SystemStartBar": "barline", "SystemStartBrace": "brace", "SystemStartBracket": "bracket", "Slur": "slur",
    "PhrasingSlur": "slur", "Tie": "tie", "LaissezVibrerTie": "tie", "RepeatTie": "tie", "TupletBracket": "tupleBracket",
    "Glissando": "glissando", "Hairpin": "hairpin", "StemTremolo": "singleNoteTremolo", "VoltaBracket": "voltaBracket",
}  # fmt: skip
GLYPHS: Final = {
    "noteheads.sM1": "noteheadDoubleWhole", "noteheads.s0": "noteheadWhole", "noteheads.s1": "noteheadHalf",
    "noteheads.s2": "noteheadFull", "noteheads.s2cross": "noteheadX", "noteheads.s0diamond": "noteheadDiamond",
    "noteheads.s1diamond": "noteheadDiamond", "noteheads.s2diamond": "noteheadDiamond",
    "rests.M1": "restDoubleWhole", "rests.M1o": "restDoubleWhole", "rests.0": "restWhole", "rests.0o": "restWhole",
    "rests.1": "restHalf", "rests.1o": "restHalf", "rests.2": "restQuarter", "rests.3": "rest8th", "rests.4": "rest16th",
    "rests.5": "rest32nd", "rests.6": "rest64th", "rests.7": "rest128th",
    "accidentals.sharp": "accidentalSharp", "accidentals.flat": "accidentalFlat", "accidentals.natural": "accidentalNatural",
    "accidentals.doublesharp": "accidentalDoubleSharp", "accidentals.flatflat": "accidentalDoubleFlat",
    "accidentals.leftparen": "parenthesis", "accidentals.rightparen": "parenthesis",
    "flags.u3": "flag8thUp", "flags.d3": "flag8thDown", "flags.u4": "flag16thUp", "flags.d4": "flag16thDown",
    "flags.u5": "flag32ndUp", "flags.d5": "flag32ndDown", "flags.u6": "flag64thUp", "flags.d6": "flag64thDown",
    "flags.ugrace": "graceNoteAcciaccatura", "flags.dgrace": "graceNoteAcciaccatura",
    "clefs.G": "gClef", "clefs.G_change": "gClef", "clefs.F": "fClef", "clefs.F_change": "fClef", "clefs.C": "cClef",
    "clefs.C_change": "cClef", "clefs.percussion": "percClef", "clefs.percussion_change": "percClef", "clefs.tab": "tabClef",
    "timesig.C44": "timeSigCommon", "timesig.C22": "timeSigCutCommon", "plus": "timeSigPlus",
    "scripts.staccato": "articulationStaccato", "scripts.tenuto": "articulationTenuto",
    "scripts.sforzato": "articulationAccent",
    "scripts.umarcato": "articulationMarcatoAbove", "scripts.dmarcato": "articulationMarcatoBelow",
    "scripts.ustaccatissimo": "articulationStaccatissimo", "scripts.dstaccatissimo": "articulationStaccatissimo",
    "scripts.ufermata": "fermataAbove", "scripts.dfermata": "fermataBelow", "scripts.trill": "ornamentTrill",
    "scripts.turn": "ornamentTurn", "scripts.reverseturn": "ornamentTurnInverted", "scripts.prall": "ornamentShortTrill",
    "scripts.mordent": "ornamentMordent", "scripts.upbow": "stringsUpBow", "scripts.downbow": "stringsDownBow",
    "scripts.flageolet": "harmonic", "scripts.segno": "segno", "scripts.coda": "coda", "scripts.rcomma": "breathMark",
    "scripts.arpeggio": "arpeggio", "scripts.trill_element": "wiggleTrill", "scripts.caesura.straight": "caesura",
}  # fmt: skip
DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SMALL: Final = {"noteheadFull": "noteheadFullSmall", "noteheadHalf": "noteheadHalfSmall"}


def label_of_glyph(grob: str, glyph: str, *, small: bool) -> str | None:
    """The class of a glyph or a piece of text of a grob, None where it is none of ours or plain text."""
    name = glyph.removeprefix("fixedwidth.")
    if glyph == "dots.dot":
        return "repeatDot" if grob == "BarLine" else "augmentationDot"
    if name in DIGITS:
        return f"numeral{DIGITS.index(name)}" if grob in ("TimeSignature", "MultiMeasureRestNumber") else None
    if grob == "DynamicText" and glyph in tuple("pmfszrn"):
        return f"dynamicLetter{glyph.upper()}"
    if grob == "TupletNumber" and glyph.isdigit() and len(glyph) == 1:
        return f"numeral{glyph}"
    if grob == "ClefModifier" and glyph == "8":
        return "clefOctave8"
    if grob == "SystemStartBrace":
        return "brace"
    label = GLYPHS.get(glyph)
    return SMALL.get(label, label) if small and label else label


def label_of_shape(grob: str, box: Box, space: float) -> str | None:
    """The class of a drawn shape of a grob whose box has sides in pixels at `space` pixels a staff space."""
    label = SHAPES.get(grob)
    return "barlineHeavy" if label == "barline" and box.width > HEAVY * space else label
