"""A bent page keeps its relations, and its boxes and staff lines stay on the ink."""

from __future__ import annotations

import random

import numpy as np
import pytest

from datasets.synthetic import engrave, raster
from datasets.synthetic.bend import Bend, bend_page, random_bend
from datasets.synthetic.relate import Related, relate
from datasets.synthetic.scene import Scene
from omr.geometry import Box
from tests.synthetic.test_engraving import LAYOUT, MEI, SPACE

SLACK = 0.3  # pixels: the last sliver of an outline is too pale to be seen


@pytest.fixture(scope="module")
def flat() -> tuple[Scene, Related]:
    assert engrave.load(MEI, LAYOUT) == 1
    scene = next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene
    return scene, relate(scene)


@pytest.mark.parametrize("seed", range(4))
def test_boxes_are_the_bounds_of_the_bent_ink(flat: tuple[Scene, Related], seed: int) -> None:
    scene, truth = bend_page(*flat, random_bend(random.Random(seed), flat[0], SPACE))
    image = raster.draw(scene)
    assert truth.graph.edges == flat[1].graph.edges
    for node in truth.graph.nodes:
        if node.label in ("noteheadFull", "accidentalSharp", "gClef", "restQuarter", "beam"):
            inside = image[_rows(node.box), _columns(node.box)]
            edges = (inside[0], inside[-1], inside[:, 0], inside[:, -1])
            assert max(edge.min() for edge in edges) < 250, node.label


def test_staff_lines_follow_the_ink(flat: tuple[Scene, Related]) -> None:
    scene, truth = bend_page(*flat, _strong(flat[0]))
    image = raster.draw(scene)
    for staff in truth.staves:
        heights = [line.ys for line in staff.lines]
        assert np.ptp(heights[0]) > SPACE / 2  # it is bent
        for line in staff.lines:
            columns = np.arange(int(line.xs[0]) + 3, int(line.xs[-1]) - 3)
            rows = np.rint([line.y_at(float(column) + 0.5) - 0.5 for column in columns]).astype(int)
            assert (image[rows, columns] < 220).mean() > 0.98


def test_a_clef_without_its_figure_keeps_its_share_of_the_glyph(flat: tuple[Scene, Related]) -> None:
    _, truth = bend_page(*flat, _strong(flat[0]))
    clef, figure = (_one(truth, label) for label in ("gClef", "clefOctave8"))
    assert figure.top >= clef.bottom - 3
    assert clef.height == pytest.approx(_one(flat[1], "gClef").height, rel=0.05)


def _strong(scene: Scene) -> Bend:
    waves = ((SPACE * 0.6, 2.0, 0.3),)
    return Bend(width=scene.width, height=scene.height, turn=0.01, slant=(0.01, -0.01), squeeze=0.97, waves=waves)


def _one(truth: Related, label: str) -> Box:
    return next(node.box for node in truth.graph.nodes if node.label == label)


def _rows(box: Box) -> slice:
    return slice(int(box.top + SLACK), int(np.ceil(box.bottom - SLACK)))


def _columns(box: Box) -> slice:
    return slice(int(box.left + SLACK), int(np.ceil(box.right - SLACK)))
