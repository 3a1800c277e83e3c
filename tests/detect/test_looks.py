"""Several looks at a page: what they agree on stays as it is, what one of them made up fades, what one overlooked is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from omr.detect import detect, under_each_class
from omr.detect.looks import combined, on_page, resized
from omr.geometry import Box
from omr.notation import Node
from tests.detect.made_findings import findings
from tests.detect.test_detect import Eye, Floats, Image, output, page, seen

HEAD = (100.0, 100.0, 120.0, 116.0)
CLOSE = (102.0, 101.0, 122.0, 117.0)


def test_ink_seen_in_each_look_is_one_finding() -> None:
    found = combined([findings(("noteheadFull", 0.8, HEAD)), findings(("noteheadFull", 0.4, CLOSE))])
    assert found.best.tolist() == pytest.approx([0.6])
    assert found.boxes[0].tolist() == pytest.approx([100.667, 100.333, 120.667, 116.333], abs=0.01)


def test_what_one_look_alone_saw_is_half_as_sure() -> None:
    found = combined([findings(("noteheadFull", 0.8, HEAD)), findings(("stem", 0.6, (300.0, 10.0, 302.0, 60.0)))])
    assert found.best.tolist() == pytest.approx([0.4, 0.3])


def test_looks_that_differ_on_the_class_are_averaged() -> None:
    found = combined([findings(("noteheadFull", 0.6, HEAD)), findings(("noteheadHalf", 0.7, CLOSE))])
    assert sorted(found.scores[0][found.scores[0] > 0].tolist()) == pytest.approx([0.3, 0.35])
    assert len(found.boxes) == 1


def test_two_findings_of_one_look_are_never_one() -> None:
    wide = (100.0, 100.0, 124.0, 116.0)
    one = findings(("noteheadFull", 0.9, HEAD), ("slur", 0.5, wide))
    found = combined([one, findings(("noteheadFull", 0.7, CLOSE))])
    assert found.best.tolist() == pytest.approx([0.8, 0.25])


def test_tiny_sides_are_read_back_in_pixels_of_the_page() -> None:
    seen_larger = findings(("legerLine", 0.9, (50.0, 100.0, 90.0, 108.0)))
    found = on_page(seen_larger, 1.25, {"legerLine": (8.0, 4.0)})
    left, top, right, bottom = found.boxes[0].tolist()
    assert (left, right) == pytest.approx((40.0, 72.0))
    assert (bottom - top, (top + bottom) / 2) == pytest.approx((4.0, 83.2))


class TwoLooks(Eye):
    """Sees every black rectangle, the small page's alone or the large one's too."""

    looks: Sequence[float] = (1.0, 1.5)
    measured = ()

    def __init__(self, blind: bool) -> None:
        super().__init__()
        self._blind = blind
        self.widths: list[int] = []

    def scan(self, tiles: Sequence[Image], use: Callable[[int, Floats, Floats], None], *, least: float = 0.0) -> None:
        self.widths += [tile.shape[1] for tile in tiles]
        if self._blind and len(self.widths) > 1:
            for index in range(len(tiles)):
                use(index, output([]), np.zeros((2, 5), np.float32))
        else:
            super().scan([np.where(tile < 128, tile, 255).astype(np.uint8) for tile in tiles], use)


@pytest.mark.parametrize("blind", [False, True])
def test_a_page_is_looked_at_in_each_size(blind: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omr.detect.looks.cv2.INTER_CUBIC", cv2.INTER_NEAREST)  # no other grays: they name the class
    image = page([("noteheadFull", Box(200, 200, 220, 216))], 600, 500)
    eye = TwoLooks(blind)
    nodes = detect(image, eye)
    assert [label for label, _ in seen(nodes)] == ["noteheadFull"]
    assert nodes[0].score == pytest.approx(0.45 if blind else 0.9)
    assert nodes[0].box.center.x == pytest.approx(210, abs=1)
    assert len(eye.widths) == 2


def test_a_page_looked_at_in_its_own_size_is_the_page() -> None:
    image = page([], 40, 30)
    assert resized(image, 1.0) is image
    assert resized(image, 1.5).shape == (45, 60)


def test_a_finding_counts_under_each_class_that_it_may_be() -> None:
    scores = findings(("tie", 0.7, HEAD)).scores[0] + findings(("slur", 0.2, HEAD)).scores[0]
    node = Node(id=4, label="tie", box=Box(*HEAD), score=0.6, scores=tuple(scores.tolist()))
    found = under_each_class([node], {"slur": ((0.0, 0.0), (0.2, 0.5), (1.0, 1.0))}, least=0.1)
    assert [(one.id, one.label, round(one.score, 3)) for one in found] == [(0, "tie", 0.6), (1, "slur", 0.5)]
    assert len(under_each_class([node], {}, least=0.3)) == 1
