"""Colours of symbols by family, voices and states of bars: data for the overlay and its legend.

The hues keep apart for colour-blind eyes (Okabe and Ito 2008) and differ in lightness; whatever matters is told by a pattern, a
letter or an icon as well.
"""

from __future__ import annotations

from typing import Final

from omr import labels

COLORS: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    ("heads", labels.NOTEHEADS, "#d55e00"),
    ("stems", ("stem", "legerLine"), "#0072b2"),
    ("beams and flags", ("beam", *labels.FLAGS), "#b8860b"),
    ("accidentals", labels.ACCIDENTALS, "#7b3fb5"),
    ("rests", labels.RESTS, "#007a5a"),
    ("clefs", (*labels.CLEFS, "clefOctave8"), "#8c3b2e"),
    ("figures", (*labels.NUMERALS, *labels.TIME_SYMBOLS), "#1b6ca8"),
    ("barlines", (*labels.BARLINES, "repeatDot", "brace", "bracket"), "#2d7fb8"),
    ("slurs and ties", ("slur", "tie"), "#5c7a00"),
    ("dots", ("augmentationDot",), "#c2185b"),
)
"""(name, classes, colour)"""
OTHER: Final = "#5f6670"
FAMILY_OF: Final[dict[str, int]] = {label: place for place, (_, own, _) in enumerate(COLORS) for label in own}
VOICES: Final = ("#0072b2", "#d55e00", "#007a5a", "#b03a84")
"""Voices 1 to 4 of a staff."""
STAVES: Final = ("#3a7bd5", "#b0742a")
"""Alternating from system to system."""
RELATION: Final = "#008a4f"
DOUBT: Final = "#c62828"
CHECKED: Final = "#1b7f3b"
SELECTED: Final = "#1f6feb"


def color_of(label: str) -> str:
    place = FAMILY_OF.get(label)
    return COLORS[place][2] if place is not None else OTHER
