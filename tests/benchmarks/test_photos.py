"""The photographing simulator: the same seed gives the same picture, nothing of the page is cut off, all its faults show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import photos
from benchmarks.painted_staves import Layout, paint

STILL = photos.Shot(
    tilt=0, pan=0, roll=0, curl=0, fold=0.5, distance=2, filled=0.9, distortion=0, light=(0.0, 0.0), shadow=0,
    defocus=0.3, shake=0, noise=0, quality=90, paper=230, desk=60,
)  # fmt: skip


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    return paint(Layout(width=700, height=900, right=620.0, tops=(150.0, 320.0, 560.0, 730.0), notes=10)).image


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LONG_SIDE", 900)
    monkeypatch.setattr(photos, "SHORT_SIDE", 675)


def test_the_same_seed_gives_the_same_picture(page: np.ndarray) -> None:
    assert np.array_equal(photos.photograph(page, 3), photos.photograph(page, 3))
    assert not np.array_equal(photos.photograph(page, 3), photos.photograph(page, 4))


def test_a_still_camera_above_shows_the_page_as_it_is(page: np.ndarray) -> None:
    picture = photos.photograph(page, 1, STILL)
    light = picture > 140
    rows, columns = np.flatnonzero(light.any(axis=1)), np.flatnonzero(light.any(axis=0))
    ratio = (rows[-1] - rows[0]) / (columns[-1] - columns[0])
    assert ratio == pytest.approx(900 / 700, rel=0.02)
    assert np.ptp(rows) / 900 == pytest.approx(0.9, abs=0.03) or np.ptp(columns) / 675 == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("fault", [{"tilt": 14}, {"pan": 12}, {"roll": 4}, {"curl": 0.1}, {"distortion": 0.06}])
def test_every_fault_moves_the_paper(page: np.ndarray, fault: dict[str, float]) -> None:
    still, moved = (photos.photograph(page, 1, shot) > 140 for shot in (STILL, replace(STILL, **fault)))
    assert np.mean(still != moved) > 0.01
    assert moved[0].sum() == moved[-1].sum() == moved[:, 0].sum() == moved[:, -1].sum() == 0  # all of it is seen
