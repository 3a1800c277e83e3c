"""How many pages an input has: asked in a worker, because opening a file can crash too."""

from __future__ import annotations

from pathlib import Path

from omr.addresses import at_hand
from omr.config import Options
from omr.page import choose_pages, count_pages


def page_numbers(source: Path, options: Options) -> list[int]:
    """Numbers (1 = first) of the pages of `source` that are asked for; raises OmrError."""
    with at_hand(source) as local:
        count = count_pages(local, password=options.password)
        return [index + 1 for index in choose_pages(local, count, options.pages)]
