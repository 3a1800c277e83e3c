"""Pitches: the height of a head under its clef, altered by key, by accidentals in the bar and over ties.

An accidental holds for its own line or space (not other octaves) to the end of the bar, and for a note tied over the barline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from omr.labels import ACCIDENTALS
from omr.notation import Node, NotationGraph
from omr.reading.items import Head, Item
from omr.reading.keys import alteration, height
from omr.reading.layout import System
from omr.reading.placing import nearest
from omr.score import Clef, Pitch

AccidentalName = Literal["sharp", "flat", "natural", "double-sharp", "flat-flat"]
ALTERS: Final[Mapping[str, tuple[AccidentalName, int]]] = {
    "accidentalSharp": ("sharp", 1),
    "accidentalFlat": ("flat", -1),
    "accidentalNatural": ("natural", 0),
    "accidentalDoubleSharp": ("double-sharp", 2),
    "accidentalDoubleFlat": ("flat-flat", -2),
}
LETTERS: Final = ("C", "D", "E", "F", "G", "A", "B")
REFERENCE: Final = {"G": 4 * 7 + 4, "F": 3 * 7 + 3, "C": 4 * 7, "percussion": 4 * 7 + 6, "TAB": 4 * 7 + 6}
GAP_MAX = 4.5  # staff spaces from an accidental to its head: chords stack theirs
GAP_LINKED = 7.0  # the same where the two are related: a sign of an arpeggio may stand between
HEIGHT_MAX = 1.3  # half staff spaces between an accidental and its head
LINKED = 1.2  # what a relation of the graph is worth, in half staff spaces


def diatonic(position: int, clef: Clef) -> int:
    """Steps above C0 of a staff position (half spaces below the top line)."""
    return REFERENCE[clef.sign] + (5 - clef.line) * 2 - position + 7 * clef.octave_change


def pitch_at(step_number: int, alter: int) -> Pitch:
    """The pitch a number of steps above C0."""
    octave, letter = divmod(step_number, 7)
    return Pitch(step=LETTERS[letter], octave=octave, alter=alter)


def key_alter(step_number: int, fifths: int) -> int:
    return alteration(LETTERS[step_number % 7], fifths)


def own_accidentals(
    graph: NotationGraph, systems: Sequence[System], place: int, items: Sequence[Item], keys: frozenset[int]
) -> Mapping[int, Node]:
    """For each head of system `place` of a page (by node id) the accidental printed before it, those of keys left out."""
    found: dict[int, tuple[float, int, Node]] = {}
    heads = [head for item in items for head in item.heads]
    for node in sorted(graph.nodes, key=lambda node: node.id):
        if node.label not in ACCIDENTALS or node.id in keys:
            continue
        home = nearest(systems, node.box)
        if home is None or home[0] != place:
            continue
        linked = {source.id for source in graph.sources(node.id)}
        choice = _head_of(node, systems[place], heads, linked)
        if choice is None:
            continue
        cost, head = choice
        if head.node.id not in found or cost < found[head.node.id][0]:
            found[head.node.id] = (cost, node.id, node)
    return {head: node for head, (_, _, node) in found.items()}


def _head_of(node: Node, system: System, heads: Iterable[Head], linked: set[int]) -> tuple[float, Head] | None:
    space, x = system.space, node.box.center.x
    ways = []
    for head in heads:
        gap = (head.node.box.center.x - x) / space
        if not 0.3 < gap < (GAP_LINKED if head.node.id in linked else GAP_MAX):
            continue
        off = abs(height(node, system.staves[head.staff]) - head.position)
        if off <= HEIGHT_MAX or (head.node.id in linked and off <= 2 * HEIGHT_MAX):
            ways.append((off + 0.5 * gap - (LINKED if head.node.id in linked else 0.0), head.node.id, head))
    if not ways:
        return None
    best = min(ways, key=lambda way: way[:2])
    return best[0], best[2]
