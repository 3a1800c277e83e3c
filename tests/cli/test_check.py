"""`omr check` on files of our own and of others, and the ranked issues in the report of `omr convert`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from omr.errors import ExitCode
from tests.cli.conftest import EXAMPLE, Run

TRUTH = EXAMPLE.with_suffix(".musicxml")


def with_wrong_bars(tmp_path: Path) -> Path:
    """The example with a note of bar 5 made four times as long, and bar 12 two octaves too high."""
    bars = TRUTH.read_text("utf-8").split("<measure ")
    assert bars[5].startswith('number="5"')
    bars[5] = re.sub(r"<duration>(\d+)", lambda found: f"<duration>{4 * int(found[1])}", bars[5], count=1)
    bars[12] = re.sub(r"<octave>(\d)", lambda found: f"<octave>{2 + int(found[1])}", bars[12])
    path = tmp_path / "wrong.musicxml"
    path.write_text("<measure ".join(bars), "utf-8")
    return path


def test_right_music_has_hardly_anything_to_check(run: Run) -> None:
    result = run("check", TRUTH)
    assert result.code == ExitCode.OK
    assert len(result.out.splitlines()) <= 2
    assert "32 bars" in result.err


def test_a_bar_that_does_not_add_up_comes_first(run: Run, tmp_path: Path) -> None:
    path, report = with_wrong_bars(tmp_path), tmp_path / "report.json"
    result = run("check", path, "--report", report, "-q")
    assert result.code == ExitCode.OK
    assert result.err == ""
    lines = result.out.splitlines()
    assert lines[0].startswith(f"{path}: part Piano, bar 5: ")
    assert any("bar 12: unlikely: " in line and line.endswith("[note-unlikely]") for line in lines)
    (row,) = json.loads(report.read_text("utf-8"))["files"]
    assert [row["outcome"], row["code"], row["bars"]] == ["ok", 0, 32]
    assert len(row["issues"]) == len(lines)
    assert row["issues"][0]["bar"] == "5"
    assert row["issues"][0]["harm"] >= row["issues"][-1]["harm"] > 0


def test_the_same_file_gives_the_same_lines(run: Run, tmp_path: Path) -> None:
    path = with_wrong_bars(tmp_path)
    assert run("check", path).out == run("check", path).out


def test_unreadable_files_have_their_exit_codes(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mxl"
    bad.write_bytes(b"PK nothing")
    assert run("check", bad).code == ExitCode.INPUT
    assert run("check", EXAMPLE).code == ExitCode.INPUT
    assert run("check", tmp_path / "none.xml").code == ExitCode.INPUT
    assert run("check").code == ExitCode.USAGE
    some = run("check", bad, TRUTH)
    assert some.code == ExitCode.SOME_FAILED
    assert some.err.count("error:") == 1
    assert run("check", bad, EXAMPLE).code == ExitCode.ALL_FAILED


def test_the_report_of_a_conversion_ranks_its_issues(run: Run, small_page: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run("convert", small_page, "-o", f"{tmp_path}/out/", "--report", report, "-q").code == ExitCode.OK
    (row,) = json.loads(report.read_text("utf-8"))["files"]
    assert len(row["ranked_issues"]) == sum(row["issues"].values())
    assert all(issue["harm"] > 0 and issue["message"] for issue in row["ranked_issues"])
