"""The published pairwise network: what it computes, its files, and its figures beside ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from omr.errors import ModelError
from omr.geometry import Box
from omr.labels import DETECTED, INDEX
from omr.notation import Edge, Node, NotationGraph
from training import baseline
from training.baseline import (
    IDS,
    VOCABULARY,
    Baseline,
    evaluate_baseline,
    load_baseline,
    node_arrays,
    page_size,
    save_baseline,
)

HEAD = Node(id=3, label="noteheadFull", box=Box(100, 200, 120, 216))
STEM = Node(id=5, label="stem", box=Box(118, 140, 120, 208))
FAR = Node(id=9, label="stem", box=Box(800, 140, 802, 208))
TRUTH = NotationGraph((HEAD, STEM, FAR), (Edge(3, 5),))


def network(setting: str = "b") -> Baseline:
    """Random weights."""
    draw = np.random.default_rng(1)

    def table(*shape: int) -> np.ndarray:
        return draw.normal(size=shape).astype(np.float32)

    return Baseline(
        setting=setting,  # type: ignore[arg-type]
        embedding=table(VOCABULARY, 32), embedding_bias=table(32), w1=table(32, 72), b1=table(32), w2=table(32, 32),
        b2=table(32), w3=table(1, 32), b3=table(1),
    )  # fmt: skip


def test_every_pair_goes_through_the_layers_as_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "ROWS", 2)  # so that blocks of rows meet
    weights = network()
    boxes, classes = node_arrays((HEAD, STEM, FAR), page_size(TRUTH), "b")
    found = weights.probabilities(boxes, classes)
    nodes = np.concatenate([boxes, classes @ weights.embedding + weights.embedding_bias], axis=1)
    for i, j in ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2)):
        hidden = np.maximum(weights.w1 @ np.concatenate([nodes[i], nodes[j]]) + weights.b1, 0)
        hidden = np.maximum(weights.w2 @ hidden + weights.b2, 0)
        logit = float((weights.w3 @ hidden + weights.b3)[0])
        assert found[i, j] == pytest.approx(1 / (1 + np.exp(-np.clip(logit, -40, 40))), abs=1e-5)


def test_boxes_are_scaled_by_the_page_height() -> None:
    assert page_size(TRUTH) == (276, 862)
    boxes, _ = node_arrays((HEAD,), (276, 862), "b")
    assert boxes[0].tolist() == pytest.approx([400 / 276 - 1, (200 - 862) / 276, 432 / 276 - 1, (240 - 862) / 276])


def test_only_the_setting_with_soft_classes_sees_them() -> None:
    scores = [0.0] * len(DETECTED)
    scores[INDEX["stem"]], scores[INDEX["barline"]] = 0.6, 0.3
    doubtful = replace(STEM, scores=tuple(scores))
    hard, soft = (node_arrays((doubtful,), (300, 300), setting)[1][0] for setting in ("b", "c"))
    assert {k: float(hard[k]) for k in np.flatnonzero(hard)} == {IDS["stem"]: 1.0}
    assert soft[IDS["stem"]] == pytest.approx(0.6)
    assert soft[IDS["barline"]] == pytest.approx(0.3)


def test_figures_count_as_those_of_a_linker(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = np.zeros((3, 3), np.float32)
    answer[0, 1], answer[1, 2] = 0.9, 0.6
    monkeypatch.setattr(Baseline, "probabilities", lambda self, boxes, classes: answer)
    figures = evaluate_baseline(TRUTH, TRUTH, network())
    assert (figures.found_edges, figures.right_edges, figures.true_edges) == (2, 1, 1)
    assert figures.match_auc == 1.0
    assert figures.f1 == pytest.approx(2 / 3)


def test_files_come_back_and_others_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c-1.npz"
    save_baseline(network("c"), path)
    assert path.stat().st_size < 42_000
    again = load_baseline(path)
    assert again.setting == "c"
    assert np.array_equal(again.w2, network("c").w2)
    monkeypatch.setattr(baseline, "FORMAT", 2)
    with pytest.raises(ModelError, match=r"c-1\.npz: format 1, this version reads format 2"):
        load_baseline(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"c-1\.npz: not a baseline network"):
        load_baseline(path)
