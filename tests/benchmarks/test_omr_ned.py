"""OMR-NED comes from musicdiff, page by page and within a time limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.omr_ned import PageDistance, omr_ned, omr_ned_figures, page_distances

EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.musicxml"


@pytest.mark.slow
def test_the_same_file_is_at_no_distance_and_a_changed_note_is_at_some(tmp_path: Path) -> None:
    changed = tmp_path / EXAMPLE.name
    changed.write_text(EXAMPLE.read_text("utf-8").replace("<step>G</step>", "<step>A</step>", 1), encoding="utf-8")
    assert omr_ned(EXAMPLE, EXAMPLE) == 0
    distance = omr_ned(EXAMPLE, changed)
    assert distance is not None
    assert 0 < distance < 0.1


def test_a_page_that_takes_too_long_or_is_not_read_has_no_distance(tmp_path: Path) -> None:
    assert omr_ned(EXAMPLE, EXAMPLE, seconds=0.01) is None
    broken = tmp_path / "page.musicxml"
    broken.write_text("no music", encoding="utf-8")
    assert omr_ned(EXAMPLE, broken) is None


def test_a_page_without_a_file_is_nothing_alike(tmp_path: Path) -> None:
    assert page_distances([EXAMPLE], tmp_path) == (PageDistance(name=EXAMPLE.stem, distance=1.0),)


def test_the_mean_is_over_scored_pages_and_the_others_are_counted() -> None:
    pages = [PageDistance(name=str(index), distance=value) for index, value in enumerate((0.1, None, 0.3))]
    assert omr_ned_figures(pages) == {"omr_ned": 0.2, "omr_ned_not_scored": 1}
    assert omr_ned_figures([]) == {"omr_ned": None, "omr_ned_not_scored": 0}
