"""MUSCIMA++'s graph in our classes and relations, and its staves as lines.

Composite nodes (a tuplet, a repeat, a text) are contracted into relations between pieces of ink; letters become lines of text,
but letters of a dynamic are signs of their own. The two flags of a sixteenth, annotated one by one, become one sign;
where only the second is annotated, it is a short beam or the one flag of an eighth.
Ink whose class we do not have is to be ignored: it is neither symbol nor background.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.first_flags import FIRST_OF
from omr.geometry import Box, union
from omr.labels import BARLINES, CLEFS, DYNAMIC_LETTERS, GRAMMAR, INDEX, NOTEHEADS, NUMERALS
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine

TEXTS: Final = ("tempoText", "otherText", "dynamicsText")
COMPOSITES: Final = frozenset(
    {
        *TEXTS, "staff", "staffLine", "staffSpace", "staffGrouping", "measureSeparator", "keySignature", "timeSignature",
        "repeat", "tuple", "volta",
    }
)  # fmt: skip
LETTER: Final = "character"
DYNAMIC_OF: Final = {f"{LETTER}{size}{label[-1]}": label for label in DYNAMIC_LETTERS for size in ("Small", "Capital")}
HUSHED: Final = ("ornamentTrill", *TEXTS)
"""Nodes whose letters are part of them."""
SAMPLE_STEP: Final = 24  # pixels between the places where a staff line's height is taken, about a staff space


@dataclass(frozen=True, slots=True, kw_only=True)
class RawNode:
    """A node as annotated."""

    id: int
    label: str
    box: Box
    """Pixels of the page."""
    mask: npt.NDArray[np.bool_]
    """(height, width) of the box, True where there is ink of this node."""
    targets: tuple[int, ...]
    """Ids of the nodes it points to, sorted."""


class _Links:
    """The nodes of a page by id and who points to whom; read only."""

    def __init__(self, nodes: Iterable[RawNode]) -> None:
        self.by_id: Mapping[int, RawNode] = {node.id: node for node in nodes}
        self._sources: dict[int, list[RawNode]] = {}
        for node in self.by_id.values():
            for target in node.targets:
                self._sources.setdefault(target, []).append(node)

    def targets(self, node: RawNode) -> Iterator[RawNode]:
        return (self.by_id[target] for target in node.targets if target in self.by_id)

    def sources(self, node: RawNode) -> list[RawNode]:
        return self._sources.get(node.id, [])

    def has_source(self, node: RawNode, labels: Iterable[str]) -> bool:
        return any(source.label in labels for source in self.sources(node))


def contracted(nodes: tuple[RawNode, ...]) -> NotationGraph:
    """Detected classes with the relations of labels.GRAMMAR between them; original ids, origin "truth"."""
    links = _Links(nodes)
    first_flags = flag_pairs(nodes)
    lone = lone_second_flags(nodes)
    found = {}
    for raw in nodes:
        label, box = _class_of(raw, links)
        label = lone.get(raw.id, label)
        if raw.id in first_flags:
            box = union((box, links.by_id[first_flags[raw.id]].box))
        if label and raw.id not in first_flags.values():
            found[raw.id] = Node(id=raw.id, label=label, box=box, origin="truth")
    pairs = sorted({*_plain_pairs(links), *_contracted_pairs(links)})
    edges = tuple(
        Edge(source, target)
        for source, target in pairs
        if source in found and target in found and (found[source].label, found[target].label) in GRAMMAR
    )
    return NotationGraph(tuple(found[key] for key in sorted(found)), edges)


def flag_pairs(nodes: tuple[RawNode, ...]) -> dict[int, int]:
    """The second flag of each sixteenth -> its first flag."""
    links = _Links(nodes)
    pairs: dict[int, int] = {}
    for head in (node for node in nodes if node.label in NOTEHEADS):
        flags = list(links.targets(head))
        for second in flags:
            firsts = [flag for flag in flags if flag.label == FIRST_OF.get(second.label)]
            if len(firsts) == 1:
                pairs[second.id] = firsts[0].id
    return pairs


def lone_second_flags(nodes: tuple[RawNode, ...]) -> dict[int, str]:
    """Second flags of sixteenths without a first, and what they are: the short beam under a beam, or the first flag itself."""
    links = _Links(nodes)
    found: dict[int, str] = {}
    for head in (node for node in nodes if node.label in NOTEHEADS):
        targets = list(links.targets(head))
        labels = {target.label for target in targets}
        for flag in targets:
            first = FIRST_OF.get(flag.label)
            if first is not None and first not in labels:
                found[flag.id] = "beam" if "beam" in labels else first
    return found


def ignored(nodes: tuple[RawNode, ...]) -> tuple[Box, ...]:
    """Boxes of ink that has no class of ours."""
    links = _Links(nodes)
    boxes = []
    for raw in nodes:
        if raw.label in COMPOSITES or (raw.label.startswith(LETTER) and links.has_source(raw, HUSHED)):
            continue
        if not _class_of(raw, links)[0] and not any(links.targets(raw)):
            boxes.append(raw.box)
    return tuple(boxes)


def staves_of(nodes: tuple[RawNode, ...]) -> tuple[Staff, ...]:
    """The staves from top to bottom with their lines traced; those joined by a barline or a brace share a system."""
    links = _Links(nodes)
    found = sorted((node for node in nodes if node.label == "staff"), key=lambda node: (node.box.top, node.box.left))
    systems = _systems(found, links)
    staves = []
    for index, staff in enumerate(found):
        raw = sorted((n for n in links.targets(staff) if n.label == "staffLine"), key=lambda n: n.box.center.y)
        lines = tuple(_traced(line) for line in raw)
        if len(lines) < 2:
            continue
        middle = staff.box.center.x
        space = (lines[-1].y_at(middle) - lines[0].y_at(middle)) / (len(lines) - 1)
        box = union(line.box for line in raw)
        staves.append(Staff(index=index, system=systems[staff.id], lines=lines, box=box, staff_space=space))
    return tuple(staves)


def _class_of(raw: RawNode, links: _Links) -> tuple[str, Box]:
    """(our class or "", its box) of an annotated node."""
    if raw.label in TEXTS:
        letters = [node for node in links.targets(raw) if node.label.startswith(LETTER)]
        if not letters or _is_dynamic(raw, letters):
            return "", raw.box
        return "text", union(node.box for node in letters)
    if raw.label in DYNAMIC_OF:
        return _lone_dynamic(raw, links), raw.box
    if raw.label == "transpositionText":
        return "clefOctave8" if links.has_source(raw, CLEFS) else "ottava", raw.box
    if raw.label == "horizontalSpanner":
        return "voltaBracket" if links.has_source(raw, ("volta",)) else "", raw.box
    if raw.label in NUMERALS and links.has_source(raw, ("transpositionText",)):
        return "", raw.box  # the figure is the clefOctave8
    return raw.label if raw.label in INDEX else "", raw.box


def _is_dynamic(text: RawNode, letters: Iterable[RawNode]) -> bool:
    """Whether a text says p, sfz or the like, and no word."""
    return text.label == "dynamicsText" and all(letter.label in DYNAMIC_OF for letter in letters)


def _lone_dynamic(letter: RawNode, links: _Links) -> str:
    """The class of a dynamic's letter that is annotated as nothing but a letter; the others are annotated twice."""
    for text in links.sources(letter):
        parts = list(links.targets(text))
        letters = [part for part in parts if part.label.startswith(LETTER)]
        if _is_dynamic(text, letters) and not any(part.label in DYNAMIC_LETTERS for part in parts):
            return DYNAMIC_OF[letter.label]
    return ""


