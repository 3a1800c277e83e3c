"""How far a detector's scores can be trusted: by class, the share of findings with a score that are right.

Assumes that a finding with a higher score is right at least as often, so the shares are fitted as a rising function (isotonic
regression, Zadrozny and Elkan 2002) and kept as a few points. A class with few findings takes the curve of all classes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from omr import labels
from training.evaluate import Findings, hits

ENOUGH: Final = 150  # findings for a curve of one's own
POINTS: Final = 8
DOUBT: Final = 2.0  # imagined findings, right as often as all findings, that keep a share from being 0 or 1

Floats = npt.NDArray[np.float64]
Curve = tuple[tuple[float, float], ...]


def calibration(findings: Findings) -> dict[str, Curve]:
    """By class, "" for all others: points (score, share of such findings that are right), both rising."""
    tables = {label: hits(findings, label)[:2] for label in labels.DETECTED}
    scores = np.concatenate([table[0] for table in tables.values()])
    right = np.concatenate([table[1] for table in tables.values()])
    found = {label: curve(*table) for label, table in tables.items() if len(table[0]) >= ENOUGH}
    return {"": curve(scores, right), **found} if len(scores) >= ENOUGH else found


def curve(scores: Floats, right: npt.NDArray[np.bool_]) -> Curve:
    """Up to POINTS points of the rising function that fits `right` best, each the mean of as many findings as the next."""
    order = np.argsort(scores, kind="stable")
    fitted = isotonic_regression(right[order].astype(float)).x
    usual = float(right.mean())
    points = []
    for part in np.array_split(np.arange(len(order)), POINTS):
        share = (fitted[part].sum() + DOUBT * usual) / (len(part) + DOUBT)
        points.append((round(float(scores[order][part].mean()), 4), round(float(share), 4)))
    shares = np.maximum.accumulate([share for _, share in points])
    return tuple((score, float(share)) for (score, _), share in zip(points, shares, strict=True))
