"""Batches of labelled pieces of tiles, from folders that may grow while a run goes on.

Music has no mirror images: a flipped clef or flag is another sign, so pieces are never flipped. They are only moved, slightly
scaled, and lit differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
COMMON: Final = 0.1  # a class in fewer of the tiles is rare
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


def cut(
    tile: Piece, side: int, jitter: Jitter, chance: np.random.Generator, focus: tuple[float, float] | None = None
) -> Piece:
    """A random piece of `tile`, scaled and lit at random, with the labels of what is still recognisable in it.

    The piece holds the place `focus` (x, y) of the tile when one is given.
    """
    scale = 1 + chance.uniform(-jitter.scale, jitter.scale)
    spare = tile.image.shape[0] * scale - side
    low, high = np.full(2, min(0.0, spare)), np.full(2, max(0.0, spare))
    if focus is not None:
        place = np.array(focus) * scale
        low, high = np.clip(place - side, low, high), np.clip(place, low, high)
    left, top = chance.uniform(low, high).tolist()
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


def least_sides(sides: Mapping[str, tuple[float, float]]) -> Array:
    """(classes,) pixels that a box side counts at least, from a recipe's (learned, true) sides."""
    return np.array([sides.get(label, (0.0, 0.0))[0] for label in labels.DETECTED], np.float32)


def widened(rows: Array, least: Array) -> Array:
    """`rows` with each side at least `least` of their class, about their centres."""
    low, high = rows[:, 1:3], rows[:, 3:5]
    lack = np.maximum(0, least[rows[:, 0].astype(int), None] - (high - low)) / 2
    return np.concatenate((rows[:, :1], low - lack, high + lack), axis=1)


class Endless:
    """Tiles of the train split in a fresh random order, pass after pass; each pass looks for new tiles.

    Tiles that appeared since the last pass come first, and tiles with rare symbols come up to `repeats` times a pass. Raises
    FileNotFoundError when there are none at all.
    """

    def __init__(self, folders: Sequence[Path], seed: int, repeats: float) -> None:
        self._folders, self._seed, self._repeats = folders, seed, repeats
        self._classes: dict[Path, npt.NDArray[np.intp]] = {}
        self._number = 0
        self._waiting: list[Path] = []
        self.weights = np.ones(len(labels.DETECTED))
        """By class: how much a symbol is worth looking at, in a pass as much for each class."""

    def __next__(self) -> Path:
        if not self._waiting:
            self._waiting = self._pass()[::-1]
        return self._waiting.pop()

    def _pass(self) -> list[Path]:
        tiles = list_tiles(self._folders, "train")
        if not tiles:
            raise FileNotFoundError(
                f"no tiles below {', '.join(map(str, self._folders))}: make some with python -m datasets"
            )
        fresh = {tile: read_labels(tile)[:, 0].astype(np.intp) for tile in tiles if tile not in self._classes}
        again = [tile for tile in tiles if tile not in fresh]
        self._classes.update(fresh)
        chance = np.random.default_rng((self._seed, self._number))
        self._number += 1
        times = self._times(tiles, chance)
        return [tile for part in (list(fresh), again) for tile in _shuffled(part, times, chance)]

    def _times(self, tiles: Sequence[Path], chance: np.random.Generator) -> dict[Path, int]:
        """How often each tile comes in this pass (Gupta et al. 2019, repeat factor sampling)."""
        present = np.zeros((len(tiles), len(labels.DETECTED)), bool)
        for row, tile in zip(present, tiles, strict=True):
            row[self._classes[tile]] = True
        frequency = np.maximum(present.sum(axis=0), 1) / len(tiles)
        symbols = np.bincount(np.concatenate([self._classes[tile] for tile in tiles]), minlength=present.shape[1])
        self.weights = 1 / np.maximum(symbols, 1)
        factors = np.clip(np.sqrt(COMMON / frequency), 1, self._repeats)
        wanted = (present * factors).max(axis=1, initial=1)
        return dict(zip(tiles, np.floor(wanted + chance.random(len(tiles))).astype(int).tolist(), strict=True))


def _shuffled(tiles: Sequence[Path], times: dict[Path, int], chance: np.random.Generator) -> list[Path]:
    repeated = [tile for tile in tiles for _ in range(times[tile])]
    return [repeated[index] for index in chance.permutation(len(repeated))]


def rare_place(
    tile: Piece, weights: npt.NDArray[np.float64], chance: np.random.Generator
) -> tuple[float, float] | None:
    """The middle of one symbol of the tile, rare classes rather than common ones; None in an empty tile."""
    if not len(tile.rows):
        return None
    worth = weights[tile.rows[:, 0].astype(int)]
    row = tile.rows[chance.choice(len(tile.rows), p=worth / worth.sum())]
    return float(row[1] + row[3]) / 2, float(row[2] + row[4]) / 2


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
