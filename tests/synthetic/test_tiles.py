"""Tiles keep every box on its ink and the page's scale at a fixed staff space."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from datasets.sample import Sample
from datasets.yolo import MIN_SIDE, STAFF_SPACE, TILE, tiles_of, write_description, write_tiles
from omr import labels
from omr.geometry import Box
from omr.notation import Node, NotationGraph


def _page() -> Sample:
    """A white page with black squares, each a labelled notehead, and one thin stem."""
    image = np.full((900, 1300), 255, np.uint8)
    nodes = []
    for row in range(6):
        for column in range(9):
            left, top = 60 + column * 130, 60 + row * 130
            image[top : top + 24, left : left + 30] = 0
            box = Box(left, top, left + 30, top + 24)
            nodes.append(Node(id=len(nodes), label="noteheadFull", box=box, origin="truth"))
    image[100:200, 120:121] = 0
    nodes.append(Node(id=len(nodes), label="stem", box=Box(120, 100, 121, 200), origin="truth"))
    return Sample(name="squares", image=image, graph=NotationGraph(tuple(nodes)), staves=(), staff_space=24.0)


def test_boxes_lie_on_their_ink() -> None:
    tiles = [tile for seed in range(5) for tile in tiles_of(_page(), random.Random(seed))]
    heads = 0
    for tile in tiles:
        assert tile.image.shape == (TILE, TILE)
        for index, box in tile.boxes:
            if labels.DETECTED[index] == "noteheadFull" and box.left > 1 and box.right < TILE - 1:
                heads += 1
                middle = box.center
                assert tile.image[int(middle.y), int(middle.x)] < 60
                assert abs(box.width / box.height - 30 / 24) < 0.3 or box.top <= 0 or box.bottom >= TILE
    assert heads > 20


def test_scale_and_thin_boxes() -> None:
    for seed in range(6):
        for tile in tiles_of(_page(), random.Random(seed)):
            for index, box in tile.boxes:
                if labels.DETECTED[index] == "stem":
                    assert box.width >= MIN_SIDE - 1e-6
                elif box.left > 1 and box.right < TILE - 1:
                    assert 0.89 < box.width / (30 * STAFF_SPACE / 24) < 1.11


def test_ignored_ink_is_painted_over() -> None:
    page = _page()
    box = page.graph.nodes[0].box
    ignored = Sample(
        name="one less",
        image=page.image,
        graph=page.graph.without_nodes([0]),
        staves=(),
        staff_space=STAFF_SPACE,
        ignore=(box,),
    )
    tile = next(t for seed in range(20) for t in tiles_of(ignored, random.Random(seed)) if t.name.endswith("-0-0"))
    assert tile.image[: int(box.bottom * 0.9), : int(box.right * 0.9)].min() > 200
    assert tile.image.min() < 60


def test_files_name_every_class(tmp_path: Path) -> None:
    description = write_description(tmp_path).read_text()
    assert all(f": {label}\n" in description for label in labels.DETECTED)
    count = write_tiles(_page(), tmp_path, "train", random.Random(3))
    texts = sorted((tmp_path / "labels" / "train").glob("*.txt"))
    assert len(texts) == count == len(list((tmp_path / "images" / "train").glob("*.png"))) > 0
    first = texts[0].read_text().split("\n")[0].split()
    assert first[0].isdigit()
    assert all(0 <= float(number) <= 1 for number in first[1:])
