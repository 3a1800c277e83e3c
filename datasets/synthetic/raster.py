"""Draws a scene: black or grey ink on white, anti-aliased, at any size."""

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
        ink = _pale(primitive.shade) if primitive.shade else paint
        for path in primitive.paths:
            canvas.drawPath(path, ink)
    return np.ascontiguousarray(pixels[:, :, 0])


def _pale(shade: int) -> skia.Paint:
    """Grey that leaves darker ink below it as it is."""
    paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetRGB(shade, shade, shade))
    paint.setBlendMode(skia.BlendMode.kDarken)
    return paint
