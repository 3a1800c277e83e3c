"""Flat scans photographed anew by a seeded camera, and how well they are read: `python -m benchmarks.photos FOLDER`.

The sheet is a cylinder with upright axis (a page that curls, or rises into the fold of a book) on a desk, seen by a pinhole
camera with lens distortion; light falls unevenly, a hand or telephone throws a soft shadow, the picture is out of focus,
shaken, noisy and stored as JPEG. Nothing of this is shared with what training pages get. Lengths are in widths of the page
unless said otherwise; the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.interpolate import LinearNDInterpolator

from omr.evaluation import Evaluation, Reading, evaluate_pairs, find_pairs, read_page
from omr.models import Models, load_models

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

LONG_SIDE = 3600  # pixels of the picture, with SHORT_SIDE ten million: a telephone's usual
SHORT_SIDE = 2700
GRID = (60, 80)  # places across and down at which the way of light is computed
OFF_PAGE = -1e4  # pixels: where no paper is seen
STEP = 12  # pixels between the places at which it is inverted


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How one picture is taken."""

    tilt: float
    """Degrees by which the camera looks along the page instead of down on it."""
    pan: float
    """The same across the page."""
    roll: float
    """Degrees by which the camera is turned about its axis."""
    curl: float
    """Height of the highest place of the sheet above the lowest."""
    fold: float
    """Where across the page it is highest, 0 left to 1 right: 0 or 1 is a book's fold."""
    distance: float
    filled: float
    """Share of the picture's sides that the page takes up."""
    distortion: float
    """Coefficient of the lens's third order; negative bulges."""
    light: tuple[float, float]
    """Share of the light that is lost at the darker side, and the direction of that side in radians."""
    shadow: float
    """Share of the light that a hand's shadow takes, 0 none."""
    defocus: float
    """Standard deviation in pixels."""
    shake: float
    """Pixels of movement."""
    noise: float
    """Gray levels."""
    quality: int
    """Of the JPEG."""
    paper: float
    """Gray level of well-lit paper."""
    desk: float
    """Gray level of the desk."""


def chosen_shot(chance: np.random.Generator) -> Shot:
    """A picture as someone takes it who means to take a good one."""
    at_fold = chance.random() < 0.5
    return Shot(
        tilt=chance.normal(0, 10),
        pan=chance.normal(0, 7),
        roll=chance.normal(0, 2.5),
        curl=abs(chance.normal(0, 0.06)),
        fold=float(chance.integers(0, 2)) if at_fold else chance.uniform(0.3, 0.7),
        distance=chance.uniform(1.6, 2.4),
        filled=chance.uniform(0.82, 0.95),
        distortion=chance.normal(0, 0.02),
        light=(chance.uniform(0.05, 0.45), chance.uniform(0, 2 * np.pi)),
        shadow=chance.uniform(0.15, 0.5) if chance.random() < 0.4 else 0.0,
        defocus=chance.uniform(0.5, 1.3),
        shake=chance.uniform(0, 2.5),
        noise=chance.uniform(1.5, 6),
        quality=int(chance.integers(70, 95)),
        paper=chance.uniform(190, 245),
        desk=chance.choice([chance.uniform(30, 90), chance.uniform(90, 150)]),
    )


def photograph(page: Pixels, seed: int, shot: Shot | None = None) -> Pixels:
    """`page` (height, width; 0 = ink) as a gray photograph; the same seed gives the same pixels."""
    chance = np.random.default_rng(seed)
    shot = shot or chosen_shot(chance)
    size = (SHORT_SIDE, LONG_SIDE) if page.shape[0] >= page.shape[1] else (LONG_SIDE, SHORT_SIDE)
    columns, rows = _looked_up(page.shape, size, shot)
    softened = cv2.GaussianBlur(page, (0, 0), max(0.3, page.shape[1] / size[0] / 2.5))
    printed = 25 + (shot.paper - 25) * softened.astype(np.float32) / 255
    seen = cv2.remap(printed, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0)
    outside = (columns < 0) | (rows < 0) | (columns > page.shape[1] - 1) | (rows > page.shape[0] - 1)
    picture = np.where(outside, _desk(size, shot.desk, chance), seen)
    picture *= _light(size, shot, chance)
    picture = _shaken(cv2.GaussianBlur(picture, (0, 0), shot.defocus), shot.shake, chance)
    picture += (
        chance.normal(0, 1, picture.shape).astype(np.float32) * shot.noise * np.sqrt(np.clip(picture, 20, 255) / 128)
    )
    return np.clip(picture, 0, 255).astype(np.uint8)


