"""A dot beyond a stem's end is staccato unless something it can belong to stands to its left."""

from __future__ import annotations

import numpy as np
import pytest

from omr import labels
from omr.detect.findings import Findings
from omr.detect.stem_dots import DOT, STACCATO, settled

DOT_BOX = (98.0, 40.0, 104.0, 46.0)
STEM = ("stem", (100.0, 54.0, 102.0, 110.0))
LEAST = 0.12


def findings(*others: tuple[str, tuple[float, float, float, float]], sure: float = 0.6) -> Findings:
    """A likely augmentation dot and other sure symbols."""
    scores = np.zeros((1 + len(others), len(labels.DETECTED)), np.float32)
    scores[0, DOT], scores[0, STACCATO] = sure, 0.05
    for row, (label, _) in enumerate(others, 1):
        scores[row, labels.INDEX[label]] = 0.9
    boxes = np.array([DOT_BOX, *(box for _, box in others)], np.float32)
    count = len(boxes)
    return Findings(
        boxes, scores, np.zeros((count, 4), bool), np.zeros(count, np.intp), np.zeros((count, 0), np.float32)
    )


@pytest.mark.parametrize("stem", [STEM[1], (100.0, -30.0, 102.0, 32.0)])
def test_a_dot_beyond_a_stem_s_end_is_staccato(stem: tuple[float, float, float, float]) -> None:
    found = settled(findings(("stem", stem)), LEAST)
    assert found.classes[0] == STACCATO
    assert found.scores[0, STACCATO] == pytest.approx(0.6)
    assert found.scores[0, DOT] == pytest.approx(0.05)


@pytest.mark.parametrize(
    "other",
    [
        ("noteheadFull", (72.0, 36.0, 92.0, 52.0)),
        ("restQuarter", (75.0, 10.0, 88.0, 60.0)),
        ("augmentationDot", (86.0, 40.0, 92.0, 46.0)),
    ],
)
def test_a_dot_behind_its_owner_stays(other: tuple[str, tuple[float, float, float, float]]) -> None:
    assert settled(findings(STEM, other), LEAST).classes[0] == DOT


@pytest.mark.parametrize(
    "stem", [(100.0, 90.0, 102.0, 150.0), (120.0, 54.0, 122.0, 110.0), (100.0, 20.0, 102.0, 110.0)]
)
def test_a_stem_elsewhere_changes_nothing(stem: tuple[float, float, float, float]) -> None:
    assert settled(findings(("stem", stem)), LEAST).classes[0] == DOT


def test_a_dot_too_doubtful_for_staccato_stays() -> None:
    assert settled(findings(STEM, sure=0.1), LEAST).classes[0] == DOT
