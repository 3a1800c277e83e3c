"""Draws a scene: black ink on white, anti-aliased, at any size."""

from __future__ import annotations

import numpy as np
import skia

from datasets.sample import Image
from datasets.synthetic.scene import Scene


def draw(scene: Scene) -> Image:
    """The page as (height, width) uint8, 0 = ink."""
    pixels = np.full((scene.height, scene.width, 4), 255, np.uint8)
    canvas = skia.Canvas(pixels)
    paint = skia.Paint(AntiAlias=True, Color=0xFF000000)
    for primitive in scene.primitives:
        for path in primitive.paths:
            canvas.drawPath(path, paint)
    return np.ascontiguousarray(pixels[:, :, 0])
