"""Old dots: other sizes and distances, boxes still around the ink."""

from __future__ import annotations

import random

import pytest

from datasets.synthetic import engrave, outline
from datasets.synthetic.dots import FARTHER, SIZES, punched
from datasets.synthetic.scene import Scene
from tests.synthetic.test_engraving import LAYOUT, MEI, SPACE


@pytest.fixture(scope="module")
def scene() -> Scene:
    assert engrave.load(MEI, LAYOUT) == 1
    return next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene


@pytest.mark.parametrize("seed", range(5))
def test_dots_change_alike_and_nothing_else_does(scene: Scene, seed: int) -> None:
    pairs = list(zip(scene.primitives, punched(scene, random.Random(seed), SPACE).primitives, strict=True))
    dots = [(before, after) for before, after in pairs if before.label == "augmentationDot"]
    assert all(before is after for before, after in pairs if before.label not in SIZES)
    assert len(dots) == 2
    sizes = {round(after.box.width / before.box.width, 3) for before, after in dots}
    shifts = {round((after.box.center.x - before.box.center.x) / SPACE, 3) for before, after in dots}
    assert len(sizes) == len(shifts) == 1
    assert SIZES["augmentationDot"][0] <= sizes.pop() <= SIZES["augmentationDot"][1]
    assert 0 <= shifts.pop() <= FARTHER
    for _, after in dots:
        assert after.box == outline.box_of(after.paths)
