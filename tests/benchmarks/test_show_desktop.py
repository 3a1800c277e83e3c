"""What a review by script adds up to."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6")

from benchmarks.show_desktop import review_figures
from gui.reviewer import Review, Visit
from gui.state import BarKey


def visit(measure: int, *, wrong: bool = False, among: bool = False, edits: int = 0) -> Visit:
    return Visit(bar=BarKey(page="p0", system=0, measure=measure), wrong=wrong, among=among, edits=edits)


def test_lost_and_unlisted_bars_are_wrong_ones_that_the_list_misses() -> None:
    one = Review(
        bars=6,
        listed=(visit(4, wrong=True, among=True), visit(2), visit(5, wrong=True, edits=3)),
        others=(visit(0), visit(1), visit(3, wrong=True, edits=1)),
        lost=0,
    )
    figures = review_figures([one])
    assert figures["wrong_bars_listed"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["list_precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["right_among_five"] == 0.5
    assert figures["exact_before"] == 0.5
    assert figures["actions_to_97"] == 2 + 1 + 4 + 1 + 1 + 2
    lost = review_figures([Review(bars=7, listed=one.listed, others=one.others, lost=1)])
    assert lost["wrong_bars_listed"] == 0.5
