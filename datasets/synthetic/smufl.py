"""SMuFL code points to symbol classes.

verovio names every glyph it draws by its SMuFL code point, so the label of engraved ink is known without guessing. Code points
missing here are drawn but unlabelled; `IGNORED` ones would be wrong as background and become ignore regions.
"""

from __future__ import annotations

from typing import Final

_RANGES: Final[tuple[tuple[int, int, str], ...]] = (
    (0xE050, 0xE05B, "gClef"),
    (0xE05C, 0xE061, "cClef"),
    (0xE062, 0xE068, "fClef"),
    (0xE069, 0xE06A, "percClef"),
    (0xE06D, 0xE06E, "tabClef"),
    (0xE220, 0xE225, "singleNoteTremolo"),
    (0xE0A7, 0xE0A9, "noteheadX"),
    (0xE0AF, 0xE0B6, "noteheadX"),
    (0xE0BA, 0xE0C7, "noteheadTriangle"),
    (0xE0D7, 0xE0E5, "noteheadDiamond"),
    (0xE100, 0xE10A, "noteheadSlash"),
    (0xE4A0, 0xE4A1, "articulationAccent"),
    (0xE4A2, 0xE4A3, "articulationStaccato"),
    (0xE4A4, 0xE4A5, "articulationTenuto"),
    (0xE4A6, 0xE4AB, "articulationStaccatissimo"),
    (0xE510, 0xE51E, "ottava"),
    (0xE650, 0xE654, "pedalMark"),
    (0xE656, 0xE658, "pedalMark"),
    (0xE59D, 0xE59F, "wiggleTrill"),
    (0xEAA4, 0xEAA8, "wiggleTrill"),
    (0xEAA9, 0xEAAE, "arpeggio"),
    (0xE4D1, 0xE4D7, "caesura"),
    (0xE4CE, 0xE4D0, "breathMark"),
    (0xE26A, 0xE26D, "parenthesis"),
)

_SINGLE: Final[dict[int, str]] = {
    0xE000: "brace", 0xE003: "bracket", 0xE004: "bracket",
    0xE0A0: "noteheadDoubleWhole", 0xE0A1: "noteheadDoubleWhole",
    0xE0A2: "noteheadWhole", 0xE0A3: "noteheadHalf", 0xE0A4: "noteheadFull",
    0xE07A: "gClef", 0xE07B: "cClef", 0xE07C: "fClef",
    0xE240: "flag8thUp", 0xE241: "flag8thDown", 0xE242: "flag16thUp", 0xE243: "flag16thDown",
    0xE244: "flag32ndUp", 0xE245: "flag32ndDown", 0xE246: "flag64thUp", 0xE247: "flag64thDown",
    0xE248: "flag128thUp", 0xE249: "flag128thDown",
    0xE260: "accidentalFlat", 0xE261: "accidentalNatural", 0xE262: "accidentalSharp",
    0xE263: "accidentalDoubleSharp", 0xE264: "accidentalDoubleFlat",
    0xE1E7: "augmentationDot",
    0xE4E2: "restDoubleWhole", 0xE4E3: "restWhole", 0xE4E4: "restHalf", 0xE4E5: "restQuarter", 0xE4E6: "rest8th",
    0xE4E7: "rest16th", 0xE4E8: "rest32nd", 0xE4E9: "rest64th", 0xE4EA: "rest128th",
    0xE4F3: "restDoubleWhole", 0xE4F4: "restWhole", 0xE4F5: "restHalf",
    0xE4AC: "articulationMarcatoAbove", 0xE4AD: "articulationMarcatoBelow",
    0xE4C0: "fermataAbove", 0xE4C1: "fermataBelow",
    0xE566: "ornamentTrill", 0xE567: "ornamentTurn", 0xE568: "ornamentTurnInverted", 0xE569: "ornamentTurn",
    0xE56C: "ornamentShortTrill", 0xE56D: "ornamentMordent", 0xE56E: "ornamentShortTrill",
    0xE047: "segno", 0xE048: "coda", 0xE044: "repeatDot", 0xE043: "repeatDot",
    0xE500: "repeat1Bar", 0xE501: "repeat2Bars", 0xE504: "repeatBarSlash",
    0xE08A: "timeSigCommon", 0xE08B: "timeSigCutCommon", 0xE08C: "timeSigPlus", 0xE08D: "timeSigPlus",
    0xE520: "dynamicLetterP", 0xE521: "dynamicLetterM", 0xE522: "dynamicLetterF", 0xE523: "dynamicLetterR",
    0xE524: "dynamicLetterS", 0xE525: "dynamicLetterZ", 0xE526: "dynamicLetterN",
    0xE610: "stringsDownBow", 0xE611: "stringsDownBow", 0xE612: "stringsUpBow", 0xE613: "stringsUpBow",
    0xE614: "harmonic", 0xE655: "pedalUp",
}  # fmt: skip

_SMALL: Final = {"noteheadFull": "noteheadFullSmall", "noteheadHalf": "noteheadHalfSmall"}

OCTAVE_CLEFS: Final[dict[int, int]] = {
    0xE051: 0xE050, 0xE052: 0xE050, 0xE053: 0xE050, 0xE054: 0xE050, 0xE05D: 0xE05C,
    0xE063: 0xE062, 0xE064: 0xE062, 0xE065: 0xE062, 0xE066: 0xE062,
}  # fmt: skip
"""Clef with an octave figure -> the same clef without it."""


def label_of(code_point: int, *, small: bool = False) -> str | None:
    """The class of a glyph, None where we have none; `small` asks for the grace and cue size of a notehead."""
    if 0xE080 <= code_point <= 0xE089:
        return f"numeral{code_point - 0xE080}"
    if 0xE880 <= code_point <= 0xE889:
        return f"numeral{code_point - 0xE880}"
    label = _SINGLE.get(code_point) or next((name for low, high, name in _RANGES if low <= code_point <= high), None)
    return _SMALL.get(label, label) if small and label else label
