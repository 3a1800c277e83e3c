"""The models of a worker, loaded once, beside whatever else it does first."""

from __future__ import annotations

from functools import cache

from omr.config import Device, Edition, Precision
from omr.models import LoadingModels, edition_cards, runtime_device, runtime_precision


@cache
def models(edition: Edition, threads: int | None, device: Device, precision: Precision) -> LoadingModels:
    """The models, from the first call on being loaded."""
    return LoadingModels(edition, precision=precision, threads=threads, device=device)


def model_cards(
    edition: Edition, threads: int | None, device: Device, precision: Precision
) -> tuple[list[dict[str, object]], str]:
    """(name, version and checksum of each model, precision) as the report names them; begins to load them.

    Raises ModelError when one is missing, damaged or does not fit, DependencyError where `device` is not there or does not
    compute in `precision`.
    """
    place, used = runtime_device(device), runtime_precision(precision, device, edition=edition)
    rows: list[dict[str, object]] = [
        {"name": card.name, "version": card.version, "sha256": card.sha256} for card in edition_cards(edition)
    ]
    models(edition, threads, device, precision)
    return rows, used if place == "CPU" else f"{used} on {place}"
