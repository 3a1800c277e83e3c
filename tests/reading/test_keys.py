"""A key signature is a whole row where relations are certain, and guessed from its places where accidentals may be missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation import NotationGraph
from omr.reading import ReadPage, read_score
from tests.reading.paper import SPACE, WIDTH, Paper

LEFT, STEP = 115.0, 18.0  # pixels


def fifths(
    label: str, positions: tuple[float, ...], *, step: float = STEP, first: float = 400.0, score: float = 1.0
) -> int:
    """The key of a bar of quarters from `first` on after a row of accidentals; `score` is that of every relation."""
    paper = Paper()
    paper.clef()
    for index, position in enumerate(positions):
        paper.mark(label, LEFT + step * index, position)
    for beat in range(4):
        paper.note(first + 180 * beat, "F5")
    paper.line(WIDTH)
    graph = paper.page().graph
    edges = tuple(replace(edge, score=score) for edge in graph.edges)
    (measure,) = read_score([ReadPage(NotationGraph(graph.nodes, edges), paper.staves)]).parts[0].measures
    assert measure.key is not None
    return measure.key.fifths


@pytest.mark.parametrize(("score", "expected"), [(1.0, 2), (0.9, 4)])
def test_a_sharp_in_another_ones_place_means_missed_ones_only_where_some_may_be_missed(
    score: float, expected: int
) -> None:
    assert fifths("accidentalSharp", (0, 2), score=score) == expected


@pytest.mark.parametrize(("third", "expected"), [(5, -3), (1.5, -2)])
def test_accidentals_at_different_heights_may_stand_close(third: float, expected: int) -> None:
    assert fifths("accidentalFlat", (4, 1, third), step=0.3 * SPACE, score=0.9) == expected


@pytest.mark.parametrize(("score", "expected"), [(1.0, 1), (0.9, 0)])
def test_an_accidental_near_a_head_is_the_keys_where_certainly_no_note_has_it(score: float, expected: int) -> None:
    assert fifths("accidentalSharp", (0,), first=LEFT + 1.8 * SPACE, score=score) == expected
