"""Dynamics, hairpins and octave lines: said between or below the staves, at the moment whose notes stand above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from omr.labels import DYNAMIC_LETTERS, HAIRPINS
from omr.memory import recalled
from omr.notation import Node, NotationGraph
from omr.reading.bars import TimedBar
from omr.reading.layout import System
from omr.reading.ottavas import Ottava
from omr.reading.values import TICKS
from omr.score import Direction

LETTER_GAP = 0.9  # staff spaces between two letters of one mark
LETTER_HEIGHT = 1.2  # staff spaces their centres may differ in height
REACH = 9.0  # staff spaces from a staff to what is said about it
MARKS = frozenset(
    ("p", "pp", "ppp", "pppp", "f", "ff", "fff", "ffff", "mp", "mf", "sf", "sfp", "sfpp", "fp", "rf", "rfz", "sfz",
     "sffz", "fz", "n", "pf", "sfzp")
)  # fmt: skip
WEDGES = {"dynamicCrescendoHairpin": "crescendo", "dynamicDiminuendoHairpin": "diminuendo"}


def spoken_ink(graph: NotationGraph) -> tuple[Node, ...]:
    """The dynamic letters and hairpins of a system, by id."""
    wanted = (node for node in graph.nodes if node.label in DYNAMIC_LETTERS or node.label in HAIRPINS)
    nodes = tuple(sorted(wanted, key=lambda node: node.id))
    return recalled(nodes, (), lambda: nodes)


def read_directions(
    ink: Sequence[Node], system: System, bar: TimedBar, rows: Mapping[int, int], ottavas: Sequence[Ottava]
) -> tuple[Direction, ...]:
    """The dynamics, hairpins (`ink`) and octave lines of one bar of a part, in order of onset."""
    found = []
    for letters in _marks(ink, system):
        value = "".join(node.label[-1].lower() for node in letters)
        x = letters[0].box.left
        row = _row(system, letters[0])
        if value in MARKS and row in rows and bar.ink.span.left <= x < bar.ink.span.right:
            nodes = tuple((system.page, node.id) for node in letters)
            found.append(Direction(onset=_onset(bar, x), staff=rows[row], kind="dynamics", value=value, nodes=nodes))
    found.extend(_wedges(ink, system, bar, rows))
    found.extend(_octave_shifts(ottavas, system, bar, rows))
    return tuple(sorted(found, key=lambda d: (d.onset, d.staff, d.kind, d.value, d.nodes)))


def _marks(ink: Sequence[Node], system: System) -> list[list[Node]]:
    """Dynamic letters in words, from left to right."""
    letters = sorted((n for n in ink if n.label in DYNAMIC_LETTERS), key=lambda n: (n.box.left, n.id))
    words: list[list[Node]] = []
    for letter in letters:
        home = next((word for word in reversed(words) if _continues(word[-1], letter, system.space)), None)
        if home is None:
            words.append([letter])
        else:
            home.append(letter)
    return words


def _continues(before: Node, letter: Node, space: float) -> bool:
    gap = letter.box.left - before.box.right
    level = abs(letter.box.center.y - before.box.center.y) < LETTER_HEIGHT * space
    return level and -0.8 * space < gap < LETTER_GAP * space


def _row(system: System, node: Node) -> int:
    """The staff above a mark when it is near, else the nearest; -1 when none is."""
    centre = node.box.center
    best, row = REACH, -1
    for index, staff in enumerate(system.staves):
        position = staff.position_at(centre.x, centre.y)
        away = (position - 8) / 2 if position > 8 else -position / 2 + 1.5
        if 0 <= away < best:
            best, row = away, index
    return row


def _onset(bar: TimedBar, x: float) -> Fraction:
    """The moment of the bar whose chords stand nearest to x, at or after it where two are as near."""
    moments = [(abs(entry.item.x - x), -entry.onset) for entry in bar.reading.placed]
    return Fraction(-min(moments)[1], TICKS) if moments else Fraction(0)


def _wedges(ink: Sequence[Node], system: System, bar: TimedBar, rows: Mapping[int, int]) -> Sequence[Direction]:
    found = []
    span = bar.ink.span
    for node in ink:
        if node.label not in HAIRPINS:
            continue
        row = _row(system, node)
        if row not in rows:
            continue
        for x, value in ((node.box.left, WEDGES[node.label]), (node.box.right, "stop")):
            if span.left <= x < span.right:
                nodes = ((system.page, node.id),)
                found.append(Direction(onset=_onset(bar, x), staff=rows[row], kind="wedge", value=value, nodes=nodes))
    return found


def _octave_shifts(
    ottavas: Sequence[Ottava], system: System, bar: TimedBar, rows: Mapping[int, int]
) -> Sequence[Direction]:
    """Where octave lines begin and end in a bar: at the first chord under the line, and before the first after it."""
    found = []
    for line in ottavas:
        if line.row not in rows:
            continue
        nodes = tuple((system.page, node) for node in line.nodes)
        under = [e for e in bar.reading.placed if e.item.staff == line.row and line.left <= e.item.x <= line.right]
        if not under:
            continue
        first, last = min(e.onset for e in under), max(e.onset + e.ticks for e in under)
        if line.begins and bar.ink.span.left <= line.left + system.space < bar.ink.span.right:
            found.append(_shift(first, rows[line.row], line.kind, line.octaves > 0, nodes))
        if line.ends and bar.ink.span.left <= line.right - system.space < bar.ink.span.right:
            found.append(_shift(last, rows[line.row], "stop", line.octaves > 0, nodes))
    return found


def _shift(ticks: int, staff: int, value: str, above: bool, nodes: tuple[tuple[int, int], ...]) -> Direction:
    return Direction(
        onset=Fraction(ticks, TICKS), staff=staff, kind="octave-shift", value=value, above=above, nodes=nodes
    )
