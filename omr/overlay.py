"""The page with what was found drawn over it: staves, symbols coloured by family with their class names, relations.

Assumes dark ink on light paper; the ink is paled so that the colours stand out. Colours differ in lightness too, and every
symbol carries its name, so that nothing is told by hue alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr import labels
from omr.geometry import Box
from omr.notation import Node, NotationGraph, Staff

Color = tuple[int, int, int]
"""Blue, green, red; 0-255."""

FAMILIES: Final[tuple[tuple[tuple[str, ...], Color], ...]] = (
    (labels.NOTEHEADS, (40, 39, 214)),
    (("stem",), (180, 119, 31)),
    (("beam", *labels.FLAGS), (14, 127, 255)),
    (labels.ACCIDENTALS, (189, 103, 148)),
    (labels.RESTS, (44, 160, 44)),
    (labels.CLEFS, (75, 86, 140)),
    ((*labels.NUMERALS, *labels.TIME_SYMBOLS), (140, 100, 0)),
    ((*labels.BARLINES, "repeatDot"), (207, 120, 23)),
    (("slur", "tie"), (34, 139, 139)),
    (("augmentationDot",), (194, 60, 227)),
)
OTHER: Final[Color] = (110, 110, 110)
COLORS: Final[dict[str, Color]] = {label: color for family, color in FAMILIES for label in family}
STAFF_COLORS: Final[tuple[Color, Color]] = ((200, 160, 60), (60, 160, 200))
"""Alternating from system to system, so that the grouping shows."""
RELATION: Final[Color] = (90, 170, 0)
UNNAMED: Final = frozenset(
    ("noteheadFull", "stem", "legerLine", "beam", "barline", "augmentationDot", "noteheadHalf", "slur", "tie")
)
"""So frequent, and so plain from their colour and shape, that their names would hide the page."""
PALENESS: Final = 0.55
"""Share of white mixed into the page."""
LINE: Final = 0.1  # staff spaces
NAME_HEIGHT: Final = 0.75  # staff spaces
DEFAULT_STAFF_SPACE: Final = 16.0  # pixels, for a page without staves
PNG_COMPRESSION: Final = 6


def draw_overlay(pixels: npt.NDArray[np.uint8], graph: NotationGraph, staves: Sequence[Staff]) -> bytes:
    """A PNG of the page's size; `pixels` (height, width) uint8, graph and staves in page pixels."""
    space = float(np.median([staff.staff_space for staff in staves])) if staves else DEFAULT_STAFF_SPACE
    thickness = max(1, round(space * LINE))
    pale = (pixels * (1 - PALENESS) + 255 * PALENESS).astype(np.uint8)
    picture = np.repeat(pale[:, :, None], 3, axis=2)
    for staff in staves:
        _draw_staff(picture, staff, thickness)
    for node in graph.nodes:
        if node.label not in UNNAMED:
            _draw_name(picture, node, space)  # first, so that no name hides a box
    for edge in sorted(graph.edges):
        _draw_relation(picture, graph.by_id[edge.source].box, graph.by_id[edge.target].box, thickness)
    for node in graph.nodes:
        _draw_box(picture, node, thickness)
    return _png(picture)


def color_of(label: str) -> Color:
    return COLORS.get(label, OTHER)


def _draw_staff(picture: npt.NDArray[np.uint8], staff: Staff, thickness: int) -> None:
    color = STAFF_COLORS[staff.system % len(STAFF_COLORS)]
    for line in staff.lines:
        points = np.rint(np.column_stack((line.xs, line.ys))).astype(np.int32)
        cv2.polylines(picture, [points], isClosed=False, color=color, thickness=thickness, lineType=cv2.LINE_AA)


def _draw_relation(picture: npt.NDArray[np.uint8], source: Box, target: Box, thickness: int) -> None:
    ends = [(round(box.center.x), round(box.center.y)) for box in (source, target)]
    cv2.line(picture, ends[0], ends[1], RELATION, thickness, cv2.LINE_AA)


def _draw_box(picture: npt.NDArray[np.uint8], node: Node, thickness: int) -> None:
    box = node.box.at_least(2.0 * thickness)
    corners = (round(box.left), round(box.top)), (round(box.right) - 1, round(box.bottom) - 1)
    cv2.rectangle(picture, *corners, color_of(node.label), thickness)


def _draw_name(picture: npt.NDArray[np.uint8], node: Node, space: float) -> None:
    """The class name above the box, on white so that it can be read over ink."""
    font = cv2.FONT_HERSHEY_SIMPLEX
    scale = cv2.getFontScaleFromHeight(font, max(6, round(space * NAME_HEIGHT * 0.7)))
    (width, height), below = cv2.getTextSize(node.label, font, scale, 1)
    left = int(np.clip(round(node.box.left), 0, max(0, picture.shape[1] - width)))
    bottom = max(height + below, round(node.box.top) - below)
    area = picture[max(0, bottom - height - 1) : bottom + below, left : left + width]
    area[:] = (area * 0.35 + 255 * 0.65).astype(np.uint8)
    cv2.putText(picture, node.label, (left, bottom), font, scale, color_of(node.label), 1, cv2.LINE_AA)


def _png(picture: npt.NDArray[np.uint8]) -> bytes:
    done, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot be written as PNG")
    return bytes(data)
