"""An open book: two pages beside one another on one picture, read as one page with the right one below the left.

Assumes that no staff crosses the fold, that staves stand on both sides of it, and that the fold is near the middle. The pages
of a book lie at different angles and distances, so each is prepared by itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from omr.notation import Staff
from omr.prepare.margins import without_margins
from omr.prepare.measure import measure
from omr.prepare.orient import MIN_COMBS
from omr.prepare.page_map import Affine, Mesh, PageMap, Stack, to_page
from omr.prepare.prepared import STAFF_SPACE, Prepared
from omr.prepare.warp import levelled

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

WIDE: Final = 0.95
"""Of its height: a narrower picture is one page."""
NEAR_MIDDLE: Final = (0.3, 0.7)
"""Shares of the width between which the fold lies."""
NARROWEST: Final = 3.0
"""Staff spaces between the staves of the two pages."""
EACH_SIDE: Final = 2
"""Staves that must stand on either side."""


def fold(staves: Sequence[Staff], image: Image) -> float | None:
    """Prepared x of the fold between two pages, None where the picture shows one page."""
    height, width = image.shape
    if width < WIDE * height:
        return None
    reached = 0.0
    for staff in sorted(staves, key=lambda staff: staff.box.left):
        middle = (reached + staff.box.left) / 2
        if 0 < reached <= staff.box.left - NARROWEST * STAFF_SPACE and _near_middle(middle, width):
            sides = [sum(one.box.left > middle for one in staves), sum(one.box.right < middle for one in staves)]
            if min(sides) >= EACH_SIDE:
                return middle
        reached = max(reached, staff.box.right)
    return None


def _near_middle(x: float, width: int) -> bool:
    return NEAR_MIDDLE[0] * width <= x <= NEAR_MIDDLE[1] * width


def two_pages(prepared: Prepared, x: float) -> tuple[Prepared, ...]:
    """The pages on either side of the fold at prepared `x`, left first; fewer where one side shows no staves."""
    ends = to_page(prepared.to_page, np.array([(x, 0.0), (x, prepared.image.shape[0])]))
    sides = (_side(prepared.lit, ends, right=right) for right in (False, True))
    return tuple(side for side in (_prepared_side(prepared, *side) for side in sides) if side is not None)


def _side(lit: Image, ends: Floats, *, right: bool) -> tuple[Image, int]:
    """The pixels on one side of the line through `ends`, paper beyond it, and the page column at which they begin."""
    height, width = lit.shape
    rows = np.arange(height) + 0.5
    (top_x, top_y), (bottom_x, bottom_y) = ends
    line = top_x + (rows - top_y) * (bottom_x - top_x) / (bottom_y - top_y)
    first = int(np.clip(line.min(), 0, width - 1)) if right else 0
    last = width if right else int(np.clip(np.ceil(line.max()), 1, width))
    columns = np.arange(first, last) + 0.5
    mine = columns[None, :] >= line[:, None] if right else columns[None, :] <= line[:, None]
    return np.where(mine, lit[:, first:last], 255).astype(np.uint8), first


def _prepared_side(prepared: Prepared, lit: Image, first: int) -> Prepared | None:
    measures = measure(without_fold(lit, prepared.page_staff_space))
    if measures is None or measures.combs < MIN_COMBS:
        return None
    side = levelled(lit, measures)
    return dataclasses.replace(side, to_page=_moved(side.to_page, first), lit=prepared.lit, turns=prepared.turns)


def without_fold(lit: Image, staff_space: float) -> Image:
    """`lit` without the dark of the fold along its edge."""
    return without_margins(lit, staff_space)


def _moved(page_map: PageMap, x: float) -> PageMap:
    """`page_map` with its page `x` further right."""
    if isinstance(page_map, Mesh):
        return dataclasses.replace(page_map, places=page_map.places + np.array([x, 0], np.float32))
    if isinstance(page_map, Stack):
        return Stack(pieces=tuple((start, _moved(piece, x)) for start, piece in page_map.pieces))
    (a, b, c), second = page_map
    moved: Affine = ((a, b, c + x), second)
    return moved


def stacked(pages: Sequence[Prepared], lefts: Sequence[float]) -> Prepared:
    """`pages` as one, below one another, with the prepared x of `lefts` (where their staves begin) above one another."""
    common = max(lefts)
    shifts = [round(common - left) for left in lefts]
    width = max(page.image.shape[1] + shift for page, shift in zip(pages, shifts, strict=True))
    images, pieces, start = [], [], 0
    for page, shift in zip(pages, shifts, strict=True):
        images.append(_padded(page.image, shift, width))
        pieces.append((float(start), _shifted(page.to_page, shift)))
        start += len(page.image)
    return Prepared(
        image=np.concatenate(images),
        to_page=Stack(pieces=tuple(pieces)),
        page_staff_space=float(np.mean([page.page_staff_space for page in pages])),
        lit=pages[0].lit,
        turns=pages[0].turns,
    )


def _padded(image: Image, shift: int, width: int) -> Image:
    beyond = width - shift - image.shape[1]
    return np.asarray(cv2.copyMakeBorder(image, 0, 0, shift, beyond, cv2.BORDER_CONSTANT, value=255), np.uint8)


def _shifted(page_map: PageMap, shift: int) -> PageMap:
    """`page_map` of an image with `shift` columns put before it; a multiple of its step for a mesh."""
    if isinstance(page_map, Mesh):
        return _mesh_shifted(page_map, shift)
    if isinstance(page_map, Stack):
        return Stack(pieces=tuple((start, _shifted(piece, shift)) for start, piece in page_map.pieces))
    (a, b, c), (d, e, f) = page_map
    return (a, b, c - a * shift), (d, e, f - d * shift)


def _mesh_shifted(mesh: Mesh, shift: int) -> Mesh:
    """The same net of places, its knots where the shift puts them."""
    rows, columns = mesh.places.shape[:2]
    more = int(np.ceil(shift / mesh.step))
    across, down = np.meshgrid(np.arange(columns + more) * mesh.step - shift, np.arange(rows) * mesh.step)
    places = to_page(mesh, np.column_stack([across.ravel(), down.ravel()]).astype(np.float64))
    return Mesh(step=mesh.step, places=places.reshape(rows, columns + more, 2).astype(np.float32))
