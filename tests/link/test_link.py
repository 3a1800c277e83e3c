"""The choice of relations: what the rules forbid, what they share out, and that they never invent."""

from __future__ import annotations

import numpy as np

from omr.geometry import Box
from omr.link import Proposal, choose_edges, link
from omr.notation import Node, Staff, StaffLine

SPACE = 16.0
LINES = tuple(StaffLine(xs=(0.0, 1000.0), ys=(100 + SPACE * n,) * 2) for n in range(5))
STAFF = Staff(index=0, system=0, lines=LINES, box=Box(0, 100, 1000, 164), staff_space=SPACE)


def node(identity: int, label: str, left: float, top: float, right: float, bottom: float) -> Node:
    return Node(id=identity, label=label, box=Box(left, top, right, bottom))


def chosen(*proposals: Proposal) -> set[tuple[int, int]]:
    return {(edge.source, edge.target) for edge in choose_edges(proposals, SPACE)}


HEAD = node(0, "noteheadFull", 100, 140, 120, 156)
UPPER_HEAD = node(1, "noteheadFull", 100, 124, 120, 140)
STEM = node(2, "stem", 118, 60, 120, 148)
DOWN_STEM = node(3, "stem", 100, 150, 102, 230)
BEAM = node(4, "beam", 118, 58, 300, 68)
FAR_BEAM = node(5, "beam", 200, 58, 300, 68)
FLAG = node(6, "flag8thUp", 119, 60, 133, 100)
SAME_FLAG = node(7, "flag16thUp", 119, 60, 133, 102)
SHARP = node(8, "accidentalSharp", 80, 130, 94, 166)
TIE = node(9, "tie", 125, 158, 195, 166)
NEXT_HEAD = node(10, "noteheadFull", 200, 140, 220, 156)


def test_unlikely_relations_are_left_out() -> None:
    assert chosen(Proposal(HEAD, STEM, 0.49)) == set()


def test_a_relation_outside_the_grammar_is_left_out() -> None:
    assert chosen(Proposal(STEM, HEAD, 0.99)) == set()


def test_a_head_has_two_stems_only_on_opposite_sides() -> None:
    second = node(20, "stem", 119, 62, 121, 146)
    assert chosen(Proposal(HEAD, STEM, 0.9), Proposal(HEAD, second, 0.8)) == {(0, 2)}
    assert chosen(Proposal(HEAD, STEM, 0.9), Proposal(HEAD, DOWN_STEM, 0.8)) == {(0, 2), (0, 3)}


def test_an_accidental_belongs_to_its_likeliest_head() -> None:
    assert chosen(Proposal(HEAD, SHARP, 0.7), Proposal(UPPER_HEAD, SHARP, 0.8)) == {(1, 8)}


def test_a_beam_beside_the_stem_is_refused() -> None:
    stem = Proposal(HEAD, STEM, 0.9)
    assert chosen(stem, Proposal(HEAD, BEAM, 0.9)) == {(0, 2), (0, 4)}
    assert chosen(stem, Proposal(HEAD, FAR_BEAM, 0.9)) == {(0, 2)}


def test_flags_and_beams_exclude_each_other_on_one_stem() -> None:
    stem = Proposal(HEAD, STEM, 0.9)
    assert chosen(stem, Proposal(HEAD, BEAM, 0.9), Proposal(HEAD, FLAG, 0.8)) == {(0, 2), (0, 4)}


def test_two_readings_of_one_flag_give_one_relation() -> None:
    assert chosen(Proposal(HEAD, FLAG, 0.9), Proposal(HEAD, SAME_FLAG, 0.8)) == {(0, 6)}


def test_the_heads_of_a_chord_share_their_beam() -> None:
    stems = (Proposal(HEAD, STEM, 0.9), Proposal(UPPER_HEAD, STEM, 0.9))
    sure, unsure = Proposal(HEAD, BEAM, 0.9), Proposal(UPPER_HEAD, BEAM, 0.4)
    assert chosen(*stems, sure, unsure) == {(0, 2), (1, 2), (0, 4), (1, 4)}


def test_a_tie_joins_two_heads_at_opposite_ends() -> None:
    left, right = Proposal(HEAD, TIE, 0.9), Proposal(NEXT_HEAD, TIE, 0.8)
    also_left = Proposal(UPPER_HEAD, TIE, 0.85)
    assert chosen(left, also_left, right) == {(0, 9), (10, 9)}


def test_link_keeps_every_symbol_and_the_scorers_verdict() -> None:
    def certain(symbols: np.ndarray, pairs: np.ndarray, geometry: np.ndarray) -> np.ndarray:
        assert pairs.shape == (2, len(geometry))
        assert pairs.max() < len(symbols)
        return np.full(len(geometry), 0.75, np.float32)

    graph = link((HEAD, STEM, SHARP), (STAFF,), certain)
    assert len(graph.nodes) == 3
    assert {(edge.source, edge.target, edge.score) for edge in graph.edges} == {(0, 2, 0.75), (0, 8, 0.75)}


def test_a_page_without_candidates_never_asks_the_scorer() -> None:
    def never(symbols: np.ndarray, pairs: np.ndarray, geometry: np.ndarray) -> np.ndarray:
        raise AssertionError("asked about nothing")

    assert link((), (), never).nodes == ()
    assert link((HEAD,), (STAFF,), never).edges == ()
