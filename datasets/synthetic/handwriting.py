"""Handwritten signs of MUSCIMA++ set where an engraver put its own (hand edition only).

A page is written by one hand: the signs it never wrote come from other hands. Stems, beams, barlines and curves stay the
engraver's outlines, drawn with an unsteady pen; staff lines stay straight, as printed music paper has them. The music is
that of scores, so rare signs and dense writing come in hands that never wrote them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import skia

from datasets.muscima import page_files, read_page_truth, split_pages
from datasets.muscima_graph import RawNode, contracted, flag_pairs, staves_of
from datasets.synthetic import outline
from datasets.synthetic.bend import following
from datasets.synthetic.primitive import Primitive
from datasets.synthetic.relate import Related
from datasets.synthetic.scene import Scene
from omr.geometry import union

STROKES: Final = frozenset(
    {
        "stem", "beam", "legerLine", "barline", "barlineHeavy", "barlineDashed", "slur", "tie", "tupleBracket", "voltaBracket",
        "glissando", "graceNoteAcciaccatura", "multipleNoteTremolo", "singleNoteTremolo", "hairpin", "dynamicCrescendoHairpin",
        "dynamicDiminuendoHairpin", "multiMeasureRest",
    }
)  # fmt: skip
PRINTED: Final = frozenset(
    {"staffLine", "text", "brace", "bracket", "arpeggio", "wiggleTrill", "dottedHorizontalSpanner"}
)
"""Ink that stays as engraved."""
LIKE: Final = {
    "noteheadHalfSmall": "noteheadHalf", "noteheadFullSmall": "noteheadFull", "clefOctave8": "numeral8",
}  # fmt: skip
"""Signs of which MUSCIMA++ has none or few, and what is written so."""
BY_WIDTH: Final = ("notehead",)
"""Signs fitted to the engraved width, so that stems still touch; others to the height."""
KEPT_SIZE: Final = (0.75, 1.3)  # of the engraved size: a hand's own size is kept within this
TILT: Final = math.radians(2.0)  # standard deviation of the slant of a stroke
TALLEST_HEAD: Final = 1.5  # of the engraved height
STRAY: Final = 0.08  # staff spaces, standard deviation of a sign's place
SHAKE: Final = (0.0, 0.04)  # staff spaces: the least and most unsteady pen
SHAKE_LENGTH: Final = 0.3  # staff spaces between two turns of an unsteady pen
MOST_SHAKEN: Final = 0.3  # of a stroke's thickness
FINER: Final = 4  # masks are enlarged before they are outlined

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How one person writes."""

    writer: str
    signs: Mapping[str, tuple[skia.Path, ...]]
    """By class: outlines in staff spaces, the middle of each at 0, 0."""


@lru_cache(maxsize=1)
def read_hands(folder: Path) -> tuple[Hand, ...]:
    """The hands of the train pages of MUSCIMA++ below `folder`, by writer; raises MuscimaError."""
    files = page_files(folder)
    found: dict[str, dict[str, list[skia.Path]]] = {}
    for name in split_pages(folder, "train"):
        page = read_page_truth(files[name])
        space = float(np.median([staff.staff_space for staff in staves_of(page.nodes)]))
        labels = {node.id: node.label for node in contracted(page.nodes).nodes}
        signs = found.setdefault(_writer(name), {})
        first_flags = flag_pairs(page.nodes)
        by_id = {node.id: node for node in page.nodes}
        for node in page.nodes:
            label = labels.get(node.id)
            if label and label not in STROKES and label not in PRINTED and node.mask.any():
                parts = (node, by_id[first_flags[node.id]]) if node.id in first_flags else (node,)
                signs.setdefault(label, []).append(outlined(_joint_mask(parts), space))
    return tuple(
        Hand(writer=writer, signs=MappingProxyType({label: tuple(paths) for label, paths in signs.items()}))
        for writer, signs in sorted(found.items())
    )


def _joint_mask(parts: tuple[RawNode, ...]) -> Mask:
    """The ink of several nodes in the box around them."""
    frame = union(part.box for part in parts)
    mask = np.zeros((round(frame.height), round(frame.width)), np.bool_)
    for part in parts:
        top, left = round(part.box.top - frame.top), round(part.box.left - frame.left)
        height, width = part.mask.shape
        mask[top : top + height, left : left + width] |= part.mask
    return mask


def _writer(name: str) -> str:
    """CVC-MUSCIMA_W-01_N-10_D-ideal -> W-01."""
    return name.split("_")[1]


