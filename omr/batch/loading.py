"""The models of a worker, loaded once, beside whatever else it does first."""

from __future__ import annotations

from functools import cache
from typing import Final

from omr.config import Device, Edition
from omr.models import LoadingModels, edition_cards, runtime_device

PRECISION: Final = "f32"
"""Of the detector's arithmetic: the same bytes on every processor."""


@cache
def models(edition: Edition, threads: int | None, device: Device = "cpu") -> LoadingModels:
    """The models, from the first call on being loaded."""
    return LoadingModels(edition, threads=threads, device=device)


def model_cards(edition: Edition, threads: int | None, device: Device = "cpu") -> tuple[list[dict[str, object]], str]:
    """(name, version and checksum of each model, precision) as the report names them; begins to load them.

    Raises ModelError when one is missing, damaged or does not fit, DependencyError where `device` is not there.
    """
    place = runtime_device(device)
    rows: list[dict[str, object]] = [
        {"name": card.name, "version": card.version, "sha256": card.sha256} for card in edition_cards(edition)
    ]
    models(edition, threads, device)
    return rows, PRECISION if place == "CPU" else f"{PRECISION} on {place}"
