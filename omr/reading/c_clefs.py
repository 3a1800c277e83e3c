"""The line a C clef means: told by its height; where a pen left it between two lines, by the other C clefs of its staff.

Alto, tenor and soprano clefs (lines 3, 4 and 1) are met with, the others hardly. A part that leaves the bass clef for a C clef
goes to the same one each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.reading.clefs import ClefSign

SURE = 0.6  # half staff spaces from its line within which a clef is that line's


def agreed(seen: Sequence[Sequence[ClefSign]], rows: Sequence[Sequence[int | None]]) -> list[tuple[ClefSign, ...]]:
    """The clefs of each system, C clefs between two lines on the one the sure ones of their staff stand on.

    `rows[k][i]` is the row of document staff k in system i. Where sure ones stand on several lines each keeps its own.
    """
    found = [list(signs) for signs in seen]
    for staff in rows:
        own = [
            (place, number)
            for place, row in enumerate(staff)
            for number, sign in enumerate(found[place])
            if sign.row == row and sign.clef.sign == "C"
        ]
        lines = {found[place][number].clef.line for place, number in own if _is_sure(found[place][number])}
        if len(lines) != 1:
            continue
        line = lines.pop()
        for place, number in own:
            sign = found[place][number]
            if abs(sign.clef.line - line) == 1:
                found[place][number] = replace(sign, clef=replace(sign.clef, line=line))
    return [tuple(signs) for signs in found]


def _is_sure(sign: ClefSign) -> bool:
    return abs(sign.height - 2 * (5 - sign.clef.line)) <= SURE
