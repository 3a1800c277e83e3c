"""Random page layouts: fonts, sizes, spacing and line widths as engravers and publishers vary them.

Ranges were chosen by looking at pages: wide enough that two pages never look alike, narrow enough that a musician would print
them. Fonts are the five SMuFL fonts of verovio's wheel; LilyPond's design and Emmentaler are kept out on purpose, they judge.
"""

from __future__ import annotations

import random
from typing import Final

FONTS: Final = ("Leipzig", "Bravura", "Leland", "Gootville", "Petaluma")
FONT_WEIGHTS: Final = (0.3, 0.25, 0.2, 0.17, 0.08)  # Petaluma imitates handwriting
FACES: Final = ("FreeSerif", "C059", "P052", "DejaVu Serif")
PAGE_WIDTH: Final = 2100  # tenths of a millimetre, verovio's unit
_UNITS_A_STAFF_SPACE: Final = 20  # verovio draws ten units a tenth of a millimetre, a staff space is two `unit`s

Options = dict[str, str | int | float | bool]


def random_layout(chance: random.Random) -> Options:
    """Options for verovio of one page style."""
    return {
        "font": chance.choices(FONTS, FONT_WEIGHTS)[0],
        "unit": chance.choice((7.5, 8, 8.5, 9, 9, 9.5, 10, 11)),
        "pageWidth": PAGE_WIDTH,
        "pageHeight": chance.choice((2970, 2717, 2794)),
        "pageMarginLeft": chance.randint(40, 200),
        "pageMarginRight": chance.randint(40, 200),
        "pageMarginTop": chance.randint(40, 220),
        "pageMarginBottom": chance.randint(40, 220),
        "header": chance.choice(("auto", "none", "none")),
        "footer": "none",
        "breaks": "auto",
        "justifyVertically": chance.random() < 0.4,
        "mnumInterval": chance.choice((0, 0, 1, 5)),
        "systemDivider": chance.choice(("none", "none", "auto", "left", "left-right")),
        **_spacing(chance),
        **_strokes(chance),
        **_shapes(chance),
    }


def _spacing(chance: random.Random) -> Options:
    return {
        "spacingLinear": chance.uniform(0.12, 0.4),
        "spacingNonLinear": chance.uniform(0.42, 0.7),
        "spacingStaff": chance.randint(4, 14),
        "spacingSystem": chance.randint(2, 12),
        "measureMinWidth": chance.randint(8, 22),
        "lyricSize": chance.uniform(3.5, 5.5),
    }


def _strokes(chance: random.Random) -> Options:
    return {
        "staffLineWidth": chance.uniform(0.1, 0.28),
        "stemWidth": chance.uniform(0.12, 0.34),
        "barLineWidth": chance.uniform(0.2, 0.55),
        "thickBarlineThickness": chance.uniform(0.7, 1.4),
        "ledgerLineThickness": chance.uniform(0.15, 0.45),
        "ledgerLineExtension": chance.uniform(0.3, 0.7),
        "slurMidpointThickness": chance.uniform(0.3, 0.9),
        "slurEndpointThickness": chance.uniform(0.08, 0.2),
        "tieMidpointThickness": chance.uniform(0.3, 0.8),
        "hairpinThickness": chance.uniform(0.15, 0.35),
    }


def _shapes(chance: random.Random) -> Options:
    return {
        "beamMaxSlope": chance.choice((0, 5, 10, 10, 15, 20)),
        "beamFrenchStyle": chance.random() < 0.15,
        "slurCurveFactor": chance.uniform(0.5, 2),
        "hairpinSize": chance.uniform(2, 4.5),
        "graceFactor": chance.uniform(0.6, 0.85),
        "useBraceGlyph": chance.random() < 0.4,
        "tupletNumHead": chance.random() < 0.2,
        "tupletBracketThickness": chance.uniform(0.15, 0.35),
    }


def pixel_width(options: Options, staff_space: float) -> int:
    """Page width in pixels that gives a staff space of `staff_space` pixels."""
    unit, width = options["unit"], options["pageWidth"]
    assert isinstance(unit, int | float)
    assert isinstance(width, int)
    return round(width * 10 * staff_space / (unit * _UNITS_A_STAFF_SPACE))
