"""Bad input: one line that names the file and says what to do, the documented exit code, nothing left behind."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from omr.errors import ExitCode
from tests.cli.conftest import Run
from tests.page.test_read_pages import ENCRYPTED, bomb

PROSE = "It was a bright cold day in April, and the clocks were striking thirteen; nothing here can be sung or played."


def missing(path: Path) -> None:
    assert not path.exists()


def empty(path: Path) -> None:
    path.touch()


def truncated_png(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 400), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(noise).save(data, format="PNG")
    path.write_bytes(data.getvalue()[: data.tell() // 2])


def truncated_pdf(path: Path) -> None:
    data = io.BytesIO()
    Image.new("L", (400, 400), 255).save(data, format="PDF")
    path.write_bytes(data.getvalue()[:300])


def encrypted(path: Path) -> None:
    path.write_bytes(ENCRYPTED.read_bytes())


def huge(path: Path) -> None:
    path.write_bytes(bomb(20_000))


def not_an_image(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def blank_page(path: Path) -> None:
    Image.new("L", (1240, 1754), 255).save(path, format="PNG")


def page_of_prose(path: Path) -> None:
    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    for line in range(60):
        draw.text((120, 120 + 25 * line), PROSE[line % 7 :], fill=0, font_size=19)
    picture.save(path, format="PNG")


CASES: list[tuple[Callable[[Path], None], ExitCode]] = [
    (missing, ExitCode.INPUT),
    (empty, ExitCode.INPUT),
    (truncated_png, ExitCode.INPUT),
    (truncated_pdf, ExitCode.INPUT),
    (encrypted, ExitCode.ENCRYPTED),
    (huge, ExitCode.INPUT),
    (not_an_image, ExitCode.INPUT),
    (folder, ExitCode.INPUT),
    (pipe, ExitCode.INPUT),
    (blank_page, ExitCode.NOTHING_TO_DO),
    (page_of_prose, ExitCode.NOTHING_TO_DO),
]


@pytest.mark.parametrize(("make", "code"), CASES, ids=[make.__name__ for make, _ in CASES])
def test_one_line_names_the_file_and_nothing_is_written(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], code: ExitCode
) -> None:
    monkeypatch.setattr("omr.models.load_models", lambda edition: SimpleNamespace(cards=()))  # no page gets that far
    path = tmp_path / "a page.png"
    make(path)
    result = run("convert", path, "-o", f"{tmp_path / 'out'}/", "--overlay")
    assert result.code == code
    assert result.out == ""
    lines = result.err.strip().splitlines()
    assert len(lines) == 1
    assert str(path) in lines[0]
    assert len(lines[0]) > len(str(path)) + 20  # says more than the name
    assert not (tmp_path / "out").exists()


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, run: Run, small_page: Path) -> None:
    bad = tmp_path / "bad.png"
    truncated_png(bad)
    result = run("convert", bad, tmp_path / "nowhere.pdf", small_page, "-o", f"{tmp_path / 'out'}/", "-q")
    assert result.code == ExitCode.SOME_FAILED
    assert result.paths == [tmp_path / "out" / "small.musicxml"]
    assert len(result.err.strip().splitlines()) == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small.musicxml"]


def test_when_all_of_several_fail(tmp_path: Path, run: Run) -> None:
    assert run("convert", tmp_path / "a.png", tmp_path / "b.png").code == ExitCode.ALL_FAILED


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["convert"],
        ["convert", "x.png", "--format", "docx"],
        ["convert", "x.png", "--pages", "3-1"],
        ["convert", "x.png", "--model", "mine"],
        ["convert", "x.png", "y.png", "-o", "z.musicxml"],
        ["convert", "x.png", "-o", "z.docx"],
        ["play", "x.png"],
    ],
)
def test_wrong_arguments(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == ExitCode.USAGE
    assert "error: " in result.err
    assert "Traceback" not in result.err


def test_a_page_that_is_not_there(run: Run, small_page: Path) -> None:
    result = run("convert", small_page, "--pages", "2")
    assert result.code == ExitCode.USAGE
    assert "no page 2" in result.err


def test_a_wrong_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "omr.toml").write_text("colour = 1")
    result = run("convert", "x.png", "--config", tmp_path / "omr.toml")
    assert result.code == ExitCode.CONFIG
    assert "colour" in result.err


def test_an_output_folder_that_cannot_be_made(tmp_path: Path, run: Run, small_page: Path) -> None:
    (tmp_path / "file").touch()
    result = run("convert", small_page, "-o", f"{tmp_path / 'file'}/")
    assert result.code == ExitCode.INPUT
    assert len(result.err.strip().splitlines()) == 1


def test_evaluate_without_a_folder(tmp_path: Path, run: Run) -> None:
    result = run("evaluate", tmp_path / "nowhere")
    assert result.code == ExitCode.INPUT
    assert str(tmp_path / "nowhere") in result.err


def test_a_name_that_is_not_text(tmp_path: Path, run: Run) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    assert run("convert", path).code == ExitCode.INPUT
