"""A page's pixels at several sizes, so that a small view of a large scan is drawn quickly and without lost lines."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from omr.page import Pixels

SMALLEST = 256  # pixels of the longer side at which halving ends


class PageImage:
    """The page, half of it, a quarter ...; drawn from the size next above the one wanted."""

    def __init__(self, pixels: Pixels) -> None:
        self.height, self.width = pixels.shape
        self._levels = [pixels]
        while max(self._levels[-1].shape) > SMALLEST:
            self._levels.append(halved(self._levels[-1]))
        self._images = [_image(level) for level in self._levels]

    def draw(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """Draws `area` (page pixels) with a painter whose unit is a page pixel, `scale` device pixels each."""
        level = 0
        while level + 1 < len(self._images) and 2.0 ** -(level + 1) >= scale:
            level += 1
        image = self._images[level]
        across, down = image.width() / self.width, image.height() / self.height
        source = QRectF(area.x() * across, area.y() * down, area.width() * across, area.height() * down)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 4)
        painter.drawImage(area, image, source)

    def picture(self, longer_side: int) -> QImage:
        """The whole page, small."""
        fitting = next(
            (i for i in reversed(self._images) if max(i.width(), i.height()) >= longer_side), self._images[0]
        )
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        return fitting.scaled(longer_side, longer_side, keep, smooth)


def halved(pixels: Pixels) -> Pixels:
    """Half the width and height, each pixel the mean of four."""
    height, width = (side - side % 2 for side in pixels.shape)
    if not height or not width:
        return pixels[: max(1, height // 2), : max(1, width // 2)]
    even = pixels[:height, :width].reshape(height // 2, 2, width // 2, 2)
    total = even[:, 0, :, 0].astype(np.uint16)
    for down, across in ((0, 1), (1, 0), (1, 1)):
        total += even[:, down, :, across]
    return np.asarray(total // 4, dtype=np.uint8)


def _image(pixels: Pixels) -> QImage:
    """A view of the pixels; they must stay in memory as long as the image is used."""
    contiguous = np.ascontiguousarray(pixels)
    height, width = contiguous.shape
    return QImage(contiguous.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
