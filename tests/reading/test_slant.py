"""Music that leans is read as if it stood upright; music that stands is left alone."""

from __future__ import annotations

import pytest

from omr.reading import read_score
from tests.reading.paper import Paper
from tests.reading.test_read_score import bars, four_four, notes


@pytest.mark.parametrize("lean", [-30, 0, 30])
def test_staves_that_lean_still_share_their_beats(lean: int) -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    for beat in range(4):
        paper.note(first + 80 * beat, "G4")
        paper.note(first + 80 * beat + lean, "C3", staff=1)
    measure = bars(read_score([paper.page()]))[0]
    assert notes(measure, 1) == [(beat, "G4", 1) for beat in range(4)]
    assert notes(measure, 2) == [(beat, "C3", 1) for beat in range(4)]
