"""Candidate pairs and their features: enough pairs, few pairs, and the same numbers at any resolution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.candidates import REACH, candidate_edges, context_edges, graph_pairs
from omr.features import EDGE_FEATURES, NODE_FEATURES, edge_features, nearest_staff, node_features
from omr.geometry import Box
from omr.labels import DETECTED, GRAMMAR, INDEX
from omr.notation import Node, Staff, StaffLine


def node(identity: int, label: str, left: float, top: float, right: float, bottom: float) -> Node:
    return Node(id=identity, label=label, box=Box(left, top, right, bottom))


def staff(index: int, top: float, space: float = 16.0) -> Staff:
    lines = tuple(StaffLine(xs=(0.0, 1000.0), ys=(top + space * n,) * 2) for n in range(5))
    return Staff(index=index, system=0, lines=lines, box=Box(0, top, 1000, top + 4 * space), staff_space=space)


STAFF = staff(0, 100)
NOTE = (
    node(0, "noteheadFull", 100, 140, 120, 156),
    node(1, "stem", 118, 92, 120, 148),
    node(2, "flag8thUp", 119, 92, 133, 130),
    node(3, "accidentalSharp", 80, 130, 94, 166),
    node(4, "augmentationDot", 127, 144, 133, 150),
    node(5, "noteheadFull", 600, 140, 620, 156),
)


def labels_of(pairs: np.ndarray, nodes: tuple[Node, ...]) -> set[tuple[str, str]]:
    return {(nodes[a].label, nodes[b].label) for a, b in pairs.tolist()}


def test_every_relation_of_the_grammar_has_a_reach() -> None:
    assert {target for _, target in GRAMMAR} == set(REACH)


def test_a_note_reaches_its_parts_and_no_distant_head_does() -> None:
    pairs = candidate_edges(NOTE, (STAFF,))
    assert {tuple(pair) for pair in pairs.tolist()} == {(0, 1), (0, 2), (0, 3), (0, 4)}


def test_candidates_obey_the_grammar() -> None:
    assert labels_of(candidate_edges(NOTE, (STAFF,)), NOTE) <= GRAMMAR


def test_a_near_second_class_opens_a_relation() -> None:
    scores = [0.0] * len(DETECTED)
    scores[INDEX["repeatDot"]], scores[INDEX["augmentationDot"]] = 0.6, 0.5
    doubtful = replace(NOTE[4], label="repeatDot", scores=tuple(scores))
    assert [0, 1] in candidate_edges((NOTE[0], doubtful), (STAFF,)).tolist()
    scores[INDEX["augmentationDot"]] = 0.1
    certain = replace(doubtful, scores=tuple(scores))
    assert candidate_edges((NOTE[0], certain), (STAFF,)).tolist() == []


def test_features_do_not_depend_on_resolution() -> None:
    large = tuple(replace(n, box=n.box.scaled(2.5)) for n in NOTE)
    large_staff = staff(0, 250, 40)
    pairs, count = graph_pairs(NOTE, (STAFF,))
    assert graph_pairs(large, (large_staff,))[0].tolist() == pairs.tolist()
    np.testing.assert_allclose(
        edge_features(NOTE, pairs, (STAFF,), count), edge_features(large, pairs, (large_staff,), count), atol=1e-5
    )
    np.testing.assert_allclose(node_features(NOTE, (STAFF,)), node_features(large, (large_staff,)), atol=1e-5)


def test_shapes_hold_for_an_empty_page_and_for_one_symbol() -> None:
    for nodes in ((), NOTE[:1]):
        for staves in ((), (STAFF,)):
            pairs, count = graph_pairs(nodes, staves)
            assert (pairs.shape, count) == ((0, 2), 0)
            assert node_features(nodes, staves).shape == (len(nodes), NODE_FEATURES)
            assert edge_features(nodes, pairs, staves, count).shape == (0, EDGE_FEATURES)


def test_context_joins_a_stem_with_the_beam_it_crosses() -> None:
    nodes = (node(0, "stem", 100, 100, 102, 160), node(1, "beam", 90, 96, 300, 110), node(2, "beam", 400, 96, 500, 110))
    pairs = {tuple(pair) for pair in context_edges(nodes, (STAFF,)).tolist()}
    assert (0, 1) in pairs
    assert (0, 2) not in pairs


def test_the_nearest_staff_gives_the_staff_position() -> None:
    staves = (STAFF, staff(1, 400))
    nodes = (node(0, "noteheadFull", 50, 392, 66, 408), node(1, "noteheadFull", 50, 172, 66, 188))
    which, place = nearest_staff(nodes, staves)
    assert which.tolist() == [1, 0]
    np.testing.assert_allclose(place, [0, 10], atol=0.01)
    for index, found in zip(which, nodes, strict=True):
        centre = found.box.center
        assert abs(staves[index].position_at(centre.x, centre.y) - place[found.id]) < 0.01
