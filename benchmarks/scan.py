"""What a careful scan does to a clean page: a slight turn, soft edges, paper gray, grain, and at times black and white only.

Kept apart from the degradations the training pages get, so that the held-out pages are new in this respect too.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
TURN = 0.6  # degrees either way
SOFTNESS = (0.5, 1.1)  # pixels at 300 dots an inch
PAPER = (205.0, 245.0)
INK = (15.0, 70.0)
GRAIN = (3.0, 9.0)  # gray levels
BLACK_AND_WHITE_SHARE = 0.3


def scanned(image: Image, seed: int) -> Image:
    """`image` (height, width; 0 = ink) as a scanner may give it; the same seed gives the same pixels."""
    chance = np.random.default_rng(seed)
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-TURN, TURN), 1.0)
    return looked(cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255), chance)


def looked(image: npt.NDArray[np.generic], chance: np.random.Generator) -> Image:
    """`image` (height, width; 0 = ink) with a scan's softness, paper, ink and grain; nothing moves."""
    soft = cv2.GaussianBlur(image, (0, 0), chance.uniform(*SOFTNESS)).astype(np.float32) / 255
    paper, ink = chance.uniform(*PAPER), chance.uniform(*INK)
    grain = chance.normal(0.0, chance.uniform(*GRAIN), image.shape)
    gray = np.clip(ink + (paper - ink) * soft + grain, 0, 255).astype(np.uint8)
    if chance.random() < BLACK_AND_WHITE_SHARE:
        return np.where(gray < (paper + ink) / 2, 0, 255).astype(np.uint8)
    return gray
