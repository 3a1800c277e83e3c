"""Relations on engraved pages as scans show them, by kind: what the print edition finds of all there are.

Assumption: pages of scores of the valid split, with a seed that no model's pages were made with, worn as training pages are.
A relation is found where both its symbols were found and related; the ceiling is perfect linking of the same findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import cv2

from datasets.draws import run_draws
from datasets.sample import Sample
from datasets.synthetic.generate import Plan, generate
from datasets.synthetic.sources import find_sources
from omr.features import nearest_staff
from omr.labels import ACCIDENTALS, NOTEHEADS, NUMERALS
from omr.link import link
from omr.models import Models
from omr.notation import Edge, Node, NotationGraph, Staff
from training.detected_pages import Looking, detected
from training.evaluate_graph import match
from training.evaluate_relations import relation_kind

SEED: Final = 919
DRAWS, QUICK_DRAWS = 12, 3
END: Final = 1.5  # staff spaces from the end of a slur within which its end heads stand
RARE: Final = 5
"""Kinds of which there are fewer are not shown."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A page's relations as pairs of ids of the truth; a false one has no such pair and is counted by kind alone."""

    true: Mapping[Pair, tuple[str, ...]]
    """The kinds of each relation."""
    reachable: frozenset[Pair]
    right: frozenset[Pair]
    false: Mapping[str, int]


def engraved(scores: Path, *, quick: bool) -> list[Sample]:
    """The pages. Call it before any model is loaded: the engraver's processes inherit the runtime's threads, and hang."""
    sources = tuple(source for source in find_sources(scores) if source.split == "valid")
    draws = run_draws(partial(_samples, Plan(sources=sources, seed=SEED)), range(QUICK_DRAWS if quick else DRAWS), 1)
    return [sample for samples in draws for sample in samples]


def relations_by_kind(samples: Iterable[Sample], card: Path, models: Models) -> dict[str, dict[str, float]]:
    """F1 of each kind of relation with its number and its ceiling, by the detector of `card` and the linker of `models`."""
    pages = [judged(sample, card, models) for sample in samples]
    return by_kind([page for page in pages if page is not None])


def _samples(plan: Plan, index: int) -> tuple[Sample, ...]:
    cv2.setNumThreads(1)
    return generate(plan, index)


def judged(sample: Sample, card: Path, models: Models) -> Judged | None:
    """What the print edition makes of one page; None where no staves are found."""
    page = detected(sample, Looking(card=card, features=False))
    if page is None:
        return None
    linked = link(page.graph.nodes, page.staves, models.scorer)
    return compared(sample.graph, sample.staves, linked)


def compared(truth: NotationGraph, staves: Sequence[Staff], found: NotationGraph) -> Judged:
    """The relations of `found` beside those of `truth`."""
    true = {(edge.source, edge.target): kinds(edge, truth, staves) for edge in truth.edges}
    place = match(found.nodes, truth.nodes)
    there = frozenset(place.values())
    right, false = set(), Counter[str]()
    for edge in found.edges:
        pair = (place.get(edge.source, -1), place.get(edge.target, -1))
        if pair in true:
            right.add(pair)
        else:
            false.update(kinds(edge, found, staves))
    reachable = frozenset(pair for pair in true if there.issuperset(pair))
    return Judged(true=true, reachable=reachable, right=frozenset(right), false=false)


def by_kind(pages: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Figures by kind, the most frequent first; "all" counts every relation once."""
    true, reachable, right, false = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for page in pages:
        for counter, pairs in ((true, page.true.keys()), (reachable, page.reachable), (right, page.right)):
            counter.update(kind for pair in pairs for kind in page.true[pair])
        false.update(page.false)
    return {
        kind: {
            "relations": number,
            "f1": round(2 * right[kind] / max(1, right[kind] + false[kind] + number), 4),
            "ceiling": round(2 * reachable[kind] / (reachable[kind] + number), 4),
        }
        for kind, number in sorted(true.items(), key=lambda item: (-item[1], item[0]))
        if number >= RARE
    }


def kinds(edge: Edge, graph: NotationGraph, staves: Sequence[Staff]) -> tuple[str, ...]:
    """All kinds that a relation counts under: all, its classes, and where those are hard, why."""
    source, target = graph.by_id[edge.source], graph.by_id[edge.target]
    names = ["all", relation_kind(source.label, target.label)]
    heads = [head for head in graph.sources(target.id) if head.label in NOTEHEADS]
    if target.label == "slur" and source.label in NOTEHEADS:
        names.append("slur: end head" if _at_end(source, target, staves) else "slur: covered head")
    elif target.label in (*ACCIDENTALS, "augmentationDot") and _in_chord(source, graph):
        names.append("accidental in chord" if target.label in ACCIDENTALS else "dot in chord")
    elif target.label == "beam" and _staves_apart(heads, staves):
        names.append("beam across staves")
    elif target.label in (*NUMERALS, "tupleBracket") and source.label in NOTEHEADS:
        names.append("tuplet")
    return tuple(names)


def _at_end(head: Node, slur: Node, staves: Sequence[Staff]) -> bool:
    reach = END * (staves[0].staff_space if staves else head.box.height)
    return min(abs(head.box.center.x - slur.box.left), abs(head.box.center.x - slur.box.right)) <= reach


def _in_chord(source: Node, graph: NotationGraph) -> bool:
    """Whether other heads hang on the source's stem."""
    stems = (target for target in graph.targets(source.id) if target.label == "stem")
    return any(len(graph.sources(stem.id)) > 1 for stem in stems)


def _staves_apart(heads: Iterable[Node], staves: Sequence[Staff]) -> bool:
    which, _ = nearest_staff(tuple(heads), staves)
    return len(set(which.tolist())) > 1
