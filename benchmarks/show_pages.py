"""How well pages are read, on everything there is to judge it by: `python -m benchmarks.show_pages [--quick]`.

Trains nothing. Ends with one JSON line; shares are fractions from 0 to 1. Details of every page go to a report folder.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engrave_held_out import held_out_pages
from benchmarks.excerpts import Engraver
from benchmarks.muscima_test import muscima_figures
from benchmarks.peak_memory import peak_megabytes
from benchmarks.roundtrip import differs
from benchmarks.setting import parser
from omr.atomic import write_all
from omr.errors import InputError, ModelError
from omr.evaluation import Evaluation, Pair, Reading, evaluate_pairs, find_pairs, read_page
from omr.models import Models, load_models

QUICK_PAGES = 8
QUICK_SHARES = {"printed_scans": 4, "engraved_lilypond": 1, "engraved_musescore": 1, "debussy": 1, "muscima": 1}
"""How the eight pages of a quick run are dealt out."""
KEYS = ("coverage", "pitch_f1", "pod_f1", "exact_measures", "staves_found", "clefs_right", "keys_right")
MORE_KEYS = ("po_f1", "systems_right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where things are, and whether all pages are read."""

    data: Path
    cache: Path
    report: Path
    quick: bool

    def limit(self, name: str) -> int | None:
        """Pages of a set that are read, None for all."""
        return QUICK_SHARES[name] if self.quick else None


def main() -> None:
    """Measure, print."""
    setting = _setting()
    models = load_models("print")
    start = time.perf_counter()
    scans = measure("printed_scans", setting.data / "printed-scans", models, setting)
    shown: dict[str, object] = {"printed_scans": scans.shown}
    for engraver in ("lilypond", "musescore"):
        shown[f"engraved_{engraver}"] = _held_out(engraver, models, setting)
    hand = _hand_edition()
    shown["muscima"] = None if hand is None else _muscima(hand, setting)
    shown["debussy"] = measure("debussy", setting.data / "handwritten-debussy", hand or models, setting).shown
    stages = scans.evaluation.stage_seconds()
    shown["seconds_per_page"] = _rounded({"all": sum(stages.values()), **stages})
    shown["precision"] = models.precision
    shown["peak_mb"] = _peak(scans.largest)
    _say(f"{time.perf_counter() - start:.0f} s; every page: {setting.report}")
    print(json.dumps(shown))


def _setting() -> Setting:
    options = parser(__doc__, report="out/show-pages", quick=f"{QUICK_PAGES} pages only")
    return Setting(**vars(options.parse_args()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The scores of one set of pages."""

    evaluation: Evaluation
    shown: dict[str, float]
    largest: Path
    """The picture of most bytes."""


def measure(name: str, folder: Path, models: Models, setting: Setting) -> Measured:
    """Read and score the pages of a folder; what was read and a report are written below the report folder."""
    pairs = spread(find_pairs(folder), setting.limit(name))
    files = setting.report / name
    files.mkdir(parents=True, exist_ok=True)
    evaluation = evaluate_pairs(pairs, keeping(lambda picture: read_page(picture, models), files))
    write_all([(setting.report / f"{name}.json", evaluation.json())])
    differing = musescore_differing([files / f"{page.name}.musicxml" for page in evaluation.pages if not page.failure])
    figures = evaluation.figures()
    shown = _rounded({key: figures[key] for key in (*KEYS, *MORE_KEYS)})
    shown |= {"musescore_differs": len(differing), "pages": len(pairs)}
    _say(f"{evaluation.table()}\n{name} {shown}")
    for remark in differing:
        _say(f"  MuseScore 3: {remark}")
    largest = max((pair.picture for pair in pairs), key=lambda path: path.stat().st_size)
    return Measured(evaluation=evaluation, shown=shown, largest=largest)


def keeping(reader: Callable[[Path], Reading], folder: Path) -> Callable[[Path], Reading]:
    """`reader`, which also leaves NAME.musicxml in `folder`."""

    def read(picture: Path) -> Reading:
        reading = reader(picture)
        write_all([(folder / f"{picture.stem}.musicxml", reading.musicxml)])
        return reading

    return read


def musescore_differing(files: Sequence[Path]) -> list[str]:
    """The files whose notes MuseScore 3 does not give back as they were, with what differs."""
    found = ((path, differs(path)) for path in files)
    return [f"{path.stem}: {difference}" for path, difference in found if difference]


def spread(pairs: Sequence[Pair], limit: int | None) -> tuple[Pair, ...]:
    """`limit` pairs from all over the list, the first among them; None: all."""
    if limit is None or limit >= len(pairs):
        return tuple(pairs)
    return tuple(pairs[index * len(pairs) // limit] for index in range(limit))


def _held_out(engraver: Engraver, models: Models, setting: Setting) -> dict[str, float] | None:
    """Figures of the pages of one engraver, None where it makes none."""
    name = f"engraved_{engraver}"
    made = held_out_pages(engraver, scores=setting.data / "scores", cache=setting.cache, limit=setting.limit(name))
    for failure in made.failures:
        _say(f"not engraved: {failure}")
    try:
        return measure(name, made.folder, models, setting).shown
    except InputError as error:
        _say(f"{name}: {error}")
        return None


def _hand_edition() -> Models | None:
    """The models for handwriting, None where they are not installed."""
    try:
        return load_models("hand")
    except ModelError as error:
        _say(f"no figures of the hand edition: {error}")
        return None


def _muscima(hand: Models, setting: Setting) -> dict[str, float]:
    figures = _rounded(muscima_figures(setting.data / "muscima-pp", hand, limit=setting.limit("muscima")))
    _say(f"muscima {figures}")
    return figures


def _peak(picture: Path) -> int | None:
    """Megabytes of the whole command on one page, None when it fails."""
    try:
        return round(peak_megabytes(picture))
    except subprocess.CalledProcessError as error:
        _say(f"omr convert {picture.name} ended with {error.returncode}: {error.stderr[-500:]}")
        return None


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
