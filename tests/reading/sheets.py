"""Sheets whose systems differ in make: each system is named by the clefs of its parts, a part of several staves has a brace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omr.geometry import Box
from omr.notation import Staff, StaffLine
from omr.reading import ReadPage
from omr.score import Part
from tests.reading.paper import SPACE, WIDTH, Paper

CLEFS = {"g": "gClef", "f": "fClef", "c": "cClef"}
GAP = 160.0  # pixels from the top of a staff to the next
BETWEEN = 80.0  # pixels more between systems
FIRST_NOTE, BEAT = 300.0, 200.0
PITCHES = {"gClef": "B4", "fClef": "D3", "cClef": "C4"}
"""Of the middle line."""


class Sheet(Paper):
    """Systems such as ("g", "gf"), a voice and a piano; every staff plays a bar of four quarters of its own pitch."""

    def __init__(
        self,
        systems: Sequence[Sequence[str]],
        *,
        pitches: Mapping[tuple[int, int], str | None] | None = None,
        indents: Mapping[int, float] | None = None,
        sizes: Mapping[tuple[int, int], float] | None = None,
        ends: Mapping[int, str] | None = None,
        timed: Sequence[int] = (0,),
    ) -> None:
        """`pitches`, `sizes` by (system, row); `indents` in pixels, `ends` the label of the last barline by system."""
        super().__init__()
        self.nodes.clear()
        self.systems = systems
        staves: list[Staff] = []
        self.clefs = []
        self.first: list[int] = []
        top = 100.0
        for number, parts in enumerate(systems):
            self.first.append(len(staves))
            left = 60.0 + (indents or {}).get(number, 0.0)
            for row, clef in enumerate("".join(parts)):
                space = SPACE * (sizes or {}).get((number, row), 1.0)
                staves.append(_staff(len(staves), number, left, top, space))
                self.clefs.append(CLEFS[clef])
                top += GAP
            top += BETWEEN
        self.staves = tuple(staves)
        for number in range(len(systems)):
            self._write(number, pitches or {}, (ends or {}).get(number, "barline"), timed=number in timed)

    def page(self, names: Mapping[int, str] | None = None) -> ReadPage:
        page = super().page()
        return ReadPage(page.graph, page.staves, tuple((names or {}).items()))

    def places(self, system: int) -> range:
        first = self.first[system]
        return range(first, first + sum(map(len, self.systems[system])))

    def _write(self, system: int, pitches: Mapping[tuple[int, int], str | None], end: str, *, timed: bool) -> None:
        rows = self.places(system)
        left = self.staves[rows[0]].box.left
        self.line(left, system)
        self.line(WIDTH, system, end)
        first = rows[0]
        for part in self.systems[system]:
            if len(part) > 1:
                top, bottom = self.staves[first].box.top, self.staves[first + len(part) - 1].box.bottom
                self.put("brace", Box(left - 30, top, left - 10, bottom))
            first += len(part)
        for row, staff in enumerate(rows):
            self.clef(staff, left + 20)
            if timed:
                self.time(4, 4, staff, x=left + 80)
            pitch = pitches.get((system, row), PITCHES[self.clefs[staff]])
            for beat in range(4 if pitch else 0):
                self.note(FIRST_NOTE + BEAT * beat, pitch or "", staff=staff)


def _staff(index: int, system: int, left: float, top: float, space: float) -> Staff:
    lines = tuple(StaffLine(xs=(left, WIDTH), ys=(top + space * i,) * 2) for i in range(5))
    box = Box(left, top, WIDTH, top + 4 * space)
    return Staff(index=index, system=system, lines=lines, box=box, staff_space=space)


def sung(part: Part, staff: int = 1) -> list[str]:
    """The first pitch of each bar on a staff, "-" where it rests."""
    found = []
    for measure in part.measures:
        tones = [event.tones[0].pitch for event in measure.events if event.tones and event.staff == staff]
        found.append(f"{tones[0].step}{tones[0].octave}" if tones else "-")
    return found
