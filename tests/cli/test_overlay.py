"""The overlay: the page itself, paled, with staves, boxes and relations where they were found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine
from omr.overlay import RELATION, STAFF_COLORS, color_of, draw_overlay

SPACE = 10.0
HEIGHT, WIDTH = 200, 300


def staff(index: int, system: int, top: float) -> Staff:
    lines = tuple(StaffLine(xs=(20.0, 280.0), ys=(top + row * SPACE, top + row * SPACE)) for row in range(5))
    return Staff(index=index, system=system, lines=lines, box=Box(20, top, 280, top + 4 * SPACE), staff_space=SPACE)


GRAPH = NotationGraph(
    (
        Node(id=1, label="noteheadFull", box=Box(100, 35, 112, 45)),
        Node(id=2, label="stem", box=Box(160, 60, 162, 95)),
        Node(id=3, label="gClef", box=Box(30, 120, 50, 190)),
    ),
    (Edge(1, 2),),
)


def drawn(graph: NotationGraph, staves: tuple[Staff, ...]) -> np.ndarray:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[180:190, 200:280] = 0
    png = draw_overlay(pixels, graph, staves)
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def test_everything_is_drawn_in_its_place() -> None:
    picture = drawn(GRAPH, (staff(0, 0, 20), staff(1, 1, 130)))
    assert picture.shape == (HEIGHT, WIDTH, 3)
    for row, color in ((20, STAFF_COLORS[0]), (130, STAFF_COLORS[1])):
        assert np.abs(picture[row, 250].astype(int) - color).max() < 40  # lines are smoothed at their edges
    assert tuple(picture[35, 106]) == color_of("noteheadFull")
    assert tuple(picture[120, 40]) == color_of("gClef")
    along = picture[55:61, 130:140].reshape(-1, 3)  # half-way between head and stem
    assert (np.abs(along.astype(int) - RELATION).max(axis=1) < 40).any()
    assert 100 < picture[185, 240].mean() < 200  # ink, paled
    assert tuple(picture[110, 10]) == (255, 255, 255)


def test_the_name_of_a_rare_class_is_written_above_it() -> None:
    named = drawn(GRAPH, ())
    without = drawn(GRAPH.without_nodes([3]), ())
    changed = np.argwhere((named != without).any(axis=2))
    assert changed[:, 0].min() < 120 - 4
    assert changed[:, 1].max() > 52  # wider than the clef


def test_a_symbol_at_the_edge_is_no_fault() -> None:
    edge = NotationGraph(
        (Node(id=1, label="segno", box=Box(290, 0, 300, 3)), Node(id=2, label="coda", box=Box(0, 195, 9, 200)))
    )
    assert drawn(edge, ()).shape == (HEIGHT, WIDTH, 3)


def test_the_same_graph_in_any_order_of_edges_gives_the_same_picture() -> None:
    nodes = tuple(
        Node(id=number, label="stem", box=Box(20.0 * number, 10, 20.0 * number + 2, 90)) for number in range(5)
    )
    edges = [Edge(0, 3), Edge(1, 2), Edge(4, 0)]
    pictures = [drawn(NotationGraph(nodes, tuple(order)), ()) for order in (edges, edges[::-1])]
    assert np.array_equal(*pictures)


@pytest.mark.parametrize("label", ["noteheadFull", "systemSeparator"])
def test_every_class_has_a_colour(label: str) -> None:
    assert len(color_of(label)) == 3
