"""What the show target does around the measuring: which pages a quick run takes, and that files are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.engrave_held_out import chosen
from benchmarks.show_pages import QUICK_PAGES, QUICK_SHARES, keeping, spread
from omr.evaluation import Pair, Reading

PAIRS = tuple(Pair(name=str(i), picture=Path(f"{i}.png"), truth=Path(f"{i}.musicxml")) for i in range(48))


def test_a_quick_run_takes_eight_pages() -> None:
    assert sum(QUICK_SHARES.values()) == QUICK_PAGES == 8


@pytest.mark.parametrize(("limit", "names"), [(4, ["0", "12", "24", "36"]), (1, ["0"])])
def test_few_pages_are_taken_from_all_over_the_list(limit: int, names: list[str]) -> None:
    assert [pair.name for pair in spread(PAIRS, limit)] == names


@pytest.mark.parametrize("limit", [None, 48, 100])
def test_all_pages_are_taken_otherwise(limit: int | None) -> None:
    assert spread(PAIRS, limit) == PAIRS


def test_the_first_held_out_pages_are_of_different_kinds() -> None:
    for engraver in ("lilypond", "musescore"):
        assert len({one.kind for one in chosen(engraver, 4)}) == 4
        assert len(chosen(engraver, None)) >= 12


def test_what_was_read_is_kept(tmp_path: Path) -> None:
    reading = Reading(musicxml=b"<score-partwise/>", system_sizes=(2,))
    assert keeping(lambda picture: reading, tmp_path)(Path("some/page.png")) is reading
    assert (tmp_path / "page.musicxml").read_bytes() == reading.musicxml
