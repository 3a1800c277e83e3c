"""How well symbols are read as music: `python -m benchmarks.show_bars [--quick]`.

Trains nothing. Ends with one JSON line; shares are fractions from 0 to 1. What is not measured yet is null.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.audited_bars import attribution, read_causes
from benchmarks.kbest import kbest_share
from benchmarks.muscima_graphs import muscima_graph_figures
from benchmarks.omr_ned import omr_ned_figures, page_distances
from benchmarks.perfect_graphs import perfect_figures
from benchmarks.setting import parser
from benchmarks.show_pages import Setting, measure
from benchmarks.special_pages import special_figures
from benchmarks.truth_errors import exact_share, read_truth_errors
from omr.files.musicxml import to_musicxml
from omr.labels import NOTEHEADS
from omr.metrics.notes import NoteCounts, total
from omr.models import load_models
from omr.page import read_pages
from omr.pipeline import recognise_page
from omr.reading import ReadPage, read_score

HELD_BACK: Final = Path(__file__).parent / "held_back.txt"
PAGES, QUICK_PAGES = 300, 20
"""Of perfect graphs."""
QUICK_GRAPHS: Final = 14
SHOWN: Final = ("coverage", "pod_f1", "exact_measures", "clefs_right", "keys_right", "times_right")
HEADS: Final = 600
TIMED: Final = 3


def main() -> None:
    """Measure, print."""
    options = parser(__doc__, report="out/show-bars", quick=f"{QUICK_PAGES} perfect and a few scanned pages")
    setting = Setting(**vars(options.parse_args()))
    start = time.perf_counter()
    models = load_models("print")
    scans = measure("printed_scans", setting.data / "printed-scans", models, setting)
    figures = scans.evaluation.figures()
    read = setting.report / "printed_scans"
    truths = [setting.data / "printed-scans" / f"{page.name}.musicxml" for page in scans.evaluation.pages]
    for page in scans.evaluation.pages:
        if page.failure is not None:  # an earlier run may have left a file
            (read / f"{page.name}.musicxml").unlink(missing_ok=True)
    errors = read_truth_errors()
    held = total(page.notes for page in scans.evaluation.pages if is_held_back(page.name))
    perfect = perfect_figures(setting.data / "scores", QUICK_PAGES if setting.quick else PAGES)
    muscima = muscima_graph_figures(setting.data / "muscima-pp", limit=QUICK_GRAPHS if setting.quick else None)
    shown = {
        "printed_scans": {
            **{name: round(figures[name], 4) for name in SHOWN},
            "exact_measures_heldback": _share(held),
            "exact_measures_without_truth_errors": exact_share(truths, read, errors),
            **{name: round(value, 4) for name, value in scans.evaluation.written.figures().items()},
            **omr_ned_figures(page_distances(truths, read)),
            "musescore_differs": scans.shown["musescore_differs"],
        },
        "attribution": attribution(truths, read, read_causes(), errors),
        "perfect_graphs": perfect.shown(),
        "muscima_graphs": muscima,
        "special_pages": special_figures(models, setting.cache, setting.report, quick=setting.quick),
        "kbest_exact_share": kbest_share(sorted((setting.data / "printed-scans").glob("*.png")), models),
        "reading_seconds_600_notes": reading_seconds(sorted((setting.data / "printed-scans").glob("*.png"))),
    }
    print(f"{time.perf_counter() - start:.0f} s", flush=True)
    print(json.dumps(shown))


def is_held_back(page: str) -> bool:
    """Whether a scan belongs to a work that the reading is not tuned by."""
    works = (line.strip() for line in HELD_BACK.read_text("utf-8").splitlines() if not line.startswith("#"))
    return page.rpartition("_p")[0] in set(works)


def _share(counts: NoteCounts) -> float | None:
    return round(counts.exact_share, 4) if counts.truth_bars else None


def reading_seconds(pictures: Sequence[Path]) -> float:
    """Seconds to read and write the graph of a page of HEADS noteheads: the median of TIMED pages, by their heads."""
    models = load_models("print")
    chosen = pictures[:: max(1, len(pictures) // TIMED)][:TIMED]
    pages = [recognise_page(next(iter(read_pages(path))), models).reading for path in chosen]
    return round(HEADS * median(_seconds_a_head(page) for page in pages), 3)


def _seconds_a_head(page: ReadPage) -> float:
    start = time.perf_counter()
    to_musicxml(read_score((page,)))
    return (time.perf_counter() - start) / max(1, sum(node.label in NOTEHEADS for node in page.graph.nodes))


if __name__ == "__main__":
    main()
