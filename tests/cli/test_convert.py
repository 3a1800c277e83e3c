"""The whole program on the page in examples/."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from omr.cli import main
from omr.detect import detect
from omr.errors import DependencyError
from omr.files.mung import read_mung
from omr.files.project import read_image, read_project
from omr.files.schema import require_valid
from omr.metrics.notes import read_bars, score_notes
from omr.models import computes_bf16, load_models, runtime_device, runtime_precision
from omr.page import read_pages
from omr.prepare import prepare
from tests.cli.conftest import EXAMPLE, Run

TRUTH = EXAMPLE.with_suffix(".musicxml").read_bytes()
ENDINGS = (".musicxml", ".mxl", ".mid", ".mung.xml", ".overlay.png", ".preview.png")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with everything that `convert` can write about the example."""
    out = tmp_path_factory.mktemp("converted")
    report = str(out / "report.json")
    formats = "musicxml,mxl,midi,mung"
    code = main(
        [
            "convert",
            str(EXAMPLE),
            "-o",
            f"{out}/",
            "--format",
            formats,
            "--overlay",
            "--preview",
            "--report",
            report,
            "-q",
        ]
    )
    assert code == 0
    return out


def test_every_output_is_there_and_nothing_else(converted: Path) -> None:
    names = {path.name for path in converted.iterdir()}
    assert names == {f"menuet{ending}" for ending in ENDINGS} | {"report.json"}


def test_the_music_is_right(converted: Path) -> None:
    counts = score_notes(read_bars(TRUTH), read_bars((converted / "menuet.musicxml").read_bytes()))
    assert counts.pitch_f1 > 0.9
    assert counts.pitch_onset_duration_f1 > 0.9
    assert counts.exact_share > 0.8


def test_the_formats_agree(converted: Path) -> None:
    musicxml = (converted / "menuet.musicxml").read_bytes()
    require_valid(musicxml)
    with zipfile.ZipFile(converted / "menuet.mxl") as archive:
        assert archive.testzip() is None
        assert musicxml in [archive.read(name) for name in archive.namelist()]
    assert (converted / "menuet.mid").read_bytes().startswith(b"MThd")
    graph = read_mung((converted / "menuet.mung.xml").read_bytes())
    heads = [node for node in graph.nodes if node.label.startswith("notehead")]
    assert len(heads) == pytest.approx(204, abs=15)
    height, width = pixels(EXAMPLE).shape
    assert all(0 <= head.box.left < width and 0 <= head.box.top < height for head in heads)


def test_the_overlay_shows_the_page_in_colours(converted: Path) -> None:
    overlay = np.asarray(Image.open(io.BytesIO((converted / "menuet.overlay.png").read_bytes())))
    page = pixels(EXAMPLE)
    assert overlay.shape == (*page.shape, 3)
    coloured = np.ptp(overlay.astype(int), axis=2) > 40
    assert 0.002 < coloured.mean() < 0.2
    rows = coloured.any(axis=1) & (page == 0).any(axis=1)
    assert rows.mean() > 0.2  # drawn where the music is


def test_the_preview_is_a_picture(converted: Path) -> None:
    preview = pixels(converted / "menuet.preview.png")
    assert preview.min() < 50
    assert preview.mean() > 200


def test_the_report(converted: Path) -> None:
    report = json.loads((converted / "report.json").read_text(encoding="utf-8"))
    assert {card["name"] for card in report["models"]}
    (row,) = report["files"]
    assert row["outcome"] == "ok"
    assert row["bars"] == pytest.approx(32, abs=2)
    assert [page["page"] for page in row["pages"]] == [1]
    assert row["pages"][0]["staves"] == 12
    assert row["pages"][0]["systems"] == 6
    assert {"prepare", "staves", "detect", "link", "read"} <= set(row["seconds_by_stage"])
    assert sum(row["issues"].values()) >= 0
    assert row["outputs"][0].endswith(".musicxml")


def test_only_result_paths_go_to_standard_output(run: Run, small_page: Path) -> None:
    result = run("convert", small_page)
    assert result.code == 0
    assert result.paths == [small_page.with_suffix(".musicxml")]
    assert "staves" in result.err
    assert "4 staves" in result.err


