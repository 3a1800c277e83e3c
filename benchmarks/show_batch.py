"""How fast and how safe a box of scans is converted: `python -m benchmarks.show_batch [--quick]`.

Ends with one JSON line. Times are wall times on this machine with whatever else runs on it; run nothing beside it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the floor is that of one core, times the cores

import cv2
from PIL import Image

from benchmarks import kill_resume
from benchmarks.floor import floor_seconds
from benchmarks.mixed_pages import mixed_pages
from benchmarks.setting import parser
from benchmarks.timed_batch import timed_convert
from omr.batch.run import core_count
from omr.evaluation import evaluate_pairs, find_pairs, read_page
from omr.models import load_models, runtime_precision

PAGES, QUICK_PAGES = 100, 12
CLUSTER_PAGES, QUICK_CLUSTER_PAGES = 24, 12
HOSTILE, QUICK_HOSTILE = 400, 24
KILLS, QUICK_KILLS = 50, 3
RESOLUTION_PAGES, QUICK_RESOLUTION_PAGES = 12, 2
COLD_TRIES = 3


def main() -> None:
    """Measure, print."""
    setting = parser(__doc__, report="out/show-batch", quick=f"{QUICK_PAGES} pages, fewer of everything").parse_args()
    quick: bool = setting.quick
    scans = setting.data / "printed-scans"
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="omr-batch-") as name:
        pages = mixed_pages(scans, setting.cache / "mixed-pages", QUICK_PAGES if quick else PAGES)
        shown = _speed(pages, Path(name))
        few = pages[: QUICK_CLUSTER_PAGES if quick else CLUSTER_PAGES]
        shown["cluster_speedup"] = _speedup(few, Path(name))
    shown["photos"] = _photos(scans, quick=quick)
    shown["low_resolution"] = _low_resolution(scans, QUICK_RESOLUTION_PAGES if quick else RESOLUTION_PAGES)
    shown["hostile"] = _optional("benchmarks.hostile", count=QUICK_HOSTILE if quick else HOSTILE)
    shown["kill_resume"] = kill_resume.figures(QUICK_KILLS if quick else KILLS)
    _say(f"{time.perf_counter() - start:.0f} s")
    print(json.dumps(shown))


def _speed(pages: list[Path], folder: Path) -> dict[str, Any]:
    """Warm and cold seconds, memory, and the floor."""
    cold = [timed_convert(pages[:1], folder / f"cold-{number}").moments[0] for number in range(COLD_TRIES)]
    warm = timed_convert(pages, folder / "warm")
    if warm.code or len(warm.moments) != len(pages):
        _say(f"the batch ended with {warm.code} after {len(warm.moments)} of {len(pages)} pages")
    precision = runtime_precision("auto")
    shown: dict[str, Any] = {
        "warm_seconds_per_page": round(warm.warm_seconds, 3),
        "cold_first_page_seconds": round(min(cold), 3),
        "peak_pss_mb": round(warm.peak),
        "memory_growth_mb_page_10_to_100": round(warm.growth(10, 100), 1),
        "floor_seconds_per_page": round(floor_seconds(pages[:8], core_count(), precision), 3),
        "precision": precision,
    }
    _say(f"{shown}; cold starts {[round(each, 2) for each in cold]}")
    return shown


def _speedup(pages: list[Path], folder: Path) -> float:
    """Warm seconds a page of one local cluster worker over those of two; the outputs must be the same."""
    seconds = []
    for workers in (1, 2):
        timed = timed_convert(pages, folder / f"cluster-{workers}", "--cluster", f"local:{workers}", weighed=False)
        seconds.append(timed.warm_seconds)
    first, second = ({path.name: path.read_bytes() for path in (folder / f"cluster-{n}").iterdir()} for n in (1, 2))
    if first != second:
        _say("two workers wrote other bytes than one")
    return round(seconds[0] / seconds[1], 3)


def _photos(scans: Path, *, quick: bool) -> dict[str, float] | None:
    found: dict[str, float] | None = _optional("benchmarks.photos", scans, quick)
    return None if found is None else {name: round(value, 4) for name, value in found.items()}


def _low_resolution(scans: Path, count: int) -> dict[str, float]:
    """pitch+onset+duration F1 of pages as they are (300 dots an inch) and at a third of it."""
    models = load_models("print")
    pairs = find_pairs(scans)
    pairs = pairs[:: max(1, len(pairs) // count)][:count]
    with tempfile.TemporaryDirectory(prefix="omr-low-") as name:

        def shrunk(picture: Path) -> Path:
            pixels = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
            path = Path(name) / picture.name
            Image.fromarray(cv2.resize(pixels, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)).save(path)
            return path

        low = evaluate_pairs(pairs, lambda picture: read_page(shrunk(picture), models))
    whole = evaluate_pairs(pairs, lambda picture: read_page(picture, models))
    figure = "pod_f1"
    return {"100dpi_pod_f1": round(low.figures()[figure], 4), "300dpi_pod_f1": round(whole.figures()[figure], 4)}


def _optional(module: str, *arguments: object, **options: object) -> Any:
    """`figures` of a benchmark, None where this checkout lacks it."""
    if importlib.util.find_spec(module) is None:
        _say(f"{module} is not here: no figures of it")
        return None
    return importlib.import_module(module).figures(*arguments, **options)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
