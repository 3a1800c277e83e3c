"""Maps from prepared to page coordinates: there and back, and into a file and back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from omr.prepare import decoded, encoded, to_page, to_prepared
from omr.prepare.page_map import Mesh, PageMap, Stack, scale_at

AFFINE: PageMap = ((1.5, 0.02, 7.0), (-0.02, 1.5, 3.0))


def mesh() -> Mesh:
    """A sheet in mild perspective."""
    across, down = np.meshgrid(np.arange(0, 700, 32.0), np.arange(0, 500, 32.0))
    share = 1 + 0.0003 * across
    return Mesh(step=32.0, places=np.stack([20 + 1.2 * across / share, 9 + 1.2 * down / share], -1).astype(np.float32))


MAPS = {"affine": AFFINE, "mesh": mesh(), "stack": Stack(pieces=((0.0, AFFINE), (480.0, mesh())))}
POINTS = np.array([(10.0, 12.0), (333.3, 207.9), (600.0, 440.0)])


@pytest.mark.parametrize("name", MAPS)
def test_there_and_back(name: str) -> None:
    there = to_page(MAPS[name], POINTS)
    assert to_prepared(MAPS[name], there) == pytest.approx(POINTS, abs=0.01)


@pytest.mark.parametrize("name", MAPS)
def test_into_a_file_and_back(name: str) -> None:
    back = decoded(json.loads(json.dumps(encoded(MAPS[name]))))
    assert back == MAPS[name]
    assert hash(back) == hash(MAPS[name])


def test_the_second_piece_of_a_stack_counts_from_its_own_top() -> None:
    below = to_page(MAPS["stack"], POINTS + np.array([0.0, 480.0]))
    assert below == pytest.approx(to_page(MAPS["mesh"], POINTS))


def test_a_mesh_goes_on_beyond_its_edge() -> None:
    inside, beyond = to_page(mesh(), np.array([(690.0, 100.0), (710.0, 100.0)]))
    assert beyond[0] > inside[0] + 10


def test_scale_is_that_of_the_place() -> None:
    assert scale_at(AFFINE, np.zeros(2)) == pytest.approx(np.array([[1.5, 0.02], [-0.02, 1.5]]))
    left, right = (scale_at(mesh(), np.array([x, 200.0]))[1, 1] for x in (20.0, 620.0))
    assert left == pytest.approx(1.2 / 1.006, rel=0.01)
    assert right == pytest.approx(1.2 / 1.186, rel=0.01)


@pytest.mark.parametrize("wrong", [{}, {"step": 1, "size": [2, 2], "places": [1.0]}, [[1, 2, 3]], 7])
def test_other_values_are_refused(wrong: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decoded(wrong)
