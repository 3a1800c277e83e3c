"""OMR-NED of read pages: `python -m benchmarks.omr_ned PAGES READ [--seconds 240]`.

The normalised edit distance of Martinez-Sevilla et al. (2025), as musicdiff computes it with its default detail: the symbols to
add or take away (heads, flags, dots, ties, slurs, signatures, barlines, words ...) as a share of those of both scores. 0 is the
same notation, 1 nothing alike. What our files hold and a truth leaves out (words, slurs) counts as wrong. PAGES holds
NAME.musicxml, READ what was read. musicdiff's effort grows steeply where two scores are unlike, so each page has a limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECONDS: Final = 240.0
"""Limit of one page, of wall time. The usual page takes two to five, one whose truth is of another page over sixty."""
NOTHING_ALIKE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDistance:
    """A page and its OMR-NED, None where none came in time."""

    name: str
    distance: float | None


def main() -> None:
    """Measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", type=Path)
    options.add_argument("read", type=Path)
    options.add_argument("--seconds", type=float, default=SECONDS, help="limit of one page")
    arguments = options.parse_args()
    pages = page_distances(sorted(arguments.pages.glob("*.musicxml")), arguments.read, seconds=arguments.seconds)
    for page in pages:
        print(f"{page.name:30} {'not scored' if page.distance is None else f'{page.distance:.4f}'}")
    print(json.dumps(omr_ned_figures(pages)))


def page_distances(truths: Sequence[Path], read: Path, *, seconds: float = SECONDS) -> tuple[PageDistance, ...]:
    """The distance of each truth to the file of the same name in `read`; a page without a file is nothing alike."""
    return tuple(
        PageDistance(
            name=truth.stem,
            distance=omr_ned(truth, read / truth.name, seconds=seconds)
            if (read / truth.name).exists()
            else NOTHING_ALIKE,
        )
        for truth in truths
    )


def omr_ned_figures(pages: Sequence[PageDistance]) -> dict[str, float | int | None]:
    """Mean over the pages that were scored, and how many were not."""
    scored = [page.distance for page in pages if page.distance is not None]
    return {
        "omr_ned": round(sum(scored) / len(scored), 4) if scored else None,
        "omr_ned_not_scored": len(pages) - len(scored),
    }


def omr_ned(truth: Path, found: Path, *, seconds: float = SECONDS) -> float | None:
    """Distance of two MusicXML files from 0 to 1; None where musicdiff cannot read them or takes longer than `seconds`."""
    command = [sys.executable, "-m", "musicdiff", "--output", "omrned", "--", str(found), str(truth)]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False).stdout
    except subprocess.TimeoutExpired:
        return None
    _, brace, rest = said.rpartition("{")
    return float(json.loads(brace + rest)["OMR-NED"]) if brace else None


if __name__ == "__main__":
    main()
