"""Fits the regression that tells how likely a bar is wrong (gui/suspicion.json), on pages whose music is known.

    python -m benchmarks.fit_review PAGES_DIR [PAGES_DIR ...] [--keep FOLDER] [-o gui/suspicion.json]

PAGES_DIR holds pairs NAME.png and NAME.musicxml; the held-out engraved pages of `make show-pages` will do. Each is recognised
clean and degraded twice over; FOLDER keeps what was recognised, so that other signs can be fitted in a minute. Scans are
for testing only and do not belong here.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from datasets.synthetic.degrade import degrade
from gui.rereading import Rereader, checked
from gui.state import PageEntry, State
from gui.suspicion import NAMES, WEIGHTS, Signs, signs_of
from omr.atomic import write_all
from omr.errors import NoStavesError
from omr.evaluation import Pair, find_pairs
from omr.files.musicxml import to_musicxml
from omr.metrics.notes import aligned_bars, read_bars
from omr.models import LoadingModels
from omr.page import PageImage, read_pages
from omr.pipeline import PageResult, recognise_page
from omr.prepare.light import even_light
from omr.prepare.measure import measure

Floats = npt.NDArray[np.float64]
RIDGE = 10.0  # of the squared weights of standardised signs, in nats
REASSURING = (
    "margin",
    "twin",
    "rhyme",
    "hands",
)  # the more of it, the likelier right; of every other sign, the likelier wrong
STEPS = (0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4)  # probabilities from which bars may be listed
LOST = 0.5  # share of wrong bars from which a page tells nothing: its music was not found at all
SEED = 1000
WORN = (0, 2)  # times each page is degraded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep what was recognised here, or take it from here"
    )
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    rows: list[tuple[Signs, bool]] = []
    works: list[str] = []
    pairs = [pair for folder in args.folders for pair in find_pairs(folder)]
    models = LoadingModels("print")
    for worn in WORN:
        for pair in pairs:
            bars = list(judged(recognised_worn(pair, worn, models, args.keep), pair.truth.read_bytes()))
            lost = sum(wrong for _, wrong in bars) > LOST * len(bars)
            rows.extend([] if lost else bars)
            told = "left out" if lost else f"{len(rows)} bars, {sum(wrong for _, wrong in rows)} wrong"
            print(pair.name, f"degraded {worn} times:", told, flush=True)
            works.extend([] if lost else [pair.name] * len(bars))
    signs, wrong = np.array([own for own, _ in rows]), np.array([own for _, own in rows])
    fitted = {**fit(signs, wrong), "listed": _listed_from(signs, wrong, np.array(works))}
    write_all([(args.output, (json.dumps(fitted, indent=1) + "\n").encode("ascii"))])


def _listed_from(signs: Floats, wrong: npt.NDArray[np.bool_], works: npt.NDArray[np.str_]) -> float:
    """The probability from which bars are listed: where share and precision of wrong bars listed balance best (F1) on works
    left out of the fit.
    """
    chance = np.zeros(len(wrong))
    for work in np.unique(works):
        own = works == work
        chance[own] = probabilities(fit(signs[~own], wrong[~own]), signs[own])
    worth = {}
    for least in STEPS:
        listed = chance >= least
        share, right = wrong[listed].sum() / wrong.sum(), wrong[listed].mean()
        print(f"from {least:.2f}: {share:.2f} of the wrong bars listed, {right:.2f} of the listed wrong", flush=True)
        worth[least] = 2 * share * right / max(1e-9, share + right)
    return max(worth, key=lambda least: worth[least])


def probabilities(fitted: Mapping[str, Any], signs: Floats) -> Floats:
    """What a fitted regression says of each row of signs."""
    weights = np.array([fitted["weights"][name] for name in NAMES])
    return np.asarray(1 / (1 + np.exp(-(signs @ weights + fitted["bias"]))))


def recognised_worn(pair: Pair, worn: int, models: LoadingModels, keep: Path | None) -> list[PageResult]:
    """The pages of a picture degraded `worn` times over, recognised; none where no staff is found."""
    kept = keep / f"{pair.name}-{worn}.pickle" if keep is not None else None
    if kept is not None and kept.is_file():
        return list(pickle.loads(kept.read_bytes()))
    results = []
    for page in read_pages(pair.picture):
        with suppress(NoStavesError):
            results.append(recognise_page(degraded_page(page, pair.name, worn), models))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_all([(kept, pickle.dumps(results))])
    return results


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


def judged(results: list[PageResult], truth: bytes) -> Iterator[tuple[Signs, bool]]:
    """(signs, whether it is wrong) of each bar of a document."""
    pages = tuple(
        PageEntry(id=f"p{place}", source="", status="done", result=result) for place, result in enumerate(results)
    )
    heard = checked(Rereader().read(State(pages=pages)))
    right, found = read_bars(truth), read_bars(to_musicxml(heard.score))
    partner = {other: own for own, other in aligned_bars(right, found)}
    for place, signs in enumerate(signs_of(heard)):
        if not found[place] and place not in partner:
            continue  # nothing tells which bar of rests it is
        yield signs, place not in partner or Counter(right[partner[place]]) != Counter(found[place])


def fit(signs: Floats, wrong: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The regression as JSON: weights by name, and bias."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    scaled = (signs - mean) / spread

    def loss(values: Floats) -> tuple[float, Floats]:
        total = scaled @ values[:-1] + values[-1]
        chance = 1 / (1 + np.exp(-total))
        price = np.logaddexp(0, total).sum() - total[wrong].sum() + RIDGE * (values[:-1] ** 2).sum()
        off = chance - wrong
        slope = np.append(scaled.T @ off + 2 * RIDGE * values[:-1], off.sum())
        return float(price), slope

    bounds = [(None, 0.0) if name in REASSURING else (0.0, None) for name in NAMES] + [(None, None)]
    best = minimize(loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = best[:-1] / spread
    bias = float(best[-1] - (weights * mean).sum())
    return {
        "about": "how likely a bar is wrong: logistic regression, see gui/suspicion.py; made by benchmarks/fit_review.py",
        "bars": len(wrong),
        "wrong": int(wrong.sum()),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        "bias": round(bias, 4),
    }


if __name__ == "__main__":
    main()
