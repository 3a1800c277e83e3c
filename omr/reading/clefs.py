"""Clefs: read at the head of each staff and in the bar, and agreed on over the systems of a document.

Old print repeats the clef on every system, so a clef that one system lacks or shows differently from its neighbours, its own
end and its key signature is a fault of detection more often than of the music.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omr.labels import CLEFS
from omr.notation import Node, NotationGraph, Staff
from omr.reading.layout import System
from omr.score import Clef

HEADER = 6.5  # staff spaces from the staff's left end in which its first clef stands
TREBLE = Clef(sign="G", line=2)
BASS = Clef(sign="F", line=4)
SIGNS = {"gClef": "G", "fClef": "F", "cClef": "C", "percClef": "percussion", "tabClef": "TAB"}
PLACES = {"gClef": (1.5, 7.0), "fClef": (1.0, 5.5)}
"""Staff positions of the middle of a clef: what stands elsewhere looks like one (a head under a slur like an F clef)."""
UNUSUAL = {2: 0.6, 5: 0.6}
"""Lines that hardly any C clef stands on: how much nearer, half spaces, it must be to one of them than to another."""
CHANGE_COST = 1.2  # price of a clef other than the one the staff ended with on the system before
UNSEEN_COST = 0.3  # price of a clef nothing on the staff speaks for
WRONG_COST = 3.0  # price of another clef than the one seen, times the confidence of what was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class ClefSign:
    """A clef seen on a staff; `header` marks the one that opens a system."""

    clef: Clef
    x: float
    right: float
    row: int
    score: float
    header: bool
    node: int
    height: float = 4.0
    """Of its middle, half spaces below the top line."""


def read_clefs(graph: NotationGraph, system: System) -> tuple[ClefSign, ...]:
    """The clefs of one system in order of staff and x."""
    found = []
    for node in graph.nodes:
        if node.label not in CLEFS:
            continue
        centre = node.box.center
        rows = [row for row, staff in enumerate(system.staves) if -3 < staff.position_at(centre.x, centre.y) < 11]
        if not rows:
            continue
        row = min(rows, key=lambda r: abs(system.staves[r].position_at(centre.x, centre.y) - 4))
        staff = system.staves[row]
        low, high = PLACES.get(node.label, (-3.0, 11.0))
        if not low <= staff.position_at(centre.x, centre.y) <= high:
            continue
        found.append(
            ClefSign(
                clef=clef_of(graph, node, staff), x=centre.x, right=node.box.right, row=row, score=node.score,
                header=centre.x < staff.box.left + HEADER * staff.staff_space, node=node.id,
                height=staff.position_at(centre.x, centre.y),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda sign: (sign.row, sign.x, sign.node)))


def clef_of(graph: NotationGraph, node: Node, staff: Staff) -> Clef:
    """The clef a node means; the line of a C clef is read from its height."""
    octave = 0
    for figure in graph.targets(node.id):
        if figure.label == "clefOctave8":
            octave = 1 if figure.box.center.y < node.box.center.y else -1
    sign = SIGNS[node.label]
    if sign == "G":
        return Clef(sign="G", line=2, octave_change=octave)
    if sign == "F":
        return Clef(sign="F", line=4, octave_change=octave)
    if sign == "C":
        position = staff.position_at(node.box.center.x, node.box.center.y)
        return Clef(sign="C", line=_c_line(position), octave_change=octave)
    if sign == "percussion":
        return Clef(sign="percussion", line=3)
    return Clef(sign="TAB", line=5)


def _c_line(position: float) -> int:
    """The line of a C clef at a height; one that stands between a usual line and another is the usual one's."""
    return min(range(1, 6), key=lambda line: (abs(position - 2 * (5 - line)) + UNUSUAL.get(line, 0.0), line))


def key_shift(clef: Clef) -> int:
    """Half spaces by which key accidentals stand lower than under a treble clef."""
    if clef.sign == "F":
        return 2 + 2 * (4 - clef.line)
    if clef.sign == "C":
        return 1 + 2 * (3 - clef.line)
    return 2 * (2 - clef.line)


def opening_clefs(
    seen: Sequence[Sequence[ClefSign]],
    rows: Sequence[int | None],
    evidence: Sequence[Mapping[Clef, float]],
    fallback: Clef,
    starts: frozenset[int] = frozenset(),
) -> tuple[Clef, ...]:
    """The clef each system opens with on one staff of the document: the cheapest sequence over all systems.

    `rows` gives the staff's row in each system (None: absent), `seen` the clefs of each system, `evidence` a price for each
    clef that the key signature's accidentals contradict, `starts` the systems with which a movement begins.
    """
    signs = [[sign for sign in seen[place] if sign.row == row] for place, row in enumerate(rows)]
    states = sorted({fallback, *(sign.clef for here in signs for sign in here)}, key=repr)
    best: dict[Clef | None, tuple[float, tuple[Clef, ...]]] = {None: (0.0, ())}
    for place, here in enumerate(signs):
        inner = [sign.clef for sign in here if not sign.header]
        header = next((sign for sign in here if sign.header), None)
        following: dict[Clef | None, tuple[float, tuple[Clef, ...]]] = {}
        for clef in states:
            cost, path = _cheapest(best, clef, 0.0 if place in starts else CHANGE_COST)
            if rows[place] is not None:
                cost += _emission(clef, header, fallback) + evidence[place].get(clef, 0.0)
            carried = inner[-1] if inner else clef
            if carried not in following or cost < following[carried][0]:
                following[carried] = (cost, (*path, clef))
        best = following
    return min(best.values(), key=lambda entry: (entry[0], repr(entry[1])))[1]


def _cheapest(
    best: Mapping[Clef | None, tuple[float, tuple[Clef, ...]]], clef: Clef, change: float
) -> tuple[float, tuple[Clef, ...]]:
    """The cheapest way to a system that opens with `clef`; another clef than the one carried there costs `change`."""
    ways = [
        (cost + (0.0 if carried is None or carried == clef else change), path) for carried, (cost, path) in best.items()
    ]
    return min(ways, key=lambda way: (way[0], repr(way[1])))


def _emission(clef: Clef, header: ClefSign | None, fallback: Clef) -> float:
    if header is None:
        return 0.0 if clef == fallback else UNSEEN_COST
    return 0.0 if clef == header.clef else WRONG_COST * header.score
