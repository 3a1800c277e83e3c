"""A page on its head is told by clefs at the wrong ends, and an upright page is not searched for them."""

from __future__ import annotations

import numpy as np
import pytest

from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine
from omr.turn_over import upside_down

IMAGE = np.full((600, 1000), 255, np.uint8)


def staff(index: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(100.0, 900.0), ys=(top + 16 * k, top + 16 * k)) for k in range(5))
    return Staff(index=index, system=index, lines=lines, box=Box(100, top, 900, top + 64), staff_space=16.0)


STAVES = (staff(0, 100.0), staff(1, 300.0))


def clef(x: float, y: float) -> Node:
    return Node(id=0, label="gClef", box=Box(x - 20, y - 50, x + 20, y + 50), score=0.9)


def finding(monkeypatch: pytest.MonkeyPatch, *nodes: Node) -> list[tuple[int, ...]]:
    """Lets the strips show `nodes`; the shapes of the strips that were searched."""
    seen: list[tuple[int, ...]] = []

    def detect(image: np.ndarray, detector: object) -> tuple[Node, ...]:
        seen.append(image.shape)
        return nodes

    monkeypatch.setattr("omr.turn_over.detect", detect)
    return seen


def test_an_upright_page_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = finding(monkeypatch)
    assert not upside_down(IMAGE, STAVES, [clef(130, 132)], None)
    assert not seen


def test_clefs_at_the_other_ends_turn_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = finding(monkeypatch, clef(80, 600 - 132), clef(80, 600 - 332))
    assert upside_down(IMAGE, STAVES, [], None)
    assert seen[0][0] == 600
    assert seen[0][1] < 300


@pytest.mark.parametrize("nodes", [(), (clef(80, 40),), (Node(id=0, label="restQuarter", box=Box(70, 450, 90, 490)),)])
def test_a_page_without_clefs_stays(monkeypatch: pytest.MonkeyPatch, nodes: tuple[Node, ...]) -> None:
    finding(monkeypatch, *nodes)
    assert not upside_down(IMAGE, STAVES, [], None)
