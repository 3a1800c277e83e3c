"""A box of scans: real pages, again and again, each time a little worse than the last."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.scan import scanned

SHRUNK = (1.0, 0.8, 0.6)  # of 300 dots an inch
QUALITY = (92, 70)


def mixed_pages(scans: Path, folder: Path, count: int) -> list[Path]:
    """`count` single-page files made of the pictures in `scans`; those that are there from an earlier run are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = sorted(scans.glob("*.png"))
    step = max(1, len(pictures) // count)
    found: list[Path] = []
    for number in range(count):
        path = folder / f"page-{number + 1:03d}.{'jpg' if number % 2 else 'png'}"
        if not path.exists():
            _write(pictures[number * step % len(pictures)], path, number)
        found.append(path)
    return found


def _write(picture: Path, path: Path, seed: int) -> None:
    with Image.open(picture) as page:
        pixels = np.array(page.convert("L"))
    shrunk = SHRUNK[seed % len(SHRUNK)]
    if shrunk < 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA), np.uint8)
    Image.fromarray(scanned(pixels, seed)).save(path, quality=QUALITY[seed % len(QUALITY)], dpi=(300 * shrunk,) * 2)
