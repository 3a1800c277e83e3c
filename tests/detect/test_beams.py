"""Beams drawn on staff lines, with boxes that stop short of the ink, as a network gives them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from omr import labels
from omr.detect.beams import measured
from tests.detect.made_findings import Box, findings

Image = npt.NDArray[np.uint8]


def page(*beams: tuple[int, int, int, int], thickness: int = 8) -> Image:
    """Staff lines, and beams from (x, y) to (x, y) with a stem at either end."""
    image = np.full((300, 900), 255, np.uint8)
    for y in range(60, 130, 16):
        cv2.line(image, (0, y), (899, y), 0, 2)
    for left, top, right, bottom in beams:
        half = thickness / 2
        corners = np.array([(left, top - half), (right, bottom - half), (right, bottom + half), (left, top + half)])
        cv2.fillPoly(image, [np.round(corners).astype(np.int32)], 0)
        for x, y in ((left, top), (right, bottom)):
            cv2.line(image, (x, y), (x, y + 70), 0, 2)
    return image


@pytest.mark.parametrize(("top", "bottom"), [(150, 200), (200, 150), (175, 175), (92, 92)])
def test_a_beam_is_as_long_as_its_ink(top: int, bottom: int) -> None:
    slant = (bottom - top) / 700
    image = page((100, top, 800, bottom))
    for left, right in ((100, 360), (300, 600), (540, 800)):
        ends = [top + slant * (x - 100) for x in (left, right)]
        short = ("beam", 0.9, (left, min(ends) - 4, right, max(ends) + 4))
        found = measured(findings(short), image)
        assert found.boxes[0] == pytest.approx((100, min(top, bottom) - 4, 800, max(top, bottom) + 4), abs=3)


def test_pieces_of_one_beam_are_one_and_two_beams_stay_two() -> None:
    image = page((100, 150, 800, 150), (100, 162, 800, 162))
    first = ("beam", 0.9, (100.0, 146.0, 400.0, 154.0))
    second = ("beam", 0.8, (450.0, 145.0, 790.0, 154.0))
    below = ("beam", 0.7, (100.0, 158.0, 790.0, 166.0))
    found = measured(findings(first, second, below), image)
    assert found.best.tolist() == pytest.approx([0.9, 0.7])
    assert [round(float(box[1])) for box in found.boxes] == pytest.approx([146, 158], abs=1)


def test_what_is_no_bar_and_what_is_no_beam_stays_as_it_is() -> None:
    image = page((100, 200, 800, 200))
    cv2.circle(image, (400, 35), 14, 0, -1)
    round_one = ("beam", 0.9, (386.0, 20.0, 414.0, 50.0))
    slur = ("slur", 0.9, (300.0, 196.0, 500.0, 204.0))
    found = measured(findings(round_one, slur), image)
    assert found.boxes.tolist() == [list(round_one[2]), list(slur[2])]


@pytest.mark.parametrize(
    "box", [(300.0, 20.0, 500.0, 50.0), (300.0, 118.0, 500.0, 130.0), (100.0, 130.0, 800.0, 147.0)]
)
def test_a_beam_without_ink_of_its_own_is_none_in_print(box: tuple[float, float, float, float]) -> None:
    """White paper, a staff line, the edge of a beam that was measured."""
    image = page((100, 150, 800, 150))
    seen = findings(("beam", 0.9, (300.0, 145.0, 700.0, 155.0)), ("beam", 0.8, box))
    assert len(measured(seen, image).boxes) == 1
    assert len(measured(seen, image, blocks=False).boxes) == 2


HOOK = (785.0, 158.0, 801.0, 168.0)
MAIN = ("beam", 0.9, (300.0, 145.0, 700.0, 155.0))
STEM = ("stem", 0.9, (798.0, 150.0, 802.0, 220.0))


@pytest.mark.parametrize(("ink", "score", "stems", "kept"), [
    (HOOK, 0.6, (STEM,), True),
    (HOOK, 0.04, (STEM,), True),  # hardly seen, but the ink shows it
    (HOOK, 0.04, (), False),  # at no stem
    (HOOK, 0.04, (STEM, ("stem", 0.9, (783.0, 150.0, 787.0, 220.0))), False),  # between two: a beam of its own
    ((740.0, *HOOK[1:]), 0.04, (STEM,), False),  # longer ink
    ((785.0, 158.0, 801.0, 161.0), 0.04, (STEM,), False),  # thin ink
])  # fmt: skip
def test_a_hook_is_kept_by_its_ink(
    ink: Box, score: float, stems: tuple[tuple[str, float, Box], ...], kept: bool
) -> None:
    image = page((100, 150, 800, 150))
    left, top, right, bottom = map(int, ink)
    image[top:bottom, left:right] = 0
    found = measured(findings(MAIN, *stems, ("beam", score, HOOK)), image, least=0.1)
    assert np.count_nonzero(found.classes == labels.INDEX["beam"]) == 1 + kept


def test_a_box_at_the_edge_of_the_page_is_harmless() -> None:
    image = page((0, 290, 899, 296))
    found = measured(findings(("beam", 0.9, (600.0, 288.0, 900.0, 300.0))), image)
    assert found.boxes[0][2] <= 900


def test_a_hook_taken_for_a_head_is_a_beam_and_a_head_stays_one() -> None:
    image = page((100, 150, 800, 150))
    image[158:168, 100:118] = 0  # the hook of a sixteenth
    cv2.ellipse(image, (300, 190), (9, 7), 0, 0, 360, 0, -1)
    beam = ("beam", 0.9, (100.0, 146.0, 800.0, 154.0))
    hook = ("noteheadFull", 0.6, (99.0, 158.0, 119.0, 168.0))
    head = ("noteheadFull", 0.5, (291.0, 183.0, 310.0, 198.0))
    found = measured(findings(beam, hook, head), image)
    assert [labels.DETECTED[label] for label in found.classes] == ["beam", "beam", "noteheadFull"]