def _plain_pairs(links: _Links) -> Iterator[tuple[int, int]]:
    for raw in links.by_id.values():
        for target in raw.targets:
            yield raw.id, target


def _contracted_pairs(links: _Links) -> Iterator[tuple[int, int]]:
    """Relations that run through a composite node in MUSCIMA++."""
    for raw in links.by_id.values():
        targets = list(links.targets(raw))
        if raw.label in ("tuple", "ornamentTrill"):
            for source in links.sources(raw):
                for target in targets:
                    yield source.id, target.id
        elif raw.label == "repeat":
            lines = [target for target in targets if target.label in BARLINES]
            for dot in (target for target in targets if target.label == "repeatDot"):
                if lines:
                    yield _nearest(dot, lines).id, dot.id
        elif raw.label == "measureSeparator":
            yield from _fermatas(targets)
        elif raw.label == "volta":
            yield from _endings(targets, links)


def _nearest(node: RawNode, others: list[RawNode]) -> RawNode:
    return min(others, key=lambda other: (abs(other.box.center.x - node.box.center.x), other.id))


def _fermatas(targets: list[RawNode]) -> Iterator[tuple[int, int]]:
    lines = [target for target in targets if target.label in BARLINES]
    for mark in (target for target in targets if target.label.startswith("fermata")):
        if lines:
            yield min(lines, key=lambda line: abs(line.box.center.y - mark.box.center.y)).id, mark.id


def _endings(targets: list[RawNode], links: _Links) -> Iterator[tuple[int, int]]:
    """A volta points to its bracket and to a numeric sign that points to numerals."""
    numerals = [inner for target in targets for inner in (target, *links.targets(target)) if inner.label in NUMERALS]
    for bracket in (target for target in targets if target.label == "horizontalSpanner"):
        for numeral in numerals:
            yield bracket.id, numeral.id


def _systems(staves: list[RawNode], links: _Links) -> dict[int, int]:
    """System of each staff by staff id, numbered from the top."""
    group = {staff.id: index for index, staff in enumerate(staves)}
    for raw in links.by_id.values():
        if raw.label not in ("measureSeparator", "staffGrouping"):
            continue
        joined = {group[target] for target in raw.targets if target in group}
        for staff, member in group.items():
            if member in joined:
                group[staff] = min(joined)
    order = {member: index for index, member in enumerate(sorted(set(group.values())))}
    return {staff: order[member] for staff, member in group.items()}


def _traced(line: RawNode) -> StaffLine:
    """Mean height of a staff line's ink at places about a staff space apart."""
    height, width = line.mask.shape
    rows = np.arange(height) + 0.5
    ink = line.mask.sum(axis=0)
    sums = (line.mask * rows[:, None]).sum(axis=0)
    xs, ys = [], []
    for start in range(0, width, SAMPLE_STEP):
        part = slice(start, min(start + SAMPLE_STEP, width))
        count = int(ink[part].sum())
        if count:
            xs.append(line.box.left + (part.start + part.stop) / 2)
            ys.append(line.box.top + float(sums[part].sum()) / count)
    return StaffLine(xs=tuple(xs), ys=tuple(ys))
