"""Loose writing: other ink, the same music, boxes as the ink has them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from datasets.synthetic import engrave, outline, raster
from datasets.synthetic.autograph import Looseness, loosened, random_looseness
from datasets.synthetic.relate import relate
from datasets.synthetic.running_hand import words
from datasets.synthetic.scene import Scene
from omr.geometry import Box, union
from tests.synthetic.test_engraving import LAYOUT, MEI, SPACE

NEAT = Looseness(head=(1.0, 1.0), gap=0.0, lean=0.0, bow=0.0, ruled=0, running=0, words=False)


@pytest.fixture(scope="module")
def scene() -> Scene:
    assert engrave.load(MEI, LAYOUT) == 1
    return next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene


@pytest.mark.parametrize("seed", range(3))
def test_boxes_follow_the_ink_and_relations_stay(scene: Scene, seed: int) -> None:
    before, chance = relate(scene), random.Random(seed)
    written, after = loosened(scene, before, random_looseness(chance), chance, SPACE)
    assert after.graph.edges == before.graph.edges
    for node in after.graph.nodes:
        assert node.box == union(written.primitives[place].box for place in after.places[node.id])


def test_small_heads_stay_at_their_stems(scene: Scene) -> None:
    loose = replace(NEAT, head=(0.5, 0.5))
    _, truth = loosened(scene, relate(scene), loose, random.Random(1), SPACE)
    nodes = {node.id: node for node in truth.graph.nodes}
    joined = [(nodes[edge.source].box, nodes[edge.target].box) for edge in truth.graph.edges]
    pairs = [(head, stem) for head, stem in joined if nodes and stem.width < 0.3 * SPACE < head.width < SPACE]
    assert pairs
    assert all(head.left - 1 <= stem.center.x <= head.right + 1 for head, stem in pairs)


def test_barlines_lean_as_a_whole(scene: Scene) -> None:
    loose = replace(NEAT, lean=0.2)
    written, _ = loosened(scene, relate(scene), loose, random.Random(1), SPACE)
    wider = [
        new.box.width - old.box.width
        for old, new in zip(scene.primitives, written.primitives, strict=True)
        if old.label == "barline"
    ]
    assert max(wider) > 0.3 * SPACE


def test_pale_lines_leave_dark_ink_dark(scene: Scene) -> None:
    written, _ = loosened(scene, relate(scene), replace(NEAT, ruled=150), random.Random(1), SPACE)
    neat, pale = raster.draw(scene).astype(int), raster.draw(written).astype(int)
    lines = (neat > 30) & (neat < 120)
    assert lines.sum() > 1000
    assert pale[lines].mean() > neat[lines].mean() + 40
    heads = [ink.box for ink in scene.primitives if ink.label == "noteheadFull"]
    assert heads
    assert all(pale[round(box.center.y), round(box.center.x)] < 20 for box in heads)


def test_words_keep_to_their_line() -> None:
    box = Box(100, 50, 300, 80)
    for seed in range(10):
        ink = outline.box_of((words(box, random.Random(seed), SPACE),))
        assert ink.intersection(box) > 0.3 * box.area
        assert ink.height < 3 * box.height
