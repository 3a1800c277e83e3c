"""The linker network, its training and its export, on pages small enough for seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from omr.geometry import Box
from omr.labels import DETECTED
from omr.models import checked_card
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from training import linker_export
from training.graph_pages import GraphPage, read_pages, write_pages
from training.linker import Linker, LinkerConfig, LinkerProbabilities
from training.linker_export import write_card
from training.linker_train import Recipe, train
from training.simulated_detector import Faults, simulate
from training.tensors import hard, joined, page_tensors

SMALL = LinkerConfig(hidden=8, rounds=2)
LINES = tuple(StaffLine(xs=(0.0, 1000.0), ys=(100 + 16.0 * n,) * 2) for n in range(5))
STAFF = Staff(index=0, system=0, lines=LINES, box=Box(0, 100, 1000, 164), staff_space=16.0)
NO_FAULTS = Faults(looseness=0, missed=0, doubled=0, broken=0, false=0, mistaken=0, soft=False)


def page(notes: int = 6) -> GraphPage:
    """Notes in a row, each a head with a stem and a sharp that lies nearest to it."""
    nodes, edges = [], []
    for n in range(notes):
        x, head = 60 + 50.0 * n, 3 * n
        nodes.append(Node(id=head, label="noteheadFull", box=Box(x, 140, x + 20, 156)))
        nodes.append(Node(id=head + 1, label="stem", box=Box(x + 18, 92, x + 20, 148)))
        nodes.append(Node(id=head + 2, label="accidentalSharp", box=Box(x - 20, 128, x - 6, 168)))
        edges += [Edge(head, head + 1), Edge(head, head + 2)]
    return GraphPage(name="row", graph=NotationGraph(tuple(nodes), tuple(edges)), staves=(STAFF,))


def recipe(**changes: object) -> Recipe:
    base = Recipe(
        name="test",
        version="1",
        licence="CC0-1.0",
        data=(),
        seed=3,
        steps=6,
        batch=2,
        learning_rate=0.01,
        hidden=8,
        rounds=2,
        engraved=("pages.gz",),
    )
    return replace(base, **changes)


def test_page_files_come_back_as_written_and_with_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.gz", tmp_path / "b.gz"
    assert write_pages([page(), page(2)], first) == 2
    write_pages([page(), page(2)], second)
    assert first.read_bytes() == second.read_bytes()
    assert tuple(read_pages(first)) == (page(), page(2))


def test_tensors_mark_the_relations_of_the_truth() -> None:
    tensors = page_tensors(page())
    assert int(tensors.related.sum()) == 12
    assert bool(tensors.scored[tensors.related > 0].all())
    two = joined([tensors, page_tensors(page(2))])
    assert len(two.symbols) == 24
    assert int(two.related.sum()) == 16
    assert int(two.pairs[:, tensors.pairs.shape[1] :].min()) >= 18


def test_without_faults_the_simulated_detector_changes_nothing() -> None:
    assert simulate(page(), NO_FAULTS, np.random.default_rng(0)) == page()


def test_missed_symbols_take_their_relations_along() -> None:
    found = simulate(page(40), replace(NO_FAULTS, missed=0.5), np.random.default_rng(0))
    kept = {node.id for node in found.graph.nodes}
    assert 30 < len(kept) < 90
    assert {(e.source, e.target) for e in found.graph.edges} == {
        (e.source, e.target) for e in page(40).graph.edges if e.source in kept and e.target in kept
    }


def test_a_broken_beam_leaves_each_head_with_the_piece_at_its_place() -> None:
    nodes = (
        Node(id=0, label="noteheadFull", box=Box(100, 140, 120, 156)),
        Node(id=1, label="noteheadFull", box=Box(300, 140, 320, 156)),
        Node(id=2, label="beam", box=Box(118, 80, 320, 100)),
    )
    whole = GraphPage(name="beam", graph=NotationGraph(nodes, (Edge(0, 2), Edge(1, 2))), staves=(STAFF,))
    graph = simulate(whole, replace(NO_FAULTS, broken=1.0), np.random.default_rng(0)).graph
    left, right = sorted((node for node in graph.nodes if node.label == "beam"), key=lambda node: node.box.left)
    assert left.box.right == right.box.left
    assert (left.box.left, right.box.right) == (118, 320)
    assert [node.id for node in graph.sources(left.id)] == [0]
    assert [node.id for node in graph.sources(right.id)] == [1]


def test_faults_are_the_same_for_the_same_seed_and_scores_fit_the_labels() -> None:
    faults = Faults(looseness=0.1, missed=0.1, doubled=0.1, broken=0.0, false=0.1, mistaken=0.1, soft=True)
    first, second = (simulate(page(20), faults, np.random.default_rng(5)) for _ in range(2))
    assert first == second
    assert first != simulate(page(20), faults, np.random.default_rng(6))
    assert all(max(node.scores) == node.score or node.score < 0.6 for node in first.graph.nodes)


def test_the_network_learns_which_sharp_belongs_to_which_head() -> None:
    torch.manual_seed(0)
    linker, tensors = Linker(SMALL), page_tensors(page())
    optimizer = torch.optim.Adam(linker.parameters(), lr=0.02)
    for _ in range(60):
        logits = linker(tensors.symbols, tensors.pairs, tensors.geometry)[tensors.scored]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, tensors.related[tensors.scored])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    other = page_tensors(page(9))
    found = linker(other.symbols, other.pairs, other.geometry)[other.scored] > 0
    assert torch.equal(found.float(), other.related[other.scored])


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    write_pages([page(), page(3)], tmp_path / "pages.gz")
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole = train(recipe(), tmp_path, tmp_path / "whole", lambda line: None)
    train(recipe(), tmp_path, tmp_path / "broken", lambda line: None, stop=3)
    broken = train(recipe(), tmp_path, tmp_path / "broken", lambda line: None)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(broken.state_dict()[name], value)


def test_export_computes_what_torch_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linker_export, "GRAPHS", ((40, 200), (5, 60), (2, 1), (1, 0)))
    path = tmp_path / "linker.onnx"
    assert linker_export.export_linker(Linker(SMALL), path) < 1e-5
    assert path.stat().st_size > 1000


def test_an_export_that_differs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = linker_export.write_onnx

    def another_network(model: torch.nn.Module, path: Path) -> None:
        torch.manual_seed(99)
        honest(LinkerProbabilities(Linker(SMALL)).eval(), path)

    monkeypatch.setattr(linker_export, "GRAPHS", ((40, 200),))
    monkeypatch.setattr(linker_export, "write_onnx", another_network)
    torch.manual_seed(1)
    with pytest.raises(linker_export.ExportMismatchError, match="differs"):
        linker_export.export_linker(Linker(SMALL), tmp_path / "linker.onnx")
    assert not (tmp_path / "linker.onnx").exists()


def test_the_card_names_the_file_it_describes(tmp_path: Path) -> None:
    model = tmp_path / "linker-test-1.onnx"
    model.write_bytes(b"weights")
    card = checked_card(write_card(model, recipe(), {"f1": 0.5}))
    assert (card.name, card.version, card.figures["f1"]) == ("test", "1", 0.5)
    assert card.recipe["steps"] == 6


def test_what_the_detector_saw_comes_back_and_reaches_the_network(tmp_path: Path) -> None:
    whole = page(2)
    nodes = tuple(replace(node, features=(0.5, -1.25, float(node.id))) for node in whole.graph.nodes)
    seen = replace(whole, graph=NotationGraph(nodes, whole.graph.edges))
    write_pages([seen], tmp_path / "pages.gz")
    assert tuple(read_pages(tmp_path / "pages.gz")) == (seen,)
    plain, rich = page_tensors(whole, 3), page_tensors(seen, 3)
    assert torch.equal(plain.symbols[:, -3:], torch.zeros(6, 3))
    assert rich.symbols[4, -3:].tolist() == [0.25, -0.625, 2.0]
    assert torch.equal(plain.symbols[:, :-3], rich.symbols[:, :-3])
    assert train(recipe(features=3), tmp_path, tmp_path, lambda line: None).config.features == 3


def test_hard_classes_forget_the_second_best() -> None:
    faults = replace(NO_FAULTS, looseness=0.1, soft=True)
    soft = simulate(page(20), faults, np.random.default_rng(1))
    columns = page_tensors(hard(soft)).symbols[:, : len(DETECTED)]
    assert torch.equal(columns.max(dim=1).values, torch.ones(len(columns)))
    assert float(page_tensors(soft).symbols[:, : len(DETECTED)].max(dim=1).values.min()) < 1


def test_without_rounds_a_pair_does_not_know_of_others() -> None:
    torch.manual_seed(0)
    alone = Linker(replace(SMALL, rounds=0))
    tensors = page_tensors(page())
    few = alone(tensors.symbols, tensors.pairs[:, :2], tensors.geometry[:2])
    torch.testing.assert_close(alone(tensors.symbols, tensors.pairs, tensors.geometry)[:2], few)
