"""`--thorough` looks at each page again, upright, and takes what the other looks agree on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from omr import evaluation
from omr.agreement import NUMBERS
from omr.batch import tasks
from omr.batch.page_file import from_page_file
from omr.commands.arguments import Parser
from omr.commands.convert_options import add_recognition, options_of
from omr.config import Options
from omr.labels import NOTEHEADS
from omr.metrics.notes import read_bars
from omr.models import load_models
from omr.page import PageImage
from omr.pipeline import PageResult
from omr.plan import SourcePage
from omr.second_look import OtherBar


def without_a_head(result: PageResult) -> tuple[OtherBar, ...]:
    """What looks at a page say that all miss one head."""
    head = next(node.id for node in result.graph.nodes if node.label in NOTEHEADS)
    return tuple(
        OtherBar(
            size=size,
            system=0,
            middle=0.0,
            sound=frozenset(),
            found=(),
            moved=(),
            gone=(head,),
            joined=(),
            parted=(),
        )
        for size in NUMBERS
    )


@pytest.mark.parametrize("turns", [0, 1])
def test_what_further_looks_agree_on_is_kept(
    small_page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    looked: list[tuple[PageImage, PageResult]] = []

    def look_again(page: PageImage, result: PageResult, models: object) -> tuple[OtherBar, ...]:
        looked.append((page, result))
        return without_a_head(result)

    monkeypatch.setattr(tasks, "look_again", look_again)
    with Image.open(small_page) as picture:
        upright = picture.size
        picture.rotate(90 * turns, expand=True).save(small_page)
    page = SourcePage(source=small_page, number=1, position=0)
    kept = tmp_path / "page.npz"
    assert tasks.recognise(page, Options(thorough=True), kept, tmp_path / "empty", 1)
    ((image, first),) = looked
    assert first.turns == turns
    assert image.pixels.shape[:2] == upright[::-1]
    (gone,) = {node.id for node in first.graph.nodes} - {
        node.id for node in from_page_file(kept.read_bytes()).graph.nodes
    }
    assert gone == without_a_head(first)[0].gone[0]
    assert tasks.recognise(page, Options(), kept, tmp_path / "empty", 1)
    assert len(looked) == 1, "once is enough where nobody asked for more"


def test_evaluation_is_as_thorough(small_page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "look_again", lambda _page, result, _models: without_a_head(result))
    models = load_models("print", threads=1)
    once, again = (evaluation.read_page(small_page, models, thorough=thorough) for thorough in (False, True))
    assert _notes(again.musicxml) == _notes(once.musicxml) - 1


def _notes(musicxml: bytes) -> int:
    return sum(map(len, read_bars(musicxml)))


def test_the_option_is_off_unless_given() -> None:
    parser = Parser()
    add_recognition(parser)
    assert not options_of(parser.parse_args([]), None).thorough
    assert options_of(parser.parse_args(["--thorough"]), None).thorough
