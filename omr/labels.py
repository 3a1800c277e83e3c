"""The symbol classes and which may relate to which: data only.

Names are MUSCIMA++ v2.0's where it has one, else SMuFL's. A detected symbol is one connected piece of ink with one box; what
MUSCIMA++ adds as composite nodes (a key signature, a tuplet) is built from detected parts by rule. The order of DETECTED is
the order of the detector's outputs and of every soft class vector: append, never reorder.
"""

from __future__ import annotations

from typing import Final

NOTEHEADS: Final = (
    "noteheadFull", "noteheadHalf", "noteheadWhole", "noteheadDoubleWhole", "noteheadX", "noteheadSlash",
    "noteheadTriangle", "noteheadDiamond", "noteheadFullSmall", "noteheadHalfSmall",
)  # fmt: skip
SMALL_NOTEHEADS: Final = ("noteheadFullSmall", "noteheadHalfSmall")
FLAGS: Final = (
    "flag8thUp", "flag8thDown", "flag16thUp", "flag16thDown", "flag32ndUp", "flag32ndDown",
    "flag64thUp", "flag64thDown", "flag128thUp", "flag128thDown",
)  # fmt: skip
ACCIDENTALS: Final = (
    "accidentalSharp", "accidentalFlat", "accidentalNatural", "accidentalDoubleSharp", "accidentalDoubleFlat",
)  # fmt: skip
RESTS: Final = (
    "restDoubleWhole", "restWhole", "restHalf", "restQuarter", "rest8th", "rest16th", "rest32nd", "rest64th", "rest128th",
)  # fmt: skip
CLEFS: Final = ("gClef", "fClef", "cClef", "percClef", "tabClef")
NUMERALS: Final = tuple(f"numeral{digit}" for digit in range(10))
TIME_SYMBOLS: Final = ("timeSigCommon", "timeSigCutCommon", "timeSigPlus")
BARLINES: Final = ("barline", "barlineHeavy", "barlineDashed", "barlineDotted")
ARTICULATIONS: Final = (
    "articulationStaccato", "articulationTenuto", "articulationAccent", "articulationMarcatoAbove",
    "articulationMarcatoBelow", "articulationStaccatissimo",
)  # fmt: skip
FERMATAS: Final = ("fermataAbove", "fermataBelow")
ORNAMENTS: Final = (
    "ornamentTrill", "wiggleTrill", "ornamentTurn", "ornamentTurnInverted", "ornamentMordent", "ornamentShortTrill",
)  # fmt: skip
TREMOLOS: Final = ("singleNoteTremolo", "multipleNoteTremolo")
TECHNICAL: Final = ("breathMark", "caesura", "stringsUpBow", "stringsDownBow", "harmonic")
DYNAMIC_LETTERS: Final = tuple(f"dynamicLetter{letter}" for letter in "PMFSZRN")
HAIRPINS: Final = ("dynamicCrescendoHairpin", "dynamicDiminuendoHairpin")
REPEATED_MEASURES: Final = ("repeat1Bar", "repeat2Bars", "repeatBarSlash")

DETECTED: Final[tuple[str, ...]] = (
    *NOTEHEADS, "stem", "legerLine", "beam", *FLAGS, "augmentationDot", *ACCIDENTALS, "parenthesis", *RESTS,
    "multiMeasureRest", *REPEATED_MEASURES, *CLEFS, "clefOctave8", *NUMERALS, *TIME_SYMBOLS, *BARLINES, "repeatDot",
    "brace", "bracket", "voltaBracket", "segno", "coda", "slur", "tie", "tupleBracket", "graceNoteAcciaccatura",
    *ARTICULATIONS, *FERMATAS, *ORNAMENTS, *TREMOLOS, "arpeggio", "glissando", *TECHNICAL, *DYNAMIC_LETTERS, *HAIRPINS,
    "ottava", "dottedHorizontalSpanner", "pedalMark", "pedalUp", "text", "metronomeMark", "ossia", "systemSeparator",
)  # fmt: skip
"""Classes with a box of their own, in the order of the detector's outputs."""

INDEX: Final[dict[str, int]] = {label: index for index, label in enumerate(DETECTED)}

COMPOSITES: Final = (
    "staff", "staffLine", "staffSpace", "staffGrouping", "measureSeparator", "repeat", "keySignature", "timeSignature",
    "tuple", "dynamicsText", "volta",
)  # fmt: skip
"""Built from detected parts, never boxes of the detector."""


def _pairs(sources: tuple[str, ...], targets: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((source, target) for source in sources for target in targets)


GRAMMAR: Final[frozenset[tuple[str, str]]] = (
    _pairs(
        NOTEHEADS,
        (
            "stem", "legerLine", "beam", *FLAGS, "augmentationDot", *ACCIDENTALS, "slur", "tie", *ARTICULATIONS, *FERMATAS,
            *ORNAMENTS, "arpeggio", "glissando", *TECHNICAL, *HAIRPINS, "tupleBracket", *NUMERALS, "dottedHorizontalSpanner",
        ),
    )
    | _pairs(tuple(head for head in NOTEHEADS if head not in SMALL_NOTEHEADS), SMALL_NOTEHEADS)
    | _pairs(RESTS, ("augmentationDot", *FERMATAS, "tupleBracket", *NUMERALS, "legerLine"))
    | _pairs(("stem",), (*TREMOLOS, "graceNoteAcciaccatura"))
    | _pairs(ACCIDENTALS, ("parenthesis",))
    | _pairs(ORNAMENTS, ACCIDENTALS)
    | _pairs(CLEFS, ("clefOctave8",))
    | _pairs(("multiMeasureRest", "repeat1Bar", "repeat2Bars"), NUMERALS)
    | _pairs(BARLINES, ("repeatDot", *FERMATAS))
    | _pairs(("voltaBracket",), NUMERALS)
)  # fmt: skip
"""Allowed (source, target) labels of a relation between detected symbols: the source needs the target to be understood.

Three contractions of MUSCIMA++: its head -> tuple -> numeral or bracket is head -> numeral or bracket here, its repeat ->
(barline, repeatDot) is barline -> repeatDot, its volta -> numeral is voltaBracket -> numeral. Relations to staves follow from
geometry and are not edges.
"""


def exchanged(scores: tuple[float, ...], one: str, other: str) -> tuple[float, ...]:
    """`scores` by detected class with those of two classes exchanged; none stay none."""
    if not scores:
        return scores
    changed = list(scores)
    changed[INDEX[one]], changed[INDEX[other]] = scores[INDEX[other]], scores[INDEX[one]]
    return tuple(changed)
