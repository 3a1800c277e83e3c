"""The pages of scanned files, before they are part of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from omr.errors import OmrError
from omr.page import count_pages


@dataclass(frozen=True, slots=True)
class Scan:
    """One page of a file."""

    source: str
    index: int
    """0 = first of the file."""


def scans_in(paths: Sequence[Path]) -> tuple[tuple[Scan, ...], tuple[str, ...]]:
    """(pages of the files in order, why the others cannot be opened)."""
    found: list[Scan] = []
    failures: list[str] = []
    for path in paths:
        try:
            found.extend(Scan(str(path), index) for index in range(count_pages(path)))
        except OmrError as error:
            failures.append(str(error))
    return tuple(found), tuple(failures)
