"""Pages that lie on their heads: told by clefs, which stand at the left end of every staff and look like nothing turned over.

Assumes that a page read upright shows a clef at the left end of half its staves. Only where it does not, strips along the
other ends are searched upside down, so that the check costs an ordinary page nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from omr import labels
from omr.detect import Detector, detect
from omr.notation import Node, Staff

Image = npt.NDArray[np.uint8]

SURE: Final = 0.5
"""Score of a clef that counts."""
REACH: Final = 9.0
"""Staff spaces from a staff's end within which its clef stands."""
ENOUGH: Final = 0.5
"""Share of the staves that must show one."""
BESIDE: Final = 3.0
"""Staff spaces beyond the staves' ends that are searched too."""


def upside_down(image: Image, staves: Sequence[Staff], nodes: Iterable[Node], detector: Detector) -> bool:
    """Whether the prepared `image` must be turned by a half, given what was found on it as it is."""
    shown = _with_clef(staves, nodes)
    if shown >= ENOUGH * len(staves):
        return False
    space = float(np.median([staff.staff_space for staff in staves]))
    right = max(staff.box.right for staff in staves)
    left = min(staff.box.right for staff in staves) - (REACH + BESIDE) * space
    first, last = max(0, int(left)), min(image.shape[1], int(right + BESIDE * space))
    turned = detect(np.ascontiguousarray(image[::-1, first:last][:, ::-1]), detector)
    clefs = [node for node in turned if node.label in labels.CLEFS and node.score >= SURE]
    found = sum(any(_beside(staff, node, len(image), last) for node in clefs) for staff in staves)
    return found >= ENOUGH * len(staves) and found > shown


def _with_clef(staves: Sequence[Staff], nodes: Iterable[Node]) -> int:
    """How many of `staves` show a clef at their left end."""
    clefs = [node for node in nodes if node.label in labels.CLEFS and node.score >= SURE]
    return sum(
        any(
            staff.box.top - staff.staff_space <= node.box.center.y <= staff.box.bottom + staff.staff_space
            and abs(node.box.center.x - staff.box.left) <= REACH * staff.staff_space
            for node in clefs
        )
        for staff in staves
    )


def _beside(staff: Staff, node: Node, height: int, last: int) -> bool:
    """Whether `node`, found on the strip that ends at column `last` and was turned over, stands at the right end of `staff`."""
    x, y = last - node.box.center.x, height - node.box.center.y
    space = staff.staff_space
    return staff.box.top - space <= y <= staff.box.bottom + space and abs(x - staff.box.right) <= REACH * space
