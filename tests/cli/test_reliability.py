"""A run that is killed goes on where it was and ends with the same bytes; any number of workers writes them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from omr.batch.work_folder import WORK
from omr.commands.telling import Teller
from omr.errors import ExitCode
from tests.cli.conftest import EXAMPLE, Run

ROOT = Path(__file__).parents[2]
FORMATS = "musicxml,mxl,midi,mei,pdf,mung"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages of one system each, and an empty one."""
    path = tmp_path_factory.mktemp("book") / "book.tif"
    with Image.open(EXAMPLE) as page:
        gray = page.convert("L")
        systems = [gray.crop((0, top, page.width, top + 540)) for top in (300, 800, 1310)]
    empty = Image.new("L", systems[0].size, 255)
    systems[0].save(path, save_all=True, append_images=[systems[1], empty, systems[2]])
    return path


def start(book: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "omr.cli", "convert", str(book), "-o", f"{out}/", "--format", FORMATS, "-q", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def undisturbed(book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    process = start(book, out, "-j", "1")
    told = process.communicate()
    assert process.returncode == 0, told
    return files(out)


def test_any_number_of_workers_writes_the_same_bytes(book: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    assert len(undisturbed) == 8  # a graph for each of three pages
    process = start(book, tmp_path / "out", "-j", "2")
    process.communicate()
    assert process.returncode == 0
    assert files(tmp_path / "out") == undisturbed


def test_a_killed_run_goes_on(
    book: Path, undisturbed: dict[str, bytes], tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    process = start(book, out, "-j", "1")
    while process.poll() is None and not list(out.glob(f"{WORK}/*/page-00001.npz")):
        time.sleep(0.01)
    assert process.poll() is None
    process.kill()
    process.communicate()
    assert [path.name for path in out.iterdir()] == [WORK]
    left = len(list(out.glob(f"{WORK}/*/page-*")))
    report = tmp_path / "report.json"
    seen: list[int] = []
    monkeypatch.setattr(Teller, "page_done", lambda teller: seen.append(1))
    assert run("convert", book, "-o", f"{out}/", "--format", FORMATS, "-q", "--resume", "--report", report).code == 0
    assert len(seen) == 4
    assert left >= 1
    assert files(out) == undisturbed
    pages = json.loads(report.read_text(encoding="utf-8"))["files"][0]["pages"]
    assert [page["outcome"] for page in pages] == ["ok", "ok", "no staves", "ok"]


def test_interrupting_keeps_the_work_and_says_so(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(book, out, "-j", "1")
    while process.poll() is None and not list(out.glob(f"{WORK}/*/page-00001.npz")):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=20)
    assert process.returncode == ExitCode.CANCELLED
    assert b"--resume" in told
    assert list(out.glob(f"{WORK}/*/page-00001.npz"))


def test_a_page_beyond_the_limits_costs_itself_alone(run: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("convert", book, "-o", f"{out}/", "--max-memory", "0.01", "--report", tmp_path / "report.json")
    assert result.code == ExitCode.RESOURCES
    assert result.err.count("--max-memory") >= 1
    assert not out.exists()


def test_a_damaged_page_does_not_lose_the_others(run: Run, book: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "book.tif"
    with Image.open(book) as picture:
        pages = []
        for number in range(2):
            picture.seek(number)
            pages.append(picture.copy())
    pages[0].save(damaged, save_all=True, append_images=[pages[1]], compression="tiff_lzw")
    with Image.open(damaged) as picture:
        picture.seek(1)
        first = picture.tag_v2[273][0]  # where the strips of the second page begin
    raw = bytearray(damaged.read_bytes())
    raw[first : first + 2000] = b"\xff" * 2000
    damaged.write_bytes(bytes(raw))
    report = tmp_path / "report.json"
    result = run("convert", damaged, "--report", report, "-q")
    assert result.code == ExitCode.SOME_FAILED
    assert result.paths == [tmp_path / "book.musicxml"]
    assert str(damaged) in result.err
    pages_told = json.loads(report.read_text(encoding="utf-8"))["files"][0]["pages"]
    assert [(page["page"], page["outcome"]) for page in pages_told] == [(1, "ok"), (2, "failed")]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for the superuser")
def test_a_place_that_may_not_be_written(run: Run, small_page: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o500)
    result = run("convert", small_page, "-o", f"{place}/")
    assert result.code == ExitCode.PERMISSION
