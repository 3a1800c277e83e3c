"""A folder of pages is scored by what the reader gives, and a page that fails counts as nothing found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omr.errors import InputError, NoStavesError
from omr.evaluation import Evaluation, Reading, evaluate_pairs, find_pairs

BAR = (
    "<measure number='1'><attributes><divisions>1</divisions><key><fifths>0</fifths></key>"
    "<clef><sign>G</sign><line>2</line></clef></attributes>"
    "<note><pitch><step>{}</step><octave>4</octave></pitch><duration>4</duration></note></measure>"
)
TRUTHS = {name: f"<score-partwise><part id='P1'>{BAR.format(name.upper())}</part></score-partwise>" for name in "abc"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, truth in TRUTHS.items():
        (tmp_path / f"{name}.musicxml").write_text(truth)
        (tmp_path / f"{name}.png").touch()
    (tmp_path / "alone.png").touch()
    return tmp_path


def truth_reader(picture: Path) -> Reading:
    truth = picture.with_suffix(".musicxml").read_bytes()
    seconds = (("detect", 5.0 if picture.stem == "a" else 1.0),)
    return Reading(musicxml=truth, system_sizes=(1,), seconds=seconds)


def failing_reader(picture: Path) -> Reading:
    if picture.stem == "b":
        raise NoStavesError("b.png: no staves")
    if picture.stem == "c":
        return Reading(musicxml=TRUTHS["a"].encode(), system_sizes=(1,))
    return truth_reader(picture)


def evaluated(folder: Path, reader: object) -> Evaluation:
    return evaluate_pairs(find_pairs(folder), reader)  # type: ignore[arg-type]


def test_pairs_are_pictures_with_a_truth_beside_them(folder: Path) -> None:
    assert [(pair.name, pair.picture.name) for pair in find_pairs(folder)] == [(n, f"{n}.png") for n in "abc"]


def test_a_folder_without_pairs_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no pairs of NAME\.png and NAME\.musicxml"):
        find_pairs(tmp_path)


def test_the_truth_itself_scores_one_everywhere(folder: Path) -> None:
    assert set(evaluated(folder, truth_reader).figures().values()) == {1.0}


def test_a_failed_page_lowers_every_figure(folder: Path) -> None:
    evaluation = evaluated(folder, failing_reader)
    figures = evaluation.figures()
    assert figures["coverage"] == pytest.approx(2 / 3)
    assert figures["pitch_f1"] == pytest.approx(2 * 1 / (3 + 2))
    assert (figures["staves_found"], figures["clefs_right"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert evaluation.pages[1].failure == "NoStavesError: b.png: no staves"


def test_the_first_page_does_not_count_as_warm(folder: Path) -> None:
    assert evaluated(folder, truth_reader).stage_seconds() == {"detect": 1.0}


def test_a_truth_that_is_not_music_is_named(folder: Path) -> None:
    (folder / "a.musicxml").write_text("no music")
    with pytest.raises(InputError, match=r"a\.musicxml: not MusicXML"):
        evaluated(folder, truth_reader)


def test_the_report_is_json_and_the_table_has_a_line_a_page(folder: Path) -> None:
    evaluation = evaluated(folder, failing_reader)
    document = json.loads(evaluation.json())
    assert [row["name"] for row in document["by_page"]] == ["a", "b", "c"]
    assert document["figures"]["coverage"] == 0.6667
    assert len(evaluation.table().splitlines()) == 5
