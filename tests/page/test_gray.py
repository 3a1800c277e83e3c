"""Oblong pixels, very large pictures, and marks of how a picture lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from omr import gray
from omr.page import read_pages


def read_one(path: Path) -> np.ndarray:
    (page,) = read_pages(path)
    return page.pixels


def test_a_fax_becomes_square(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    Image.new("1", (1728, 1100), 1).save(path, compression="group4", dpi=(204, 98))
    assert read_one(path).shape == (2290, 1728)


@pytest.mark.parametrize("dpi", [(300, 300), (300, 280), (300, 1), (0, 0)])
def test_other_resolutions_change_nothing(tmp_path: Path, dpi: tuple[int, int]) -> None:
    path = tmp_path / "page.tif"
    Image.new("L", (300, 200), 255).save(path, dpi=dpi)
    assert read_one(path).shape == (200, 300)


@pytest.mark.parametrize("kind", ["png", "jpg", "tif"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_very_large_pictures_are_reduced_while_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, mode: str
) -> None:
    monkeypatch.setattr(gray, "ENOUGH_PIXELS", 100_000)
    monkeypatch.setattr(gray, "STRIP", 128)
    pixels = np.full((1201, 901), 255, np.uint8)
    pixels[300:600, 100:400] = 0
    path = tmp_path / f"large.{kind}"
    Image.fromarray(pixels).convert(mode).save(path)
    small = read_one(path)
    assert small.size <= 100_000
    factor = 901 / small.shape[1]
    assert small.shape[0] == pytest.approx(1201 / factor, abs=4)
    ink = np.argwhere(small < 128) * factor
    assert ink.min(axis=0) == pytest.approx([300, 100], abs=factor + 2)
    assert ink.max(axis=0) == pytest.approx([600, 400], abs=2 * factor + 2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_marks_are_followed_as_pillow_does(tmp_path: Path, orientation: int) -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(6, 10)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "page.png"
    Image.fromarray(pixels).save(path, exif=exif)
    with Image.open(path) as image:
        assert np.array_equal(read_one(path), np.array(ImageOps.exif_transpose(image)))
