"""Which step the wrong bars are lost in, by the causes that were seen beside the scan.

audited_bars.csv names the cause of each of the 219 bars of 46 scans that were not exact when it was made (a hundred of them,
marked so, drawn at random); where there are several, the one nearest to the ink. Bars that have become exact since drop out,
bars that have become wrong since are not attributed. Strokes measured on the ink (beams, stems, dots) count as detection, also
where they were seen but not related. Truth are the bars of truth_errors.csv that have no other cause, and one bar of rests,
which cannot be aligned for want of notes.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.attribution import EXACT, judged
from benchmarks.truth_errors import TruthErrors
from omr.metrics.notes import read_bars

LIST: Final = Path(__file__).parent / "audited_bars.csv"
STEPS: Final = {
    "reading": {"staff position", "staff of a head", "unmarked tuplet", "head dropped", "onset", "key signature"},
    "linking": {"head of two stems", "beam of another stem", "accidental relation", "grace note"},
    "detection": {
        *(f"false symbol: {ink}" for ink in ("fingering", "metronome mark", "text, dynamic or number", "other ink")),
        *("beam level", "dot missed", "head missed", "false stem", "barline", "flag", "tremolo"),
    },
    "truth": {"truth", "bar of rests not aligned"},
}
STEP_OF: Final = {cause: step for step, causes in STEPS.items() for cause in causes}

Causes = dict[tuple[str, int], str]
"""Cause by page and 1-based bar of its truth."""


def read_causes(path: Path = LIST) -> Causes:
    """The audit, by bar."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["page"], int(row["bar"])): row["cause"] for row in csv.DictReader(file)}


def attribution(truths: Sequence[Path], read: Path, causes: Causes, errors: TruthErrors) -> dict[str, float | int]:
    """Shares of each step in the wrong bars whose cause is known, with the number of wrong bars and of known causes."""
    wrong = [bar for truth in truths for bar in _wrong(truth, read / truth.name)]
    known = Counter(step for bar in wrong if (step := _step(bar, causes, errors)) is not None)
    shares = {step: round(known[step] / max(1, known.total()), 4) for step in STEPS}
    return {**shares, "wrong_bars": len(wrong), "known_causes": known.total()}


def _step(bar: tuple[str, int], causes: Causes, errors: TruthErrors) -> str | None:
    page, number = bar
    if bar in causes:
        return STEP_OF[causes[bar]]
    listed = errors.get(page, frozenset())
    return "truth" if listed is None or number in listed else None


def _wrong(truth: Path, found: Path) -> list[tuple[str, int]]:
    """(page, 1-based bar) of the bars that are not exact."""
    bars = judged(read_bars(truth.read_bytes()), read_bars(found.read_bytes()) if found.exists() else ())
    return [(truth.stem, number) for number, kind, _, _ in bars if kind != EXACT]
