"""What a detector is trained from, and how: read from TOML, saved beside the weights it made."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from omr import labels

Optimizer = Literal["adamw", "muon"]


class RecipeError(Exception):
    """A recipe lacks a field, has an unknown one or a value that cannot be; the message names file and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of the run that sees pieces of tiles of one size."""

    share: float
    """Of the run's time, 0-1; the shares of all phases make 1."""
    crop: int
    """Side of the pieces, pixels, a multiple of 32: small pieces give more steps in the same time."""
    batch: int
    """Pieces a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorRecipe:
    """A run of the detector trainer."""

    name: str
    edition: Literal["print", "hand"]
    licence: str
    data: tuple[str, ...]
    """What the tiles were made from, for the card."""
    folders: tuple[str, ...]
    """Folders of tiles below the data folder, each with images/, labels/ and data.yaml."""
    model: str
    """Name of an ultralytics model description such as yolov8n.yaml."""
    light_head: bool
    """Depthwise separable classification head, as ultralytics' later models have it."""
    minutes: float
    """Of wall-clock time; the learning rate is annealed over it."""
    seed: int
    optimizer: Optimizer
    learning_rate: float
    weight_decay: float
    warm_up: float
    """Share of the time in which the learning rate rises."""
    final_rate: float
    """Share of the learning rate that is left at the end."""
    box_gain: float
    class_gain: float
    distribution_gain: float
    scale_jitter: float
    """A piece is enlarged or shrunk by up to this share."""
    light_jitter: float
    """Contrast and brightness change by up to this share."""
    phases: tuple[Phase, ...]
    rare_repeats: float = 1.0
    """A tile with rare symbols comes up to so many times in a pass."""
    rare_share: float = 0.0
    """Of the pieces, 0-1, that are placed to show one symbol of their tile, a rare one rather than a common one."""
    measured: tuple[str, ...] = ("beam",)
    """Classes whose boxes the program measures on the ink: beam, stem (barlines with it), legerLine."""
    looks: tuple[float, ...] = (1.0,)
    """Times the tiles' size at which the program looks at a page, one after another; what they see is averaged."""
    sides: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """By class (learned, true) pixels: sides shorter than `learned` are learned as that long, and read back as `true`.

    A box four pixels high can hardly be hit at an IoU of one half, and the assigner's targets fade with the IoU.
    """


def read_recipe(path: Path) -> DetectorRecipe:
    """The recipe of a TOML file; raises RecipeError."""
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
        recipe = recipe_of(table)
    except (OSError, tomllib.TOMLDecodeError, TypeError, KeyError, ValueError) as error:
        raise RecipeError(f"{path}: not a detector recipe: {error}") from error
    _check(recipe, path)
    return recipe


def recipe_of(table: Mapping[str, Any]) -> DetectorRecipe:
    """The recipe whose fields `table` holds, as TOML or asdict give them; raises TypeError or KeyError."""
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    phases = tuple(phase if isinstance(phase, Phase) else Phase(**phase) for phase in fields.pop("phases"))
    sides = {label: (float(learned), float(true)) for label, (learned, true) in fields.pop("sides", {}).items()}
    return DetectorRecipe(**fields, phases=phases, sides=sides)


def _check(recipe: DetectorRecipe, path: Path) -> None:
    if abs(sum(phase.share for phase in recipe.phases) - 1) > 1e-6:
        raise RecipeError(f"{path}: the shares of the phases must make 1")
    for phase in recipe.phases:
        if phase.crop % 32 or phase.crop <= 0 or phase.batch <= 0:
            raise RecipeError(f"{path}: a phase needs a crop that is a multiple of 32 and a batch of at least 1")
    unknown = sorted(set(recipe.sides) - set(labels.DETECTED))
    if unknown:
        raise RecipeError(f"{path}: sides name symbols that are not detected: {', '.join(unknown)}")
    if not recipe.looks or min(recipe.looks) <= 0:
        raise RecipeError(f"{path}: looks must be one or more positive factors")
    if recipe.minutes <= 0:
        raise RecipeError(f"{path}: minutes must be positive")
    if recipe.optimizer not in ("adamw", "muon"):
        raise RecipeError(f"{path}: optimizer must be adamw or muon")
