"""Fast imitations of what printing, age and scanning do to a page; ink never moves, so labels stay exact.

Models: ink spread and erosion as blur and a threshold that drifts over the page (worn plates, broken staff lines, filled
half heads), one-bit scanning, specks, print-through from the back, paper tone and texture, uneven light, defocus, sensor
noise, JPEG.
All lengths are in staff spaces, so that an old print at 150 dpi and at 600 dpi wear alike.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from datasets.sample import Image

Floats = npt.NDArray[np.float32]
_TILE: Final = 1024  # pixels: side of the noise tile that is shifted and repeated

THIN_KEPT: Final = 0.65  # of the ink of thin strokes: a page whose staff lines are gone is none
LEVEL_STEP: Final = 10.0
DARKEST: Final = 225.0

CLEAN, BILEVEL, OLD_PRINT, GRAY = "clean", "bilevel", "old print", "gray"
LOOKS: Final = (CLEAN, BILEVEL, OLD_PRINT, GRAY)
LOOK_WEIGHTS: Final = (0.12, 0.43, 0.25, 0.2)


def degrade(image: Image, chance: np.random.Generator, *, staff_space: float, pale: bool = False) -> Image:
    """`image` (height, width; 0 = ink) as if printed, aged and scanned; the same generator state gives the same page.

    `pale`: it has ink that a scan of one bit would lose, so it is scanned in grey.
    """
    look = GRAY if pale else LOOKS[int(chance.choice(len(LOOKS), p=LOOK_WEIGHTS))]
    if look == CLEAN:
        return image
    if look == BILEVEL:
        page = _specks(_flaked(_ink(image, chance, staff_space), chance, staff_space), chance, staff_space)
        return page if chance.random() < 0.7 else _blur(page, chance, staff_space)
    if look == OLD_PRINT:
        page = _specks(_flaked(_ink(image, chance, staff_space), chance, staff_space), chance, staff_space)
        return _jpeg(_noise(_paper(_bleed(page, chance, staff_space), chance), chance), chance)
    page = _bleed(_blur(image, chance, staff_space), chance, staff_space)
    return _jpeg(_noise(_light(_paper(page, chance), chance), chance), chance)


@lru_cache(maxsize=1)
def _normal_tile() -> Floats:
    return np.random.default_rng(1).standard_normal((_TILE, _TILE), dtype=np.float32)


def _grain(shape: tuple[int, ...], chance: np.random.Generator) -> Floats:
    """Standard normal noise of any size from one tile, shifted at random: a hundred times faster than drawing it."""
    height, width = shape[:2]
    row, column = (int(value) for value in chance.integers(0, _TILE, 2))
    tile = np.roll(_normal_tile(), (row, column), (0, 1))
    repeated: Floats = np.tile(tile, (height // _TILE + 1, width // _TILE + 1))[:height, :width]
    return repeated


def _field(shape: tuple[int, ...], cells: int, low: float, high: float, chance: np.random.Generator) -> Floats:
    """A smooth random surface between `low` and `high` with about `cells` hills down the page."""
    height, width = shape[:2]
    coarse = chance.random((cells, max(2, cells * width // height)), dtype=np.float32) * (high - low) + low
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _ink(image: Image, chance: np.random.Generator, staff_space: float) -> Image:
    """Ink that spread or wore off before a one-bit scan: blurred, roughened and cut at a drifting threshold."""
    spread = chance.uniform(0.025, 0.085) * staff_space
    soft = cv2.GaussianBlur(image, (0, 0), max(0.4, spread)).astype(np.float32)
    grain = _grain(image.shape, chance)
    rough = np.asarray(cv2.GaussianBlur(grain, (0, 0), max(0.5, chance.uniform(0.02, 0.06) * staff_space)), np.float32)
    rough *= np.float32(chance.uniform(10, 38) / max(1e-3, float(rough.std())))
    level = chance.uniform(125, 195)
    drift = _field(image.shape, int(chance.integers(3, 14)), -1, 1, chance) * chance.uniform(5, 40)
    thin = _thin(image, staff_space)
    while True:
        worn = np.where(soft + rough < np.clip(level + drift, 80, 225), 0, 255).astype(np.uint8)
        if level >= DARKEST or (worn[thin] == 0).mean() >= THIN_KEPT:
            return worn
        level += LEVEL_STEP


def _thin(image: Image, staff_space: float) -> npt.NDArray[np.bool_]:
    """Ink of thin strokes such as staff lines; a single pixel where there is none."""
    side = max(3, round(0.35 * staff_space))
    dark = (image < 128).astype(np.uint8)
    thin = (dark > 0) & (cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side, 1), np.uint8)) == 0)
    if not thin.any():
        thin[0, 0] = True
    return np.asarray(thin, np.bool_)


def _flaked(image: Image, chance: np.random.Generator, staff_space: float) -> Image:
    """Ink that did not take or flaked off in blotches a fraction of a staff space wide: hollow heads, broken beams."""
    if chance.random() < 0.6:
        return image
    grain = cv2.GaussianBlur(_grain(image.shape, chance), (0, 0), chance.uniform(0.06, 0.2) * staff_space)
    bare = grain > float(grain[::7, ::7].std()) * chance.uniform(2.0, 3.2)
    return np.where(bare, 255, image).astype(np.uint8)


def _specks(image: Image, chance: np.random.Generator, staff_space: float) -> Image:
    """Dust and dirt: mostly tiny, mostly dark; some white pinholes in the ink."""
    page = image.copy()
    height, width = page.shape
    count = int(chance.gamma(1.0, 350) * height * width / 6e6)
    rows, columns = chance.integers(0, height, count), chance.integers(0, width, count)
    sizes = np.clip(chance.gamma(1.2, 0.035, count) * staff_space, 0.5, 0.22 * staff_space)
    shades = chance.choice((0, 0, 40, 255), count)
    for x, y, size, shade in zip(columns, rows, sizes, shades, strict=True):
        axes = (max(0, round(size)), max(0, round(size * chance.uniform(0.4, 1))))
        cv2.ellipse(page, (int(x), int(y)), axes, chance.uniform(0, 180), 0, 360, int(shade), -1)
    return page


def _bleed(image: Image, chance: np.random.Generator, staff_space: float) -> Image:
    """Print of the back shining through, mirrored."""
    if chance.random() < 0.6:
        return image
    mirrored = np.roll(image[:, ::-1], int(chance.integers(0, image.shape[0])), 0)
    back = np.asarray(cv2.GaussianBlur(mirrored, (0, 0), staff_space * chance.uniform(0.08, 0.2)), np.float32)
    return np.asarray(np.minimum(image, 255 - (255 - back) * chance.uniform(0.05, 0.22)), np.uint8)


def _paper(image: Image, chance: np.random.Generator) -> Image:
    base, ink = chance.uniform(190, 250), chance.uniform(5, 80)
    texture = _field(image.shape, 6, -10, 10, chance)
    texture += cv2.GaussianBlur(_grain(image.shape, chance), (0, 0), 1.2) * chance.uniform(3, 14)
    share = image.astype(np.float32) / 255
    return np.asarray(np.clip(share * (base + texture) + (1 - share) * (ink + texture * 0.5), 0, 255), np.uint8)


def _light(image: Image, chance: np.random.Generator) -> Image:
    field = _field(image.shape, 3, chance.uniform(0.55, 0.9), 1.0, chance)
    return np.asarray(np.clip(image * field, 0, 255), np.uint8)


def _blur(image: Image, chance: np.random.Generator, staff_space: float) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(0.3, chance.uniform(0.02, 0.09) * staff_space)), np.uint8)


def _noise(image: Image, chance: np.random.Generator) -> Image:
    return np.asarray(np.clip(image + _grain(image.shape, chance) * chance.uniform(1, 11), 0, 255), np.uint8)


def _jpeg(image: Image, chance: np.random.Generator) -> Image:
    if chance.random() < 0.3:
        return image
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(30, 92))])[1]
    decoded = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, np.uint8)
