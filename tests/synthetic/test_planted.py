"""Planted signs: on white paper, of known classes, nothing of the page moved, flagged notes whole and related."""

from __future__ import annotations

import random

import pytest

from datasets.synthetic import planted as planting
from datasets.synthetic.planted import TRANSPARENT, planted
from datasets.synthetic.planted_notes import beamed, ossia
from datasets.synthetic.planted_pieces import UNIT, Draw
from datasets.synthetic.planted_signs import SIGNS, Sign
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.relate import relate
from datasets.synthetic.scene import Scene
from omr.labels import DETECTED, FLAGS
from tests.synthetic.test_dots import SPACE, scene

__all__ = ["scene"]

FONT = "Leipzig"


@pytest.mark.parametrize("seed", range(3))
def test_signs_stand_on_white_paper(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    added = _added(scene, seed, monkeypatch)
    assert added
    for ink in added:
        others = (one for one in scene.primitives if one.label not in TRANSPARENT)
        assert all(ink.box.intersection(other.box) == 0 for other in others)
        assert 0 <= ink.box.left < ink.box.right <= scene.width
        assert 0 <= ink.box.top < ink.box.bottom <= scene.height


def test_a_planted_flag_belongs_to_its_head(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planting, "SIGNS", SIGNS[:1])
    page = _planted(scene, 0, monkeypatch)
    graph = relate(page).graph
    labels = {node.id: node.label for node in graph.nodes}
    kept = {node.id for node in relate(scene).graph.nodes}
    flags = [node for node in graph.nodes if node.label in FLAGS and node.id not in kept]
    assert flags
    for flag in flags:
        owners = {edge.source for edge in graph.edges if edge.target == flag.id}
        assert [labels[owner] for owner in owners] == ["noteheadFull"]
        assert any(edge.source in owners and labels[edge.target] == "stem" for edge in graph.edges)


@pytest.mark.parametrize(("draw", "head"), [(beamed, "noteheadFull"), (ossia, "noteheadFullSmall")])
def test_planted_beams_belong_to_both_heads(
    draw: Draw, head: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planting, "SIGNS", [sign for sign in SIGNS if sign.draw is draw])
    page = _planted(scene, 0, monkeypatch)
    graph = relate(page).graph
    boxes = {ink.box for ink in page.primitives[len(scene.primitives) :] if ink.label == "beam"}
    beams = [node for node in graph.nodes if node.label == "beam" and node.box in boxes]
    assert len(beams) == len(boxes) > 0
    labels = {node.id: node.label for node in graph.nodes}
    for beam in beams:
        owners = [labels[edge.source] for edge in graph.edges if edge.target == beam.id]
        assert owners == [head, head]


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_is_of_known_classes_and_of_a_sign_s_size(sign: Sign) -> None:
    for seed in range(20):
        pieces = sign.draw(random.Random(seed), FONT)
        assert pieces
        for piece in pieces:
            assert piece.label in DETECTED
            bounds = piece.path.computeTightBounds()
            assert 0.1 * UNIT < max(bounds.width(), bounds.height()) < 20 * UNIT


def test_some_pages_stay_as_they_are(scene: Scene) -> None:
    changed = [planted(scene, random.Random(seed), FONT, SPACE) is not scene for seed in range(30)]
    assert any(changed)
    assert not all(changed)


def _added(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Primitive, ...]:
    page = _planted(scene, seed, monkeypatch)
    assert page.primitives[: len(scene.primitives)] == scene.primitives
    return page.primitives[len(scene.primitives) :]


def _planted(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(planting, "PAGES", 1.0)
    return planted(scene, random.Random(seed), FONT, SPACE)
