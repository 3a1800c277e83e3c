"""The usual size of a symbol: that of its like on the page, else what the engraver's fonts give it."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from omr.labels import ACCIDENTALS, BARLINES, CLEFS, FLAGS, NOTEHEADS, NUMERALS

if TYPE_CHECKING:
    from omr.pipeline import PageResult

USUAL: dict[str, tuple[float, float]] = {
    "noteheadWhole": (1.7, 1.0), "stem": (0.13, 3.5), "legerLine": (1.9, 0.16), "beam": (4.0, 0.5),
    "augmentationDot": (0.4, 0.4), "repeatDot": (0.4, 0.4), "restDoubleWhole": (0.5, 1.0), "restWhole": (1.1, 0.5),
    "restHalf": (1.1, 0.5), "restQuarter": (1.1, 2.8), "rest8th": (1.0, 1.7), "rest16th": (1.2, 2.7), "rest32nd": (1.4, 3.7),
    "rest64th": (1.6, 4.7), "rest128th": (1.8, 5.7), "gClef": (2.6, 7.2), "fClef": (2.7, 3.2), "cClef": (2.7, 4.1),
    "slur": (6.0, 1.3), "tie": (4.0, 0.8), "accidentalSharp": (1.0, 2.8), "accidentalFlat": (0.9, 2.4),
    "accidentalNatural": (0.7, 2.7), "accidentalDoubleSharp": (1.0, 1.0), "accidentalDoubleFlat": (1.6, 2.4),
    "brace": (0.9, 14.0), "barline": (0.16, 4.0), "barlineHeavy": (0.5, 4.0), "arpeggio": (0.7, 5.0),
    "dynamicCrescendoHairpin": (7.0, 1.2), "dynamicDiminuendoHairpin": (7.0, 1.2), "tupleBracket": (5.0, 0.8),
    "voltaBracket": (12.0, 2.0), "timeSigCommon": (1.7, 2.0), "timeSigCutCommon": (1.7, 2.8), "text": (6.0, 1.6),
    "ottava": (2.0, 1.6), "pedalMark": (3.5, 2.0), "pedalUp": (1.5, 1.5),
}  # fmt: skip
"""(width, height) in staff spaces."""
FAMILIES = (
    (NOTEHEADS, (1.2, 1.0)), (FLAGS, (1.1, 3.0)), (ACCIDENTALS, (1.0, 2.6)), (CLEFS, (2.6, 4.0)), (NUMERALS, (1.5, 2.0)),
    (BARLINES, (0.3, 4.0)),
)  # fmt: skip
ENOUGH = 3  # symbols of a class on the page from which their size is taken


def size_of(result: PageResult, label: str) -> tuple[float, float]:
    """(width, height) in staff spaces."""
    space = result.staves[0].staff_space if result.staves else 1.0
    own = [node.box for node in result.graph.nodes if node.label == label]
    if len(own) >= ENOUGH:
        return median(box.width for box in own) / space, median(box.height for box in own) / space
    if label in USUAL:
        return USUAL[label]
    return next((size for labels, size in FAMILIES if label in labels), (1.0, 1.0))
