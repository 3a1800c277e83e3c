"""Every kind of wrong bar is told by its name."""

from __future__ import annotations

from fractions import Fraction

import pytest

from benchmarks import attribution
from benchmarks.attribution import confusions, judged, kind_of, sheet
from omr.metrics.notes import Bar, BarNote


def bar(*notes: tuple[int, int, int]) -> Bar:
    return tuple(BarNote(Fraction(onset), pitch, Fraction(duration)) for onset, pitch, duration in notes)


TRUTH = bar((0, 60, 1), (1, 62, 1), (2, 64, 2))


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (TRUTH, attribution.EXACT),
        (bar((0, 61, 1), (1, 62, 1), (2, 64, 2)), attribution.PITCHES),
        (bar((0, 60, 1), (1, 62, 1), (2, 64, 1)), attribution.LENGTHS),
        (bar((0, 60, 2), (2, 62, 1), (3, 64, 1)), attribution.ONSETS),
        (TRUTH[:2], attribution.MISSING),
        ((*TRUTH, TRUTH[0]), attribution.ADDED),
        (bar((0, 61, 1), (1, 62, 1)), attribution.BOTH),
    ],
)
def test_kinds(found: Bar, kind: str) -> None:
    assert kind_of(TRUTH, found) == kind


def test_bars_are_numbered_from_one_and_a_lost_one_is_named() -> None:
    second = bar((0, 70, 4))
    assert [(number, kind) for number, kind, _, _ in judged([TRUTH, second], [second])] == [
        (1, attribution.LOST),
        (2, attribution.EXACT),
    ]


def test_the_sheet_shows_wrong_bars_only() -> None:
    text = sheet([("page<1", 1, attribution.EXACT, TRUTH, TRUTH), ("page<2", 7, attribution.MISSING, TRUTH, TRUTH[:2])])
    assert "page&lt;2" in text
    assert "page&lt;1" not in text
    assert "2:64/2" in text


def test_confusions_name_what_was_taken_for_what() -> None:
    found = bar((0, 60, 2), (1, 63, 1), (2, 64, 1))
    row = ("page", 1, attribution.BOTH, TRUTH, found)
    assert confusions([row, row]) == {"durations": {"1 read as 2": 2, "2 read as 1": 2}, "pitches": {"+1": 2}}
