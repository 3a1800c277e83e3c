"""Signs set in the place of their like: labels follow the ink, and nothing outside the families changes."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from datasets.synthetic import engrave, outline, smufl
from datasets.synthetic.exchange import BROKEN, FAMILIES, TRIANGLES, exchanged
from datasets.synthetic.relate import relate
from datasets.synthetic.scene import Scene
from tests.synthetic.test_engraving import LAYOUT, MEI, SPACE

EXCHANGED = {label for family in FAMILIES for label in family.labels}


@pytest.fixture(scope="module")
def scene() -> Scene:
    assert engrave.load(MEI, LAYOUT) == 1
    return next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene


def test_every_sign_set_has_a_class() -> None:
    assert all(smufl.label_of(code_point) for family in FAMILIES for code_point in family.by)
    assert {smufl.label_of(code_point) for code_point in TRIANGLES} == {"noteheadTriangle"}


@pytest.mark.parametrize("font", ["Bravura", "Leland", "Gootville"])
def test_signs_change_with_their_labels_and_keep_their_places(scene: Scene, font: str) -> None:
    found: Counter[str] = Counter()
    for seed in range(40):
        for before, after in zip(
            scene.primitives, exchanged(scene, random.Random(seed), font, SPACE).primitives, strict=True
        ):
            if after is before:
                continue
            assert before.label in EXCHANGED or (before.label == "barline" and after.label in BROKEN)
            assert after.box == outline.box_of(after.paths)
            assert abs(after.box.center.x - before.box.center.x) < 0.1 * SPACE
            assert abs(after.box.center.y - before.box.center.y) < 1.5 * SPACE
            found[str(after.label)] += 1
    assert {"noteheadTriangle", *BROKEN} <= set(found)


def test_boxes_of_the_truth_are_those_of_the_new_ink(scene: Scene) -> None:
    changed = exchanged(scene, random.Random(3), "Bravura", SPACE)
    names = Counter(node.label for node in relate(changed).graph.nodes)
    before = Counter(node.label for node in relate(scene).graph.nodes)
    assert names != before
    assert {label for label in names if names[label] > before[label]} <= {
        *(smufl.label_of(code_point) for family in FAMILIES for code_point in family.by),
        "noteheadHalfSmall",
        *BROKEN,
    }
