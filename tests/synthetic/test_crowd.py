"""Rests on notes: whole rests move, with their dots, onto a note of their staff; nothing else does."""

from __future__ import annotations

import random

import pytest

from datasets.synthetic import crowd, outline
from datasets.synthetic.crowd import ASIDE, crowded
from datasets.synthetic.scene import Scene
from omr.labels import NOTEHEADS, RESTS
from tests.synthetic.test_dots import SPACE, scene

__all__ = ["scene"]


@pytest.mark.parametrize("seed", range(5))
def test_rests_go_onto_notes_of_their_staff(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "PAGES", 1.0)
    monkeypatch.setattr(crowd, "MOVED", 1.0)
    pairs = list(zip(scene.primitives, crowded(scene, random.Random(seed), SPACE).primitives, strict=True))
    moved = [(before, after) for before, after in pairs if before is not after]
    assert any(before.label in RESTS for before, _ in moved)
    assert all(before.owner.rest for before, _ in moved)
    for before, after in moved:
        assert after.box == outline.box_of(after.paths)
        assert after.box.top == pytest.approx(before.box.top)
        heads = [
            ink
            for ink in scene.primitives
            if ink.label in NOTEHEADS
            and (ink.owner.system, ink.owner.staff) == (before.owner.system, before.owner.staff)
        ]
        if before.label in RESTS:
            assert min(abs(head.box.center.x - after.box.center.x) for head in heads) <= ASIDE * SPACE + 0.01


def test_most_pages_keep_some_rests_and_some_keep_all(scene: Scene) -> None:
    changed = [crowded(scene, random.Random(seed), SPACE) is not scene for seed in range(40)]
    assert any(changed)
    assert not all(changed)
