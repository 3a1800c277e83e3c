"""The detector's network: YOLOv8 over our classes, how it starts, its loss, and what a run left of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch

from omr import labels
from training import checkpoint
from training.assigner import SparseAssigner
from training.recipe import DetectorRecipe, recipe_of
from training.tiles import list_tiles, read_labels
from training.yolo import DetectionModel, build_model, set_gains, v8DetectionLoss

PRIOR_TILES: Final = 300  # tiles whose labels set the classes' prior frequencies
ANCHORS_EACH: Final = 5.0  # anchors that answer for a symbol
LEAST_PRIOR: Final = 1e-5


def new_model(recipe: DetectorRecipe) -> DetectionModel:
    model = build_model(recipe.model, len(labels.DETECTED), light_head=recipe.light_head)
    set_gains(model, box=recipe.box_gain, cls=recipe.class_gain, dfl=recipe.distribution_gain)
    return model


def loss_of(model: DetectionModel) -> v8DetectionLoss:
    """YOLOv8's loss with the assigner that lists pairs."""
    loss = v8DetectionLoss(model)
    strides = loss.stride.tolist()
    loss.assigner = SparseAssigner(topk=10, num_classes=loss.nc, alpha=0.5, beta=6.0, stride=strides)
    return loss


def set_priors(model: DetectionModel, folders: list[Path]) -> None:
    """Start each class at its frequency, so that the first steps need not unlearn 130 classes on every anchor."""
    tiles = list_tiles(folders, "train")[:: max(1, len(list_tiles(folders, "train")) // PRIOR_TILES)]
    if not tiles:
        raise FileNotFoundError(f"no tiles below {', '.join(map(str, folders))}: make some with python -m datasets")
    counts = np.zeros(len(labels.DETECTED))
    for tile in tiles:
        np.add.at(counts, read_labels(tile)[:, 0].astype(int), 1)
    head = model.model[-1]
    anchors = sum((640 / float(stride)) ** 2 for stride in head.stride)
    prior = np.clip(counts / len(tiles) * ANCHORS_EACH / anchors, LEAST_PRIOR, 0.05)
    logits = torch.from_numpy(np.log(prior / (1 - prior))).float()
    for branch in head.cv3:
        branch[-1].bias.data[:] = logits


def load_average(path: Path) -> tuple[DetectionModel, DetectorRecipe, dict[str, object]]:
    """Averaged weights, recipe and figures of a run from its weights.pt or checkpoint.pt; raises CheckpointError."""
    state = checkpoint.load(path)
    recipe = recipe_of(state["recipe"])
    model = new_model(recipe)
    model.load_state_dict(state["average"] if "average" in state else state["model"])
    counts = state.get("figures") or counts_of(state["step"], state["pieces"], state["elapsed"])
    return model.eval(), recipe, counts


def counts_of(steps: int, pieces: int, seconds: float) -> dict[str, object]:
    return {"steps": steps, "pieces": pieces, "minutes": round(seconds / 60, 1)}
