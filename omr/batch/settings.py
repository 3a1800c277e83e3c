"""How a batch runs, as opposed to what is made of each page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Existing = Literal["overwrite", "skip", "refuse"]
GIGABYTE: Final = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Workers, limits, and what happens to outputs that are there already."""

    workers: int | None = None
    """Processes; None: one a processor core, but no more than there are pages."""
    existing: Existing = "overwrite"
    resume: bool = False
    """Keep what an interrupted run of the same conversion left."""
    stop: bool = False
    """Begin nothing new after an input fails."""
    page_seconds: float = 300.0
    """Longest time for a page; reading a document may take as long for each of its pages."""
    page_bytes: float = 3.0 * GIGABYTE
    """Most memory of a worker."""
    offline: bool = False
    """Refuse every connection to another machine."""
