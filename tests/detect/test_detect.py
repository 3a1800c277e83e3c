"""Detection on pages drawn for the purpose, with a detector that sees every black rectangle of its tile.

The detector knows a class by the rectangle's gray level, and like a real one it sees only the part inside its tile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from omr import labels
from omr.detect import detect, tiling
from omr.detect.tiling import OVERLAP, crop, frames, starts
from omr.geometry import Box
from omr.notation import Node

CLASSES = 4 + len(labels.DETECTED)
Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Rows = list[tuple[str, float, tuple[float, float, float, float]]]


class Eye:
    """Reports each connected piece of ink as the class whose index is its gray level; `extra` adds findings of a tile."""

    thresholds: Mapping[str, float] = MappingProxyType({"ossia": 0.95})
    sides: Mapping[str, tuple[float, float]] = MappingProxyType({})
    measured = ("beam", "stem", "legerLine")
    looks: Sequence[float] = (1.0,)
    calibration: Mapping[str, Sequence[tuple[float, float]]] = MappingProxyType({})

    def __init__(self, extra: Callable[[str, tuple[float, float, float, float]], Rows] | None = None) -> None:
        self._extra = extra

    def scan(self, tiles: Sequence[Image], use: Callable[[int, Floats, Floats], None], *, least: float = 0.0) -> None:
        for index in reversed(range(len(tiles))):  # any order must do
            found = output(self._seen(tiles[index]))
            use(index, found, np.full((2, found.shape[1]), index, np.float32))

    def _seen(self, tile: Image) -> Rows:
        rows: Rows = []
        for level in np.unique(tile[tile < 255]):
            _, _, stats, _ = cv2.connectedComponentsWithStats((tile == level).astype(np.uint8))
            for left, top, width, height, _area in stats[1:].tolist():
                box = (float(left), float(top), float(left + width), float(top + height))
                rows.append((labels.DETECTED[level], 0.9, box))
                if self._extra:
                    rows.extend(self._extra(labels.DETECTED[level], box))
        return rows


def output(rows: Rows) -> npt.NDArray[np.float32]:
    """(4 + classes, anchors) as the network gives it."""
    table = np.zeros((CLASSES, len(rows) + 5), np.float32)
    for column, (label, score, (left, top, right, bottom)) in enumerate(rows):
        table[:4, column] = (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
        table[4 + labels.INDEX[label], column] = score
    return table


def page(symbols: Sequence[tuple[str, Box]], width: int = 900, height: int = 700) -> Image:
    image = np.full((height, width), 255, np.uint8)
    for label, box in symbols:
        image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = labels.INDEX[label]
    return image


def seen(nodes: Sequence[Node]) -> list[tuple[str, tuple[float, float, float, float]]]:
    return [(node.label, (node.box.left, node.box.top, node.box.right, node.box.bottom)) for node in nodes]


def expected(symbols: Sequence[tuple[str, Box]]) -> list[tuple[str, tuple[float, float, float, float]]]:
    rows = [(label, (box.left, box.top, box.right, box.bottom)) for label, box in symbols]
    return sorted(rows, key=lambda row: (row[1][1], row[1][0]))


@pytest.fixture
def small_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of the tests cut as if they were too large to be seen at once, downwards and across."""
    monkeypatch.setattr(tiling, "MOST_WIDTH", 384)
    monkeypatch.setattr(tiling, "MOST_PIXELS", 384 * 320)


def test_pieces_cover_every_length_with_overlap() -> None:
    for length in range(1, 2000, 7):
        begins = starts(length, 320)
        assert begins[0] == 0
        assert length <= 320 or begins[-1] + 320 == length
        assert all(later - earlier <= 320 - OVERLAP for earlier, later in pairwise(begins))