def test_a_named_file_and_its_format(run: Run, small_page: Path, tmp_path: Path) -> None:
    result = run("convert", small_page, "-o", tmp_path / "deep" / "song.mid", "-q")
    assert result.paths == [tmp_path / "deep" / "song.mid"]
    assert result.err == ""
    assert (tmp_path / "deep" / "song.mid").read_bytes().startswith(b"MThd")


def test_a_project_holds_the_page_and_what_was_found(run: Run, small_page: Path, tmp_path: Path) -> None:
    result = run("convert", small_page, "-o", tmp_path / "song.omr", "-q")
    assert result.paths == [tmp_path / "song.omr"]
    project = read_project(result.paths[0])
    (page,) = project.document["pages"].values()
    assert (page["source"], page["status"]) == (str(small_page), "done")
    assert sum(node[1] == "noteheadFull" for node in page["result"]["nodes"].values()) > 50
    with Image.open(io.BytesIO(read_image(result.paths[0], "p1"))) as picture:
        assert np.array_equal(np.array(picture), pixels(small_page))


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openvino.Core.available_devices", ["CPU"])
    assert runtime_device("auto") == "CPU"
    with pytest.raises(DependencyError, match="give --device cpu"):
        runtime_device("gpu")


def test_precision_is_what_the_processor_computes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for native, auto in ((True, "bf16"), (False, "f32")):
        monkeypatch.setattr("omr.models.computes_bf16", lambda native=native: native)
        assert [runtime_precision(wanted) for wanted in ("auto", "f32")] == [auto, "f32"]
        assert runtime_precision("auto", edition="hand") == "f32"
    with pytest.raises(DependencyError, match="give --precision f32"):
        runtime_precision("bf16")


@pytest.mark.skipif(not computes_bf16(), reason="this processor does not compute in bf16")
def test_bf16_gives_the_same_bytes_on_any_number_of_threads(small_page: Path) -> None:
    image = prepare(next(iter(read_pages(small_page)))).image
    found = [detect(image, load_models("print", precision="bf16", threads=threads).detector) for threads in (1, 2)]
    assert found[0] == found[1]


def test_several_pages_become_one_score(run: Run, small_page: Path, tmp_path: Path) -> None:
    page = Image.fromarray(pixels(small_page))
    blank = Image.new("L", page.size, 255)
    page.save(tmp_path / "book.tif", save_all=True, append_images=[blank, page])
    report = tmp_path / "report.json"
    result = run("convert", tmp_path / "book.tif", "--overlay", "--report", report, "-q")
    assert [path.name for path in result.paths] == ["book.musicxml", "book-p1.overlay.png", "book-p3.overlay.png"]
    (row,) = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert [(page["page"], page["outcome"]) for page in row["pages"]] == [(1, "ok"), (2, "no staves"), (3, "ok")]
    assert row["bars"] == pytest.approx(20, abs=1)
    assert row["pages"][0]["bars"] == pytest.approx(10, abs=1)


def test_the_same_page_gives_the_same_bytes(small_page: Path, tmp_path: Path) -> None:
    """Two processes with different hash seeds and different numbers of threads."""
    found = []
    for seed, threads in (("1", "1"), ("2", "2")):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-m", "omr.cli", "convert", str(small_page), "-o", f"{out}/", "-q"]
        options = ["--format", "musicxml,mxl,midi,mung", "--overlay", "--preview"]
        root = Path(__file__).parents[2]
        subprocess.run([*command, *options], check=True, env=environment, cwd=root, capture_output=True)
        found.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert len(found[0]) == 6
    assert found[0] == found[1]


def test_doctor_and_models(run: Run) -> None:
    doctor = run("doctor")
    assert doctor.code == 0, doctor.out
    assert "self-test" in doctor.out
    assert "BAD" not in doctor.out
    assert run("doctor", "--libraries").out == ""
    assert run("models").out.count("print: ") == 2


def test_evaluate(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", EXAMPLE.parent, "--report", tmp_path / "figures.json")
    assert result.code == 0
    assert "menuet" in result.out
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"]["coverage"] == 1.0


def test_version(run: Run) -> None:
    assert run("--version").out.startswith("scorewright 0.")
