"""The order of the stages, and the way back to the pixels of the page; detector and linker are stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from omr.errors import Cancelled, NoStavesError
from omr.geometry import Box
from omr.notation import Node, NotationGraph, Staff
from omr.page import PageImage, read_pages
from omr.pipeline import recognise_document, recognise_page
from tests.cli.conftest import EXAMPLE

MODELS = SimpleNamespace(detector=SimpleNamespace(by_hand=False), scorer=None, cards=())
BY_HAND = SimpleNamespace(detector=SimpleNamespace(by_hand=True), scorer=None, cards=())


class Recorder:
    """Progress that writes down what it is told, and stops the work when asked to."""

    def __init__(self, *, stop_at: str = "") -> None:
        self.heard: list[tuple[int, str]] = []
        self.stop_at = stop_at

    def stage(self, page: int, name: str) -> None:
        if name == self.stop_at:
            raise Cancelled("stopped")
        self.heard.append((page, name))

    def page_done(self, page: int) -> None:
        self.heard.append((page, "done"))


@pytest.fixture(autouse=True)
def _stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that finds one rest in the middle of the prepared image, a linker that relates nothing."""

    def detect(image: np.ndarray, detector: object) -> tuple[Node, ...]:
        height, width = image.shape
        return (Node(id=7, label="restQuarter", box=Box(width / 2, height / 2, width / 2 + 16, height / 2 + 48)),)

    def link(nodes: Sequence[Node], staves: Sequence[Staff], scorer: object) -> NotationGraph:
        return NotationGraph(tuple(nodes))

    monkeypatch.setattr("omr.pipeline.detect", detect)
    monkeypatch.setattr("omr.pipeline.link", link)
    monkeypatch.setattr("omr.pipeline.upside_down", lambda *_: False)


@pytest.fixture(scope="module")
def page() -> PageImage:
    """The first two systems of the example, three degrees askew."""
    with Image.open(EXAMPLE) as picture:
        turned = (
            picture.convert("L").crop((0, 300, 2480, 1350)).rotate(3, resample=Image.Resampling.BICUBIC, fillcolor=255)
        )
        return PageImage(pixels=np.array(turned), source="turned.png", index=0)


def blank(index: int) -> PageImage:
    return PageImage(pixels=np.full((1000, 800), 250, np.uint8), source="book.pdf", index=index)


def test_what_is_found_is_told_in_pixels_of_the_page(page: PageImage) -> None:
    result = recognise_page(page, MODELS)
    assert [staff.system for staff in result.staves] == [0, 0, 1, 1]
    for staff in result.staves:
        assert staff.staff_space == pytest.approx(20.7, abs=1)
        for line in staff.lines:
            xs = np.linspace(line.xs[0] + 50, line.xs[-1] - 50, 200)
            rows = np.rint([line.y_at(x) - 0.5 for x in xs]).astype(int)
            near = np.min([page.pixels[rows + shift, xs.astype(int)] for shift in (-2, -1, 0, 1, 2)], axis=0)
            assert (near < 128).mean() > 0.9  # the line lies on ink
    (node,) = result.graph.nodes
    assert node.id == 7
    assert node.box.center.x == pytest.approx(1240, abs=30)
    assert node.box.center.y == pytest.approx(525, abs=60)


def test_only_by_hand_aligned_barlines_join_systems(page: PageImage, monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(image: np.ndarray, detector: object) -> tuple[Node, ...]:
        height, width = image.shape
        places = (0.3, 0.5, 0.7)
        boxes = (Box(width * place, 0, width * place + 3, height) for place in places)
        return tuple(Node(id=number, label="barline", box=box) for number, box in enumerate(boxes))

    monkeypatch.setattr("omr.pipeline.detect", lines)
    found = [[staff.system for staff in recognise_page(page, models).staves] for models in (MODELS, BY_HAND)]
    assert found == [[0, 0, 1, 1], [0, 0, 0, 0]]


def test_bars_lie_where_they_are_on_the_page(page: PageImage) -> None:
    found = recognise_document([page], MODELS)
    measures = found.score.parts[0].measures
    for system in (0, 1):
        lines = [line for staff in found.pages[0].staves if staff.system == system for line in staff.lines]
        bars = [measure for measure in measures if measure.system == system]
        assert bars[0].left_x == pytest.approx(np.mean([line.xs[0] for line in lines]), abs=15)
        assert bars[-1].right_x == pytest.approx(np.mean([line.xs[-1] for line in lines]), abs=15)


def test_every_stage_is_announced_and_timed(page: PageImage) -> None:
    recorder = Recorder()
    found = recognise_document([page], MODELS, recorder)
    stages = ["prepare", "staves", "detect", "link"]
    assert recorder.heard == [*((0, stage) for stage in stages), (0, "done"), (0, "read")]
    assert [stage for stage, _ in found.pages[0].seconds] == stages
    assert all(seconds >= 0 for _, seconds in (*found.pages[0].seconds, *found.seconds))


def test_pages_without_staves_are_left_out_with_an_issue(page: PageImage) -> None:
    music = PageImage(pixels=np.array(page.pixels), source="book.pdf", index=1)
    found = recognise_document([blank(0), music, blank(2)], MODELS)
    assert [result.index for result in found.pages] == [1]
    assert found.skipped == (0, 2)
    messages = [issue.message for issue in found.score.issues if issue.code == "page-without-staves"]
    assert [message.split()[1] for message in messages] == ["1", "3"]


def test_no_staves_on_any_page() -> None:
    with pytest.raises(NoStavesError, match=r"book\.pdf: no staves were found on any of 2 pages"):
        recognise_document([blank(0), blank(1)], MODELS)


def test_no_page_at_all() -> None:
    with pytest.raises(NoStavesError, match="no page"):
        recognise_document([], MODELS)


def test_progress_can_stop_the_work(page: PageImage) -> None:
    with pytest.raises(Cancelled):
        recognise_document([page], MODELS, Recorder(stop_at="detect"))


def test_the_example_has_twelve_staves_in_six_systems() -> None:
    (whole,) = read_pages(EXAMPLE)
    staves = recognise_page(whole, MODELS).staves
    assert [staff.system for staff in staves] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
