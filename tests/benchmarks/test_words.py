"""Words count as each class of MUSCIMA++, by whether they stand over or under their staff."""

from __future__ import annotations

import pytest

from benchmarks.words import with_words
from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine


def _staff(index: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(0.0, 900.0), ys=(top + 16 * row, top + 16 * row)) for row in range(5))
    return Staff(index=index, system=index, lines=lines, box=Box(0, top, 900, top + 64), staff_space=16.0)


STAVES = (_staff(0, 100), _staff(1, 400))


def _classes(top: float) -> dict[str, float]:
    word = Node(id=7, label="text", box=Box(50, top, 120, top + 20), score=0.8)
    return {node.label: node.score for node in with_words([word], STAVES)}


def test_over_a_staff_a_word_is_likeliest_a_tempo() -> None:
    found = _classes(60)
    assert max(found, key=found.__getitem__) == "tempoText"


def test_under_a_staff_it_is_another_word() -> None:
    found = _classes(180)
    assert max(found, key=found.__getitem__) == "otherText"


def test_the_staff_nearest_to_the_word_decides() -> None:
    assert _classes(360) == _classes(60)


def test_its_classes_share_its_score() -> None:
    assert sum(_classes(60).values()) == pytest.approx(0.8)
    assert sum(_classes(180).values()) == pytest.approx(0.8, abs=0.01)


def test_other_symbols_stay() -> None:
    head = Node(id=1, label="noteheadFull", box=Box(0, 0, 10, 10))
    assert with_words([head], ()) == [head]
