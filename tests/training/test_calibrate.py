"""Scores become the shares of findings that are right."""

from __future__ import annotations

import numpy as np
import pytest

from omr.detect.page import calibrated
from omr.geometry import Box
from omr.notation import Node
from training.calibrate import calibration, curve
from training.evaluate import Findings


def test_a_curve_gives_back_the_truth_it_was_made_from() -> None:
    chance = np.random.default_rng(1)
    scores = chance.random(20_000)
    right = chance.random(20_000) < scores**0.5  # the scores are too low
    points = curve(scores, right)
    assert list(points) == sorted(points)
    for score in (0.1, 0.3, 0.5, 0.9):
        assert calibrated(score, "stem", {"": points}) == pytest.approx(score**0.5, abs=0.06)


def test_rare_classes_take_the_common_curve() -> None:
    boxes = [Box(20.0 * place, 0, 20.0 * place + 10, 10) for place in range(400)]
    truth = [Node(id=place, label="stem", box=box) for place, box in enumerate(boxes)]
    truth += [Node(id=1000, label="coda", box=Box(0, 50, 10, 60))]
    found = [Node(id=place, label="stem", box=box, score=0.6) for place, box in enumerate(boxes)]
    found += [Node(id=500 + place, label="stem", box=box.shifted(0, 200), score=0.2) for place, box in enumerate(boxes)]
    curves = calibration(Findings((truth,), (found,)))
    assert set(curves) == {"", "stem"}
    assert calibrated(0.6, "stem", curves) > 0.95
    assert calibrated(0.2, "coda", curves) < 0.05
    assert calibrated(0.4, "coda", {}) == 0.4


def test_few_findings_make_no_curve() -> None:
    node = Node(id=0, label="stem", box=Box(0, 0, 10, 10), score=0.5)
    assert calibration(Findings(((node,),), ((node,),))) == {}
