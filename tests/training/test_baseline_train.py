"""The published network's training: its pairs, and that what is written computes what was trained."""

from __future__ import annotations

import numpy as np
import torch

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph
from training.baseline import node_arrays, page_size
from training.baseline_train import Pages, PairNetwork, all_pairs, train

HEAD = Node(id=3, label="noteheadFull", box=Box(100, 200, 120, 216))
STEM = Node(id=5, label="stem", box=Box(118, 140, 120, 208))
FAR = Node(id=9, label="stem", box=Box(800, 140, 802, 208))
TRUTH = NotationGraph((HEAD, STEM, FAR), (Edge(3, 5),))
PAGES = Pages(truth=(TRUTH, TRUTH), found=(TRUTH, TRUTH))


def test_pairs_are_ordered_near_and_their_own() -> None:
    pairs = all_pairs(PAGES, "a")
    listed = {tuple(pair) for pair in pairs.pairs.T.tolist()}
    assert listed == {(a + k, b + k) for k in (0, 3) for a, b in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 2))}
    assert float(pairs.related.sum()) == 4


def test_what_is_written_computes_what_was_trained() -> None:
    for setting in ("a", "c"):
        torch.manual_seed(0)
        network = PairNetwork(setting)
        pairs = all_pairs(PAGES, setting)
        expected = torch.sigmoid(network(pairs.boxes, pairs.classes, torch.tensor([[0], [1]])))
        found = network.exported().probabilities(*node_arrays((HEAD, STEM, FAR), page_size(TRUTH), setting))
        np.testing.assert_allclose(found[0, 1], expected.item(), atol=1e-5)


def test_the_best_epoch_is_kept_apart_from_the_network_that_learns_on() -> None:
    first = train("a", 1, 5, all_pairs(PAGES, "a"), PAGES, lambda line: None)
    again = train("a", 1, 5, all_pairs(PAGES, "a"), PAGES, lambda line: None)
    assert np.array_equal(first.w1, again.w1)
    assert not np.array_equal(first.w1, train("a", 2, 5, all_pairs(PAGES, "a"), PAGES, lambda line: None).w1)
