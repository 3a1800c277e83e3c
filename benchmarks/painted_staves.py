"""Painted pages whose staff lines are known to a fraction of a pixel: noteheads, chords, beams and barlines on bent staves.

Not music and not pretty; what matters to finding and tracing staves is there: heads on every line, beams over several lines,
barlines through both staves of a system, ledger lines, and lines that bend, lean and break.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

FINE = 3
"""Painted at this many times the size, then averaged down: soft edges at exact places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A page to paint; lengths in pixels."""

    width: int = 1400
    height: int = 1500
    space: float = 16.0
    line_thickness: float = 2.0
    left: float = 120.0
    right: float = 1290.0
    tops: tuple[float, ...] = (150.0, 320.0, 620.0, 790.0, 1090.0, 1260.0)
    """Top line of each staff; every pair is a system."""
    notes: int = 40
    """On each staff."""
    line_ink: float = 1.0
    """Share of each line that is not broken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedPage:
    image: Image
    """(height, width), 0 = ink."""
    lines: tuple[tuple[Callable[[Floats], Floats], ...], ...]
    """For each staff five functions from x to the height of the line's middle, continuous pixels."""


def paint(layout: Layout, *, bend: float = 0.0, seed: int = 0) -> PaintedPage:
    """A page whose staves sway by `bend` pixels up and down over the width."""
    random = np.random.default_rng(seed)
    flat = np.full((layout.height * FINE, layout.width * FINE), 255, np.uint8)
    for top in layout.tops:
        _paint_lines(flat, layout, top, random)
        _paint_notes(flat, layout, top, random)
    for upper, lower in zip(layout.tops[::2], layout.tops[1::2], strict=False):
        for x in np.linspace(layout.left, layout.right, 6):
            _bar(flat, x - 1, upper, x + 1, lower + 4 * layout.space)

    def sway(x: Floats) -> Floats:
        return bend * np.sin(2 * np.pi * x / layout.width * 0.8 + 0.7)

    columns, rows = np.meshgrid(np.arange(flat.shape[1], dtype=np.float32), np.arange(flat.shape[0], dtype=np.float32))
    rows -= (sway((columns[0] + 0.5) / FINE) * FINE).astype(np.float32)[None, :]
    bent = cv2.remap(flat, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    image = cv2.resize(bent, (layout.width, layout.height), interpolation=cv2.INTER_AREA)

    def line(y: float) -> Callable[[Floats], Floats]:
        return lambda x: y + sway(np.asarray(x))

    lines = tuple(tuple(line(top + k * layout.space) for k in range(5)) for top in layout.tops)
    return PaintedPage(image=np.asarray(image, dtype=np.uint8), lines=lines)


def _bar(flat: Image, left: float, top: float, right: float, bottom: float) -> None:
    a, b, c, d = (round(value * FINE) for value in (left, top, right, bottom))
    flat[max(0, b) : max(0, d), max(0, a) : max(0, c)] = 0


def _paint_lines(flat: Image, layout: Layout, top: float, random: np.random.Generator) -> None:
    half = layout.line_thickness / 2
    for k in range(5):
        y = top + k * layout.space
        _bar(flat, layout.left, y - half, layout.right, y + half)
        broken = int((1 - layout.line_ink) * (layout.right - layout.left) / (layout.space / 2))
        for x in random.uniform(layout.left, layout.right, broken):
            a, b = round(x * FINE), round((x + layout.space / 2) * FINE)
            flat[round((y - half) * FINE) : round((y + half) * FINE), a:b] = 255


def _paint_notes(flat: Image, layout: Layout, top: float, random: np.random.Generator) -> None:
    space = layout.space
    places = np.linspace(layout.left + 4 * space, layout.right - 2 * space, layout.notes)
    for group in np.array_split(places, max(1, layout.notes // 4)):
        beam = top - random.uniform(0, 4) * space + 2 * space
        for x in group:
            for position in random.integers(-3, 12, size=random.integers(1, 4)):
                y = top + position * space / 2
                axes = (round(0.62 * space * FINE), round(0.45 * space * FINE))
                cv2.ellipse(flat, (round(x * FINE), round(y * FINE)), axes, -20, 0, 360, 0, -1)
                for ledger in range(-2, 0):
                    if position <= 2 * ledger:
                        _bar(flat, x - space, top + ledger * space - 1.2, x + space, top + ledger * space + 1.2)
            _bar(flat, x + 0.6 * space - 1, min(beam, top), x + 0.6 * space + 1, top + 5 * space)
        for depth in range(2):
            y = beam + depth * 0.75 * space
            _bar(flat, group[0] + 0.6 * space, y, group[-1] + 0.6 * space, y + 0.5 * space)