def _looked_up(shape: tuple[int, ...], size: tuple[int, int], shot: Shot) -> tuple[npt.NDArray[np.float32], ...]:
    """For every pixel of the picture the column and row of the page that is seen there; beyond the page, off it."""
    height, width = shape
    beyond = 0.05
    across, down = np.meshgrid(np.linspace(-beyond, 1 + beyond, GRID[0]), np.linspace(-beyond, 1 + beyond, GRID[1]))
    x, y = _projected(across, down * height / width, height / width, shot)
    reach = 0.5 * shot.filled
    inside = (np.abs(across - 0.5) <= 0.5) & (np.abs(down - 0.5) <= 0.5)
    scale = min(2 * reach * side / np.ptp(values[inside]) for side, values in zip(size, (x, y), strict=True))
    left, top = (
        side / 2 - scale * (values[inside].max() + values[inside].min()) / 2
        for side, values in zip(size, (x, y), strict=True)
    )
    places = np.column_stack([(x * scale + left).ravel(), (y * scale + top).ravel()])
    sought = np.column_stack([(across * width).ravel(), (down * height).ravel()])
    inverse = LinearNDInterpolator(places, sought, fill_value=np.nan)
    at = np.meshgrid(np.arange(0, size[0] + STEP, STEP), np.arange(0, size[1] + STEP, STEP))
    coarse = inverse(np.column_stack([one.ravel() for one in at])).reshape(*at[0].shape, 2).astype(np.float32)
    whole = tuple((np.arange(side, dtype=np.float32) / STEP) for side in size)
    columns, rows = np.meshgrid(*whole)
    found = cv2.remap(coarse, columns, rows, cv2.INTER_LINEAR)
    found = np.nan_to_num(found, nan=OFF_PAGE)
    return np.ascontiguousarray(found[..., 0]) - 0.5, np.ascontiguousarray(found[..., 1]) - 0.5


