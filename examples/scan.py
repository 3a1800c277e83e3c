"""Makes menuet.png look like a scan: `python examples/scan.py engraved.png menuet.png`.

Assumes a flatbed with a page laid a little askew: rotation, soft optics, uneven light, sensor noise, then two levels of gray,
as old scanners store music. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from typing import Final

import cv2
import numpy as np

SEED: Final = 1725
ANGLE: Final = 0.7  # degrees
BLUR: Final = 1.1  # pixels
NOISE: Final = 20.0  # levels of gray
GRAIN: Final = 1.2  # pixels: noise of this size eats into edges
SHADE: Final = 18.0  # levels of gray from one corner to the other
THRESHOLD: Final = 150
SPECKS: Final = 160
"""Specks of dust on the page."""


def scanned(page: np.ndarray) -> np.ndarray:
    """A two-level copy of `page` (height, width), 0 = ink, as a scanner would deliver it."""
    random = np.random.default_rng(SEED)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), ANGLE, 1.0)
    picture = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    picture = cv2.GaussianBlur(picture, (0, 0), BLUR).astype(np.float32)
    grain = cv2.GaussianBlur(random.normal(size=page.shape).astype(np.float32), (0, 0), GRAIN)
    picture += grain / grain.std() * NOISE
    picture -= np.linspace(0, SHADE, width, dtype=np.float32)[None, :]
    result = np.where(picture < THRESHOLD, 0, 255).astype(np.uint8)
    for x, y, size in zip(
        random.integers(0, width, SPECKS),
        random.integers(0, height, SPECKS),
        random.integers(1, 4, SPECKS),
        strict=True,
    ):
        cv2.circle(result, (int(x), int(y)), int(size), 0, -1)
    return result


def main() -> None:
    source, target = sys.argv[1:]
    result = scanned(cv2.imread(source, cv2.IMREAD_GRAYSCALE))
    cv2.imwrite(target, result, [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
