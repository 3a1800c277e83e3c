"""Symbols, relations and staves of an engraved page.

The engraver's element ids say which ink belongs to which note; what they do not say (which ledger line, which beam level) is
read off the exact outlines. Conventions are MUSCIMA++'s as measured in its v2.0, contracted as labels.GRAMMAR says: one edge
a beam the stem crosses, every ledger line between head and staff, slurs linked to all the heads they cover.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from datasets.synthetic import relate_spanners, relate_staves
from datasets.synthetic.primitive import Owner
from datasets.synthetic.scene import Scene
from datasets.synthetic.symbol import Symbol, gather
from omr import labels
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff

_HEADS = frozenset(labels.NOTEHEADS)
_RESTS = frozenset((*labels.RESTS, "multiMeasureRest", *labels.REPEATED_MEASURES))
_FLAGS = frozenset(labels.FLAGS)
_MARKS = frozenset((*labels.FERMATAS, *labels.ORNAMENTS, "arpeggio", *labels.TECHNICAL, "glissando"))
DOT_REACH = 0.8  # staff spaces: a dot in the space next to its head's line

TOUCH: Final = 3.0  # pixels between a stem and a beam it touches
BEYOND: Final = 3.0  # staff spaces a beam may lie beyond the end of its stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A page's truth in pixels of the scene."""

    graph: NotationGraph
    staves: tuple[Staff, ...]
    ignore: tuple[Box, ...]
    places: Mapping[int, tuple[int, ...]]
    """By node id: which of the scene's primitives the symbol is drawn with."""


def relate(scene: Scene) -> Related:
    """Nodes, edges and staves of `scene`; ink without a class becomes an ignore region."""
    staves = relate_staves.staves_of(scene)
    symbols = gather(scene)
    pairs = set(_owned_pairs(symbols, scene, staves))
    pairs |= relate_spanners.pairs(symbols, scene)
    nodes = tuple(
        Node(id=symbol.id, label=symbol.label, box=symbol.box, origin="truth")
        for symbol in symbols
        if symbol.label in labels.INDEX
    )
    known = {node.id: node.label for node in nodes}
    edges = tuple(
        Edge(source, target)
        for source, target in sorted(pairs)
        if source in known and target in known and (known[source], known[target]) in labels.GRAMMAR
    )
    ignore = tuple(p.box for p in scene.primitives if p.label is None and not p.clutter)
    return Related(
        graph=NotationGraph(nodes, edges),
        staves=tuple(staves[key] for key in sorted(staves)),
        ignore=ignore,
        places={symbol.id: symbol.places for symbol in symbols},
    )


class _Index:
    """Heads and rests by the elements that own them."""

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self.by_note: dict[str, list[Symbol]] = defaultdict(list)
        self.by_rest: dict[str, list[Symbol]] = defaultdict(list)
        self.by_stem: dict[str, Symbol] = {}
        for symbol in symbols:
            owner = symbol.owner
            if symbol.label in _HEADS:
                self.by_note[owner.note].append(symbol)
                if owner.chord:
                    self.by_note[owner.chord].append(symbol)
            elif symbol.label in _RESTS:
                self.by_rest[owner.rest].append(symbol)
            elif symbol.label == "stem":
                self.by_stem[owner.stem] = symbol
        for stem in self.by_stem.values():
            if not self.heads(stem.owner):
                self._share(stem, [head for heads in self.by_note.values() for head in heads])

    def _share(self, stem: Symbol, heads: Iterable[Symbol]) -> None:
        """Give a stem whose head is drawn with another voice's note in unison that head."""
        near = [head for head in heads if head.owner.system == stem.owner.system and _ends_at(stem, head)]
        if near:
            self.by_note[stem.owner.note or stem.owner.chord].append(min(near, key=lambda head: head.id))

    def heads(self, owner: Owner) -> list[Symbol]:
        """Heads of the note or, for ink of a chord, of the whole chord."""
        return self.by_note.get(owner.note, []) if owner.note else self.by_note.get(owner.chord, [])


