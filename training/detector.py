"""Trains the symbol detector within a given time: YOLOv8's network and loss, our tiles, our clock.

Assumes that time on this machine is what is scarce, and that others may be using it: the learning rate follows the clock, not a
count of epochs, so that every run ends annealed. Steps are small and many, because one tile of dense music already holds
hundreds of examples.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from training import checkpoint, schedule
from training.host import Precision, autocast, best_precision, keep_memory, pick_device
from training.network import counts_of, loss_of, new_model, set_priors
from training.optimizers import build_optimizers, set_rates
from training.recipe import DetectorRecipe, Phase
from training.thaw import thaw
from training.tiles import (
    Endless,
    Jitter,
    Piece,
    batch_of,
    cut,
    least_sides,
    list_tiles,
    rare_place,
    read_tile,
    widened,
)
from training.yolo import DetectionModel, raw, v8DetectionLoss

WATCHED: Final = 48  # tiles that an exported detector looks at before it is trained on
SAVE_EVERY: Final = 180.0  # seconds
REPORT_EVERY: Final = 10  # steps
EMA_SHARE: Final = 0.02  # of the steps so far: the averaged weights look back over about this part of the run
EMA_MOST: Final = 0.998
CLIP_NORM: Final = 10.0
CHECKPOINT: Final = "checkpoint.pt"
WEIGHTS: Final = "weights.pt"

Report = Callable[[str], None]
Clock = Callable[[], float]


@dataclass(slots=True)
class Run:
    """The mutable state of a training run."""

    model: DetectionModel
    average: DetectionModel
    optimizers: tuple[torch.optim.Optimizer, ...]
    device: torch.device
    precision: Precision
    elapsed: float = 0.0
    """Seconds of training time so far, earlier parts of a resumed run included."""
    step: int = 0
    pieces: int = 0


def train(
    recipe: DetectorRecipe,
    data: Path,
    out: Path,
    report: Report,
    *,
    resume: bool = False,
    weights: Path | None = None,
    clock: Clock = time.monotonic,
) -> Path:
    """Trains by `recipe` on tiles below `data` and returns the file of the averaged weights in `out`.

    `clock` counts seconds. Raises CheckpointError when `resume` finds no checkpoint of this recipe, FileNotFoundError without
    tiles.
    """
    keep_memory()
    folders = [data / folder for folder in recipe.folders]
    out.mkdir(parents=True, exist_ok=True)
    run = start(recipe, folders, weights)
    if resume:
        _restore(run, recipe, checkpoint.load(out / CHECKPOINT))
    where = {"device": str(run.device), "precision": run.precision, "threads": torch.get_num_threads()}
    report(json.dumps({"recipe": recipe.name, **where}))
    _loop(run, recipe, folders, out, report, clock)
    figures = {**counts_of(run.step, run.pieces, run.elapsed), "precision": run.precision}
    state = {"model": run.average.state_dict(), "recipe": asdict(recipe), "figures": figures}
    checkpoint.save(out / WEIGHTS, state)
    return out / WEIGHTS


def start(recipe: DetectorRecipe, folders: list[Path], weights: Path | None) -> Run:
    """A fresh run, its weights random (by the recipe's seed), from a run's averaged weights or an exported detector's card."""
    torch.manual_seed(recipe.seed)
    device = pick_device()
    model = new_model(recipe)
    if weights is None:
        set_priors(model, folders)
    elif weights.suffix == ".json":
        thaw(weights, model, watched(folders))
    else:
        model.load_state_dict(checkpoint.load(weights)["model"])
    average = new_model(recipe)
    average.load_state_dict(model.state_dict())
    model = model.to(device, memory_format=torch.channels_last).train()  # a tenth faster on a CPU too
    average = average.to(device).eval().requires_grad_(False)
    optimizers = build_optimizers(model, recipe)
    return Run(model=model, average=average, optimizers=optimizers, device=device, precision=best_precision(device))


def watched(folders: list[Path]) -> list[Tensor]:
    """Tiles (1, 1, TILE, TILE) from all over the folders, 0-1."""
    tiles = list_tiles(folders, "train")
    if not tiles:
        raise FileNotFoundError(f"no tiles below {', '.join(map(str, folders))}: make some with python -m datasets")
    step = max(1, len(tiles) // WATCHED)
    return [torch.from_numpy(read_tile(tile).image)[None, None].float() / 255 for tile in tiles[::step]]


def _loop(run: Run, recipe: DetectorRecipe, folders: list[Path], out: Path, report: Report, clock: Clock) -> None:
    loss = loss_of(run.model)
    pieces = _Pieces(recipe, folders, run.step)
    begun = saved = clock()
    before = run.elapsed
    with ThreadPoolExecutor(1) as loader:
        waiting = loader.submit(pieces.batch, schedule.phase_at(recipe, schedule.progress(recipe, run.elapsed)))
        while (done := schedule.progress(recipe, run.elapsed)) < 1:
            images, symbols = waiting.result()
            waiting = loader.submit(pieces.batch, schedule.phase_at(recipe, done))
            set_rates(run.optimizers, schedule.rate_at(recipe, done))
            items = _step(run, loss, _to(images, symbols, run.device))
            now = clock()
            run.elapsed = before + now - begun
            if run.step % REPORT_EVERY == 1:
                report(json.dumps({"step": run.step, "pieces": run.pieces, "seconds": round(run.elapsed, 1), **items}))
            if now - saved > SAVE_EVERY:
                _save(run, recipe, out)
                saved = now
    _save(run, recipe, out)


def _step(run: Run, loss: v8DetectionLoss, batch: dict[str, Tensor]) -> dict[str, float]:
    """One step of the optimizers; the parts of the loss by name."""
    with autocast(run.device, run.precision):
        found = raw(run.model, batch["img"])
    total, items = loss({name: _single(value) for name, value in found.items()}, batch)
    (total.sum() / len(batch["img"])).backward()
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), CLIP_NORM)
    for optimizer in run.optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    run.step += 1
    run.pieces += len(batch["img"])
    _follow(run)
    return {name: round(float(value), 4) for name, value in items.items()}


