"""Rests on notes: whole rests move, with their dots, onto a note of their staff or its ledger lines; nothing else does."""

from __future__ import annotations

import random

import pytest

from datasets.synthetic import crowd, outline
from datasets.synthetic.crowd import ALONG, ASIDE, LEVEL, Place, crowded
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.scene import Scene
from omr.labels import NOTEHEADS, RESTS
from tests.synthetic.test_dots import SPACE, scene

__all__ = ["scene"]


@pytest.mark.parametrize("seed", range(5))
def test_rests_go_onto_notes_of_their_staff(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = _moved(scene, seed, monkeypatch, on_ledgers=0.0)
    assert any(before.label in RESTS for before, _ in moved)
    assert all(before.owner.rest for before, _ in moved)
    for before, after in moved:
        assert after.box == outline.box_of(after.paths)
        assert after.box.top == pytest.approx(before.box.top)
        heads = [ink for ink in scene.primitives if ink.label in NOTEHEADS and _place(ink) == _place(before)]
        if before.label in RESTS:
            assert min(abs(head.box.center.x - after.box.center.x) for head in heads) <= ASIDE * SPACE + 0.01


@pytest.mark.parametrize("seed", range(5))
def test_rests_go_onto_ledger_lines_of_their_staff(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = _moved(scene, seed, monkeypatch, on_ledgers=1.0)
    led = {_place(ink) for ink in scene.primitives if ink.label == "legerLine"}
    there = [pair for pair in moved if pair[0].label in RESTS and _place(pair[0]) in led]
    assert any(before.label not in LEVEL for before, _ in there)
    for before, after in there:
        lines = [
            ink.box.center for ink in scene.primitives if ink.label == "legerLine" and _place(ink) == _place(before)
        ]
        middle = after.box.center
        if before.label in LEVEL:
            assert middle.y == pytest.approx(before.box.center.y)
        else:
            assert any(
                abs(line.x - middle.x) <= ASIDE * SPACE + 0.5 and abs(line.y - middle.y) <= ALONG * SPACE + 0.5
                for line in lines
            )


def test_most_pages_keep_some_rests_and_some_keep_all(scene: Scene) -> None:
    changed = [crowded(scene, random.Random(seed), SPACE) is not scene for seed in range(40)]
    assert any(changed)
    assert not all(changed)


def _moved(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch, *, on_ledgers: float
) -> list[tuple[Primitive, Primitive]]:
    """What moves where all rests do, before and after."""
    for name, share in (("PAGES", 1.0), ("MOVED", 1.0), ("ON_LEDGERS", on_ledgers)):
        monkeypatch.setattr(crowd, name, share)
    pairs = list(zip(scene.primitives, crowded(scene, random.Random(seed), SPACE).primitives, strict=True))
    return [(before, after) for before, after in pairs if before is not after]


def _place(ink: Primitive) -> Place:
    return ink.owner.system, ink.owner.staff
