"""Thresholds and figures of findings whose right answer is known by hand."""

from __future__ import annotations

import pytest

from omr.geometry import Box
from omr.notation import Node
from training.evaluate import JUDGED, Findings, best_thresholds, figures


def node(identity: int, label: str, left: float, score: float = 1.0) -> Node:
    return Node(id=identity, label=label, box=Box(left, 0, left + 10, 10), score=score)


TRUTH = tuple(node(n, "stem", 100.0 * n) for n in range(6))
FOUND = (
    *(node(n, "stem", 100.0 * n + 1, 0.3 + 0.05 * n) for n in range(6)),  # right, scores .30 to .55
    *(node(10 + n, "stem", 100.0 * n + 50, 0.22) for n in range(6)),  # false, scores .22
    node(20, "beam", 0, 0.9),
)


def test_the_threshold_lies_below_the_right_findings_and_above_the_false_ones() -> None:
    assert best_thresholds(Findings((TRUTH,), (FOUND,))) == {**JUDGED, "stem": 0.3}


def test_a_class_with_few_instances_keeps_the_usual_threshold() -> None:
    assert best_thresholds(Findings((TRUTH[:3],), (FOUND,))) == JUDGED
    assert best_thresholds(Findings((TRUTH,), ((),))) == JUDGED


def test_thresholds_stay_in_their_range() -> None:
    low = tuple(node(n, "stem", 100.0 * n, 0.06) for n in range(6))
    high = tuple(node(n, "stem", 100.0 * n, 0.9) for n in range(6))
    assert best_thresholds(Findings((TRUTH,), (low,))) == {**JUDGED, "stem": 0.1}
    assert best_thresholds(Findings((TRUTH,), (high,))) == {**JUDGED, "stem": 0.3}


def test_what_the_reader_weighs_is_given_to_it_whatever_serves_the_tiles_best() -> None:
    dots = tuple(node(n, "augmentationDot", 100.0 * n, 0.9) for n in range(6))
    assert best_thresholds(Findings((dots,), (dots,))) == JUDGED


def test_figures_of_a_perfect_and_of_an_empty_detector() -> None:
    perfect, nothing = figures(Findings((TRUTH,), (TRUTH,))), figures(Findings((TRUTH,), ((),)))
    assert perfect["ap50_weighted"] == perfect["ap50_95_weighted"] == pytest.approx(1.0)
    assert nothing["ap50_weighted"] == 0
    assert perfect["ap50_by_class"] == {"stem": [6, pytest.approx(1.0)]}
