"""Checkpoints of a run: everything needed to go on as if it had not stopped, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class CheckpointError(Exception):
    """A checkpoint is missing, damaged or from another recipe; the message says what to do."""


def save(path: Path, state: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.part")
    torch.save(dict(state), part)
    part.replace(path)


def load(path: Path) -> dict[str, Any]:
    """A saved state, tensors on the CPU; raises CheckpointError."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: no checkpoint there; start without --resume") from error
    except (OSError, RuntimeError, EOFError, ValueError) as error:
        raise CheckpointError(f"{path}: not a readable checkpoint: {error}") from error
    if not isinstance(state, dict):
        raise CheckpointError(f"{path}: not a checkpoint")
    return state
