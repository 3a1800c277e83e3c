"""What a detector finds on labelled pages, as the program sees them: prepared, detected, in the page's own pixels.

A finding is right when it has a symbol's class and overlaps it by half. For recall and precision thin ink is widened to half a
staff space first (a shift of one pixel would count as a miss of a ledger line three pixels high); average precision takes the
boxes as they are labelled, and nothing caps the number of findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_pages import UNLABELLED, LabelledPage
from omr.detect import detect
from omr.metrics.detection import average_precision, match_in_order, overlaps
from omr.models import Detector
from omr.notation import Node
from omr.page import read_pages
from omr.prepare import prepare

FLOOR: Final = 0.02  # score from which findings count for average precision
THIN: Final = 0.5  # staff spaces
SAME: Final = 0.5  # IoU
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled page and what was found in its frame."""

    page: LabelledPage
    found: tuple[Node, ...]
    """At the shipped thresholds."""
    all: tuple[Node, ...]
    """From score FLOOR up."""
    staff_space: float
    """Pixels of the page."""


def judge(page: LabelledPage, detector: Detector) -> Judged:
    """Runs the detector on a labelled page."""
    prepared = prepare(next(iter(read_pages(page.picture))))
    found = detect(prepared.image, detector)
    everything = detect(prepared.image, detector, threshold=FLOOR, thresholds={})
    return Judged(
        page=page,
        found=tuple(_in_frame(page, map(prepared.node_to_page, found))),
        all=tuple(_in_frame(page, map(prepared.node_to_page, everything))),
        staff_space=prepared.page_staff_space,
    )


def _in_frame(page: LabelledPage, nodes: Iterable[Node]) -> Iterable[Node]:
    return (node for node in nodes if node.label not in UNLABELLED and page.frame.contains(node.box.center))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many symbols of each class there are, were found, and how many findings there were."""

    true: Counter[str]
    hits: Counter[str]
    found: Counter[str]

    def recall(self, labels: Sequence[str]) -> float | None:
        """Share of the symbols of these classes that were found, None when there are none."""
        true = sum(self.true[label] for label in labels)
        return sum(self.hits[label] for label in labels) / true if true else None

    def precision(self, labels: Sequence[str]) -> float | None:
        found = sum(self.found[label] for label in labels)
        return sum(self.hits[label] for label in labels) / found if found else None


def count(pages: Sequence[Judged]) -> Counts:
    """Recall's and precision's numerators and denominators over all pages."""
    true, hits, found = Counter[str](), Counter[str](), Counter[str]()
    for judged in pages:
        pairs = matched(judged)
        true.update(node.label for node in judged.page.symbols if node.label not in UNLABELLED)
        found.update(node.label for node in judged.found)
        hits.update(node.label for node, hit in pairs if hit)
    return Counts(true=true, hits=hits, found=found)


def matched(judged: Judged, *, all_findings: bool = False) -> list[tuple[Node, bool]]:
    """Findings, each with whether it is right."""
    findings = judged.all if all_findings else judged.found
    return [(node, hit) for node, hit, _ in _matches(findings, judged.page.symbols, THIN * judged.staff_space)]


def missed(judged: Judged) -> list[Node]:
    """Symbols that were not found."""
    taken = Counter(symbol for _, _, symbol in _matches(judged.found, judged.page.symbols, THIN * judged.staff_space))
    return [node for node in judged.page.symbols if node.id not in taken and node.label not in UNLABELLED]


def _matches(found: Sequence[Node], symbols: Sequence[Node], thin: float) -> list[tuple[Node, bool, int]]:
    """(finding, whether it is right, id of its symbol or -1), class by class, best findings first."""
    rows: list[tuple[Node, bool, int]] = []
    for label in sorted({node.label for node in found}):
        mine = sorted((node for node in found if node.label == label), key=lambda node: -node.score)
        true = [node for node in symbols if node.label == label]
        columns = match_in_order(overlaps(_boxes(mine, thin), _boxes(true, thin)), SAME)
        for node, column in zip(mine, columns.tolist(), strict=True):
            rows.append((node, column >= 0, true[column].id if column >= 0 else -1))
    return rows


def _boxes(nodes: Sequence[Node], thin: float) -> Floats:
    boxes = [node.box.at_least(thin) for node in nodes]
    return np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.float64).reshape(-1, 4)


def weighted_precision(pages: Sequence[Judged]) -> tuple[float, dict[str, tuple[int, float]]]:
    """Average precision at IoU one half, weighted by the number of symbols, and (symbols, precision) by class."""
    truth = [[node for node in judged.page.symbols if node.label not in UNLABELLED] for judged in pages]
    table = average_precision(truth, [judged.all for judged in pages])
    return table.weighted, {one.label: (one.count, one.precision) for one in table.classes}


def reliability(pages: Sequence[Judged], *, bins: int = 10) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error of the scores, and by bin (mean score, share of right findings, findings).

    Over the findings with a score of at least a tenth. Source: Naeini et al. 2015.
    """
    pairs = [pair for judged in pages for pair in matched(judged, all_findings=True) if pair[0].score >= 0.1]
    scores = np.array([node.score for node, _ in pairs])
    hits = np.array([hit for _, hit in pairs], float)
    places = np.minimum((scores * bins).astype(int), bins - 1)
    rows = []
    for place in range(bins):
        here = places == place
        if here.any():
            rows.append((float(scores[here].mean()), float(hits[here].mean()), int(here.sum())))
    error = sum(number * abs(score - share) for score, share, number in rows) / max(1, len(pairs))
    return error, rows
