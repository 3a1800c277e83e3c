"""Fits the regressions that tell how likely a bar is wrong (gui/suspicion.json), on pages whose music is known.

    python -m benchmarks.fit_review [PAGES_DIR ...] --scans SCANS_DIR [--keep FOLDER] [-o gui/suspicion.json]

PAGES_DIR holds pairs NAME.png and NAME.musicxml; the held-out engraved pages of `make show-pages` will do. Each is recognised
clean and degraded twice over; without any, the regression over them stays as it is. What a second look adds to that shows on
paper only: five numbers are fitted on the scans of SCANS_DIR of whose works `benchmarks.show_desktop` judges no page; bars
whose truth is not what is printed are left out. FOLDER keeps what was found, so that other signs can be fitted in a minute.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.show_desktop import EVERY
from benchmarks.truth_errors import read_truth_errors
from datasets.synthetic.degrade import degrade
from gui.looks import read_again
from gui.rereading import Rereader, checked
from gui.state import PageEntry, State
from gui.suspicion import LOOKS, NAMES, WEIGHTS, Signs, signs_of
from omr.atomic import write_all
from omr.batch.project_file import light
from omr.errors import NoStavesError
from omr.evaluation import Pair, find_pairs
from omr.files.musicxml import to_musicxml
from omr.metrics.notes import aligned_bars, read_bars
from omr.models import LoadingModels
from omr.page import PageImage, read_pages
from omr.pipeline import recognise_page
from omr.prepare.light import even_light
from omr.prepare.measure import measure
from omr.second_look import look_again

ABOUT = "how likely a bar is wrong: logistic regressions, see gui/suspicion.py; made by benchmarks/fit_review.py"
ONCE = ("engraved", "once")
PAPER = ("pitch",)  # signs that tell more on paper than on engraved pages, where pitches are seldom misread
Floats = npt.NDArray[np.float64]
RIDGE = 10.0  # of the squared weights of standardised signs, in nats
REASSURING = (
    "margin",
    "twin",
    "rhyme",
    "hands",
)  # the more of it, the likelier right; of every other sign, the likelier wrong
STEPS = (
    0.03,
    0.04,
    0.05,
    0.06,
    0.08,
    0.1,
    0.12,
    0.15,
    0.2,
    0.25,
    0.3,
    0.4,
)  # probabilities from which bars may be listed
WANTED = 0.85  # share of the wrong bars that is to be listed
HALF = 0.5  # share of the listed bars that is to be wrong
LOST = 0.5  # share of wrong bars from which a page tells nothing: its music was not found at all
SEED = 1000
LEAST = 1e-4  # probability, that its logarithm stays finite
WORN = (0, 2)  # times each page is degraded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--scans", type=Path, required=True, help="scans with their music, for the second look")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep what was recognised here, or take it from here"
    )
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    models = LoadingModels("print")
    pages = [(pair, worn) for worn in WORN for folder in args.folders for pair in find_pairs(folder)]
    scans = [(pair, 0) for pair in unjudged(find_pairs(args.scans))]
    present = json.loads(WEIGHTS.read_text("utf-8"))
    once = once_of(seen(pages, models, args.keep)) if pages else {name: present[name] for name in ONCE}
    fitted = {"about": ABOUT, **once, **again_of(once["once"], seen(scans, models, args.keep, again=True))}
    write_all([(args.output, (json.dumps(fitted, indent=1) + "\n").encode("ascii"))])


@dataclass(frozen=True, slots=True)
class Bars:
    """What is known of many bars, in rows."""

    signs: Floats
    wrong: npt.NDArray[np.bool_]
    works: npt.NDArray[np.str_]


class Balance(NamedTuple):
    """What is listed from a probability."""

    least: float
    share: float
    """Of the wrong bars that is listed."""
    right: float
    """Share of the listed bars that is wrong."""


def once_of(engraved: Bars) -> dict[str, Any]:
    """The entries ONCE of gui/suspicion.json: the regression of pages that were looked at once."""
    table = fit(engraved.signs, engraved.wrong)
    return {"engraved": _counts(engraved), "once": {**table, "listed": even(balance(engraved, fit))}}


def again_of(once: Mapping[str, Any], scans: Bars) -> dict[str, Any]:
    """The other entries: that of pages that were looked at again, beside `once`."""
    return {"scans": _counts(scans), "again": again(once, scans)}


def _counts(bars: Bars) -> dict[str, int]:
    return {"bars": len(bars.wrong), "wrong": int(bars.wrong.sum())}


def again(once: Mapping[str, Any], scans: Bars) -> dict[str, Any]:
    """The regression of pages that were looked at again: `once`, weighed anew against the second look, with more of PAPER."""

    def fitted(signs: Floats, wrong: npt.NDArray[np.bool_]) -> dict[str, Any]:
        names = (*LOOKS, *PAPER)
        places = [NAMES.index(name) for name in names]
        chance = np.clip(probabilities(once, signs), LEAST, 1 - LEAST)
        share, *looks, bias = regression(np.column_stack((np.log(chance / (1 - chance)), signs[:, places])), wrong)
        weights = {name: share * weight for name, weight in once["weights"].items()}
        weights |= {name: weights[name] + weight for name, weight in zip(names, looks, strict=True)}
        weights = {name: round(weight, 4) for name, weight in weights.items()}
        return {"weights": weights, "bias": round(bias + share * once["bias"], 4)}

    return {**fitted(scans.signs, scans.wrong), "listed": nearest(balance(scans, fitted))}


def unjudged(pairs: Sequence[Pair]) -> list[Pair]:
    """The scans of works of which benchmarks.show_desktop judges no page."""
    judged_works = {_work(pair) for pair in pairs[::EVERY]}
    return [pair for pair in pairs if _work(pair) not in judged_works]


def _work(pair: Pair) -> str:
    return pair.name.rpartition("_p")[0] or pair.name


def seen(pages: Sequence[tuple[Pair, int]], models: LoadingModels, keep: Path | None, *, again: bool = False) -> Bars:
    """The bars of pages, each degraded as often as told."""
    rows: list[tuple[Signs, bool]] = []
    works: list[str] = []
    errors = read_truth_errors()
    for pair, worn in pages:
        entries = recognised_worn(pair, worn, models, keep, again=again)
        bars = list(judged(entries, pair.truth.read_bytes(), errors.get(pair.name, frozenset())))
        lost = sum(wrong for _, wrong in bars) >= LOST * len(bars)
        rows.extend([] if lost else bars)
        told = "left out" if lost else f"{len(rows)} bars, {sum(wrong for _, wrong in rows)} wrong"
        print(pair.name, f"degraded {worn} times:", told, flush=True)
        works.extend([] if lost else [_work(pair)] * len(bars))
    return Bars(np.array([own for own, _ in rows]), np.array([own for _, own in rows]), np.array(works))


def balance(bars: Bars, fitting: Callable[[Floats, npt.NDArray[np.bool_]], dict[str, Any]]) -> list[Balance]:
    """What each of STEPS would list on works left out of the fit."""
    chance = np.zeros(len(bars.wrong))
    for work in np.unique(bars.works):
        own = bars.works == work
        chance[own] = probabilities(fitting(bars.signs[~own], bars.wrong[~own]), bars.signs[own])
    found = []
    for least in STEPS:
        listed = chance >= least
        row = Balance(least, bars.wrong[listed].sum() / bars.wrong.sum(), bars.wrong[listed].mean())
        print(
            f"from {row.least:.2f}: {row.share:.2f} of the wrong bars listed, {row.right:.2f} of the listed wrong",
            flush=True,
        )
        found.append(row)
    return found


def even(rows: Sequence[Balance]) -> float:
    """The probability at which share and precision balance best (F1)."""
    return max(rows, key=lambda row: 2 * row.share * row.right / max(1e-9, row.share + row.right)).least


def nearest(rows: Sequence[Balance]) -> float:
    """The probability from which the list comes nearest to both WANTED and HALF, the one it misses by more counting."""
    return max(rows, key=lambda row: min(row.share / WANTED, row.right / HALF)).least


def probabilities(fitted: Mapping[str, Any], signs: Floats) -> Floats:
    """What a fitted regression says of each row of signs."""
    weights = np.array([fitted["weights"][name] for name in NAMES])
    return np.asarray(1 / (1 + np.exp(-(signs @ weights + fitted["bias"]))))


def recognised_worn(pair: Pair, worn: int, models: LoadingModels, keep: Path | None, *, again: bool) -> list[PageEntry]:
    """The pages of a picture degraded `worn` times over, recognised (and looked at `again`); none where no staff is found."""
    kept = keep / f"{pair.name}-{worn}.pickle" if keep is not None else None
    if kept is not None and kept.is_file():
        return list(pickle.loads(kept.read_bytes()))
    entries = []
    for page in read_pages(pair.picture):
        with suppress(NoStavesError):
            worn_page = degraded_page(page, pair.name, worn)
            result = recognise_page(worn_page, models)
            looks = look_again(worn_page, result, models) if again else None
            entries.append(PageEntry(id=f"p{page.index}", source="", status="done", result=light(result), looks=looks))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_all([(kept, pickle.dumps(entries))])
    return entries


def degraded_page(page: PageImage, name: str, times: int) -> PageImage:
    """The page as a worn print, badly scanned: degraded over and over, always the same way."""
    found = measure(even_light(page.pixels))
    if found is None:
        return page
    chance = np.random.default_rng([SEED, times, page.index, crc32(name.encode())])
    pixels = page.pixels
    for _ in range(times):
        pixels = degrade(pixels, chance, staff_space=found.staff_space)
    return PageImage(pixels=np.ascontiguousarray(pixels), source=page.source, index=page.index)


def judged(
    entries: Sequence[PageEntry], truth: bytes, errors: frozenset[int] | None = frozenset()
) -> Iterator[tuple[Signs, bool]]:
    """(signs, whether it is wrong) of each bar of a document but those whose truth has `errors` (benchmarks.truth_errors)."""
    if errors is None:
        return
    rereader = Rereader()
    state = read_again(rereader.read(State(pages=tuple(entries))), [entry.id for entry in entries])
    heard = checked(rereader.read(state))
    right, found = read_bars(truth), read_bars(to_musicxml(heard.score))
    partner = {other: own for own, other in aligned_bars(right, found)}
    for place, signs in enumerate(signs_of(heard)):
        if not found[place] and place not in partner:
            continue  # nothing tells which bar of rests it is
        if place in partner and partner[place] + 1 in errors:
            continue
        yield signs, place not in partner or Counter(right[partner[place]]) != Counter(found[place])


def fit(signs: Floats, wrong: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The regression over NAMES of pages that were looked at once, as JSON: weights by name, and bias."""
    bounds = [(None, 0.0) if name in REASSURING else (0.0, None) for name in NAMES]
    *weights, bias = regression(signs, wrong, bounds, ridge=RIDGE)
    return {
        "weights": {name: round(weight, 4) for name, weight in zip(NAMES, weights, strict=True)},
        "bias": round(bias, 4),
    }


def regression(
    signs: Floats,
    wrong: npt.NDArray[np.bool_],
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
    *,
    ridge: float = 1.0,
) -> list[float]:
    """Weights of the columns of `signs` (default: none reassures), and bias."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    scaled = (signs - mean) / spread

    def loss(values: Floats) -> tuple[float, Floats]:
        total = scaled @ values[:-1] + values[-1]
        chance = 1 / (1 + np.exp(-total))
        price = np.logaddexp(0, total).sum() - total[wrong].sum() + ridge * (values[:-1] ** 2).sum()
        off = chance - wrong
        slope = np.append(scaled.T @ off + 2 * ridge * values[:-1], off.sum())
        return float(price), slope

    limits = [*(bounds or [(0.0, None)] * signs.shape[1]), (None, None)]
    best = minimize(loss, np.zeros(signs.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=limits).x
    weights = best[:-1] / spread
    return [*weights.tolist(), float(best[-1] - (weights * mean).sum())]


if __name__ == "__main__":
    main()
