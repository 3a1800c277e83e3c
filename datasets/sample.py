"""A labelled page, whatever its source: what detectors, linkers and readers learn from and are measured by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omr.geometry import Box
from omr.notation import NotationGraph, Staff

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page with its truth."""

    name: str
    """Unique in its data set; the same for the same page in every run."""
    image: Image
    """(height, width), 0 = ink."""
    graph: NotationGraph
    """Detected classes only, relations as in labels.GRAMMAR; boxes in pixels of `image`, unpadded."""
    staves: tuple[Staff, ...]
    staff_space: float
    """Median staff space, pixels."""
    ignore: tuple[Box, ...] = ()
    """Ink whose class is unknown: neither symbol nor background."""
    musicxml: bytes | None = None
    """Ground truth of just this page, None where the source has none."""
