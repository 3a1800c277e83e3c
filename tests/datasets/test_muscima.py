from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from datasets.muscima import (
    MuscimaError,
    RawPage,
    StaffLines,
    page_files,
    paint,
    read_page_truth,
    samples,
    split_pages,
    to_sample,
)
from datasets.muscima_graph import RawNode, contracted
from omr.geometry import Box

NAME = "CVC-MUSCIMA_W-01_N-10_D-ideal"
Row = tuple[int, str, int, int, int, int, list[int]]
"""(id, class, top, left, width, height, targets)"""
LINES: list[Row] = [(id_, "staffLine", 100 + 20 * id_, 50, 200, 2, []) for id_ in range(5)]
NODES: list[Row] = [
    *LINES,
    (10, "staff", 100, 50, 200, 82, [0, 1, 2, 3, 4]),
    (11, "noteheadFull", 130, 80, 20, 18, [12, 13, 10]),
    (12, "stem", 70, 98, 2, 70, []),
    (13, "tuple", 40, 80, 60, 20, [14]),
    (14, "numeral3", 40, 90, 10, 15, []),
    (15, "barline", 100, 200, 3, 82, []),
    (16, "repeatDot", 130, 190, 5, 5, []),
    (17, "repeat", 100, 190, 13, 82, [15, 16]),
    (18, "otherText", 10, 60, 60, 20, [19, 20]),
    (19, "characterSmallD", 10, 60, 10, 20, []),
    (20, "characterSmallO", 12, 90, 30, 18, []),
    (21, "characterSmallX", 200, 60, 10, 10, []),
    (22, "ornament", 60, 160, 12, 12, []),
    (23, "measureSeparator", 100, 200, 3, 82, [10, 15]),
]


def _xml(nodes: list[Row]) -> str:
    parts = []
    for id_, label, top, left, width, height, targets in nodes:
        mask = f"0:1 1:{width * height - 1}" if width * height > 1 else "1:1"
        links = f"<Outlinks>{' '.join(map(str, targets))}</Outlinks>" if targets else ""
        parts.append(
            f"<Node><Id>{id_}</Id><ClassName>{label}</ClassName><Top>{top}</Top><Left>{left}</Left>"
            f"<Width>{width}</Width><Height>{height}</Height><Mask>{mask}</Mask>{links}</Node>"
        )
    return f"<Nodes>{''.join(parts)}</Nodes>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / f"{NAME}.xml").write_text(_xml(NODES))
    (tmp_path / "split-mob.yaml").write_text(
        f"test:\n- {NAME}\ntrain:\n- CVC-MUSCIMA_W-02_N-13_D-ideal\nvalid:\n- other\n"
    )
    return tmp_path


def _page(folder: Path) -> RawPage:
    return read_page_truth(page_files(folder)[NAME])


def test_a_lone_second_flag_is_a_short_beam_or_the_one_flag_of_an_eighth() -> None:
    def raw(id_: int, label: str, targets: tuple[int, ...] = ()) -> RawNode:
        return RawNode(id=id_, label=label, box=Box(10, 10, 20, 20), mask=np.ones((10, 10), bool), targets=targets)

    nodes = (
        raw(1, "noteheadFull", (2, 3)), raw(2, "beam"), raw(3, "flag16thUp"),
        raw(4, "noteheadFull", (5,)), raw(5, "flag16thDown"),
        raw(6, "noteheadFull", (7, 8)), raw(7, "flag8thUp"), raw(8, "flag16thUp"),
    )  # fmt: skip
    found = {node.id: node.label for node in contracted(nodes).nodes}
    assert (found[3], found[5], found[8]) == ("beam", "flag8thDown", "flag16thUp")


def test_paper_may_be_ruled_paler_than_the_ink(folder: Path) -> None:
    page = read_page_truth(folder / f"{NAME}.xml")
    image = paint(page, StaffLines.KEPT, ruled=120)
    assert image[101, 60] == 120
    assert image[140, 90] == 0
    assert image[141, 90] == 0  # a line behind a head


