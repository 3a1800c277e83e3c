"""Every kind of scan is a file of the kind it says, from which the same page is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.painted_staves import Layout, paint
from benchmarks.scan_kinds import KINDS, spread
from omr.page import read_pages
from omr.prepare import prepare
from omr.staves import find_staves

LAYOUT = Layout(
    width=1000, height=900, space=21.0, line_thickness=2.5, right=930.0, tops=(120.0, 320.0, 620.0), notes=10
)
TOO_LARGE = ("1200dpi", "600dpi")
TOO_COARSE = ("fax G4 204x98",)
"""Engraved staves survive it, painted ones lose theirs in crowds of dots."""


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return paint(LAYOUT).image


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {*TOO_LARGE, *TOO_COARSE}))
def test_the_staves_are_found(tmp_path: Path, pixels: np.ndarray, kind: str) -> None:
    path = tmp_path / "page"
    path.write_bytes(KINDS[kind](pixels))
    (page,) = read_pages(path)
    assert len(find_staves(prepare(page).image)) == len(LAYOUT.tops)


def test_a_spread_holds_both_pages(pixels: np.ndarray) -> None:
    both = spread(pixels, pixels[:700])
    assert both.shape == (900, 2000)
    assert np.abs(both[:, :900].astype(int) - pixels[:, :900]).max() <= 1
