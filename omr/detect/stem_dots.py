"""Dots at the ends of stems: staccato, whatever a network takes them for.

Assumes that an augmentation dot has a head, a rest or another dot to its left at its height. A dot that has none and stands
in line with a stem, just beyond its end, is an articulation: engravers set it there where the notes' other side is taken. A
network sees both as the same speck in the same white.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from omr import labels
from omr.detect.findings import Findings, Flags, Floats

SPACE: Final = 16.0  # pixels, a staff space of a prepared page
DOT, STACCATO = labels.INDEX["augmentationDot"], labels.INDEX["articulationStaccato"]
STEM: Final = labels.INDEX["stem"]
OWNERS: Final = (*labels.NOTEHEADS, *labels.RESTS, "augmentationDot")
LEFT: Final = 2.5 * SPACE  # from the right side of what a dot belongs to, at most
LEVEL: Final = 0.9 * SPACE  # between the heights of a dot and of the middle of what it belongs to, at most
ASIDE: Final = 0.4 * SPACE  # between a dot and its stem
BEYOND: Final = (
    -0.4 * SPACE,
    1.5 * SPACE,
)  # from the stem's end, which may have been measured into the dot, to its middle


def settled(found: Findings, least: float) -> Findings:
    """`found` with such dots as staccato dots where the two scores exchanged give at least `least`."""
    rows = np.flatnonzero(found.classes == DOT)
    if not len(rows):
        return found
    dots = found.boxes[rows]
    owners = found.boxes[np.isin(found.classes, [labels.INDEX[label] for label in OWNERS])]
    turned = rows[_at_a_stem(dots, found.boxes[found.classes == STEM]) & ~_owned(dots, owners)]
    turned = turned[found.scores[turned, DOT] >= least]
    if not len(turned):
        return found
    scores = found.scores.copy()
    scores[turned, DOT], scores[turned, STACCATO] = found.scores[turned, STACCATO], found.scores[turned, DOT]
    return replace(found, scores=scores)


def _owned(dots: Floats, owners: Floats) -> Flags:
    """(dots,) whether something it can belong to lies left of a dot."""
    x, y = _middles(dots)
    right, height = owners[None, :, 2], np.abs(_middles(owners)[1][None] - y[:, None])
    near = (right < x[:, None]) & (x[:, None] - right < LEFT) & (height < LEVEL)
    owned: Flags = near.any(axis=1)
    return owned


def _at_a_stem(dots: Floats, stems: Floats) -> Flags:
    """(dots,) whether a dot stands just beyond the end of a stem."""
    x, y = _middles(dots)
    aside = np.abs(_middles(stems)[0][None] - x[:, None]) < ASIDE
    over, under = stems[None, :, 1] - y[:, None], y[:, None] - stems[None, :, 3]
    beyond = np.maximum(over, under)
    there: Flags = (aside & (beyond > BEYOND[0]) & (beyond < BEYOND[1])).any(axis=1)
    return there


def _middles(boxes: Floats) -> tuple[Floats, Floats]:
    """(n,) x and (n,) y."""
    middles: Floats = (boxes[:, :2] + boxes[:, 2:]) / np.float32(2)
    return middles[:, 0], middles[:, 1]
