"""Any picture as gray pixels: every sample format, transparent paper, oblong pixels, and no more pixels than a page needs.

Assumes that ink is dark on light paper and that transparent pixels show the paper.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]

ENOUGH_PIXELS: Final = 45_000_000
"""A page of A4 at 600 dpi has 35 million; larger pictures are reduced by a whole number while they are read."""
STRIP: Final = 1024  # rows converted at once
SIXTEEN_TO_EIGHT: Final = 257
ORIENTATION: Final = 0x0112
"""The EXIF tag."""
SIDEWAYS: Final = range(5, 9)
"""Its values of pictures that are stored with rows and columns exchanged."""
OBLONG: Final = (1.2, 4.0)
"""Times by which pixels may be longer than wide, as those of a fax are, or wider than long."""


def reduction(size: tuple[int, int]) -> int:
    """By which whole number to divide the sides of a picture of `size` so that ENOUGH_PIXELS stay."""
    return max(1, math.ceil(math.sqrt(size[0] * size[1] / ENOUGH_PIXELS)))


def gray_page(image: Image.Image) -> Pixels:
    """The page that a picture shows: upright as its mark says, reduced where it is very large, its pixels square.

    A very large picture is converted strip by strip, so that its gray pixels never exist at full size.
    """
    orientation = image.getexif().get(ORIENTATION, 1)
    factor = reduction(image.size)
    gray = gray_pixels(image) if factor == 1 else _reduced(image, factor)
    return _as_marked(_square(gray, image), orientation)


def gray_pixels(image: Image.Image) -> Pixels:
    """(height, width) uint8 of an image in any of Pillow's modes; transparent pixels become white."""
    if image.mode.startswith(("I", "F")):
        return _scaled_to_bytes(np.asarray(image))
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(paper, layered)
    if image.mode not in ("1", "L"):
        image = image.convert("RGB")
    return np.array(image.convert("L"), dtype=np.uint8)


def _reduced(image: Image.Image, factor: int) -> Pixels:
    width, height = image.size
    rows = max(1, STRIP // factor) * factor
    strips = []
    for top in range(0, height, rows):
        strip = gray_pixels(image.crop((0, top, width, min(height, top + rows))))
        size = max(1, width // factor), max(1, len(strip) // factor)
        strips.append(np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA), np.uint8))
    return np.concatenate(strips)


def _square(gray: Pixels, image: Image.Image) -> Pixels:
    """`gray` with square pixels, where a TIFF says that they are not: faxes have twice as many columns as rows to the inch."""
    across, down = (float(value) for value in image.info.get("dpi", (1, 1)))
    if image.format != "TIFF" or not (math.isfinite(across) and math.isfinite(down)) or min(across, down) <= 0:
        return gray
    height, width = gray.shape
    share = across / down
    if OBLONG[0] <= share <= OBLONG[1]:
        height = round(height * share)
    elif OBLONG[0] <= 1 / share <= OBLONG[1]:
        width = round(width / share)
    if width * height > ENOUGH_PIXELS or (height, width) == gray.shape:
        return gray
    return np.asarray(cv2.resize(gray, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _as_marked(gray: Pixels, orientation: object) -> Pixels:
    """`gray` turned and mirrored as the EXIF orientation says."""
    if orientation not in range(2, 9):
        return gray
    assert isinstance(orientation, int)
    if orientation in SIDEWAYS:
        gray = gray.T
        orientation = {5: 1, 6: 2, 7: 3, 8: 4}[orientation]
    if orientation in (2, 3):
        gray = gray[:, ::-1]
    if orientation in (3, 4):
        gray = gray[::-1]
    return np.ascontiguousarray(gray)


def _scaled_to_bytes(values: npt.NDArray[np.generic]) -> Pixels:
    """Samples of more than 8 bits: 16 bits by their range; 32 bits and floats, whose range is unknown, by their maximum."""
    samples = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    top = float(samples.max(initial=0.0))
    if values.dtype.itemsize == 2 or (np.issubdtype(values.dtype, np.integer) and 255 < top <= 65535):
        scale = 1 / SIXTEEN_TO_EIGHT
    else:
        scale = 255 / top if top > 0 else 1.0
    return np.asarray(np.clip(np.rint(samples * scale), 0, 255), dtype=np.uint8)
