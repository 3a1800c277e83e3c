"""Labelled pages: LilyPond's drawing gives its own symbols, and findings are judged against them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import lilypond_svg
from benchmarks.detection import Judged, count, matched, missed, reliability, weighted_precision
from benchmarks.inspection import CELL, sheet, sheets_of
from benchmarks.labelled_pages import HAND_LABELLED, LabelledPage, hand_labelled
from datasets.synthetic import raster
from datasets.synthetic.scene import Scene
from omr import labels
from omr.geometry import Box
from omr.notation import Node

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20">
<g class="StaffSymbol"><g transform="translate(1, 5)"><line stroke-width="0.1" x1="0" y1="0" x2="28" y2="0"/></g></g>
<g class="BarLine"><g transform="translate(20, 7)"><rect x="0" y="-2" width="0.19" height="4" fill="currentColor"/></g></g>
<g class="SpanBar"><g transform="translate(20, 9)"><rect x="0" y="0" width="0.19" height="4" fill="currentColor"/></g></g>
<g class="BarLine"><g transform="translate(25, 7)"><rect x="0" y="-2" width="0.6" height="4" fill="currentColor"/></g></g>
<g class="LedgerLineSpanner"><rect x="5" y="4" width="2" height="0.2"/><rect x="6.2" y="4" width="2" height="0.2"/></g>
<g class="Hairpin"><line stroke-width="0.1" x1="2" y1="15" x2="9" y2="14"/>
<line stroke-width="0.1" x1="2" y1="15" x2="9" y2="16"/></g>
<g class="TupletNumber"><text transform="translate(3, 3)" font-size="2" font-style="italic"><tspan>3</tspan></text></g>
<g class="Fingering"><text transform="translate(8, 3)" font-size="2"><tspan>2</tspan></text></g>
<rect x="0" y="0" width="30" height="20" fill="none"/>
</svg>"""


def test_lilypond_names_its_ink() -> None:
    page = lilypond_svg.read_page(SVG, 10.0)
    found = dict(page.symbols)
    assert sorted(label for label, _ in page.symbols) == [
        "barline", "barlineHeavy", "dynamicCrescendoHairpin", "legerLine", "numeral3",
    ]  # fmt: skip
    assert (found["barline"].top, found["barline"].bottom) == pytest.approx((50, 130))  # through the gap between staves
    assert (found["legerLine"].left, found["legerLine"].right) == pytest.approx((50, 82))  # two heads, one piece of ink
    image = raster.draw(Scene(width=300, height=200, primitives=page.primitives, elements={}, measures=()))
    assert image[5, 5] == 255  # the frame is not ink
    box = found["numeral3"]
    assert image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].min() < 60


def _judged(*found: tuple[str, Box, float]) -> Judged:
    symbols = (("noteheadFull", Box(10, 10, 30, 26)), ("legerLine", Box(5, 17, 35, 20)), ("stem", Box(28, 18, 31, 80)))
    page = LabelledPage(
        name="page",
        picture=Path("page.png"),
        symbols=tuple(Node(id=number, label=label, box=box) for number, (label, box) in enumerate(symbols)),
        frame=Box(0, 0, 100, 100),
    )
    nodes = tuple(
        Node(id=number, label=label, box=box, score=score) for number, (label, box, score) in enumerate(found)
    )
    return Judged(page=page, found=nodes, all=nodes, staff_space=20.0)


def test_findings_are_right_where_they_overlap_a_symbol_of_their_class() -> None:
    judged = _judged(
        ("noteheadFull", Box(11, 10, 31, 26), 0.9),
        ("noteheadFull", Box(11, 11, 31, 27), 0.8),  # the head is taken
        ("legerLine", Box(5, 20, 35, 23), 0.7),  # three pixels off: still that line
        ("stem", Box(60, 18, 63, 80), 0.6),
    )
    counts = count([judged])
    assert [counts.recall([label]) for label in ("noteheadFull", "legerLine", "stem", "beam")] == [1, 1, 0, None]
    assert counts.precision(["noteheadFull"]) == 0.5
    assert [node.label for node in missed(judged)] == ["stem"]
    assert sum(hit for _, hit in matched(judged)) == 2
    assert weighted_precision([judged])[1]["legerLine"] == (1, 0.0)  # as labelled: no overlap at all
    error, rows = reliability([judged])
    assert error == pytest.approx((0.1 + 0.8 + 0.3 + 0.6) / 4)
    assert sum(number for _, _, number in rows) == 4


def test_sheets_show_every_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = _judged(("noteheadFull", Box(70, 70, 90, 86), 0.9))
    monkeypatch.setattr("benchmarks.inspection._pixels", lambda path: np.full((100, 100), 255, np.uint8))
    sheets = sheets_of([judged])
    assert {key: len(cells) for key, cells in sheets.items()} == {
        ("missed", "noteheadFull"): 1, ("missed", "legerLine"): 1, ("missed", "stem"): 1, ("false", "noteheadFull"): 1,
    }  # fmt: skip
    assert sheet(sheets["missed", "stem"] * 11).shape == (2 * CELL, 10 * CELL, 3)


def test_hand_labels_are_whole(tmp_path: Path) -> None:
    files = sorted(HAND_LABELLED.glob("*.json"))
    assert len(files) == 10
    for file in files:
        (tmp_path / f"{file.stem}.png").touch()
    pages = hand_labelled(tmp_path)
    assert sum(len(page.symbols) for page in pages) > 1500
    for page in pages:
        assert all(node.label in labels.INDEX and page.frame.contains(node.box.center) for node in page.symbols)
    (tmp_path / f"{files[0].stem}.png").unlink()
    with pytest.raises(FileNotFoundError, match=files[0].name):
        hand_labelled(tmp_path)
