"""Bars whose truth is wrong count on neither side; the other wrong bars are attributed by the audit."""

from __future__ import annotations

from pathlib import Path

from benchmarks.audited_bars import STEP_OF, attribution, read_causes
from benchmarks.truth_errors import exact_share, read_truth_errors


def page(folder: Path, name: str, *steps: str) -> Path:
    """A file of one bar for each note."""
    bars = "".join(
        "<measure><attributes><divisions>1</divisions></attributes>"
        f"<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>4</duration></note></measure>"
        for step in steps
    )
    path = folder / f"{name}.musicxml"
    path.write_text(f"<score-partwise><part>{bars}</part></score-partwise>", encoding="utf-8")
    return path


def folders(tmp_path: Path) -> tuple[list[Path], Path]:
    """Two truths and what was read: bars 2 and 4 of the first page wrong, the second page not read at all."""
    (tmp_path / "read").mkdir()
    truths = [page(tmp_path, "one", *"CDEF"), page(tmp_path, "two", *"GA")]
    page(tmp_path / "read", "one", *"CBEB")
    return truths, tmp_path / "read"


def test_a_listed_bar_counts_on_neither_side(tmp_path: Path) -> None:
    truths, read = folders(tmp_path)
    assert exact_share(truths, read, {}) == 0.3333
    assert exact_share(truths, read, {"one": frozenset({2}), "two": None}) == 0.6667
    assert exact_share(truths, read, {"one": frozenset({1, 2}), "two": frozenset({1})}) == 0.3333
    assert exact_share(truths, read, {"one": None, "two": None}) is None


def test_wrong_bars_are_shared_among_the_steps(tmp_path: Path) -> None:
    truths, read = folders(tmp_path)
    causes = {("one", 1): "barline", ("one", 2): "dot missed", ("two", 1): "truth"}
    assert attribution(truths, read, causes, {"two": frozenset({2})}) == {
        "reading": 0.0,
        "linking": 0.0,
        "detection": 0.3333,
        "truth": 0.6667,
        "wrong_bars": 4,
        "known_causes": 3,
    }


def test_the_lists_are_sound() -> None:
    causes, errors = read_causes(), read_truth_errors()
    assert set(causes.values()) <= set(STEP_OF)
    assert [page for page, bars in errors.items() if bars is None] == ["scarlatti_L005K406_p2", "scarlatti_L005K406_p3"]
    listed = {(page, bar) for page, bars in errors.items() for bar in bars or ()}
    assert {bar for bar, cause in causes.items() if cause == "truth"} <= listed <= set(causes)