def _owned_pairs(
    symbols: tuple[Symbol, ...], scene: Scene, staves: dict[tuple[int, int], Staff]
) -> Iterable[tuple[int, int]]:
    index = _Index(symbols)
    yield from _ledger_pairs(symbols, staves)
    yield from _beam_pairs(symbols, index, BEYOND * max((staff.staff_space for staff in staves.values()), default=0.0))
    yield from _grace_pairs(symbols)
    yield from _group_pairs(symbols)
    for symbol in symbols:
        owner, label = symbol.owner, symbol.label
        heads = index.heads(owner)
        if (
            label == "stem"
            or label in _FLAGS
            or label in labels.ARTICULATIONS
            or (label in labels.ACCIDENTALS and owner.note)
        ):
            yield from ((head.id, symbol.id) for head in heads)
        elif label == "augmentationDot":
            yield from _dot_pairs(symbol, heads or index.by_rest.get(owner.rest, []))
        elif label == "graceNoteAcciaccatura" and owner.stem in index.by_stem:
            yield index.by_stem[owner.stem].id, symbol.id
        elif label in labels.TREMOLOS:
            stems = [stem for stem in index.by_stem.values() if owner.tremolo and stem.owner.tremolo == owner.tremolo]
            stems = stems or [stem for stem in index.by_stem.values() if stem.owner.stem == owner.stem and owner.stem]
            yield from ((stem.id, symbol.id) for stem in stems)
        elif label in _MARKS:
            yield from _mark_pairs(symbol, scene, index)
        elif label == "parenthesis" and owner.note:
            accidentals = [s for s in symbols if s.label in labels.ACCIDENTALS and s.owner.note == owner.note]
            yield from ((accidental.id, symbol.id) for accidental in accidentals)


def _ends_at(stem: Symbol, head: Symbol) -> bool:
    """Whether a stem goes down from the left side of a head or up from its right side."""
    x, y, slack = stem.box.center.x, head.box.center.y, head.box.height / 2
    down = abs(x - head.box.left) < slack and abs(stem.box.top - y) < slack
    up = abs(x - head.box.right) < slack and abs(stem.box.bottom - y) < slack
    return down or up


def _dot_pairs(dot: Symbol, owners: list[Symbol]) -> Iterable[tuple[int, int]]:
    """A chord's dots hang on the chord: each goes to the nearest head."""
    if owners:
        y = dot.box.center.y
        best = min(owners, key=lambda head: (abs(head.box.center.y - y), head.id))
        yield best.id, dot.id


def _mark_pairs(mark: Symbol, scene: Scene, index: _Index) -> Iterable[tuple[int, int]]:
    element = scene.elements.get(mark.owner.element)
    if element is None:
        return
    starts = [element.get("data-startid") or "", *(element.get("data-plist") or "").split()]
    if mark.label == "glissando":
        starts.append(element.get("data-endid") or "")
    for start in starts:
        key = start.lstrip("#")
        for target in index.by_note.get(key) or index.by_rest.get(key) or []:
            if target.owner.system == mark.owner.system:
                yield target.id, mark.id