def test_a_page_is_looked_at_once_and_only_where_there_is_ink() -> None:
    image = page([("noteheadFull", Box(220, 120, 240, 136)), ("noteheadFull", Box(520, 520, 540, 536))])
    (frame,) = frames(image)
    assert frame == (188, 88, 384, 480, (False, False, False, False), (0, 700))
    assert crop(image, frame).shape == (480, 384)
    assert detect(page([]), Eye()) == ()


def test_a_huge_page_is_looked_at_in_strips_that_cover_it() -> None:
    image = page([("stem", Box(0, 0, 2000, 7000))], 2000, 7000)
    found = frames(image)
    assert len({(frame.width, frame.height) for frame in found}) == 1
    assert all(frame.width * frame.height <= 1.1 * tiling.MOST_PIXELS for frame in found)
    assert all(side % tiling.GRID == 0 for frame in found for side in frame[2:4])
    tops = [frame.top for frame in found]
    assert tops[0] == 0
    assert tops[-1] + found[-1].height >= 7000
    assert all(frame.inner[1] == (frame.top > 0) for frame in found)


def test_a_page_is_parted_at_its_blank_rows_and_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiling, "USUAL_PIXELS", 960 * 320)
    systems = [("stem", Box(30, top, 32, top + 90)) for top in (40, 190, 350, 500)]
    heads = [("noteheadFull", Box(x, y, x + 20, y + 16)) for x in range(60, 840, 40) for y in (41, 270, 424, 574)]
    image = page([*systems, *heads])
    found = frames(image)
    assert len(found) == 2
    assert [frame.rows for frame in found] == [(0, found[1].rows[0]), (found[0].rows[1], len(image))]
    assert not any(any(frame.inner) for frame in found)
    assert (found[1].top - found[0].top) % tiling.GRID == 0
    shown = [crop(image, frame) for frame in found]
    assert sum(np.count_nonzero(strip < 255) for strip in shown) == np.count_nonzero(image < 255)
    assert seen(detect(image, Eye())) == expected([*systems, *heads])


@pytest.mark.usefixtures("small_strips")
def test_a_grid_of_heads_is_found_once_each_wherever_strips_end() -> None:
    symbols = [("noteheadFull", Box(x, y, x + 20, y + 16)) for x in range(6, 860, 31) for y in range(3, 660, 29)]
    assert len(frames(page(symbols))) > 4
    assert seen(detect(page(symbols), Eye())) == expected(symbols)


@pytest.mark.usefixtures("small_strips")
def test_long_symbols_cut_by_strips_come_back_whole() -> None:
    symbols = [
        ("slur", Box(10, 40, 890, 70)),
        ("dynamicCrescendoHairpin", Box(100, 120, 700, 140)),
        ("beam", Box(180, 300, 480, 308)),
        ("beam", Box(180, 312, 480, 320)),
        ("barline", Box(600, 200, 604, 690)),
        ("brace", Box(20, 150, 36, 650)),
    ]
    assert seen(detect(page(symbols), Eye())) == expected(symbols)


def test_thin_symbols_side_by_side_stay_apart() -> None:
    symbols = [("stem", Box(100 + 14 * n, 100, 102 + 14 * n, 160)) for n in range(4)]
    symbols += [("legerLine", Box(300, 100 + 16 * n, 330, 102 + 16 * n)) for n in range(4)]
    assert seen(detect(page(symbols), Eye())) == expected(symbols)


def test_a_finding_repeated_with_a_small_shift_is_dropped() -> None:
    def again(label: str, box: tuple[float, float, float, float]) -> Rows:
        left, top, right, bottom = box
        return [
            (label, 0.6, (left + 2, top + 1, right + 2, bottom + 1)),
            (label, 0.5, (left - 1, top, right - 1, bottom)),
        ]

    symbols = [
        ("stem", Box(100, 100, 102, 160)),
        ("noteheadFull", Box(200, 100, 220, 116)),
        ("slur", Box(50, 300, 880, 340)),
    ]
    assert seen(detect(page(symbols), Eye(again))) == expected(symbols)


