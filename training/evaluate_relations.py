"""Precision and recall of each kind of relation, on pages whose truth is in our own classes.

Run as `python -m training.evaluate_relations PAGES LINKER.onnx [SEED]`: on the truth's own symbols, or with a seed on what the
simulated detector makes of them. A relation counts as found right when both its symbols are those of the truth.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from omr.labels import ACCIDENTALS, ARTICULATIONS, FERMATAS, FLAGS, HAIRPINS, NOTEHEADS, NUMERALS, ORNAMENTS, RESTS
from omr.link import EdgeScorer, link
from omr.notation import NotationGraph
from training.evaluate_graph import load_scorer
from training.graph_pages import GraphPage, read_pages
from training.simulated_detector import Faults, simulate

KINDS: Final = {
    "head": NOTEHEADS,
    "rest": RESTS,
    "flag": FLAGS,
    "accidental": ACCIDENTALS,
    "numeral": NUMERALS,
    "articulation": ARTICULATIONS,
    "fermata": FERMATAS,
    "ornament": ORNAMENTS,
    "hairpin": HAIRPINS,
}
TYPICAL: Final = Faults(looseness=0.08, missed=0.03, doubled=0.01, broken=0.02, false=0.02, mistaken=0.01, soft=True)
"""About what a trained detector does on a clean page."""


@dataclass(frozen=True, kw_only=True)
class RelationFigures:
    """Counts of one kind of relation."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.true)


def evaluate_relations(pages: Iterable[GraphPage], scorer: EdgeScorer) -> Mapping[str, RelationFigures]:
    """Figures by kind such as "head -> stem", most frequent first; "all" sums them."""
    true, found, right = Counter[str](), Counter[str](), Counter[str]()
    for page in pages:
        linked = link(page.graph.nodes, page.staves, scorer)
        expected, given = _relations(page.graph), _relations(linked)
        true.update(expected.values())
        found.update(given.values())
        right.update(kind for pair, kind in given.items() if pair in expected)
    for counter in (true, found, right):
        counter["all"] = sum(counter.values())
    kinds = sorted(true | found, key=lambda kind: (-true[kind], kind))
    return {kind: RelationFigures(true=true[kind], found=found[kind], right=right[kind]) for kind in kinds}


def simulated(pages: Iterable[GraphPage], seed: int, faults: Faults = TYPICAL) -> Iterable[GraphPage]:
    """The pages as the simulated detector sees them."""
    for number, page in enumerate(pages):
        yield simulate(page, faults, np.random.default_rng((seed, number)))


def _relations(graph: NotationGraph) -> dict[tuple[int, int], str]:
    labels = {node.id: node.label for node in graph.nodes}
    return {(e.source, e.target): relation_kind(labels[e.source], labels[e.target]) for e in graph.edges}


def relation_kind(source: str, target: str) -> str:
    """Such as "head -> stem"."""
    return f"{_kind(source)} -> {_kind(target)}"


def _kind(label: str) -> str:
    return next((kind for kind, labels in KINDS.items() if label in labels), label)


def main(arguments: Sequence[str]) -> int:
    """Print a table and one JSON line."""
    pages = read_pages(Path(arguments[0]))
    if len(arguments) > 2:
        pages = simulated(pages, int(arguments[2]))
    figures = evaluate_relations(pages, load_scorer(Path(arguments[1])))
    for kind, one in figures.items():
        print(f"{kind:34s} {one.true:7d} precision {one.precision:.4f} recall {one.recall:.4f}")
    print(
        json.dumps({kind: [one.true, round(one.precision, 4), round(one.recall, 4)] for kind, one in figures.items()})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