def _single(value: Tensor | list[Tensor]) -> Tensor | list[Tensor]:
    """Predictions in single precision: the loss is too fine for less."""
    return [level.float() for level in value] if isinstance(value, list) else value.float()


@torch.no_grad()
def _follow(run: Run) -> None:
    """Move the averaged weights towards the present ones; the further the run, the longer the average."""
    keep = min(EMA_MOST, 1 - 1 / (1 + EMA_SHARE * run.step))
    mine, theirs = list(run.average.state_dict().values()), list(run.model.state_dict().values())
    floats = [index for index, value in enumerate(mine) if value.is_floating_point()]
    torch._foreach_lerp_([mine[index] for index in floats], [theirs[index] for index in floats], 1 - keep)


class _Pieces:
    """Batches of random pieces, one after another; a part of them is chosen to show a rare symbol."""

    def __init__(self, recipe: DetectorRecipe, folders: list[Path], step: int) -> None:
        self._tiles = Endless(folders, recipe.seed + step, recipe.rare_repeats)
        self._chance = np.random.default_rng((recipe.seed, step))
        self._jitter = Jitter(recipe.scale_jitter, recipe.light_jitter)
        self._rare = recipe.rare_share
        self._least = least_sides(recipe.sides)

    def batch(self, phase: Phase) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        return batch_of([self._piece(read_tile(next(self._tiles)), phase.crop) for _ in range(phase.batch)])

    def _piece(self, tile: Piece, side: int) -> Piece:
        rare = self._chance.random() < self._rare
        focus = rare_place(tile, self._tiles.weights, self._chance) if rare else None
        piece = cut(tile, side, self._jitter, self._chance, focus)
        return Piece(piece.image, widened(piece.rows, self._least))


def _to(images: np.ndarray[Any, Any], symbols: np.ndarray[Any, Any], device: torch.device) -> dict[str, Tensor]:
    table = torch.from_numpy(symbols).to(device)
    pixels = torch.from_numpy(images).to(device).float().div_(255).contiguous(memory_format=torch.channels_last)
    return {"img": pixels, "batch_idx": table[:, 0], "cls": table[:, 1:2], "bboxes": table[:, 2:]}


def _save(run: Run, recipe: DetectorRecipe, out: Path) -> None:
    state = {"model": run.model.state_dict(), "average": run.average.state_dict(), "recipe": asdict(recipe)}
    state["optimizers"] = [optimizer.state_dict() for optimizer in run.optimizers]
    checkpoint.save(out / CHECKPOINT, state | {"elapsed": run.elapsed, "step": run.step, "pieces": run.pieces})


def _restore(run: Run, recipe: DetectorRecipe, state: dict[str, Any]) -> None:
    if state.get("recipe", {}).get("name") != recipe.name:
        raise checkpoint.CheckpointError(
            f"the checkpoint is not one of {recipe.name}; give its own recipe or start anew"
        )
    run.model.load_state_dict(state["model"])
    run.average.load_state_dict(state["average"])
    for optimizer, saved in zip(run.optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    run.elapsed, run.step, run.pieces = state["elapsed"], state["step"], state["pieces"]