def test_the_truth_is_the_annotation_untouched(folder: Path) -> None:
    page = _page(folder)
    assert [node.label for node in page.nodes] == [row[1] for row in NODES]
    assert (11, 13) in page.edges
    assert (13, 14) in page.edges
    assert page.nodes[6].box == Box(80, 130, 100, 148)


def test_masks_are_painted_row_by_row_with_staff_lines_or_without(folder: Path) -> None:
    image = paint(_page(folder), StaffLines.KEPT)
    assert image[130, 80] == 255  # the first pixel of a mask here is paper
    assert image[130, 81] == 0
    assert image[131, 80] == 0
    assert image[100, 60] == 0
    bare = paint(_page(folder), StaffLines.REMOVED)
    assert bare[100, 60] == 255
    assert bare[131, 80] == 0
    assert np.count_nonzero(bare == 0) < np.count_nonzero(image == 0)


def test_composites_become_relations_and_letters_lines_of_text(folder: Path) -> None:
    sample = to_sample(_page(folder), StaffLines.KEPT)
    labels = {node.id: node.label for node in sample.graph.nodes}
    assert labels == {
        11: "noteheadFull", 12: "stem", 14: "numeral3", 15: "barline", 16: "repeatDot", 18: "text",
    }  # fmt: skip
    assert {(edge.source, edge.target) for edge in sample.graph.edges} == {(11, 12), (11, 14), (15, 16)}
    assert sample.graph.by_id[18].box == Box(60, 10, 120, 30)
    assert sample.ignore == (Box(60, 200, 70, 210), Box(160, 60, 172, 72))


def test_two_flags_are_one_sign_and_dynamics_are_letters(tmp_path: Path) -> None:
    rows: list[Row] = [
        (1, "noteheadFull", 130, 80, 20, 18, [2, 3]),
        (2, "flag8thUp", 60, 98, 20, 30, []),
        (3, "flag16thUp", 80, 99, 14, 25, []),
        (4, "dynamicsText", 200, 60, 40, 20, [5, 6]),
        (5, "characterSmallF", 200, 60, 20, 20, []),
        (6, "dynamicLetterF", 200, 60, 20, 20, []),
        (7, "dynamicsText", 300, 60, 40, 20, [8]),
        (8, "characterSmallP", 300, 60, 20, 20, []),
        (9, "dynamicsText", 400, 60, 40, 20, [10, 11]),
        (10, "characterSmallF", 400, 60, 20, 20, []),
        (11, "characterSmallO", 400, 80, 20, 20, []),
    ]
    (tmp_path / f"{NAME}.xml").write_text(_xml(rows))
    sample = to_sample(_page(tmp_path), StaffLines.KEPT)
    found = {node.id: node for node in sample.graph.nodes}
    assert {key: node.label for key, node in found.items()} == {
        1: "noteheadFull", 3: "flag16thUp", 6: "dynamicLetterF", 8: "dynamicLetterP", 9: "text",
    }  # fmt: skip
    assert found[3].box == Box(98, 60, 118, 105)
    assert [(edge.source, edge.target) for edge in sample.graph.edges] == [(1, 3)]


def test_staves_are_traced_lines(folder: Path) -> None:
    (staff,) = to_sample(_page(folder), StaffLines.REMOVED).staves
    assert len(staff.lines) == 5
    assert staff.lines[2].y_at(150) == pytest.approx(141, abs=0.1)
    assert staff.staff_space == pytest.approx(20, abs=0.1)
    assert staff.position_at(150, 101) == pytest.approx(0, abs=0.05)


def test_the_split_is_the_published_one(folder: Path) -> None:
    assert split_pages(folder, "test") == (NAME,)
    assert [sample.name for sample in samples(folder, "test", StaffLines.KEPT)] == [NAME]


def test_what_is_not_an_annotation_is_named(tmp_path: Path) -> None:
    with pytest.raises(MuscimaError, match="annotation files"):
        page_files(tmp_path)
    broken = tmp_path / f"{NAME}.xml"
    broken.write_text(_xml([(1, "stem", 0, 0, 2, 2, [])]).replace("0:1 1:3", "0:1 1:9"))
    with pytest.raises(MuscimaError, match=NAME):
        read_page_truth(broken)
