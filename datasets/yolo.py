"""Labelled tiles for the detector: pieces of a page at a fixed staff space, in the YOLO text format.

A detector that always sees a staff space of the same size need not learn scales, and small ink (a dot, a stem) keeps its
pixels. Boxes of thin ink are widened to MIN_SIDE, because a box one pixel wide can hardly be hit at an IoU of one half.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.sample import Image, Sample
from omr import labels
from omr.geometry import Box

STAFF_SPACE: Final = 16.0  # pixels a staff space in a tile
TILE: Final = 640  # pixels
OVERLAP: Final = 64  # pixels shared by neighbouring tiles
JITTER: Final = 0.1  # a page is scaled by up to this share more or less: prepare's estimate is not exact
MIN_SIDE: Final = 4.0  # pixels
KEEP_SHARE: Final = 0.4  # of a clipped box's area that must be left
KEEP_LONG: Final = 12.0  # pixels that must be left of something long
DENSE: Final = 35  # symbols: tiles with fewer are kept with a chance in proportion, they teach less for the same time
EMPTY_SHARE: Final = 0.03  # chance of keeping an empty tile: paper, dirt and print-through must be seen too
LONG: Final = frozenset(
    (*labels.BARLINES, *labels.HAIRPINS, "slur", "tie", "beam", "brace", "bracket", "voltaBracket", "tupleBracket", "arpeggio",
     "dottedHorizontalSpanner", "wiggleTrill", "glissando", "stem", "text", "multiMeasureRest", "systemSeparator")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A piece of a page: (TILE, TILE) pixels and boxes in its pixels."""

    name: str
    image: Image
    boxes: tuple[tuple[int, Box], ...]
    """(class index, box)."""


def tiles_of(sample: Sample, chance: random.Random) -> Iterator[Tile]:
    """The tiles of a page, scaled to STAFF_SPACE with some jitter, cut where there is music."""
    scale = STAFF_SPACE / sample.staff_space * chance.uniform(1 - JITTER, 1 + JITTER)
    image = _scaled(_without_ignored(sample), scale)
    boxes = [
        (labels.INDEX[node.label], node.box.scaled(scale).at_least(MIN_SIDE))
        for node in sample.graph.nodes
        if node.label in labels.INDEX
    ]
    height, width = image.shape
    for top in _starts(height, chance):
        for left in _starts(width, chance):
            frame = Box(left, top, left + TILE, top + TILE)
            found = tuple(_clipped(index, box, frame) for index, box in boxes if box.intersection(frame) > 0)
            kept = tuple(item for item in found if item is not None)
            if chance.random() < max(EMPTY_SHARE, len(kept) / DENSE):
                yield Tile(name=f"{sample.name}-{top}-{left}", image=_cropped(image, top, left), boxes=kept)


def write_tiles(sample: Sample, folder: Path, split: str, chance: random.Random) -> int:
    """Writes the tiles of a page below `folder`/images and /labels and returns their number."""
    count = 0
    for tile in tiles_of(sample, chance):
        text = "".join(_line(index, box) for index, box in tile.boxes)
        picture = cv2.imencode(".png", tile.image, [cv2.IMWRITE_PNG_COMPRESSION, 2])[1].tobytes()
        _write(folder / "labels" / split / f"{tile.name}.txt", text.encode())
        _write(folder / "images" / split / f"{tile.name}.png", picture)
        count += 1
    return count


def write_description(folder: Path) -> Path:
    """Writes data.yaml, which names the splits and the classes, and returns its path."""
    names = "".join(f"  {index}: {label}\n" for index, label in enumerate(labels.DETECTED))
    path = folder / "data.yaml"
    _write(path, f"path: {folder.resolve()}\ntrain: images/train\nval: images/valid\nnames:\n{names}".encode())
    return path


def _without_ignored(sample: Sample) -> Image:
    """The page with ignore regions painted in the paper's tone: neither symbol nor background."""
    image = sample.image.copy()
    for box in sample.ignore:
        rows = slice(max(0, int(box.top) - 1), int(box.bottom) + 2)
        columns = slice(max(0, int(box.left) - 1), int(box.right) + 2)
        around = image[max(0, rows.start - 20) : rows.stop + 20, max(0, columns.start - 20) : columns.stop + 20]
        if around.size:
            image[rows, columns] = int(np.percentile(around, 80))
    return image


def _scaled(image: Image, scale: float) -> Image:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized: Image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=way).astype(np.uint8)
    return resized


def _starts(length: int, chance: random.Random) -> tuple[int, ...]:
    """Where tiles begin along a side: evenly, with a random shift that the page's edges absorb."""
    if length <= TILE:
        return (0,)
    count = -(-(length - OVERLAP) // (TILE - OVERLAP))
    step = (length - TILE) / max(1, count - 1)
    shifted = (round(place * step) + chance.randint(-OVERLAP // 2, OVERLAP // 2) for place in range(count))
    return tuple(min(max(0, start), length - TILE) for start in shifted)


def _cropped(image: Image, top: int, left: int) -> Image:
    piece = image[top : top + TILE, left : left + TILE]
    tile = np.full((TILE, TILE), int(np.median(piece)), np.uint8)
    tile[: piece.shape[0], : piece.shape[1]] = piece
    return tile


def _clipped(index: int, box: Box, frame: Box) -> tuple[int, Box] | None:
    """The part of `box` inside the tile in the tile's pixels, None when too little is left to be recognised."""
    left, top = max(box.left, frame.left), max(box.top, frame.top)
    right, bottom = min(box.right, frame.right), min(box.bottom, frame.bottom)
    if right <= left or bottom <= top:
        return None
    inside = Box(left, top, right, bottom)
    share = inside.area / box.area
    long_enough = labels.DETECTED[index] in LONG and max(inside.width, inside.height) >= KEEP_LONG
    if share < KEEP_SHARE and not long_enough:
        return None
    return index, inside.shifted(-frame.left, -frame.top)


def _line(index: int, box: Box) -> str:
    middle = box.center
    numbers = (middle.x / TILE, middle.y / TILE, box.width / TILE, box.height / TILE)
    return f"{index} " + " ".join(f"{number:.6f}" for number in numbers) + "\n"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
