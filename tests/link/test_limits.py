"""Absurd graphs: linking neither fails nor takes long, and what was left out is said."""

from __future__ import annotations

import numpy as np
import pytest

from omr import candidates
from omr.check import check_graph
from omr.geometry import Box
from omr.link import link
from omr.notation import Node, NotationGraph

LABELS = ("noteheadFull", "stem", "accidentalSharp", "beam")


def certain(symbols: np.ndarray, pairs: np.ndarray, geometry: np.ndarray) -> np.ndarray:
    return np.full(pairs.shape[1], 0.9, np.float32)


def crowd(count: int, side: float) -> tuple[Node, ...]:
    """Symbols strewn over a square, each surer than the one before."""
    places = np.random.default_rng(0).uniform(0, side, (count, 2)).tolist()
    return tuple(
        Node(id=n, label=LABELS[n % 4], box=Box(x, y, x + 16, y + 14), score=(n + 1) / count)
        for n, (x, y) in enumerate(places)
    )


def test_classes_nobody_knows_stay_without_relations() -> None:
    nodes = (Node(id=0, label="spaceship", box=Box(0, 0, 9, 9)), *(n for n in crowd(8, 40) if n.id))
    graph = link(nodes, (), certain)
    assert graph.nodes == nodes
    assert graph.edges
    assert not any(0 in (edge.source, edge.target) for edge in graph.edges)


def test_of_ten_thousand_symbols_the_surest_are_linked_and_an_issue_says_so() -> None:
    graph = link(crowd(10_000, 4000), (), certain)
    assert len(graph.nodes) == 10_000
    dim = 10_000 - candidates.MOST_SYMBOLS
    assert min(min(edge.source, edge.target) for edge in graph.edges) >= dim
    (issue,) = (one for one in check_graph(graph) if one.code == "symbols-not-linked")
    assert "10000 symbols" in issue.message
    assert str(dim) in issue.message


def test_a_page_of_usual_size_has_no_such_issue() -> None:
    assert "symbols-not-linked" not in {issue.code for issue in check_graph(NotationGraph(crowd(50, 400)))}


def test_where_pairs_are_too_many_each_target_keeps_its_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = crowd(200, 60)
    everything = candidates.candidate_edges(nodes, ())
    monkeypatch.setattr(candidates, "MOST_PAIRS", len(everything) // 4)
    kept = candidates.candidate_edges(nodes, ())
    assert len(kept) <= len(everything) // 4
    assert {target for _, target in kept.tolist()} == {target for _, target in everything.tolist()}
