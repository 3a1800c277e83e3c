"""How well symbols are found, on everything there is to judge it by: `python -m benchmarks.show_detector [--quick]`.

Trains nothing. Ends with one JSON line; shares are fractions from 0 to 1, seconds are of the detector alone on whole scans.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import numpy as np

from benchmarks.detection import Judged, count, judge, reliability, weighted_precision
from benchmarks.labelled_pages import LabelledPage, hand_labelled, lilypond_pages
from benchmarks.reliability_picture import draw_reliability
from benchmarks.setting import parser
from benchmarks.show_pages import spread
from omr import labels
from omr.atomic import write_all
from omr.detect import detect
from omr.evaluation import evaluate_pairs, find_pairs, read_page
from omr.models import Models, Precision, computes_bf16, load_models
from omr.page import read_pages
from omr.prepare import prepare

BEFORE: Final = Path(__file__).parent / "before_detector.json"
QUICK_PAGES: Final = 4
TIMED_PAGES: Final = 5
GROUPS: Final = {
    "noteheads": ("noteheadFull", "noteheadHalf", "noteheadWhole", "noteheadDoubleWhole"),
    "stem": ("stem",), "beam": ("beam",), "accidentals": labels.ACCIDENTALS, "rests": labels.RESTS, "clefs": labels.CLEFS,
    "flags": labels.FLAGS, "augmentationDot": ("augmentationDot",), "legerLine": ("legerLine",),
    "articulationStaccato": ("articulationStaccato",), "barline": ("barline",), "slur": ("slur",), "tie": ("tie",),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where things are, and whether all pages are seen."""

    data: Path
    cache: Path
    report: Path
    quick: bool
    before: Path | None

    @property
    def limit(self) -> int | None:
        return QUICK_PAGES if self.quick else None


def main() -> None:
    """Measure, print."""
    setting = _setting()
    if setting.before is not None:
        print(json.dumps(_read_scans(load_models("print", folder=setting.before), setting)))
        return
    start = time.perf_counter()
    models = load_models("print")
    pages, failures = lilypond_pages(setting.data / "scores", setting.cache, setting.limit)
    for failure in failures:
        print(f"not engraved: {failure}")
    engraved = [judge(page, models.detector) for page in pages]
    scans = [judge(page, models.detector) for page in hand_labelled(setting.data / "printed-scans")[: setting.limit]]
    error, rows = reliability([*engraved, *scans])
    write_all([(setting.report / "reliability.png", draw_reliability(rows, error))])
    shown: dict[str, object] = {
        "precision": models.precision,
        "lilypond": _lilypond(engraved),
        "lilypond_ap50_weighted": _by_precision(pages, models.precision, engraved),
        "hand_labelled_scans": _hand_labelled(scans),
        "printed_scans": _printed_scans(models, setting),
        "calibration_error": round(error, 4),
        **_seconds(setting),
    }
    print(f"{time.perf_counter() - start:.0f} s; reliability diagram: {setting.report / 'reliability.png'}")
    print(json.dumps(shown))


def _setting() -> Setting:
    options = parser(__doc__, report="out/show-detector", quick=f"{QUICK_PAGES} pages of each kind")
    options.add_argument("--before", type=Path, help="read the scans with this folder's models instead, nothing else")
    return Setting(**vars(options.parse_args()))


def _lilypond(pages: Sequence[Judged]) -> dict[str, object] | None:
    if not pages:
        return None
    weighted, table = weighted_precision(pages)
    counts = count(pages)
    for label, (number, precision) in sorted(table.items(), key=lambda row: row[1][0] * (row[1][1] - 1))[:12]:
        print(f"lilypond {label}: AP50 {precision:.3f} of {number}")
    return {
        "ap50_weighted": round(weighted, 4),
        "recall": _rounded({name: counts.recall(group) for name, group in GROUPS.items()}),
        "precision_noteheads": _round(counts.precision(GROUPS["noteheads"])),
        "pages": len(pages),
    }


def _by_precision(pages: Sequence[LabelledPage], known: Precision, judged: Sequence[Judged]) -> dict[str, float] | None:
    """Weighted AP50 in each precision this processor computes in; `judged` are the pages in the `known` one."""
    if not pages:
        return None
    shown = {}
    for precision in get_args(Precision) if computes_bf16() else (known,):
        detector = load_models("print", precision=precision).detector
        found = judged if precision == known else [judge(page, detector) for page in pages]
        shown[precision] = round(weighted_precision(found)[0], 4)
    return shown


def _hand_labelled(pages: Sequence[Judged]) -> dict[str, object]:
    counts = count(pages)
    return {
        "recall_noteheads": _round(counts.recall(GROUPS["noteheads"])),
        "recall_by_class": _rounded({label: counts.recall([label]) for label in sorted(counts.true)}),
        "precision_noteheads": _round(counts.precision(GROUPS["noteheads"])),
        "symbols": counts.true.total(),
    }


def _printed_scans(models: Models, setting: Setting) -> dict[str, float | None]:
    before = json.loads(BEFORE.read_text("utf-8"))
    after = _read_scans(models, setting)
    return {
        "exact_before": before["exact"],
        "exact_after": after["exact"],
        "pod_before": before["pod"],
        "pod_after": after["pod"],
        "staves_found": after["staves_found"],
    }


def _read_scans(models: Models, setting: Setting) -> dict[str, float]:
    pairs = spread(find_pairs(setting.data / "printed-scans"), setting.limit)
    figures = evaluate_pairs(pairs, lambda picture: read_page(picture, models)).figures()
    shown = {"exact": figures["exact_measures"], "pod": figures["pod_f1"], "staves_found": figures["staves_found"]}
    return {name: round(value, 4) for name, value in shown.items()}


def _seconds(setting: Setting) -> dict[str, float | None]:
    """Median seconds of the detector on whole scans, warm; bf16 only where the processor computes in it."""
    pictures = sorted((setting.data / "printed-scans").glob("*.png"))[:: max(1, 48 // TIMED_PAGES)][:TIMED_PAGES]
    images = [prepare(next(iter(read_pages(picture)))).image for picture in pictures]
    return {
        "detect_seconds_bf16": _timed("bf16", images) if computes_bf16() else None,
        "detect_seconds_f32": _timed("f32", images),
    }


def _timed(precision: Precision, images: Sequence[np.ndarray[tuple[int, int], np.dtype[np.uint8]]]) -> float:
    models = load_models("print", precision=precision)
    seconds = []
    for image in [images[0], *images]:
        start = time.perf_counter()
        detect(image, models.detector)
        seconds.append(time.perf_counter() - start)
    return round(float(np.median(seconds[1:])), 3)


def _rounded(figures: dict[str, float | None]) -> dict[str, float | None]:
    return {name: _round(value) for name, value in figures.items() if value is not None}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


if __name__ == "__main__":
    main()