def outlined(mask: Mask, space: float) -> skia.Path:
    """The outline of a mask (height, width) in staff spaces of `space` pixels, its middle at 0, 0."""
    height, width = mask.shape
    padded = np.pad(mask.astype(np.uint8) * 255, 1)
    fine = cv2.resize(padded, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(fine, (0, 0), FINER / 2)
    contours, _ = cv2.findContours((smooth > 127).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    builder = skia.PathBuilder()
    for contour in contours:
        points = ((contour[:, 0, :] + 0.5) / FINER - 1 - np.array([width, height]) / 2) / space
        builder.addPolygon([skia.Point(float(x), float(y)) for x, y in points], True)
    path = builder.detach()
    path.setFillType(skia.PathFillType.kEvenOdd)
    return path


def handwritten(
    scene: Scene, truth: Related, hands: tuple[Hand, ...], chance: random.Random, staff_space: float
) -> tuple[Scene, Related]:
    """The page as one of the hands writes it, and its truth; places and sizes vary as far as a reader forgives."""
    hand = chance.choice(hands)
    others = tuple(other for other in hands if other is not hand)
    shake = chance.uniform(*SHAKE) * staff_space
    written = tuple(_written(each, hand, others, chance, staff_space, shake) for each in scene.primitives)
    return replace(scene, primitives=written), following(truth, written)


def _written(
    ink: Primitive, hand: Hand, others: tuple[Hand, ...], chance: random.Random, space: float, shake: float
) -> Primitive:
    if ink.label is None or ink.label in PRINTED:
        return ink
    if ink.label in STROKES or ink.label.startswith("barline"):
        return _shaken(ink, chance, space, shake)
    sign = _sign(ink.label, hand, others, chance)
    return ink if sign is None else _set(ink, sign, chance, space)


def _sign(label: str, hand: Hand, others: tuple[Hand, ...], chance: random.Random) -> skia.Path | None:
    """One of the hand's signs of a class, else another hand's or one like it."""
    for name in (label, LIKE.get(label, label)):
        for signs in (hand.signs.get(name), *(other.signs.get(name) for other in chance.sample(others, len(others)))):
            if signs:
                return chance.choice(signs)
    return None


def _set(ink: Primitive, sign: skia.Path, chance: random.Random, space: float) -> Primitive:
    """`sign` where the engraved ink was, flags by the end that touches the stem."""
    label, own = ink.label or "", outline.box_of((sign,))
    if label.startswith(BY_WIDTH):
        scale = ink.box.width / own.width * chance.uniform(0.9, 1.1)
        scale = min(scale, ink.box.height / own.height * TALLEST_HEAD)
    else:
        like = ink.box.height / own.height
        scale = min(max(space, like * KEPT_SIZE[0]), like * KEPT_SIZE[1])
    middle = ink.box.center
    x, y = middle.x, middle.y
    if label.startswith("flag"):
        x = ink.box.left + own.width * scale / 2
        half = own.height * scale / 2
        y = ink.box.top + half if label.endswith("Up") else ink.box.bottom - half
    stray = min(STRAY, 0.1 * min(own.width, own.height) * scale / space) * space
    matrix = skia.Matrix.Translate(x + chance.gauss(0, stray), y + chance.gauss(0, stray))
    matrix.preScale(scale, scale)
    path = outline.placed(sign, matrix)
    return replace(ink, paths=(path,), box=outline.box_of((path,)))


def _shaken(ink: Primitive, chance: random.Random, space: float, shake: float) -> Primitive:
    """The stroke a little slanted and uneven; level strokes slant less, since staff lines guide them."""
    middle = ink.box.center
    level = ink.box.width > ink.box.height
    matrix = skia.Matrix()
    matrix.preRotate(math.degrees(chance.gauss(0, TILT / 4 if level else TILT)), middle.x, middle.y)
    thinnest = min(ink.box.width, ink.box.height)
    paths = (
        outline.placed(_uneven(path, min(shake, thinnest * MOST_SHAKEN), space, chance), matrix) for path in ink.paths
    )
    kept = tuple(path for path in paths if not path.isEmpty())
    return replace(ink, paths=kept, box=outline.box_of(kept)) if kept else ink


def _uneven(path: skia.Path, shake: float, space: float, chance: random.Random) -> skia.Path:
    if shake <= 0:
        return path
    paint = skia.Paint()
    paint.setPathEffect(skia.DiscretePathEffect.Make(SHAKE_LENGTH * space, shake, chance.getrandbits(31)))
    shaken = skia.Path()
    result = paint.getFillPath(path, shaken)
    return result if isinstance(result, skia.Path) else shaken
