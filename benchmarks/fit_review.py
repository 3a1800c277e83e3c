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

from gui.rereading import Rereader, checked
from gui.state import PageEntry, State
from gui.suspicion import NAMES, WEIGHTS, Signs, signs_of
from omr.atomic import write_all
from omr.evaluation import find_pairs
from omr.files.musicxml import to_musicxml
from omr.metrics.notes import aligned_bars, read_bars
from omr.models import load_models
from omr.page import read_pages
from omr.pipeline import PageResult, recognise_page

Floats = npt.NDArray[np.float64]
RIDGE = 10.0  # of the squared weights of standardised signs, in nats
REASSURING = ("margin",)  # the more of it, the likelier right; of every other sign, the likelier wrong
LISTED = 0.5  # wrong bars among those listed at the threshold, at least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    models = load_models("print")
    rows: list[tuple[Signs, bool]] = []
    for folder in args.folders:
        for pair in find_pairs(folder):
            results = [recognise_page(page, models) for page in read_pages(pair.picture)]
            rows.extend(judged(results, pair.truth.read_bytes()))
            print(pair.name, len(rows), sum(wrong for _, wrong in rows))
    fitted = fit(np.array([signs for signs, _ in rows]), np.array([wrong for _, wrong in rows]))
    write_all([(args.output, (json.dumps(fitted, indent=1) + "\n").encode("ascii"))])


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
    chance = 1 / (1 + np.exp(-(signs @ weights + bias)))
    return {
        "about": "how likely a bar is wrong: logistic regression, see gui/suspicion.py; made by benchmarks/fit_review.py",
        "bars": len(wrong),
        "wrong": int(wrong.sum()),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        "bias": round(bias, 4),
        "listed": round(_threshold(chance, wrong), 4),
    }


def _threshold(chance: Floats, wrong: npt.NDArray[np.bool_]) -> float:
    """The lowest probability at which LISTED of the bars above are wrong."""
    order = np.argsort(-chance)
    precision = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= LISTED)
    return float(chance[order[good[-1]]]) if len(good) else 1.0


if __name__ == "__main__":
    main()
