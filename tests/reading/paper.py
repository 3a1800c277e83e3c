"""A sheet of music paper to write symbols on, so that a test shows what is printed and not where."""

from __future__ import annotations

from collections.abc import Sequence

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.reading import ReadPage

SPACE = 16.0
WIDTH = 1200.0
SYSTEM = 400.0
"""Height of a system."""
LETTERS = "CDEFGAB"
TOP_LINES = {"gClef": 4 * 7 + 4 + 6, "fClef": 3 * 7 + 3 + 2, "cClef": 4 * 7 + 4}
"""Steps above C0 of the top line under each clef."""


class Paper:
    """Systems of one or two staves; symbols are written by staff, x and pitch name."""

    def __init__(self, *, systems: int = 1, staves: int = 1, clefs: Sequence[str] = ("gClef", "fClef")) -> None:
        self.staves = tuple(
            _staff(system * staves + row, system, 100 + system * SYSTEM + row * 160)
            for system in range(systems)
            for row in range(staves)
        )
        self.rows = staves
        self.clefs = list(clefs[:staves]) * systems
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        for system in range(systems):
            self.line(60, system)

    def page(self) -> ReadPage:
        return ReadPage(NotationGraph(tuple(self.nodes), tuple(self.edges)), self.staves)

    def put(self, label: str, box: Box, score: float = 1.0) -> int:
        self.nodes.append(Node(id=len(self.nodes), label=label, box=box, score=score))
        return len(self.nodes) - 1

    def join(self, source: int, *targets: int) -> None:
        self.edges.extend(Edge(source, target) for target in targets)

    def y(self, position: float, staff: int) -> float:
        return self.staves[staff].y_of(0.0, position)

    def position(self, name: str, staff: int) -> int:
        """Half spaces below the top line of a pitch such as "C4"."""
        clef = self.clefs[staff % len(self.clefs)]
        return TOP_LINES[clef] - (LETTERS.index(name[0]) + 7 * int(name[1]))

    def mark(self, label: str, x: float, position: float, staff: int = 0, *, size: float = 14.0) -> int:
        y = self.y(position, staff)
        return self.put(label, Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2))

    def clef(self, staff: int = 0, x: float = 80.0) -> int:
        return self.mark(self.clefs[staff % len(self.clefs)], x, 4, staff, size=36)

    def key(self, sharps: Sequence[str], staff: int = 0, *, x: float = 115.0, label: str = "accidentalSharp") -> None:
        for index, name in enumerate(sharps):
            self.mark(label, x + 16 * index, self.position(name, staff), staff)

    def time(self, beats: int, beat_type: int, staff: int = 0, *, x: float = 220.0) -> None:
        for number, position in ((beats, 2), (beat_type, 6)):
            y = self.y(position, staff)
            self.put(f"numeral{number}", Box(x - 10, y - 15, x + 10, y + 15))

    def line(self, x: float, system: int = 0, label: str = "barline") -> int:
        staves = [staff for staff in self.staves if staff.system == system]
        width = 4.0 if label == "barline" else 8.0
        return self.put(label, Box(x - width / 2, staves[0].box.top, x + width / 2, staves[-1].box.bottom))

    def note(
        self,
        x: float,
        *names: str,
        staff: int = 0,
        head: str = "noteheadFull",
        up: bool = True,
        stem: bool = True,
        label: str | None = None,
        small: bool = False,
    ) -> list[int]:
        """A chord; returns its heads' ids. `label` adds a flag and relates it."""  # fmt: skip
        half = 5.0 if small else 9.0
        ys = [self.y(self.position(name, staff), staff) for name in names]
        heads = [self.put(head, Box(x - half, y - 8, x + half, y + 8)) for y in ys]
        if stem:
            side = x + half if up else x - half
            box = (
                Box(side - 1, min(ys) - 56, side + 1, max(ys)) if up else Box(side - 1, min(ys), side + 1, max(ys) + 56)
            )
            own = self.put("stem", box)
            for one in heads:
                self.join(one, own)
            if label is not None:
                tip = box.top if up else box.bottom
                flag = self.put(label, Box(side, tip - 4, side + 14, tip + 24))
                self.join(heads[0], flag)
        return heads

    def beam(self, groups: Sequence[Sequence[int]], levels: int = 1, *, y: float = 60.0) -> None:
        """Beams over chords given by their heads."""
        boxes = [self.nodes[group[0]].box for group in groups]
        for level in range(levels):
            top = y + 12 * level
            beam = self.put("beam", Box(boxes[0].left, top, boxes[-1].right, top + 8))
            for group in groups:
                self.join(group[0], beam)

    def rest(self, label: str, x: float, staff: int = 0, score: float = 1.0) -> int:
        y = self.y(4, staff)
        return self.put(label, Box(x - 8, y - 16, x + 8, y + 16), score)

    def dot(self, head: int) -> None:
        box = self.nodes[head].box
        self.join(head, self.put("augmentationDot", Box(box.right + 6, box.top + 4, box.right + 12, box.top + 10)))


def _staff(index: int, system: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(60.0, WIDTH), ys=(top + SPACE * i,) * 2) for i in range(5))
    box = Box(60.0, top, WIDTH, top + 4 * SPACE)
    return Staff(index=index, system=system, lines=lines, box=box, staff_space=SPACE)
