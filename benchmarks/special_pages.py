"""How well pages made for it are read: `python -m benchmarks.special_pages [--quick]`.

Pick-ups, divided and unmetered bars, changing metres, beams across staves, four voices, tuplets without figures, odd, nested
and of two, grace notes, seconds and unisons: made-up music engraved by programs, read from the pictures, judged by theme.
Trains nothing. Ends with one JSON line; shares are fractions from 0 to 1.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.setting import parser
from benchmarks.show_pages import keeping
from benchmarks.special.make import made_pages
from benchmarks.special.plan import Page, pages
from omr.atomic import write_all
from omr.evaluation import Evaluation, Pair, evaluate_pairs, read_page
from omr.models import Models, load_models

QUICK_PAGES: Final = 6
KEYS: Final = ("exact_measures", "strict_measures", "pitch_f1", "po_f1", "pod_f1")


def main() -> None:
    """Make, read, print."""
    options = parser(__doc__, report="out/special-pages", quick=f"{QUICK_PAGES} pages only").parse_args()
    start = time.perf_counter()
    shown = special_figures(load_models("print"), options.cache, options.report, quick=options.quick)
    print(f"{time.perf_counter() - start:.0f} s; every page: {options.report}", flush=True)
    print(json.dumps(shown))


def special_figures(models: Models, cache: Path, report: Path, *, quick: bool) -> dict[str, object] | None:
    """Figures of all pages and by theme, None where no engraver is installed; what was read goes to `report`."""
    every = pages()
    wanted = every[:: len(every) // QUICK_PAGES][:QUICK_PAGES] if quick else every
    made = made_pages(wanted, cache)
    for failure in made.failures:
        print(f"not engraved: {failure}", flush=True)
    if not made.pages:
        return None
    files = report / "special_pages"
    files.mkdir(parents=True, exist_ok=True)
    pairs = [_pair(page, made.folder) for page in made.pages]
    evaluation = evaluate_pairs(pairs, keeping(lambda picture: read_page(picture, models), files))
    write_all([(report / "special_pages.json", evaluation.json())])
    print(evaluation.table(), flush=True)
    return {**_figures(evaluation), "themes": by_theme(made.pages, evaluation)}


def _pair(page: Page, folder: Path) -> Pair:
    return Pair(name=page.name, picture=folder / f"{page.name}.png", truth=folder / f"{page.name}.musicxml")


def by_theme(read: Sequence[Page], evaluation: Evaluation) -> dict[str, dict[str, float]]:
    """The figures of the pages of each theme; a page of two themes counts for both."""
    scores = dict(zip(read, evaluation.pages, strict=True))
    themes = sorted({theme for page in read for theme in page.themes})
    return {
        theme: _figures(Evaluation(pages=tuple(scores[page] for page in read if theme in page.themes)))
        for theme in themes
    }


def _figures(evaluation: Evaluation) -> dict[str, float]:
    figures = evaluation.figures()
    return {
        "pages": len(evaluation.pages),
        "measures": evaluation.notes.truth_bars,
        **{key: round(figures[key], 4) for key in KEYS},
    }


if __name__ == "__main__":
    main()
