"""A trained detector averaged with the one it started from, weight by weight.

Assumes that a run that went on from a detector learned the new pages and forgot a little of the old ones, and that between the
two lie weights that know both (Wortsman et al. 2022, Robust fine-tuning of zero-shot models). The normalisations' figures are
counted anew, on tiles, because those of neither end fit the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from training import checkpoint
from training.detector import start, watched
from training.network import new_model
from training.recipe import recipe_of
from training.yolo import DetectionModel, raw

TOGETHER: Final = 4  # tiles whose figures are counted at once


def blend(weights: Path, begun: Path, data: Path, share: float, out: Path) -> Path:
    """Writes `share` of a run's weights.pt and the rest of `begun` (the card or weights.pt it started from) to `out`.

    `data` holds the recipe's folders of tiles. Raises CheckpointError and, without tiles, FileNotFoundError.
    """
    state = checkpoint.load(weights)
    recipe = recipe_of(state["recipe"])
    folders = [data / folder for folder in recipe.folders]
    old, new = start(recipe, folders, begun).average.state_dict(), state["model"]
    model = new_model(recipe)
    model.load_state_dict({name: between(old[name], new[name], share) for name in new})
    count_anew(model, watched(folders))
    out.parent.mkdir(parents=True, exist_ok=True)
    figures = {**state["figures"], "blended_share": share}
    checkpoint.save(out, {**state, "model": model.state_dict(), "figures": figures})
    return out


def between(old: Tensor, new: Tensor, share: float) -> Tensor:
    """The weighted mean; what is counted in whole numbers stays as `new` has it."""
    return torch.lerp(old, new, share) if new.is_floating_point() else new


@torch.no_grad()
def count_anew(model: DetectionModel, tiles: Sequence[Tensor]) -> None:
    """Sets mean and variance of each normalisation to those on tiles (1, 1, side, side)."""
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    model.train()
    for first in range(0, max(1, len(tiles) - TOGETHER + 1), TOGETHER):
        raw(model, torch.cat(list(tiles[first : first + TOGETHER])))
