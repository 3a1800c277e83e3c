"""Ledger lines are boxed around their ink, and pieces of one line become one."""

from __future__ import annotations

import numpy as np
import pytest

from omr import labels
from omr.detect.ledgers import measured
from omr.detect.suppress import suppress
from tests.detect.made_findings import findings


@pytest.fixture
def image() -> np.ndarray:
    """A line of three rows with a head on it, and another head beside."""
    image = np.full((120, 160), 255, np.uint8)
    image[59:62, 40:90] = 0
    image[53:68, 50:66] = 0
    image[45:60, 66:82] = 0
    return image


def test_a_piece_grows_to_the_whole_line(image: np.ndarray) -> None:
    found = measured(findings(("legerLine", 0.5, (38, 57, 60, 63))), image)
    assert found.boxes[0].tolist() == [40, 59, 90, 62]


def test_pieces_of_a_line_become_one_and_its_end_is_no_dot(image: np.ndarray) -> None:
    pieces = findings(
        ("legerLine", 0.8, (38, 57, 60, 63)),
        ("legerLine", 0.4, (70, 57, 92, 63)),
        ("augmentationDot", 0.3, (84, 57, 90, 63)),
        ("augmentationDot", 0.3, (100, 65, 106, 71)),
    )
    kept = suppress(measured(pieces, image))
    assert [labels.DETECTED[label] for label in kept.classes] == ["legerLine", "augmentationDot"]
    assert kept.boxes[1, 0] == 100


def test_a_piece_of_a_staff_line_is_none(image: np.ndarray) -> None:
    image[59:62] = 0
    assert len(measured(findings(("legerLine", 0.5, (70, 57, 92, 63))), image).boxes) == 0


def test_a_line_that_shows_nowhere_keeps_its_box(image: np.ndarray) -> None:
    box = (51.0, 57.0, 65.0, 63.0)
    assert measured(findings(("legerLine", 0.5, box)), image).boxes[0].tolist() == list(box)


@pytest.mark.parametrize(("score", "left", "kept"), [(0.2, 49, False), (0.2, 40, True), (0.6, 49, True)])
def test_a_line_hardly_seen_within_a_head_must_stick_out(
    image: np.ndarray, score: float, left: float, kept: bool
) -> None:
    image[59:62, 40:50] = image[59:62, 66:90] = 255
    image[59:62, int(left) : 74] = 0
    head = ("noteheadFull", 0.9, (50.0, 53.0, 66.0, 68.0))
    found = measured(findings(head, ("legerLine", score, (left, 58, 74, 63))), image)
    assert [labels.DETECTED[label] for label in found.classes] == ["noteheadFull", "legerLine"][: 1 + kept]