def _projected(across: Floats, down: Floats, height: float, shot: Shot) -> tuple[Floats, Floats]:
    """Where the camera sees places of the sheet, `across` and `down` along the paper in widths of the page."""
    flat_x, lift = _sheet(across, shot)
    points = np.stack([flat_x - 0.5, down - height / 2, -lift])
    tilt, pan, roll = np.radians([shot.tilt, shot.pan, shot.roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    about_y = np.array([[np.cos(pan), 0, np.sin(pan)], [0, 1, 0], [-np.sin(pan), 0, np.cos(pan)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    x, y, z = np.einsum("ij,jkl->ikl", about_z @ about_x @ about_y, points)
    x, y = x / (z + shot.distance), y / (z + shot.distance)
    bend = 1 + shot.distortion * (x**2 + y**2) * shot.distance**2
    return x * bend, y * bend


def _sheet(across: Floats, shot: Shot) -> tuple[Floats, Floats]:
    """Places across the desk and heights above it of places `across` the paper, which bends but does not stretch."""
    along = np.linspace(-0.2, 1.2, 600)
    width = 0.22 if shot.fold in (0.0, 1.0) else 0.35
    lift = shot.curl * np.exp(-(((along - shot.fold) / width) ** 2))
    slope = np.gradient(lift, along)
    flat = np.concatenate([[0], np.cumsum(np.sqrt(np.maximum(0.05, 1 - slope[1:] ** 2)) * np.diff(along))])
    flat += -0.2
    return np.interp(across, along, flat), np.interp(across, along, lift)


def _desk(size: tuple[int, int], level: float, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """A wooden table: long streaks."""
    streaks = chance.normal(0, 1, (size[1] // 6 + 1, size[0] // 90 + 2)).astype(np.float32)
    wood = cv2.resize(streaks, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(level * (1 + 0.12 * wood), np.float32)


def _light(size: tuple[int, int], shot: Shot, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """Share of the full light at every pixel."""
    x, y = np.meshgrid(np.linspace(-1, 1, 90), np.linspace(-1, 1, 120))
    lost, direction = shot.light
    toward = (x * np.cos(direction) + y * np.sin(direction)) / np.sqrt(2)
    light = 1 - lost * (0.5 + 0.5 * toward) - 0.08 * (x**2 + y**2)
    if shot.shadow:
        center, turn = chance.uniform(-1, 1, 2), chance.uniform(0, np.pi)
        along = (x - center[0]) * np.cos(turn) + (y - center[1]) * np.sin(turn)
        beside = (y - center[1]) * np.cos(turn) - (x - center[0]) * np.sin(turn)
        hand = 1 / (1 + np.exp(np.minimum(50, ((np.abs(along) / 1.2) ** 4 + (np.abs(beside) / 0.35) ** 4 - 1) * 6)))
        light *= 1 - shot.shadow * hand
    return np.asarray(cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_CUBIC), np.float32)


def _shaken(picture: npt.NDArray[np.float32], length: float, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    side = 2 * int(np.ceil(length / 2)) + 3
    kernel = np.zeros((side * 8, side * 8), np.float32)
    direction = chance.uniform(0, np.pi)
    reach = np.array([np.cos(direction), np.sin(direction)]) * length * 4
    middle = side * 4
    ends = [tuple(round(middle + sign * value) for value in reach) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 8)
    small = cv2.resize(kernel, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.filter2D(picture, -1, small / small.sum()), np.float32)


def figures(folder: Path, quick: bool, models: Models | None = None) -> dict[str, float]:
    """{"pod_f1_flat", "pod_f1_photo"}: pitch, onset and duration F1 of the pages of `folder` flat and photographed."""
    models = models or load_models("print")
    pairs = find_pairs(folder)
    if quick:
        pairs = pairs[:: max(1, len(pairs) // QUICK_PAGES)][:QUICK_PAGES]
    flat = evaluate_pairs(pairs, lambda picture: read_page(picture, models))
    photo = evaluate_pairs(pairs, lambda picture: read_photograph(picture, models))
    return {"pod_f1_flat": flat.figures()["pod_f1"], "pod_f1_photo": photo.figures()["pod_f1"]}


QUICK_PAGES = 4


def read_photograph(picture: Path, models: Models) -> Reading:
    """What is read from a photograph of `picture`, the seed taken from its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        write_photograph(picture, path)
        return read_page(path, models)


def write_photograph(picture: Path, path: Path) -> None:
    """A JPEG of `picture`, photographed."""
    with Image.open(picture) as sheet:
        pixels = np.array(sheet.convert("L"))
    seed = zlib.crc32(picture.stem.encode())
    quality = chosen_shot(np.random.default_rng(seed)).quality
    Image.fromarray(photograph(pixels, seed)).save(path, quality=quality)


def main() -> None:
    """Photograph, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="pairs NAME.png and NAME.musicxml")
    parser.add_argument("--keep", type=Path, help="only write the photographs there")
    arguments = parser.parse_args()
    pairs = find_pairs(arguments.folder)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        for pair in pairs:
            write_photograph(pair.picture, arguments.keep / f"{pair.name}.jpg")
        return
    models = load_models("print")
    found: Evaluation = evaluate_pairs(pairs, lambda picture: read_photograph(picture, models))
    print(found.table())


if __name__ == "__main__":
    main()
