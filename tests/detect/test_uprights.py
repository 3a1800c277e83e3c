"""Stems are as wide as their ink, barlines as long."""

from __future__ import annotations

import numpy as np
import pytest

from omr.detect.uprights import measured
from tests.detect.made_findings import findings


def _paper(height: int = 400, width: int = 100) -> np.ndarray:
    return np.full((height, width), 255, np.uint8)


def test_a_stem_gets_the_width_of_its_stroke_and_keeps_its_ends() -> None:
    image = _paper()
    image[40:100, 50:52] = 0
    image[40:100, 52] = 128  # half a pixel more
    image[40:58, 30:50] = 0  # a head beside it
    found = measured(findings(("stem", 0.9, (48, 38, 55, 101))), image)
    assert found.boxes[0].tolist() == pytest.approx([50, 38, 52.5, 101], abs=0.15)


def test_a_stem_without_a_stroke_keeps_its_box() -> None:
    image = _paper()
    found = measured(findings(("stem", 0.9, (48, 38, 55, 101))), image)
    assert found.boxes[0].tolist() == [48, 38, 55, 101]


def test_a_barline_is_followed_through_gaps_to_its_ends() -> None:
    image = _paper()
    image[20:380, 50:53] = 0
    image[200:203] = 255  # worn away
    found = measured(findings(("barline", 0.9, (49, 100, 54, 180))), image)
    assert found.boxes[0].tolist() == pytest.approx([50, 20, 53, 380], abs=0.3)


def test_a_barline_does_not_jump_to_the_next_system() -> None:
    image = _paper()
    image[20:180, 50:53] = 0
    image[190:380, 50:53] = 0
    found = measured(findings(("barline", 0.9, (49, 100, 54, 178))), image)
    assert found.boxes[0, 3] == 180
