"""Whole and half rests are told apart by the staff's lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omr.geometry import Box
from omr.hanging_rests import with_hanging_rests
from omr.labels import DETECTED, INDEX
from omr.notation import Node, Staff, StaffLine

SPACE = 16.0
LINES = tuple(StaffLine(xs=(0.0, 500.0), ys=(100 + SPACE * line,) * 2) for line in range(5))
STAFF = Staff(index=0, system=0, lines=LINES, box=Box(0, 100, 500, 164), staff_space=SPACE)


def rest(label: str, top: float, number: int = 0) -> Node:
    return Node(id=number, label=label, box=Box(200, top, 224, top + 9), score=0.8)


@pytest.mark.parametrize("seen", ["restWhole", "restHalf"])
@pytest.mark.parametrize(
    ("top", "label"), [(117, "restWhole"), (123, "restHalf"), (101, "restWhole"), (91, "restHalf")]
)
def test_the_line_names_the_rest(seen: str, top: float, label: str) -> None:
    (found,) = with_hanging_rests([rest(seen, top)], [STAFF])
    assert found.label == label


@pytest.mark.parametrize("top", [120, 60])
def test_a_rest_in_between_or_far_off_stays(top: float) -> None:
    for label in ("restWhole", "restHalf"):
        assert with_hanging_rests([rest(label, top)], [STAFF])[0].label == label


def test_scores_follow_and_a_person_is_believed() -> None:
    scores = [0.0] * len(DETECTED)
    scores[INDEX["restWhole"]], scores[INDEX["restHalf"]] = 0.8, 0.1
    whole = replace(rest("restWhole", 123), scores=tuple(scores))
    told = replace(whole, id=1, origin="human")
    head = Node(id=2, label="noteheadFull", box=Box(300, 120, 320, 136))
    found = with_hanging_rests([whole, told, head], [STAFF])
    assert [node.label for node in found] == ["restHalf", "restWhole", "noteheadFull"]
    assert (found[0].scores[INDEX["restWhole"]], found[0].scores[INDEX["restHalf"]]) == (0.1, 0.8)
