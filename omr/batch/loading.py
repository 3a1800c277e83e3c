"""The models of a worker, loaded once, beside whatever else it does first."""

from __future__ import annotations

from functools import cache
from typing import Final

from omr.config import Edition
from omr.models import LoadingModels, edition_cards

PRECISION: Final = "f32"
"""Of the detector's arithmetic: the same bytes on every processor."""


@cache
def models(edition: Edition, threads: int | None) -> LoadingModels:
    """The models, from the first call on being loaded."""
    return LoadingModels(edition, threads=threads)


def model_cards(edition: Edition, threads: int | None) -> tuple[list[dict[str, object]], str]:
    """(name, version and checksum of each model, precision) as the report names them; begins to load them.

    Raises ModelError when one is missing, damaged or does not fit.
    """
    rows: list[dict[str, object]] = [
        {"name": card.name, "version": card.version, "sha256": card.sha256} for card in edition_cards(edition)
    ]
    models(edition, threads)
    return rows, PRECISION