def test_a_slanting_beam_found_twice_is_one_and_two_beams_stay_two() -> None:
    def taller(label: str, box: tuple[float, float, float, float]) -> Rows:
        left, top, right, bottom = box
        return [(label, 0.7, (left, top - 9, right, bottom + 7))] if top < 110 else []

    symbols = [("beam", Box(100, 100, 180, 110)), ("beam", Box(100, 112, 180, 122))]
    assert seen(detect(page(symbols), Eye(taller))) == expected(symbols)


def test_heads_and_dots_inside_a_clef_are_parts_of_it() -> None:
    def parts(label: str, box: tuple[float, float, float, float]) -> Rows:
        left, _, right, bottom = box
        curl = (left + 4, bottom - 20, left + 24, bottom - 4)
        beside = (right - 4, bottom - 20, right + 16, bottom - 4)
        return [("noteheadFull", 0.8, curl), ("noteheadFull", 0.7, beside)] if label == "gClef" else []

    nodes = detect(page([("gClef", Box(50, 40, 90, 160))]), Eye(extra=parts))
    assert [node.label for node in nodes] == ["gClef", "noteheadFull"]
    assert nodes[1].box.left == 86


def test_heads_of_a_chord_do_not_overlap() -> None:
    def ghost(label: str, box: tuple[float, float, float, float]) -> Rows:
        left, top, right, bottom = box
        return [("noteheadHalf", 0.5, (left, top + 8, right, bottom + 8))]

    third = [("noteheadFull", Box(100, 100, 120, 116)), ("noteheadFull", Box(100, 118, 120, 134))]
    second = [("noteheadFull", Box(200, 100, 220, 116)), ("noteheadFull", Box(221, 108, 241, 124))]
    assert seen(detect(page([*third, *second]), Eye(ghost))) == expected([*third, *second])


def test_two_classes_on_the_same_ink_leave_the_surer_one() -> None:
    def rival(label: str, box: tuple[float, float, float, float]) -> Rows:
        return [("restWhole", 0.95, box)]

    nodes = detect(page([("restHalf", Box(100, 100, 118, 108))]), Eye(rival))
    assert [(node.label, round(node.score, 2)) for node in nodes] == [("restWhole", 0.95)]
    assert len(nodes[0].scores) == len(labels.DETECTED)


def test_thresholds_hold_for_single_classes() -> None:
    image = page([("stem", Box(100, 100, 102, 160)), ("noteheadFull", Box(200, 100, 220, 116))])
    assert [node.label for node in detect(image, Eye(), thresholds={"stem": 0.95})] == ["noteheadFull"]
    own = page([("ossia", Box(100, 100, 130, 130))])
    assert detect(own, Eye()) == ()
    assert len(detect(own, Eye(), thresholds={})) == 1
    assert [node.label for node in detect(image, Eye(), threshold=0.95, thresholds={"stem": 0.3})] == ["stem"]


def test_sides_that_were_learned_longer_come_back_true() -> None:
    eye = Eye()
    eye.sides = {"legerLine": (8.0, 4.0)}
    symbols = [("legerLine", Box(300, 100, 324, 109)), ("stem", Box(100, 100, 104, 160))]
    found = {node.label: node.box for node in detect(page(symbols), eye)}
    assert found["legerLine"] == Box(300, 102.5, 324, 106.5)
    assert found["stem"] == Box(100, 100, 104, 160)


def test_boxes_stay_on_the_page_and_ids_count_downwards() -> None:
    def loose(label: str, box: tuple[float, float, float, float]) -> Rows:
        return [(label, 0.99, (box[0] - 9, box[1] - 9, box[2] + 9, box[3] + 9))]

    symbols = [("gClef", Box(0, 0, 40, 100)), ("gClef", Box(200, 400, 250, 500))]
    nodes = detect(page(symbols, 250, 500), Eye(loose))
    assert [node.id for node in nodes] == [0, 1]
    assert seen(nodes) == [("gClef", (0, 0, 49, 109)), ("gClef", (191, 391, 250, 500))]
