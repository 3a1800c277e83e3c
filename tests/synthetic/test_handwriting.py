"""Handwritten signs on engraved places: other ink, the same music."""

from __future__ import annotations

import random
from types import MappingProxyType

import numpy as np
import pytest
import skia

from datasets.synthetic import engrave, outline, raster
from datasets.synthetic.handwriting import PRINTED, STROKES, Hand, handwritten, outlined
from datasets.synthetic.relate import relate
from datasets.synthetic.scene import Scene
from omr.geometry import union
from tests.synthetic.test_engraving import LAYOUT, MEI, SPACE


@pytest.fixture(scope="module")
def scene() -> Scene:
    assert engrave.load(MEI, LAYOUT) == 1
    return next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene


@pytest.fixture
def hands() -> tuple[Hand, ...]:
    """One hand writes heads as discs, another knows a sharp only."""
    rows, columns = np.mgrid[:20, :24]
    disc = outlined(((rows - 9.5) / 10) ** 2 + ((columns - 11.5) / 12) ** 2 < 1, 20.0)
    sharp = outlined(np.eye(40, 20, dtype=bool) | (columns[:1, :20] % 7 == 0), 20.0)
    return (
        Hand(writer="W-01", signs=MappingProxyType({"noteheadFull": (disc,)})),
        Hand(writer="W-02", signs=MappingProxyType({"accidentalSharp": (sharp,)})),
    )


def test_an_outline_covers_its_mask_and_spares_its_holes() -> None:
    mask = np.zeros((30, 40), bool)
    mask[2:28, 3:37] = True
    mask[10:20, 12:30] = False
    path = outline.placed(outlined(mask, 10.0), skia.Matrix.Translate(2.0, 1.5))
    pixels = np.full((30, 40, 4), 255, np.uint8)
    big = outline.placed(path, skia.Matrix.Scale(10, 10))
    skia.Canvas(pixels).drawPath(big, skia.Paint(AntiAlias=True, Color=0xFF000000))
    assert (pixels[:, :, 0] < 128).sum() == pytest.approx(mask.sum(), rel=0.03)
    assert ((pixels[:, :, 0] < 128) & ~mask).sum() < 20


@pytest.mark.parametrize("seed", range(4))
def test_signs_are_written_and_the_music_stays(scene: Scene, hands: tuple[Hand, ...], seed: int) -> None:
    before = relate(scene)
    written, after = handwritten(scene, before, hands, random.Random(seed), SPACE)
    assert after.graph.edges == before.graph.edges
    for node, places in ((node, after.places[node.id]) for node in after.graph.nodes):
        assert node.box == union(written.primitives[place].box for place in places)
    for old, new in zip(scene.primitives, written.primitives, strict=True):
        if old.label in PRINTED:
            assert new is old
        elif old.label in ("noteheadFull", "noteheadFullSmall", "accidentalSharp"):
            assert new.paths != old.paths
            assert new.box == outline.box_of(new.paths)
            assert abs(new.box.center.x - old.box.center.x) < 0.4 * SPACE
            assert abs(new.box.center.y - old.box.center.y) < 0.4 * SPACE
            assert new.box.height < 1.6 * old.box.height
        elif old.label in STROKES:
            assert new.box.height == pytest.approx(old.box.height, abs=0.5 * SPACE)
    assert (raster.draw(written) != raster.draw(scene)).any()


def test_the_same_seed_writes_the_same(scene: Scene, hands: tuple[Hand, ...]) -> None:
    pages = [raster.draw(handwritten(scene, relate(scene), hands, random.Random(3), SPACE)[0]) for _ in range(2)]
    assert np.array_equal(*pages)
