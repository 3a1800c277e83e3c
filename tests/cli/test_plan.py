"""Which input becomes which output."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omr.config import parse_formats, parse_pages
from omr.errors import UsageError
from omr.inputs import Input, find_inputs, natural_key
from omr.plan import format_of, plan


def stems(*sources: str, output: str | None = None) -> list[tuple[str, str]]:
    return [(str(job.sources[0]), str(job.stem)) for job in plan(find_inputs(sources), output, ("musicxml",))]


def test_outputs_lie_beside_their_inputs_in_natural_order() -> None:
    assert stems("a/p10.png", "a/p2.png", "P1.png") == [("a/p2.png", "a/p2"), ("a/p10.png", "a/p10"), ("P1.png", "P1")]


def test_a_folder_takes_all_outputs(tmp_path: Path) -> None:
    assert stems("a/x.png", "b/y.pdf", output="out/") == [("a/x.png", "out/x"), ("b/y.pdf", "out/y")]
    assert stems("a/x.png", output=str(tmp_path)) == [("a/x.png", str(tmp_path / "x"))]


def test_no_two_inputs_share_an_output() -> None:
    found = stems("a/x.png", "a/x.pdf", "b/x.png", "b/y.png", output="out/")
    names = [stem for _, stem in found]
    assert len(set(names)) == 4
    assert ("b/y.png", "out/y") in found


def test_the_same_input_twice_is_converted_once() -> None:
    assert len(stems("a/x.png", "a/x.png")) == 1


def test_a_named_file_takes_its_format_from_its_suffix(tmp_path: Path) -> None:
    (job,) = plan([Input(Path("x.png"))], "song.MXL", ("mxl",))
    assert job.file == Path("song.MXL")
    assert format_of("song.MXL") == "mxl"
    assert format_of("folder/") is None
    assert format_of(str(tmp_path)) is None
    assert format_of(None) is None


@pytest.mark.parametrize(
    ("sources", "output", "formats"), [(["a", "b"], "x.mxl", ("mxl",)), (["a"], "x.mxl", ("mxl", "midi"))]
)
def test_one_file_cannot_hold_several_results(sources: list[str], output: str, formats: tuple) -> None:
    with pytest.raises(UsageError, match="names one file"):
        plan(find_inputs(sources), output, formats)


def test_unknown_suffix() -> None:
    with pytest.raises(UsageError, match=r"\.docx"):
        format_of("song.docx")


@given(st.lists(st.tuples(st.text("ab", min_size=1, max_size=3), st.integers(0, 200)), unique=True))
def test_natural_order_counts(names: list[tuple[str, int]]) -> None:
    paths = [Path(f"{name}{number}.png") for name, number in names]
    expected = [Path(f"{name}{number}.png") for name, number in sorted(names)]
    by_name = sorted(paths, key=natural_key)
    groups = {name: [path for path in by_name if path.stem.rstrip("0123456789") == name] for name, _ in names}
    for name, found in groups.items():
        assert found == [path for path in expected if path.stem.rstrip("0123456789") == name]


@pytest.mark.parametrize(
    ("text", "pages"), [("1", (1,)), ("1-3,7", (1, 2, 3, 7)), ("7,1-2,2", (1, 2, 7)), (" 2 , 4-4", (2, 4))]
)
def test_page_lists(text: str, pages: tuple[int, ...]) -> None:
    assert parse_pages(text) == pages


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1-", "-2", "1,,2", "1-99999999999", "²", "1.5", "--"])
def test_wrong_page_lists(text: str) -> None:
    with pytest.raises(UsageError, match="--pages"):
        parse_pages(text)


def test_formats() -> None:
    assert parse_formats("midi, musicxml,midi") == ("midi", "musicxml")
    for wrong in ("", ",", "docx", "midi,docx"):
        with pytest.raises(UsageError, match="unknown format"):
            parse_formats(wrong)
