"""Hooks: the short beam of a sixteenth beside an eighth, which ends in the air.

Assumes that a hook is a solid block of ink at one stem, next to the beam of its group and apart from it. A network takes it for
a head, or hardly sees it where a staff line runs through; the ink leaves little doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.detect.beam_ink import Flags, Floats, Measured

NEAR: Final = 17.0  # pixels between the middles of a beam and of a hook under it; heads stand two staff spaces off
FAR: Final = 7.0  # and no nearer
BLACK: Final = 0.9  # of its box; the round corners of a head leave it less
WIDE: Final = 26.0  # pixels
AT: Final = 5.0  # pixels between a side of it and of its stem
FREE: Final = 5  # pixels beyond its other end, where it has ended
ENDS: Final = 0.6  # of its height: a staff line may go on
SLACK: Final = 4.0  # pixels that it may stick out beyond its beam


def is_hook(box: Floats, bars: Sequence[Measured], dark: Flags) -> bool:
    """Whether a black block hangs under a beam; a head is round and never so near one."""
    left, top, right, bottom = (max(0, round(side)) for side in box.tolist())
    patch = dark[top:bottom, left:right]
    if not patch.size or patch.mean() < BLACK:
        return False
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        beam[0] - SLACK <= x <= beam[2] + SLACK and abs(bar.level + bar.slant * x - y) < NEAR for beam, bar in bars
    )


def hangs(box: Floats, bars: Sequence[Measured], stems: npt.NDArray[np.float32], dark: Flags) -> bool:
    """Whether a short black block hangs at one stem beside a beam, its other end free."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if box[2] - box[0] > WIDE or any(
        beam[0] <= x <= beam[2] and abs(bar.level + bar.slant * x - y) < FAR for beam, bar in bars
    ):
        return False
    touching = stems[(stems[:, 1] < box[3]) & (stems[:, 3] > box[1])]
    at_left, at_right = (bool((np.abs(touching[:, [0, 2]] - side) <= AT).any()) for side in (box[0], box[2]))
    beyond = round(box[2]) + FREE if at_left else round(box[0]) - FREE
    free = not 0 <= beyond < dark.shape[1] or dark[round(box[1]) : round(box[3]), beyond].mean() < ENDS
    return at_left != at_right and bool(free) and is_hook(box, bars, dark)