def _ledger_pairs(symbols: tuple[Symbol, ...], staves: dict[tuple[int, int], Staff]) -> Iterable[tuple[int, int]]:
    """Every head needs the ledger lines between it and its staff."""
    lines: dict[tuple[int, int], list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        if symbol.label == "legerLine":
            lines[relate_staves.key_of(symbol.owner)].append(symbol)
    for head in symbols:
        staff = staves.get(relate_staves.key_of(head.owner))
        if head.label not in _HEADS or staff is None:
            continue
        x, y, slack = head.box.center.x, head.box.center.y, staff.staff_space * 0.3
        for line in lines[relate_staves.key_of(head.owner)]:
            height = line.box.center.y
            above = y - slack <= height < staff.box.top
            below = staff.box.bottom < height <= y + slack
            if line.box.left < x < line.box.right and (above or below):
                yield head.id, line.id


def _beam_pairs(symbols: tuple[Symbol, ...], index: _Index, reach: float) -> Iterable[tuple[int, int]]:
    """A stem crosses every beam of its group that lies beside it; verovio may draw an inner stem to the inner beam only.

    Beams across staves and barlines (beamSpan) name no notes in the SVG: they hold the stems without another beam that one of
    them touches.
    """
    stems: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        if symbol.label == "stem":
            for identity in symbol.owner.ids:
                stems[identity].append(symbol)
            if not symbol.owner.beam:
                stems[f"loose in {symbol.owner.system}"].append(symbol)
    beams = [symbol for symbol in symbols if symbol.label == "beam"]
    spans: dict[str, dict[int, Symbol]] = defaultdict(dict)
    for beam in beams:
        if beam.owner.kind == "beamSpan":
            near = [stem for stem in stems.get(f"loose in {beam.owner.system}", []) if _beside(stem, beam, TOUCH)]
            spans[f"{beam.owner.element} in {beam.owner.system}"].update((stem.id, stem) for stem in near)
    for beam in beams:
        spanning = beam.owner.kind == "beamSpan"
        own = (
            spans[f"{beam.owner.element} in {beam.owner.system}"].values()
            if spanning
            else stems.get(beam.owner.beam, [])
        )
        for stem in own:
            if _beside(stem, beam, reach):
                yield from ((head.id, beam.id) for head in index.heads(stem.owner))


def _beside(stem: Symbol, beam: Symbol, slack: float) -> bool:
    """Whether a stem lies beside a beam, its ends at most `slack` pixels short of it."""
    across = beam.box.left - 1.5 <= stem.box.center.x <= beam.box.right + 1.5
    return across and beam.box.bottom >= stem.box.top - slack and beam.box.top <= stem.box.bottom + slack


def _grace_pairs(symbols: tuple[Symbol, ...]) -> Iterable[tuple[int, int]]:
    """A grace note leads to the next full-size head of its layer."""
    layers: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        if symbol.label in _HEADS:
            layers[symbol.owner.layer].append(symbol)
    for heads in layers.values():
        for place, head in enumerate(heads):
            if head.label in labels.SMALL_NOTEHEADS:
                main = next((other for other in heads[place + 1 :] if other.label not in labels.SMALL_NOTEHEADS), None)
                if main is not None:
                    yield main.id, head.id


def _group_pairs(symbols: tuple[Symbol, ...]) -> Iterable[tuple[int, int]]:
    """Tuplet figures, octave figures of clefs, numbers of rests and voltas, repeat dots."""
    for symbol in symbols:
        owner = symbol.owner
        if symbol.label == "tupleBracket" or (owner.kind == "tupletNum" and symbol.label.startswith("numeral")):
            members = [s for s in symbols if (s.label in _HEADS or s.label in _RESTS) and owner.tuplet in s.owner.ids]
            yield from ((member.id, symbol.id) for member in members)
        elif symbol.label == "clefOctave8":
            clef = [s for s in symbols if s.label in labels.CLEFS and s.owner.element == owner.element]
            yield from ((s.id, symbol.id) for s in clef)
        elif owner.kind in ("multiRestNum", "mRptNum"):
            yield from ((s.id, symbol.id) for s in symbols if s.label in _RESTS and s.owner.rest == owner.rest)
        elif owner.kind == "voltaBracket" and symbol.label.startswith("numeral"):
            brackets = [s for s in symbols if s.label == "voltaBracket" and s.owner.ending == owner.ending]
            brackets = [s for s in brackets if s.owner.system == owner.system]
            yield from ((s.id, symbol.id) for s in brackets)
        elif symbol.label == "repeatDot":
            lines = [s for s in symbols if s.label in labels.BARLINES and s.owner.barline == owner.barline]
            x, y = symbol.box.center.x, symbol.box.center.y
            lines = [s for s in lines if s.box.top - 3 <= y <= s.box.bottom + 3]
            if lines:
                yield min(lines, key=lambda line: (abs(line.box.center.x - x), line.id)).id, symbol.id
