"""The README's picture: `python examples/picture.py out/ examples/reading.png`, after `make run`.

The top of the page in examples/, the same with what was found drawn over it, and the result engraved anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import cv2
import numpy as np

PAGE: Final = Path(__file__).with_name("menuet.png")
TOP, BOTTOM, LEFT, RIGHT = 330, 1290, 130, 2330
"""The first two systems on the page, pixels."""
SYSTEMS: Final = 6
WIDTH: Final = 1100
MARGIN: Final = 16
COLOURS: Final = 32
"""Few colours make a small file."""


def fitted(picture: np.ndarray) -> np.ndarray:
    height = round(picture.shape[0] * WIDTH / picture.shape[1])
    return cv2.resize(picture, (WIDTH, height), interpolation=cv2.INTER_AREA)


def composed(page: np.ndarray, overlay: np.ndarray, preview: np.ndarray) -> np.ndarray:
    """The three pictures one below the other, each (height, width, 3)."""
    shown = preview[: round(preview.shape[0] * 2 / SYSTEMS)]
    parts = [fitted(page[TOP:BOTTOM, LEFT:RIGHT]), fitted(overlay[TOP:BOTTOM, LEFT:RIGHT]), fitted(shown)]
    rule = np.full((2 * MARGIN, WIDTH, 3), 255, np.uint8)
    rule[MARGIN] = 190
    column = np.vstack([parts[0], rule, parts[1], rule, parts[2]])
    return cv2.copyMakeBorder(column, *[MARGIN] * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def with_few_colours(picture: np.ndarray) -> np.ndarray:
    """`picture` with its values rounded, which PNG packs better."""
    step = 256 // COLOURS
    return np.clip(picture.astype(int) // step * step + step // 2 + picture // 250 * step, 0, 255).astype(np.uint8)


def main() -> None:
    out, target = Path(sys.argv[1]), sys.argv[2]
    pictures = [cv2.imread(str(path)) for path in (PAGE, out / "menuet.overlay.png", out / "menuet.preview.png")]
    cv2.imwrite(target, with_few_colours(composed(*pictures)), [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
