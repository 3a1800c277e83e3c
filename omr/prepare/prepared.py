"""A page ready for recognition, with the way back to its own pixels."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.geometry import Box
from omr.notation import Node, Staff, StaffLine
from omr.prepare.page_map import Affine, Mesh, PageMap, Stack, to_page

Image = npt.NDArray[np.uint8]

STAFF_SPACE: Final = 16.0
"""Pixels between neighbouring staff lines of the prepared image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A page ready for recognition. Page pixels are those of the page set upright by `turns`."""

    image: Image
    """(height, width), 0 = ink, paper near 255, level staves with STAFF_SPACE between their lines."""
    to_page: PageMap
    page_staff_space: float
    """Staff space on the page, pixels."""
    lit: Image
    """The page's own pixels, upright and in even light, dark on light."""
    turns: int = 0
    """Quarter turns clockwise that set the page of the file upright."""

    def box_to_page(self, box: Box) -> Box:
        """The upright box on the page around `box`."""
        (found,) = self._boxes_to_page([box])
        return found

    def node_to_page(self, node: Node) -> Node:
        return dataclasses.replace(node, box=self.box_to_page(node.box))

    def nodes_to_page(self, nodes: Sequence[Node]) -> tuple[Node, ...]:
        """`nodes` with their boxes in page pixels."""
        boxes = self._boxes_to_page([node.box for node in nodes])
        return tuple(dataclasses.replace(node, box=box) for node, box in zip(nodes, boxes, strict=True))

    def _boxes_to_page(self, boxes: Sequence[Box]) -> list[Box]:
        sides = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes]).reshape(-1, 4)
        corners = sides[:, [0, 1, 0, 3, 2, 1, 2, 3]].reshape(-1, 2)
        turned = to_page(self.to_page, corners).reshape(-1, 4, 2)
        return [Box(*row) for row in np.concatenate((turned.min(axis=1), turned.max(axis=1)), axis=1).tolist()]

    def staff_to_page(self, staff: Staff) -> Staff:
        """`staff` with its lines, box and space in page pixels."""
        lines = tuple(self._line_to_page(line) for line in staff.lines)
        return dataclasses.replace(
            staff,
            lines=lines,
            box=self.box_to_page(staff.box),
            staff_space=self._space_on_page(staff, lines),
        )

    def _line_to_page(self, line: StaffLine) -> StaffLine:
        points = to_page(self.to_page, np.column_stack([line.xs, line.ys]))
        return StaffLine(xs=tuple(points[:, 0].tolist()), ys=tuple(points[:, 1].tolist()))

    def _space_on_page(self, staff: Staff, lines: tuple[StaffLine, ...]) -> float:
        """One scale serves a flat page; elsewhere it is measured between the outer lines."""
        if not isinstance(self.to_page, Mesh | Stack) or len(lines) == 1:
            return staff.staff_space * self.page_staff_space / STAFF_SPACE
        top, bottom = (np.column_stack([line.xs, line.ys]) for line in (lines[0], lines[-1]))
        return float(np.hypot(*(bottom - top).T).mean()) / (len(lines) - 1)


__all__ = ["STAFF_SPACE", "Affine", "Prepared"]
