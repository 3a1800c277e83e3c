"""The optimizers of a recipe: AdamW for everything, or Muon for the convolutions and AdamW for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import nn

from training.muon import Muon
from training.recipe import DetectorRecipe

MUON_SCALE: Final = 0.2
"""Root mean square of an AdamW step in units of its learning rate: with it one learning rate fits both."""
SMALLEST: Final = 8
"""A matrix with fewer rows or columns has no directions to even out."""


def build_optimizers(model: nn.Module, recipe: DetectorRecipe) -> tuple[torch.optim.Optimizer, ...]:
    """Weights decay, biases and norms do not; every group remembers its full learning rate as `base`."""
    weights = [value for value in model.parameters() if value.requires_grad and value.ndim >= 2]
    rest = [value for value in model.parameters() if value.requires_grad and value.ndim < 2]
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == "adamw":
        groups = [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]
        return _based(torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99)))
    wide = [value for value in weights if min(value.shape[0], value.flatten(1).shape[1]) >= SMALLEST]
    chosen = {id(value) for value in wide}
    others = [value for value in weights if id(value) not in chosen]
    groups = [{"params": others, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]
    muon = Muon([{"params": wide}], lr=rate * MUON_SCALE, weight_decay=decay / MUON_SCALE)
    return _based(muon, torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99)))


def set_rates(optimizers: Sequence[torch.optim.Optimizer], factor: float) -> None:
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor


def _based(*optimizers: torch.optim.Optimizer) -> tuple[torch.optim.Optimizer, ...]:
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["base"] = group["lr"]
    return optimizers
