"""Bars whose truth was found wrong beside the scan, and what is exact without them.

truth_errors.csv lists them: page, 1-based bar of the page's truth (or "all" where the truth is the music of another page), and
what the print says against the truth. A listed bar counts neither as right nor as wrong, however it was read.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.attribution import EXACT, judged
from omr.metrics.notes import read_bars

LIST: Final = Path(__file__).parent / "truth_errors.csv"
ALL: Final = "all"

TruthErrors = dict[str, frozenset[int] | None]
"""The bars of a page, None: all of them."""


def read_truth_errors(path: Path = LIST) -> TruthErrors:
    """The list, by page."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["page"], []).append(row["bar"])
    return {page: None if ALL in bars else frozenset(map(int, bars)) for page, bars in found.items()}


def exact_share(truths: Sequence[Path], read: Path, errors: TruthErrors) -> float | None:
    """Share of exact bars among those not listed; `read` holds what was read of each truth, by the same name.

    A page that was not read has no exact bars. None where every bar is listed.
    """
    kept = [exact for truth in truths for exact in _kept(truth, read / truth.name, errors)]
    return round(sum(kept) / len(kept), 4) if kept else None


def _kept(truth: Path, found: Path, errors: TruthErrors) -> list[bool]:
    """For each bar of a page that is not listed, whether it is exact."""
    listed = errors.get(truth.stem, frozenset())
    if listed is None:
        return []
    bars = judged(read_bars(truth.read_bytes()), read_bars(found.read_bytes()) if found.exists() else ())
    return [kind == EXACT for number, kind, _, _ in bars if number not in listed]
