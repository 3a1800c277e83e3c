"""Training of the linker: pages of graphs, a simulated detector, and one loop that a checkpoint can resume at any step.

Run as `python -m training.linker_train RECIPE.toml DATA_DIR OUT_DIR`. The recipe names page files (graph_pages) relative to
DATA_DIR; OUT_DIR receives checkpoint.pt and the recipe. linker_export makes the model file.
"""

from __future__ import annotations

import math
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from training.graph_pages import GraphPage, read_pages
from training.linker import Linker, LinkerConfig
from training.simulated_detector import draw_faults, simulate, stretch
from training.tensors import PairTensors, hard, joined, page_tensors

REPORT_EVERY = 20  # steps
GRADIENT_NORM = 1.0
WARM_UP = 50  # steps
MODEL = "linker."
"""What the names of a model file's weights begin with."""
REUSED = 32
"""A simulated page may come again within this many steps: imitating a detector costs more than a step on its page."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is learned from what, and how long."""

    name: str
    """Such as linker-print."""
    version: str
    licence: str
    data: tuple[str, ...]
    """What the pages were made from, for the card."""
    seed: int
    steps: int
    batch: int
    """Pages a step."""
    learning_rate: float
    hidden: int
    rounds: int
    engraved: tuple[str, ...] = ()
    """Page files whose symbols pass through the simulated detector."""
    detected: tuple[str, ...] = ()
    """Page files of a real detector's symbols, taken as they are."""
    detected_share: float = 0.0
    """Share of the pages of a step that come from `detected`."""
    soft: bool = True
    """Whether symbols have soft class vectors or their best class alone."""
    features: int = 0
    """Numbers of what the detector saw that the network is given of each symbol."""
    start: str = ""
    """Checkpoint or model file to begin with, relative to the data folder; empty: random weights."""

    @property
    def config(self) -> LinkerConfig:
        return LinkerConfig(hidden=self.hidden, rounds=self.rounds, features=self.features)


def read_recipe(path: Path) -> Recipe:
    """The recipe of a TOML file; raises TypeError naming a field that is missing or unknown."""
    with path.open("rb") as file:
        fields = {key: tuple(value) if isinstance(value, list) else value for key, value in tomllib.load(file).items()}
    return Recipe(**fields)


def train(recipe: Recipe, data: Path, out: Path, report: Callable[[str], None], *, stop: int | None = None) -> Linker:
    """The trained network, or half trained before step `stop`; resumes a checkpoint of the same recipe in `out`."""
    engraved = _load(recipe.engraved, data)
    detected = _load(recipe.detected, data)
    torch.manual_seed(recipe.seed)
    linker = Linker(recipe.config)
    if recipe.start:
        linker.load_state_dict(_start(data / recipe.start))
    optimizer = torch.optim.AdamW(linker.parameters(), lr=recipe.learning_rate, weight_decay=1e-4)
    first = _resume(linker, optimizer, recipe, out)

    @lru_cache(maxsize=REUSED + 1)
    def draw(number: int) -> PairTensors:
        generator = np.random.default_rng((recipe.seed, 1, number))
        page = _page(recipe, engraved, detected, generator)
        return page_tensors(page if recipe.soft else hard(page), recipe.features)

    losses: list[float] = []
    began = time.monotonic()
    last = recipe.steps if stop is None else stop
    for step in range(first, last):
        batch = joined([draw(number) for number in _draws(recipe, step)])
        losses.append(_learn(linker, optimizer, batch, _rate(recipe, step)))
        if (step + 1) % REPORT_EVERY == 0:
            mean = sum(losses) / len(losses)
            losses.clear()
            report(f"step {step + 1}/{recipe.steps} loss {mean:.4f} {time.monotonic() - began:.0f} s")
            _save(linker, optimizer, recipe, step + 1, out)
    _save(linker, optimizer, recipe, last, out)
    return linker.eval()


def _start(path: Path) -> dict[str, torch.Tensor]:
    """The weights of a checkpoint, or of a model file that linker_export made."""
    if path.suffix != ".onnx":
        weights: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["model"]
        return weights
    held = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in onnx.load(path).graph.initializer}
    return {name.removeprefix(MODEL): value for name, value in held.items() if name.startswith(MODEL)}


def _draws(recipe: Recipe, step: int) -> tuple[int, ...]:
    """Numbers of the pages of one step: one new, the others among the last REUSED; a resumed run draws the same."""
    generator = np.random.default_rng((recipe.seed, step))
    return step, *(int(draw) for draw in generator.integers(max(0, step - REUSED), step + 1, recipe.batch - 1))


def _page(
    recipe: Recipe, engraved: Sequence[GraphPage], detected: Sequence[GraphPage], generator: np.random.Generator
) -> GraphPage:
    if detected and (not engraved or generator.random() < recipe.detected_share):
        return stretch(detected[int(generator.integers(len(detected)))], generator)
    page = stretch(engraved[int(generator.integers(len(engraved)))], generator)
    return simulate(page, draw_faults(generator), generator)


def _learn(linker: Linker, optimizer: torch.optim.Optimizer, batch: PairTensors, rate: float) -> float:
    """One step at this learning rate; the mean loss over the batch's candidates."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    logits = linker(batch.symbols, batch.pairs, batch.geometry)[batch.scored]
    loss = functional.binary_cross_entropy_with_logits(logits, batch.related[batch.scored], reduction="sum")
    loss = loss / max(1, int(batch.scored.sum()))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(linker.parameters(), GRADIENT_NORM)
    optimizer.step()
    return float(loss.detach())


def _rate(recipe: Recipe, step: int) -> float:
    """Learning rate: a short rise, then half a cosine down to nothing."""
    rise = min(1.0, (step + 1) / WARM_UP)
    return recipe.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * step / recipe.steps))


def _load(names: Sequence[str], data: Path) -> list[GraphPage]:
    """The pages of all files that have a relation at all."""
    return [page for name in names for page in read_pages(data / name) if page.graph.edges]


def _save(linker: Linker, optimizer: torch.optim.Optimizer, recipe: Recipe, step: int, out: Path) -> None:
    state = {"model": linker.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "recipe": repr(recipe)}
    draft = out / "checkpoint.pt.part"
    torch.save(state, draft)
    draft.replace(out / "checkpoint.pt")


def _resume(linker: Linker, optimizer: torch.optim.Optimizer, recipe: Recipe, out: Path) -> int:
    """The step to go on with: that of the checkpoint in `out` when the same recipe made it, else 0."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["recipe"] != repr(recipe):
        return 0
    linker.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def main(arguments: Sequence[str]) -> int:
    """Train one recipe."""
    recipe_path, data, out = (Path(argument) for argument in arguments)
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    (out / "recipe.toml").write_bytes(recipe_path.read_bytes())
    train(read_recipe(recipe_path), data, out, print)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
