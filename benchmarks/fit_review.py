"""Fits the regression that tells how likely a bar is wrong (gui/suspicion.json), on pages whose music is known.

    python -m benchmarks.fit_review PAGES_DIR [PAGES_DIR ...] [-o gui/suspicion.json]

PAGES_DIR holds pairs NAME.png and NAME.musicxml; the held-out engraved pages of `make show-pages` will do. Scans are for
testing only and do not belong here.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from datasets.synthetic.degrade import degrade
from gui.rereading import Rereader, checked
from gui.state import PageEntry, State
from gui.suspicion import NAMES, WEIGHTS, Signs, signs_of
from omr.atomic import write_all
from omr.evaluation import find_pairs
from omr.files.musicxml import to_musicxml
from omr.metrics.notes import aligned_bars, read_bars
from omr.models import load_models
from omr.page import PageImage, read_pages
from omr.pipeline import PageResult, recognise_page
from omr.prepare.light import even_light
from omr.prepare.measure import measure

Floats = npt.NDArray[np.float64]
RIDGE = 10.0  # of the squared weights of standardised signs, in nats
REASSURING = ("margin",)  # the more of it, the likelier right; of every other sign, the likelier wrong
LISTED = 0.2  # probability from which a bar is listed: a look at a right bar costs less than a wrong one passed over
LOST = 0.5  # share of wrong bars from which a page tells nothing: its music was not found at all
SEED = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    models = load_models("print")
    rows: list[tuple[Signs, bool]] = []
    for folder in args.folders:
        for pair in find_pairs(folder):
            for degraded in (False, True):
                pages = [degraded_page(page) if degraded else page for page in read_pages(pair.picture)]
                bars = list(judged([recognise_page(page, models) for page in pages], pair.truth.read_bytes()))
                lost = sum(wrong for _, wrong in bars) > LOST * len(bars)
                rows.extend([] if lost else bars)
                print(pair.name, "left out" if lost else f"{len(rows)} bars, {sum(wrong for _, wrong in rows)} wrong")
    fitted = fit(np.array([signs for signs, _ in rows]), np.array([wrong for _, wrong in rows]))
    write_all([(args.output, (json.dumps(fitted, indent=1) + "\n").encode("ascii"))])


def degraded_page(page: PageImage) -> PageImage:
    """The page as a worn print, badly scanned: degraded twice over."""
    found = measure(even_light(page.pixels))
    if found is None:
        return page
    chance = np.random.default_rng(SEED + page.index)
    pixels = page.pixels
    for _ in range(2):
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
        yield signs, place not in partner or Counter(right[partner[place]]) != Counter(found[place])


def fit(signs: Floats, wrong: npt.NDArray[np.bool_]) -> dict[str, object]:
    """The regression as JSON: weights by name, bias, and the probability from which a bar is listed."""
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
        "listed": LISTED,
    }


if __name__ == "__main__":
    main()
