"""Pictures of reports as PNG."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def png(picture: npt.NDArray[np.uint8]) -> bytes:
    """`picture` (height, width) or (height, width, BGR) as a PNG file; raises ValueError where that is impossible."""
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot be written as PNG")
    return bytes(data)
