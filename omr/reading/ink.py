"""The ink of one system sorted by kind, with what the whole page tells of its engraving: what chords are gathered from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from omr.features import nearest_staff
from omr.labels import CLEFS, FLAGS, NOTEHEADS, NUMERALS
from omr.notation import Node, NotationGraph
from omr.reading.layout import System
from omr.reading.page import trusted as all_certain
from omr.reading.placing import ledger_stretch
from omr.score import NoteType

PEN = (
    0.25  # staff spaces that stems are wide with their lean (median): engraved ones 0.16 at most, a pen's 0.31 and more
)
SMALL = 0.78  # a head this much narrower than the page's usual one is a grace note

Lengths = tuple[tuple[int, NoteType, int], ...]
"""(id of a head or rest, note type, dots)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The nodes of one system by kind."""

    graph: NotationGraph
    stems: tuple[Node, ...]
    stem_xs: tuple[float, ...]
    """Centres of the stems, rising."""
    beams: tuple[Node, ...]
    flags: tuple[Node, ...]
    dots: tuple[Node, ...]
    clefs: tuple[Node, ...]
    numerals: tuple[Node, ...]
    ledgers: tuple[Node, ...]
    """In the order of their middles' x, `ledger_xs`."""
    ledger_xs: tuple[float, ...]
    certain: frozenset[tuple[int, int]]
    """Relations of probability 1."""
    trusted: bool
    """Every relation is certain, as where a person has related the ink: then what is not related is not."""
    penned: bool
    """The page is written with a pen, which forgets dots and beams."""
    small: frozenset[int]
    """Full heads as small as those of grace notes."""
    stretch: float
    """Staff spaces between ledger lines."""
    told: Mapping[int, tuple[NoteType, int]]
    """Lengths a person gave, by the id of a head or rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What the whole page tells of its engraving."""

    trusted: bool
    penned: bool
    small: frozenset[int]
    """Full heads as small as those of grace notes."""
    stretch: float


def sizes_of(page: NotationGraph, systems: Sequence[System]) -> Sizes:
    full = [node for node in page.nodes if node.label == "noteheadFull"]
    widths = [node.box.width / space for node, space in zip(full, _spaces(full, systems), strict=True)]
    usual = median(widths) if full else 0.0
    heads = tuple(node for node in page.nodes if node.label in NOTEHEADS)
    ledgers = tuple(node for node in page.nodes if node.label == "legerLine")
    return Sizes(
        trusted=all_certain(page),
        penned=_penned(page, systems),
        small=frozenset(node.id for node, width in zip(full, widths, strict=True) if width < SMALL * usual),
        stretch=ledger_stretch(systems, heads, ledgers),
    )


def _penned(page: NotationGraph, systems: Sequence[System]) -> bool:
    """Whether a page is written with a pen: stems are seldom upright, so their boxes are wide."""
    stems = [node for node in page.nodes if node.label == "stem"]
    widths = [node.box.width / space for node, space in zip(stems, _spaces(stems, systems), strict=True)]
    return bool(widths) and median(widths) > PEN


def _spaces(nodes: Sequence[Node], systems: Sequence[System]) -> tuple[float, ...]:
    """The staff space of the staff nearest to each node, pixels; 1 where there is no staff."""
    staves = [staff for system in systems for staff in system.staves]
    if not staves:
        return (1.0,) * len(nodes)
    rows, _ = nearest_staff(nodes, staves)
    return tuple(staves[row].staff_space for row in rows.tolist())


def sorted_ink(
    graph: NotationGraph,
    *,
    trusted: bool,
    penned: bool,
    small: frozenset[int],
    stretch: float,
    told: Lengths,
) -> Ink:
    def of(*labels: str) -> tuple[Node, ...]:
        return tuple(sorted((n for n in graph.nodes if n.label in labels), key=lambda n: (n.box.left, n.id)))

    def across(*labels: str) -> tuple[Node, ...]:
        return tuple(sorted(of(*labels), key=lambda node: (node.box.center.x, node.id)))

    stems, ledgers = across("stem"), across("legerLine")
    return Ink(
        graph=graph,
        stems=stems,
        stem_xs=tuple(node.box.center.x for node in stems),
        beams=of("beam"),
        flags=of(*FLAGS),
        dots=of("augmentationDot"),
        clefs=of(*CLEFS),
        numerals=of(*NUMERALS),
        ledgers=ledgers,
        ledger_xs=tuple(node.box.center.x for node in ledgers),
        certain=frozenset((edge.source, edge.target) for edge in graph.edges if edge.score >= 1.0),
        trusted=trusted,
        penned=penned,
        small=small,
        stretch=stretch,
        told={node: (kind, dots) for node, kind, dots in told},
    )
