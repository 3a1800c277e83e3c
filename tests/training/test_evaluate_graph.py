"""Match+AUC and the full edge figures on graphs whose figures are known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph
from training.evaluate_graph import area_under_curve, compare, match


def node(identity: int, label: str, left: float) -> Node:
    return Node(id=identity, label=label, box=Box(left, 0, left + 10, 10))


TRUTH = NotationGraph(
    (node(0, "noteheadFull", 0), node(1, "stem", 20), node(2, "beam", 40), node(3, "staff", 60)),
    (Edge(0, 1), Edge(0, 2), Edge(0, 3)),
)
PERFECT = {(0, 1): 0.9, (0, 2): 0.8}


def test_perfect_relations_score_one_and_staff_relations_do_not_count() -> None:
    figures = compare(TRUTH, TRUTH, PERFECT, set(PERFECT))
    assert (figures.match_auc, figures.f1, figures.ceiling_f1) == (1.0, 1.0, 1.0)
    assert figures.true_edges == 2


def test_a_missed_symbol_costs_recall_but_not_match_auc() -> None:
    found = TRUTH.without_nodes((2,))
    figures = compare(TRUTH, found, {(0, 1): 0.9}, {(0, 1)})
    assert figures.match_auc == 1.0
    assert (figures.precision, figures.recall) == (1.0, 0.5)
    assert figures.ceiling_f1 == pytest.approx(2 / 3)


def test_a_wrong_relation_costs_precision() -> None:
    figures = compare(TRUTH, TRUTH, {**PERFECT, (1, 2): 0.95}, {*PERFECT, (1, 2)})
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.match_auc < 0.8


def test_direction_does_not_count() -> None:
    assert compare(TRUTH, TRUTH, {(1, 0): 0.9, (2, 0): 0.8}, {(1, 0), (2, 0)}).f1 == 1.0


def test_matching_follows_place_and_soft_classes() -> None:
    from omr.labels import DETECTED, INDEX

    scores = [0.0] * len(DETECTED)
    scores[INDEX["slur"]], scores[INDEX["stem"]] = 0.6, 0.3
    doubtful = replace(node(7, "slur", 20), scores=tuple(scores))
    assert match((doubtful, node(8, "stem", 300)), TRUTH.nodes[:3]) == {7: 1}
    certain = replace(doubtful, scores=())
    assert match((certain,), TRUTH.nodes[:3]) == {}


def test_area_by_hand() -> None:
    values, labels = np.array([0.9, 0.8, 0.7]), np.array([True, False, True])
    # recall 0 .5 .5 1, precision 1 1 .5 2/3, and all 6 pairs at recall 1
    expected = 0.5 * 1.0 + 0.5 * (0.5 + 2 / 3) / 2
    assert area_under_curve(values, labels, positives=2, everything=6) == pytest.approx(expected)


def test_relations_without_a_score_come_last() -> None:
    values, labels = np.array([0.9]), np.array([True])
    found = area_under_curve(values, labels, positives=2, everything=100)
    assert found == pytest.approx(0.5 + 0.5 * (1.0 + 0.02) / 2)
