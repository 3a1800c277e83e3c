"""A configuration file changes the defaults, and says so when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from omr.config import Options, read_options
from omr.errors import ConfigError, OmrError


def read(tmp_path: Path, text: str) -> Options:
    path = tmp_path / "omr.toml"
    path.write_text(text, encoding="utf-8")
    return read_options(path)


def test_all_keys(tmp_path: Path) -> None:
    options = read(
        tmp_path,
        'format = ["mxl", "midi"]\nmodel = "hand"\ndevice = "auto"\nprecision = "f32"\ndpi = 400\n'
        "overlay = true\npreview = false\n",
    )
    assert options == Options(
        formats=("mxl", "midi"), edition="hand", device="auto", precision="f32", dpi=400, pictures=("overlay",)
    )


def test_an_empty_file_keeps_the_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Options()


@pytest.mark.parametrize(
    "text",
    [
        "format = 'docx'",
        "model = 'mine'",
        "overlay = 3",
        "dpi = 30",
        "dpi = true",
        "device = 'tpu'",
        "precision = 'int8'",
        "colour = 'red'",
        "format =",
        "[x]\ny = 1",
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(OmrError) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_options(tmp_path / "none.toml")
