"""The shapes a person can put or name: their words, their two-stroke keys and their pictures. Data, and nothing about windows.

The first key names the family, the second the shape: h b is a black head, r 4 a quarter rest. Pictures are glyphs of the
engraver's font, named by their SMuFL code point.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from omr.labels import DETECTED


@dataclass(frozen=True, slots=True)
class Shape:
    """One row of the palette."""

    label: str
    """Class of the symbol, one of omr.labels.DETECTED."""
    name: str
    """What people call it."""
    keys: str
    """Two strokes."""
    glyph: str = ""
    """SMuFL code point, hexadecimal; empty where the font has no picture."""


@dataclass(frozen=True, slots=True)
class Family:
    """Shapes whose keys begin alike."""

    name: str
    shapes: tuple[Shape, ...]


FAMILIES: Final = (
    Family("Heads", (
        Shape("noteheadFull", "black head", "hb", "E0A4"), Shape("noteheadHalf", "half head", "hh", "E0A3"),
        Shape("noteheadWhole", "whole note", "hw", "E0A2"), Shape("noteheadDoubleWhole", "breve", "hd", "E0A0"),
        Shape("noteheadFullSmall", "small black head", "hs", "E0A4"),
        Shape("noteheadHalfSmall", "small half head", "hm", "E0A3"),
        Shape("noteheadX", "cross head", "hx", "E0A9"), Shape("noteheadSlash", "slash head", "hl", "E101"),
        Shape("noteheadTriangle", "triangle head", "ht", "E0BE"), Shape("noteheadDiamond", "diamond head", "hi", "E0DB"),
    )),
    Family("Rests", (
        Shape("restWhole", "whole rest", "r1", "E4E3"), Shape("restHalf", "half rest", "r2", "E4E4"),
        Shape("restQuarter", "quarter rest", "r4", "E4E5"), Shape("rest8th", "eighth rest", "r8", "E4E6"),
        Shape("rest16th", "16th rest", "r6", "E4E7"), Shape("rest32nd", "32nd rest", "r3", "E4E8"),
        Shape("rest64th", "64th rest", "r5", "E4E9"), Shape("restDoubleWhole", "breve rest", "rd", "E4E2"),
        Shape("multiMeasureRest", "rest of several bars", "rm", "E4EE"), Shape("repeat1Bar", "bar repeated", "rr", "E500"),
    )),
    Family("Stems, flags and beams", (
        Shape("stem", "stem", "ss", "E210"), Shape("beam", "beam", "sb", ""),
        Shape("flag8thUp", "eighth flag up", "s8", "E240"),
        Shape("flag8thDown", "eighth flag down", "s7", "E241"), Shape("flag16thUp", "16th flag up", "s6", "E242"),
        Shape("flag16thDown", "16th flag down", "s5", "E243"), Shape("flag32ndUp", "32nd flag up", "s3", "E244"),
        Shape("flag32ndDown", "32nd flag down", "s2", "E245"), Shape("augmentationDot", "dot", "sd", "E1E7"),
        Shape("legerLine", "ledger line", "sl", "E022"), Shape("slur", "slur", "su", ""), Shape("tie", "tie", "st", ""),
        Shape("tupleBracket", "tuplet bracket", "sp", ""), Shape("graceNoteAcciaccatura", "grace note's stroke", "sa", "E564"),
        Shape("singleNoteTremolo", "tremolo", "sr", "E220"),
    )),
    Family("Accidentals", (
        Shape("accidentalSharp", "sharp", "as", "E262"), Shape("accidentalFlat", "flat", "af", "E260"),
        Shape("accidentalNatural", "natural", "an", "E261"), Shape("accidentalDoubleSharp", "double sharp", "ax", "E263"),
        Shape("accidentalDoubleFlat", "double flat", "ad", "E264"), Shape("parenthesis", "parenthesis", "ap", "E26A"),
    )),
    Family("Clefs", (
        Shape("gClef", "G clef", "cg", "E050"), Shape("fClef", "F clef", "cf", "E062"), Shape("cClef", "C clef", "cc", "E05C"),
        Shape("percClef", "percussion clef", "cp", "E069"), Shape("clefOctave8", "8 of a clef", "c8", "E07D"),
    )),
    Family("Time signatures and figures", (
        *(Shape(f"numeral{digit}", f"figure {digit}", f"t{digit}", f"E08{digit}") for digit in range(10)),
        Shape("timeSigCommon", "common time", "tc", "E08A"), Shape("timeSigCutCommon", "cut time", "ta", "E08B"),
    )),
    Family("Barlines", (
        Shape("barline", "barline", "bb", "E030"), Shape("barlineHeavy", "heavy barline", "bh", "E034"),
        Shape("barlineDashed", "dashed barline", "bd", "E036"), Shape("barlineDotted", "dotted barline", "bt", "E037"),
        Shape("repeatDot", "repeat dot", "br", "E044"), Shape("brace", "brace", "bc", "E000"),
        Shape("bracket", "bracket", "bk", "E002"), Shape("voltaBracket", "ending bracket", "bv", ""),
        Shape("segno", "segno", "bs", "E047"), Shape("coda", "coda", "bo", "E048"),
    )),
    Family("Marks at notes", (
        Shape("articulationStaccato", "staccato", "is", "E4A2"), Shape("articulationTenuto", "tenuto", "it", "E4A4"),
        Shape("articulationAccent", "accent", "ia", "E4A0"), Shape("articulationMarcatoAbove", "marcato above", "im", "E4AC"),
        Shape("articulationMarcatoBelow", "marcato below", "ib", "E4AD"),
        Shape("articulationStaccatissimo", "staccatissimo", "ii", "E4A6"), Shape("fermataAbove", "fermata", "if", "E4C0"),
        Shape("fermataBelow", "fermata below", "iu", "E4C1"), Shape("ornamentTrill", "trill", "ir", "E566"),
        Shape("ornamentTurn", "turn", "in", "E567"), Shape("ornamentMordent", "mordent", "io", "E56D"),
        Shape("ornamentShortTrill", "short trill", "ih", "E56C"), Shape("arpeggio", "arpeggio", "ig", "E63C"),
    )),
    Family("Dynamics and lines", (
        *(Shape(f"dynamicLetter{letter}", f"letter {letter.lower()}", f"d{letter.lower()}", f"E52{digit}")
          for letter, digit in zip("PMFRSZN", "0123456", strict=True)),
        Shape("dynamicCrescendoHairpin", "crescendo", "dc", ""), Shape("dynamicDiminuendoHairpin", "diminuendo", "dd", ""),
        Shape("ottava", "8va", "d8", "E512"), Shape("pedalMark", "pedal", "de", "E650"),
        Shape("pedalUp", "pedal up", "du", "E655"),
        Shape("text", "text", "dt", ""),
    )),
)  # fmt: skip
SHAPES: Final[dict[str, Shape]] = {shape.label: shape for family in FAMILIES for shape in family.shapes}
BY_KEYS: Final[dict[str, Shape]] = {shape.keys: shape for shape in SHAPES.values()}


def spoken(label: str) -> str:
    """What people call a class: of rare ones, the name itself with spaces."""
    if label in SHAPES:
        return SHAPES[label].name
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in label)


@cache
def glyph_svg(code: str) -> bytes | None:
    """The picture of a SMuFL glyph (code point in hexadecimal) as SVG, black; None where the font has none."""
    found = importlib.util.find_spec("verovio")
    if not code or found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "data" / "Leipzig" / f"{code}.xml"
    if not path.is_file():
        return None
    drawing = path.read_text("utf-8")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{drawing}</svg>'.encode()


assert set(SHAPES) <= set(DETECTED)
