"""What the list of bars to check is fitted on, and from which probability bars are listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.fit_review import Balance, Bars, again, balance, even, fit, nearest, probabilities, unjudged
from gui.suspicion import LOOKS, NAMES
from omr.evaluation import Pair


def bars(count: int = 240) -> Bars:
    """Wrong where the first sign and, of those, a further look say so; of three works in turn."""
    chance = np.random.default_rng(3)
    signs = np.zeros((count, len(NAMES)))
    signs[:, NAMES.index("cost")] = chance.random(count)
    signs[:, NAMES.index("other")] = chance.random(count) < 0.3
    wrong = (signs[:, NAMES.index("cost")] > 0.5) & (signs[:, NAMES.index("other")] > 0)
    return Bars(signs, wrong, np.array(["a", "b", "c"] * (count // 3)))


def test_a_second_look_is_weighed_beside_the_first() -> None:
    seen = bars()
    once = fit(seen.signs * np.array([name not in LOOKS for name in NAMES]), seen.wrong)
    assert once["weights"]["cost"] > 0
    assert all(once["weights"][name] == 0 for name in LOOKS)
    fitted = again(once, seen)
    assert fitted["weights"]["other"] > 0
    told = probabilities(fitted, seen.signs)
    assert told[seen.wrong].mean() > 2 * probabilities(once, seen.signs)[seen.wrong].mean() > 0
    assert told[~seen.wrong].mean() < probabilities(once, seen.signs)[~seen.wrong].mean()


def test_from_which_probability_bars_are_listed() -> None:
    rows = [Balance(0.1, 0.85, 0.3), Balance(0.2, 0.8, 0.5), Balance(0.4, 0.7, 0.9)]
    assert even(rows) == 0.4
    assert nearest(rows) == 0.2
    assert nearest([Balance(0.1, 0.95, 0.2), *rows[2:]]) == 0.4
    assert nearest([Balance(0.1, 0.95, 0.45), *rows[2:]]) == 0.1
    found = balance(bars(), fit)
    assert all(0 <= row.share <= 1 for row in found)
    assert [row.share for row in found] == sorted((row.share for row in found), reverse=True)


def test_no_work_that_is_judged_is_fitted_on() -> None:
    names = ["one_p1", "one_p2", "two_p1", "two_p2", "three_p1", "three_p2", "four_p1"]
    pairs = [Pair(name=name, picture=Path(f"{name}.png"), truth=Path(f"{name}.musicxml")) for name in names]
    assert [pair.name for pair in unjudged(pairs)] == ["two_p1", "two_p2", "four_p1"]
