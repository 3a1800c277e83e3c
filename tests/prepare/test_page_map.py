"""Maps from prepared to page coordinates: there and back, and into a file and back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from omr.prepare import as_table, from_page, from_table, to_page
from omr.prepare.page_map import Mesh, PageMap, Stack

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
    for x, y in to_page(MAPS[name], POINTS).tolist():
        back = np.array([from_page(MAPS[name], (x, y))])
        assert to_page(MAPS[name], back) == pytest.approx(np.array([(x, y)]), abs=0.01)


@pytest.mark.parametrize("name", MAPS)
def test_into_a_file_and_back(name: str) -> None:
    back = from_table(json.loads(json.dumps(as_table(MAPS[name]))))
    assert back == MAPS[name]
    assert hash(back) == hash(MAPS[name])


def test_the_second_piece_of_a_stack_counts_from_its_own_top() -> None:
    below = to_page(MAPS["stack"], POINTS + np.array([0.0, 480.0]))
    assert below == pytest.approx(to_page(MAPS["mesh"], POINTS))


def test_a_mesh_goes_on_beyond_its_edge() -> None:
    inside, beyond = to_page(mesh(), np.array([(690.0, 100.0), (710.0, 100.0)]))
    assert beyond[0] > inside[0] + 10


@pytest.mark.parametrize("wrong", [{}, {"step": 1, "size": [2, 2], "places": [1.0]}, [[1, 2, 3]], 7])
def test_other_values_are_refused(wrong: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_table(wrong)
