"""Batches of labelled pieces of tiles, from folders that may grow while a run goes on.

Music has no mirror images: a flipped clef or flag is another sign, so pieces are never flipped. They are only moved, slightly
scaled, and lit differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from datasets.yolo import KEEP_LONG, KEEP_SHARE, LONG, TILE
from omr import labels

Array = npt.NDArray[np.float32]
SPLITS: Final = ("train", "valid")
LONG_INDEX: Final = np.array([label in LONG for label in labels.DETECTED])
MIN_SIDE: Final = 2.0  # pixels a clipped box must keep on each side


class Piece(NamedTuple):
    """A square of a tile with its symbols."""

    image: npt.NDArray[np.uint8]
    """(side, side)."""
    rows: Array
    """(n, 5): class, left, top, right, bottom in pixels of the piece."""


class Jitter(NamedTuple):
    scale: float
    light: float


def list_tiles(folders: Sequence[Path], split: str) -> tuple[Path, ...]:
    """Images of all folders that have their labels beside them, sorted; each call looks again."""
    found: list[Path] = []
    for folder in folders:
        named = {path.stem for path in (folder / "labels" / split).glob("*.txt")}
        images = sorted((folder / "images" / split).glob("*.*"))
        found.extend(path for path in images if path.suffix in (".png", ".jpg") and path.stem in named)
    return tuple(found)


def read_labels(image: Path) -> Array:
    """(n, 5) class, left, top, right, bottom in tile pixels of the tile at `image`."""
    path = image.parents[2] / "labels" / image.parent.name / f"{image.stem}.txt"
    table = np.array([line.split() for line in path.read_text().splitlines()], np.float32).reshape(-1, 5)
    middle, half = table[:, 1:3] * TILE, table[:, 3:5] * TILE / 2
    return np.concatenate((table[:, :1], middle - half, middle + half), axis=1)


def read_tile(path: Path) -> Piece:
    """A whole tile; raises OSError when the image cannot be decoded."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise OSError(f"{path}: not an image")
    return Piece(np.asarray(image, np.uint8), read_labels(path))


def cut(tile: Piece, side: int, jitter: Jitter, chance: np.random.Generator) -> Piece:
    """A random piece of `tile`, scaled and lit at random, with the labels of what is still recognisable in it."""
    scale = 1 + chance.uniform(-jitter.scale, jitter.scale)
    spare = tile.image.shape[0] * scale - side
    left, top = (chance.uniform(min(0.0, spare), max(0.0, spare)) for _ in range(2))
    matrix = np.array([[scale, 0, -left], [0, scale, -top]])
    gain, lift = 1 + chance.uniform(-jitter.light, jitter.light), 128 * chance.uniform(-jitter.light, jitter.light)
    table = np.clip((np.arange(256) - 128) * gain + 128 + lift, 0, 255).astype(np.uint8)
    paper = int(np.median(tile.image[::16, ::16]))
    warped = cv2.warpAffine(
        tile.image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return Piece(table[warped], clipped(tile.rows, scale, left, top, side))


def clipped(rows: Array, scale: float, left: float, top: float, side: int) -> Array:
    """`rows` scaled, moved and cut to a square, less those of which too little is left; the rule of datasets.yolo."""
    boxes = rows[:, 1:] * scale - np.array([left, top, left, top], np.float32)
    inside = boxes.clip(0, side)
    sides = inside[:, 2:] - inside[:, :2]
    share = sides.prod(axis=1) / np.maximum((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), 1e-6)
    long = LONG_INDEX[rows[:, 0].astype(int)] & (sides.max(axis=1, initial=0) >= KEEP_LONG)
    kept = ((share >= KEEP_SHARE) | long) & (sides.min(axis=1, initial=side) >= MIN_SIDE)
    return np.concatenate((rows[kept, :1], inside[kept]), axis=1).astype(np.float32)


def endless(folders: Sequence[Path], seed: int) -> Iterator[Path]:
    """Tiles of the train split in a fresh random order pass after pass; each pass lists the folders anew.

    Tiles that appeared since the last pass come first. Raises FileNotFoundError when there are none at all.
    """
    seen: frozenset[Path] = frozenset()
    number = 0
    while True:
        tiles = list_tiles(folders, "train")
        if not tiles:
            raise FileNotFoundError(f"no tiles below {', '.join(map(str, folders))}: make some with python -m datasets")
        order = np.random.default_rng((seed, number)).permutation(len(tiles))
        shuffled = [tiles[index] for index in order]
        yield from sorted(shuffled, key=seen.__contains__)
        seen, number = frozenset(tiles), number + 1


def batch_of(pieces: Sequence[Piece]) -> tuple[npt.NDArray[np.uint8], Array]:
    """Images (b, 1, side, side) uint8 and symbols (n, 6): image, class, centre x and y, width, height as shares of the side."""
    images = np.stack([piece.image for piece in pieces])[:, None]
    tables = []
    for index, piece in enumerate(pieces):
        low, high = piece.rows[:, 1:3], piece.rows[:, 3:5]
        which = np.full((len(piece.rows), 1), index, np.float32)
        tables.append(np.concatenate((which, piece.rows[:, :1], (low + high) / 2, high - low), axis=1))
    symbols = np.concatenate(tables)
    symbols[:, 2:] /= images.shape[-1]
    return images, symbols.astype(np.float32)
