"""What a linker's recipe names is what linker_material makes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from omr.models import WEIGHTS, newest_card
from training import linker_material
from training.detected_pages import _detector
from training.linker_material import SIZES, _hand, _print

RECIPES = Path(linker_material.__file__).parent / "recipes"


@pytest.mark.parametrize(("edition", "steps"), [("hand", _hand), ("print", _print)])
def test_recipes_use_files_that_are_made(edition: str, steps: object, tmp_path: Path) -> None:
    assert callable(steps)
    made = {name for name, _, _ in steps(tmp_path / "card.json", tmp_path)}
    recipe = tomllib.loads((RECIPES / f"linker-{edition}.toml").read_text("utf-8"))
    assert made >= {*recipe["engraved"], *recipe["detected"]}


def test_pages_the_detector_learned_from_are_looked_at_in_other_sizes(tmp_path: Path) -> None:
    options = [arguments for _, _, arguments in _hand(tmp_path / "card.json", tmp_path) if "--size" in arguments]
    assert [arguments[arguments.index("--size") + 1] for arguments in options] == list(SIZES)
    assert all(arguments[arguments.index("--split") + 1] == "train" for arguments in options)
    own = newest_card(WEIGHTS, "detector-hand")
    assert tuple(_detector(own, False, 0.75).looks) == (0.75,)
    assert tuple(_detector(own, False, None).looks) == (1.0, 1.2)
