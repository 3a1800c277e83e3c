"""What the parent tells its workers about kept pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from omr.plan import SourcePage


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page that was recognised: its file in the work folder, or that it is empty."""

    page: SourcePage
    path: Path | None = None
    empty: bool = False
