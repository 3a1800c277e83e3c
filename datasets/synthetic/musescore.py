"""A second engraver: MuseScore 3 draws the score, its SVG says which element each outline belongs to.

Only its fonts Bravura and Gonville are used: Emmentaler descends from LilyPond's Feta, which judges and is never learned from.
Text is drawn in plain faces. MuseScore must be installed (package musescore3); without it this source is not there.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import Final

from lxml import etree

from datasets import programs

PROGRAM: Final = "mscore3"
FONTS: Final = {"Bravura": "Bravura", "Gonville": "Gootville"}
"""MuseScore's name -> verovio's name of the same design."""
FACES: Final = ("FreeSerif", "C059", "P052", "DejaVu Serif")
PATIENCE: Final = 120  # seconds
DPI: Final = 300


def installed() -> bool:
    return shutil.which(PROGRAM) is not None


def engrave(root: etree._Element, font: str, chance: random.Random) -> tuple[bytes, ...]:
    """The pages of `root` as SVG in one of FONTS and a random style; raises ProgramError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.musicxml").write_bytes(etree.tostring(root))
        (folder / "style.mss").write_bytes(_style(font, chance))
        command = [PROGRAM, "-S", "style.mss", "-r", str(DPI), "-o", "page.svg", "page.musicxml"]
        programs.run(command, folder, patience=PATIENCE)
        files = sorted(folder.glob("page-*.svg"), key=lambda path: int(path.stem.rpartition("-")[2]))
        return tuple(file.read_bytes() for file in files)


def _style(font: str, chance: random.Random) -> bytes:
    face = chance.choice(FACES)
    values = {
        "musicalSymbolFont": font,
        "musicalTextFont": "Bravura Text",
        "Spatium": round(chance.uniform(1.4, 2.1), 3),
        "staffDistance": round(chance.uniform(5, 9), 2),
        "akkoladeDistance": round(chance.uniform(5, 9), 2),
        "minSystemDistance": round(chance.uniform(7, 12), 2),
        "staffLineWidth": round(chance.uniform(0.06, 0.14), 3),
        "stemWidth": round(chance.uniform(0.08, 0.18), 3),
        "beamWidth": round(chance.uniform(0.42, 0.62), 3),
        "beamDistance": round(chance.uniform(0.35, 0.6), 3),
        "barWidth": round(chance.uniform(0.12, 0.24), 3),
        "endBarWidth": round(chance.uniform(0.4, 0.65), 3),
        "ledgerLineWidth": round(chance.uniform(0.1, 0.2), 3),
        "ledgerLineLength": round(chance.uniform(0.3, 0.5), 3),
        "slurEndWidth": round(chance.uniform(0.05, 0.1), 3),
        "slurMidWidth": round(chance.uniform(0.15, 0.3), 3),
        "hairpinLineWidth": round(chance.uniform(0.1, 0.2), 3),
        "tupletBracketWidth": round(chance.uniform(0.08, 0.18), 3),
        "measureSpacing": round(chance.uniform(1.0, 1.5), 3),
        "minNoteDistance": round(chance.uniform(0.1, 0.5), 3),
        "smallNoteMag": round(chance.uniform(0.6, 0.75), 3),
        "graceNoteMag": round(chance.uniform(0.6, 0.75), 3),
        **{f"{kind}FontFace": face for kind in ("default", "title", "subTitle", "fingering", "tempo", "expression")},
    }
    root = etree.Element("museScore", version="3.01")
    style = etree.SubElement(root, "Style")
    for name, value in values.items():
        etree.SubElement(style, name).text = str(value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
