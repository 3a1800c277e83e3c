"""Augmentation dots among crowded heads."""

from __future__ import annotations

from dataclasses import replace

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph
from omr.reading.dots import with_nearest_dots, with_shared_dots
from omr.reading.values import values_of
from tests.reading.paper import SPACE
from tests.reading.test_other_voices_ink import stemmed


def crowd(score: float) -> NotationGraph:
    """Two heads in a row, a dot right of both that is related to the first."""
    nodes = (
        Node(id=0, label="noteheadFull", box=Box(100, 92, 118, 108)),
        Node(id=1, label="noteheadHalf", box=Box(120, 92, 138, 108)),
        Node(id=2, label="augmentationDot", box=Box(144, 96, 150, 102)),
    )
    return NotationGraph(nodes, (Edge(0, 2, score),))


def test_a_dot_belongs_to_the_head_next_to_it() -> None:
    assert with_nearest_dots(crowd(0.7), SPACE).edges == (Edge(1, 2, 0.7),)


def test_a_person_may_relate_a_dot_to_another_head() -> None:
    assert with_nearest_dots(crowd(1.0), SPACE).edges == (Edge(0, 2, 1.0),)


def test_a_dot_of_a_head_with_two_stems_may_lengthen_one_voice_only() -> None:
    upper = replace(stemmed(1, 300, 100, 1), dots=1)
    lower = replace(upper, id=2, direction=-1)
    other = replace(stemmed(3, 400, 100, 1), dots=1)
    shared = with_shared_dots([upper, lower, other])
    assert [item.shared_dots for item in shared] == [True, True, False]
    undotted = [next(value.cost for value in values_of(item) if not value.dots) for item in shared]
    assert undotted[0] == undotted[1] < undotted[2]
