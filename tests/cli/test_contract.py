"""What `omr convert` promises besides the music: inputs, places, formats, messages and exit codes."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from omr.errors import ExitCode
from omr.models import computes_bf16
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    """Every file below `folder`."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_tree_of_folders_keeps_its_shape(run: Run, small_page: Path, tmp_path: Path) -> None:
    box = tmp_path / "box"
    for place in ("p2.png", "p10.png", "inner/p1.png", ".hidden/p1.png", "notes.txt", "p1.overlay.png"):
        (box / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(small_page, box / place)
    flat = run("convert", box, "-O", tmp_path / "flat", "--dry-run")
    assert [line.split("/")[-1] for line in flat.out.splitlines()] == ["p2.musicxml", "p10.musicxml"]
    assert run("convert", box / "p?.png", box / "inner", "--dry-run").out.count("->") == 2
    report = tmp_path / "report.csv"
    result = run(
        "convert",
        box,
        "-r",
        "-o",
        f"{tmp_path / 'out'}/",
        "-j",
        2,
        "--report",
        report,
        "--log-format",
        "json",
        "--strict",
    )
    assert result.code in (ExitCode.OK, ExitCode.FLAGGED)
    assert names(tmp_path / "out") == ["inner/p1.musicxml", "p10.musicxml", "p2.musicxml"]
    assert [path.stem for path in result.paths] == ["p1", "p2", "p10"]  # the order of the inputs, not of the workers
    lines = [json.loads(line) for line in result.err.splitlines()]
    assert [(line["outcome"], line["staves"], line["pages"]) for line in lines] == [("ok", 4, 1)] * 3
    assert (result.code == ExitCode.FLAGGED) == any(line["flagged"] for line in lines)
    rows = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert [(row["page"], row["outcome"], row["staves"]) for row in rows] == [("", "ok", "4"), ("1", "ok", "4")] * 3
    assert rows[0]["models"].startswith("detector-print-")
    assert rows[0]["precision"] == ("bf16" if computes_bf16() else "f32")
    assert set(json.loads(rows[1]["seconds_by_stage"])) >= {"decode", "detect"}

    again = run("convert", box, "-r", "-o", f"{tmp_path / 'out'}/", "--skip-existing")
    assert again.code == ExitCode.NOTHING_TO_DO
    assert again.out == ""
    refused = run("convert", box / "p2.png", "-o", f"{tmp_path / 'out'}/", "-n")
    assert refused.code == ExitCode.PERMISSION
    assert "p2.musicxml" in refused.err


def test_pages_merged_and_split(run: Run, small_page: Path, tmp_path: Path) -> None:
    shutil.copy(small_page, tmp_path / "p2.png")
    shutil.copy(small_page, tmp_path / "p10.png")
    merged = run("convert", tmp_path / "p10.png", tmp_path / "p2.png", "--merge", "-o", tmp_path / "song.musicxml")
    assert merged.code == 0
    assert "8 staves" in merged.err
    text = merged.paths[0].read_text(encoding="utf-8")
    assert text.count("<measure ") == pytest.approx(20, abs=1)
    with Image.open(small_page) as page:
        page.save(tmp_path / "book.tif", save_all=True, append_images=[page.copy()])
    split = run("convert", tmp_path / "book.tif", "--split", "page", "--pages", "2", "--format", "mxl,pdf,mei")
    assert [path.name for path in split.paths] == ["book-p2.mxl", "book-p2.pdf", "book-p2.mei"]
    assert split.paths[1].read_bytes().startswith(b"%PDF-")
    assert b"<mei " in split.paths[2].read_bytes()
    assert names(tmp_path) == sorted(
        ["book.tif", "p10.png", "p2.png", "small.png", "song.musicxml", "book-p2.mxl", "book-p2.pdf", "book-p2.mei"]
    )


def test_standard_input_to_standard_output(small_page: Path) -> None:
    command = [sys.executable, "-m", "omr.cli", "convert", "-", "--format", "mxl", "-q", "--offline"]
    done = subprocess.run(command, input=small_page.read_bytes(), capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.startswith(b"PK")
    assert done.stderr == b""


def test_stop_at_the_first_failure(run: Run, small_page: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    result = run("convert", tmp_path / "a.png", small_page, "--on-error", "stop")
    assert result.code == ExitCode.ALL_FAILED
    assert "--on-error stop" in result.err
    assert names(tmp_path) == ["a.png", "small.png"]


def test_dry_run_writes_nothing(run: Run, small_page: Path, tmp_path: Path) -> None:
    result = run(
        "convert", small_page, tmp_path / "gone.pdf", "--dry-run", "--format", "midi,mung", "-o", f"{tmp_path}/out/"
    )
    assert result.code == ExitCode.SOME_FAILED
    assert result.out.count(" -> ") == 4
    assert "gone.pdf: no such file" in result.err
    assert names(tmp_path) == ["small.png"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["x.png", "-o", "a.mxl", "--split", "page"],
        ["x.png", "-o", "a/", "-O", "b"],
        ["x.png", "-o", "-", "--format", "mxl,midi"],
        ["x.png", "-n", "--overwrite"],
        ["x.png", "-j", "0"],
        ["x.png", "--timeout-page", "-1"],
        ["x.png", "--on-error", "panic"],
    ],
)
def test_options_that_contradict(run: Run, arguments: list[str]) -> None:
    assert run("convert", *arguments).code == ExitCode.USAGE


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'cv2', 'openvino', 'lxml', 'PIL', 'pypdfium2', 'scipy', 'tqdm', 'psutil', 'music21'}"
    code = f"import sys, omr.cli; omr.cli.parser().format_help(); sys.exit(', '.join(sorted({heavy} & set(sys.modules))) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    start = time.process_time()
    subprocess.run([sys.executable, "-m", "omr.cli", "--help"], capture_output=True, check=True, cwd=ROOT)
    assert time.process_time() - start < 0.2


def test_the_parent_of_a_run_imports_nothing_heavy() -> None:
    code = (
        "import sys, omr.batch.run, omr.commands.telling, omr.report\n"
        "heavy = {'numpy', 'cv2', 'openvino', 'lxml', 'PIL', 'pypdfium2', 'scipy', 'music21'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    assert "--skip-existing" in script or "skip-existing" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_the_manual_names_every_option_and_exit_code(run: Run) -> None:
    page = run("man").out
    assert page.startswith(".TH OMR 1")
    for words in ("omr convert", "\\-\\-skip\\-existing", "\\-\\-timeout\\-page", "bars to check", "\n.B 130\n"):
        assert words in page
