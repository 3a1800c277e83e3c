"""A clef that the engraver set elsewhere than the file has it is seen; one in its place is not."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.drawn_clefs import clefs_in_place
from datasets.sample import Sample
from datasets.synthetic import engrave
from datasets.synthetic.relate import relate
from tests.metrics.test_written import note
from tests.synthetic.test_engraving import LAYOUT, SPACE

HEAD = (
    "<score-partwise version='4.0'><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>"
    "<measure number='1'><attributes><divisions>2</divisions><key><fifths>0</fifths></key><time><beats>4</beats>"
    "<beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>"
)
CLEF = "<attributes><clef><sign>F</sign><line>4</line></clef></attributes>"
FIRST, LATER = note("C", 2) + note("D", 2), note("E", 2) + note("F", 2)
NEXT = "</measure><measure number='2'>" + note("C", 8)


def sample(bars: str, told: str) -> Sample:
    """The page of `bars` with the music `told`."""
    assert engrave.load(f"{HEAD}{bars}</measure></part></score-partwise>", LAYOUT) == 1
    scene = next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene
    truth = relate(scene)
    return Sample(
        name="page", image=np.full((1, 1), 255, np.uint8), graph=truth.graph, staves=truth.staves, staff_space=SPACE,
        musicxml=f"{HEAD}{told}</measure></part></score-partwise>".encode(),
    )  # fmt: skip


IN_THE_BAR = FIRST + CLEF + LATER + NEXT
AT_THE_BARLINE = FIRST + LATER + NEXT.replace("<note>", CLEF + "<note>", 1)


@pytest.mark.parametrize("bars", [IN_THE_BAR, AT_THE_BARLINE, FIRST + LATER + NEXT])
def test_a_clef_stands_in_its_place(bars: str) -> None:
    assert clefs_in_place(sample(bars, bars))


@pytest.mark.parametrize("told", [note("C", 2) + CLEF + note("D", 2) + LATER + NEXT, AT_THE_BARLINE])
def test_a_clef_stands_elsewhere(told: str) -> None:
    assert not clefs_in_place(sample(IN_THE_BAR, told))
