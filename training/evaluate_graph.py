"""How well relations are found on MUSCIMA++: Match+AUC and edge precision, recall and F1, from any detections.

Match+AUC after Yang et al. 2024 (arXiv 2409.00316), whose edges are undirected and whose missed symbols cost nothing; beside it
the full edge figures, whose recall counts every relation of the truth, and their ceiling: F1 with perfect linking of the same
detections. Run as `python -m training.evaluate_graph TRUTH DETECTED LINKER.onnx`, both page files (graph_pages): TRUTH in
MUSCIMA++ form with its composites, DETECTED with a detector's symbols and the staves, matched by name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from omr.composites import with_composites
from omr.labels import DETECTED
from omr.link import THRESHOLD, EdgeScorer, choose_edges, score_relations
from omr.metrics.detection import overlaps
from omr.notation import Node, NotationGraph, Staff
from omr.proximity import box_array, staff_space
from training.graph_pages import read_pages

MATCHED: Final = 0.05
"""Least IoU times class probability of a matched pair of symbols."""
REFUSED: Final = 0.499
"""Probability given to a relation that the rules refused, just below those they kept."""

ESSENTIAL: Final = frozenset(
    """noteheadFull stem beam augmentationDot accidentalSharp accidentalFlat accidentalNatural accidentalDoubleSharp
    accidentalDoubleFlat restWhole restHalf restQuarter rest8th rest16th multiMeasureRest repeat1Bar legerLine
    graceNoteAcciaccatura noteheadFullSmall brace staffGrouping barline barlineHeavy measureSeparator repeat repeatDot
    articulationStaccato articulationTenuto articulationAccent slur tie dynamicCrescendoHairpin dynamicDiminuendoHairpin
    ornament wiggleTrill ornamentTrill arpeggio glissando tupleBracket tuple gClef fClef cClef keySignature timeSignature
    dynamicsText tempoText otherText numeral0 numeral1 numeral2 numeral3 numeral4 numeral5 numeral6 numeral7 numeral8
    otherNumericSign unclassified horizontalSpanner breathMark noteheadHalf noteheadWhole flag8thUp flag8thDown flag16thUp
    flag16thDown fermataAbove fermataBelow dynamicLetterP dynamicLetterM dynamicLetterF dynamicLetterS""".split()  # noqa: SIM905
)
"""The 73 classes the published figures are counted over."""

MUSCIMA_NAMES: Final = {
    "ornamentTurn": "ornament",
    "ornamentTurnInverted": "ornament",
    "ornamentMordent": "ornament",
    "ornamentShortTrill": "ornament",
    "voltaBracket": "horizontalSpanner",
}
"""Classes of ours that MUSCIMA++ calls otherwise; all others have its name."""

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class GraphFigures:
    """Figures of one page, or their mean over pages; the edge counts are summed."""

    match_auc: float
    true_edges: int
    found_edges: int
    right_edges: int
    reachable_edges: int
    """Relations of the truth both whose ends were detected: what perfect linking would find."""

    @property
    def precision(self) -> float:
        return self.right_edges / max(1, self.found_edges)

    @property
    def recall(self) -> float:
        return self.right_edges / max(1, self.true_edges)

    @property
    def f1(self) -> float:
        return 2 * self.right_edges / max(1, self.found_edges + self.true_edges)

    @property
    def ceiling_f1(self) -> float:
        return 2 * self.reachable_edges / max(1, self.reachable_edges + self.true_edges)


def muscima_name(label: str) -> str:
    """The class of ours `label` as MUSCIMA++ calls it."""
    return MUSCIMA_NAMES.get(label, label)


def evaluate_page(
    truth: NotationGraph, nodes: Sequence[Node], staves: Sequence[Staff], scorer: EdgeScorer
) -> GraphFigures:
    """Figures of one page: `truth` in MUSCIMA++ form, `nodes` as a detector gives them, in the same pixels."""
    proposals = score_relations(nodes, staves, scorer)
    chosen = choose_edges(proposals, staff_space(nodes, staves))
    found = with_composites(NotationGraph(tuple(nodes), chosen), staves)
    probabilities = {(p.source.id, p.target.id): min(p.probability, REFUSED) for p in proposals}
    probabilities |= {(edge.source, edge.target): edge.score for edge in found.edges}
    return compare(truth, found, probabilities, {(e.source, e.target) for e in found.edges if e.score >= THRESHOLD})


def compare(
    truth: NotationGraph, found: NotationGraph, probabilities: Mapping[Pair, float], chosen: set[Pair]
) -> GraphFigures:
    """Figures of found relations, as pairs of ids: all with a probability for the AUC, the chosen ones for the edge figures."""
    nodes = essential_nodes(found.nodes)
    true_nodes, true_edges = true_relations(truth)
    matched = match(nodes, true_nodes)
    scores = _undirected(probabilities, {node.id for node in nodes})
    kept = set(_undirected(dict.fromkeys(chosen, 1.0), {node.id for node in nodes}))
    detected = set(matched.values())
    reachable = {pair for pair in true_edges if detected.issuperset(pair)}
    right = {pair for pair in kept if _translated(pair, matched) in true_edges}
    labels = np.array([_translated(pair, matched) in true_edges for pair in scores], bool)
    values = np.array(list(scores.values()), np.float64)
    everything = len(nodes) * (len(nodes) + 1) // 2
    return GraphFigures(
        match_auc=area_under_curve(values, labels, positives=len(reachable), everything=everything),
        true_edges=len(true_edges),
        found_edges=len(kept),
        right_edges=len(right),
        reachable_edges=len(reachable),
    )


def essential_nodes(nodes: Iterable[Node]) -> list[Node]:
    """Those of the 73 classes, by whichever name."""
    return [node for node in nodes if muscima_name(node.label) in ESSENTIAL]


def true_relations(truth: NotationGraph) -> tuple[list[Node], set[Pair]]:
    """Symbols of the 73 classes and the pairs of them that are related, either way, as sorted ids."""
    nodes = essential_nodes(truth.nodes)
    ids = {node.id for node in nodes}
    return nodes, {_sorted(e.source, e.target) for e in truth.edges if e.source in ids and e.target in ids}


def match(nodes: Sequence[Node], true_nodes: Sequence[Node]) -> dict[int, int]:
    """Ids of found nodes -> ids of true nodes: the assignment of largest summed IoU times class probability."""
    if not nodes or not true_nodes:
        return {}
    quality = overlaps(box_array(nodes), box_array(true_nodes)) * _class_probabilities(nodes, true_nodes)
    rows, columns = linear_sum_assignment(quality, maximize=True)
    good = quality[rows, columns] > MATCHED
    return {nodes[i].id: true_nodes[j].id for i, j in zip(rows[good].tolist(), columns[good].tolist(), strict=True)}


def area_under_curve(
    values: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_], *, positives: int, everything: int
) -> float:
    """Area under precision over recall by the trapezoid rule, over `everything` pairs of which those not listed have value 0.

    The same number as scikit-learn's auc over its precision_recall_curve; 1 where the truth has no relation.
    """
    if positives == 0:
        return 1.0
    order = np.argsort(-values, kind="stable")
    values, right = values[order], np.cumsum(labels[order])
    last_of_value = np.flatnonzero(np.diff(values, append=-np.inf))
    right, counted = right[last_of_value], last_of_value + 1
    recall = np.concatenate([[0.0], right / positives, [1.0]])
    precision = np.concatenate([[1.0], right / counted, [positives / everything]])
    return float(np.trapezoid(precision, recall))


def mean_figures(pages: Sequence[GraphFigures]) -> GraphFigures:
    """Match+AUC averaged over pages, edges summed."""
    return GraphFigures(
        match_auc=float(np.mean([page.match_auc for page in pages])),
        true_edges=sum(page.true_edges for page in pages),
        found_edges=sum(page.found_edges for page in pages),
        right_edges=sum(page.right_edges for page in pages),
        reachable_edges=sum(page.reachable_edges for page in pages),
    )


def load_scorer(path: Path) -> EdgeScorer:
    """The linker of an ONNX file, in float32."""
    from openvino import Core  # heavy, and not needed by the pure functions above

    compiled = Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda symbols, pairs, geometry: compiled([symbols, pairs, geometry])[0]


def _class_probabilities(nodes: Sequence[Node], true_nodes: Sequence[Node]) -> npt.NDArray[np.float64]:
    """(found, true): the probability each found node gives to the class of each true node."""
    names = sorted({node.label for node in true_nodes})
    column = {name: index for index, name in enumerate(names)}
    table = np.zeros((len(nodes), len(names)))
    for row, node in zip(table, nodes, strict=True):
        given = zip(DETECTED, node.scores, strict=True) if node.scores else ((node.label, 1.0),)
        for label, score in given:
            index = column.get(muscima_name(label))
            if index is not None:
                row[index] = max(row[index], score)
    return table[:, [column[node.label] for node in true_nodes]]


def _undirected(scores: Mapping[Pair, float], ids: set[int]) -> dict[Pair, float]:
    """Scores of unordered pairs within `ids`, the larger where both directions have one."""
    found: dict[Pair, float] = {}
    for (a, b), score in scores.items():
        if a in ids and b in ids:
            pair = _sorted(a, b)
            found[pair] = max(found.get(pair, 0.0), score)
    return found


def _translated(pair: Pair, matched: Mapping[int, int]) -> Pair | None:
    a, b = (matched.get(identity) for identity in pair)
    return None if a is None or b is None else _sorted(a, b)


def _sorted(a: int, b: int) -> Pair:
    return (a, b) if a <= b else (b, a)


def main(arguments: Sequence[str]) -> int:
    """Print the figures of a linker over two page files as one JSON line."""
    truth_path, detected_path, linker_path = (Path(argument) for argument in arguments)
    truth = {page.name: page.graph for page in read_pages(truth_path)}
    scorer = load_scorer(linker_path)
    pages = [page for page in read_pages(detected_path) if page.name in truth]
    figures = mean_figures([evaluate_page(truth[p.name], p.graph.nodes, p.staves, scorer) for p in pages])
    rates = {name: round(getattr(figures, name), 4) for name in ("precision", "recall", "f1", "ceiling_f1")}
    print(json.dumps({"pages": len(pages), **asdict(figures), **rates}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
