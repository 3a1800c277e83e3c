"""A system is engraved as one line, however narrow the place beside it is."""

from __future__ import annotations

from random import Random

import pytest
from lxml import etree

from datasets.synthetic.procedural import procedural_score
from gui.engraving import MARGIN, engrave_system

BARS = 9


@pytest.mark.parametrize("width", [50.0, 80.0, 120.0, 240.0])
def test_a_system_stays_one_line_of_the_width_beside_it(width: float) -> None:
    music = etree.tostring(procedural_score(Random(3), BARS))
    found = engrave_system(music, width)
    assert found is not None
    assert found.svg.count(b'class="system"') == 1
    assert found.svg.count(b'class="measure') == BARS
    assert found.right == pytest.approx(width + MARGIN, abs=1.0)
