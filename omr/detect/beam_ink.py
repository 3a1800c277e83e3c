"""A beam as it is drawn: a straight bar of even thickness, several times as thick as a staff line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Bar(NamedTuple):
    """A straight bar: y = `level` + `slant` * x in the middle, `thickness` from edge to edge, in pixels."""

    level: float
    slant: float
    thickness: float


Measured = tuple[Floats, Bar]
"""A beam's box (left, top, right, bottom) and its bar."""
