"""Outlines: SVG path data, strokes and transformations on skia paths.

Label and ink come from the same outline, so a box cannot disagree with the picture. Skia is used because it draws a page in a
tenth of the time of the SVG renderers tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import skia
from fontTools.svgLib.path.parser import parse_path

from omr.geometry import Box

_CAPS = {"butt": skia.Paint.kButt_Cap, "square": skia.Paint.kSquare_Cap, "round": skia.Paint.kRound_Cap}
_JOINS = {"miter": skia.Paint.kMiter_Join, "round": skia.Paint.kRound_Join, "bevel": skia.Paint.kBevel_Join}


class _Pen:
    """Receives fontTools' segments and builds a skia path."""

    arc = None

    def __init__(self) -> None:
        self.builder = skia.PathBuilder()

    def moveTo(self, point: tuple[float, float]) -> None:
        self.builder.moveTo(*point)

    def lineTo(self, point: tuple[float, float]) -> None:
        self.builder.lineTo(*point)

    def curveTo(self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]) -> None:
        self.builder.cubicTo(*first, *second, *end)

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:
        self.builder.quadTo(*control, *end)

    def closePath(self) -> None:
        self.builder.close()

    def endPath(self) -> None:
        """An open contour needs nothing more."""


@lru_cache(maxsize=4096)
def path_of(data: str) -> skia.Path:
    """The path of SVG path data; glyph outlines repeat, hence the cache."""
    pen = _Pen()
    parse_path(data, pen)
    return pen.builder.detach()


def polygon(points: str, *, closed: bool) -> skia.Path:
    """The path of an SVG points attribute."""
    numbers = [float(number) for number in re.split(r"[ ,]+", points.strip())]
    builder = skia.PathBuilder()
    builder.moveTo(numbers[0], numbers[1])
    for x, y in zip(numbers[2::2], numbers[3::2], strict=True):
        builder.lineTo(x, y)
    if closed:
        builder.close()
    return builder.detach()


def rectangle(x: float, y: float, width: float, height: float) -> skia.Path:
    builder = skia.PathBuilder()
    builder.addRect(skia.Rect(x, y, x + width, y + height))
    return builder.detach()


def ellipse(x: float, y: float, radius_x: float, radius_y: float) -> skia.Path:
    builder = skia.PathBuilder()
    builder.addOval(skia.Rect(x - radius_x, y - radius_y, x + radius_x, y + radius_y))
    return builder.detach()


def stroked(
    path: skia.Path, width: float, *, cap: str = "butt", join: str = "miter", dashes: Sequence[float] = ()
) -> skia.Path:
    """The outline of a stroke of `width` along `path`."""
    paint = skia.Paint()
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(_CAPS.get(cap, _CAPS["butt"]))
    paint.setStrokeJoin(_JOINS.get(join, _JOINS["miter"]))
    if dashes:
        even = list(dashes) * (1 + len(dashes) % 2)
        paint.setPathEffect(skia.DashPathEffect.Make(even, 0))
    outline = skia.Path()
    result = paint.getFillPath(path, outline)
    return result if isinstance(result, skia.Path) else outline


def placed(path: skia.Path, matrix: skia.Matrix) -> skia.Path:
    """`path` moved by `matrix`."""
    moved = skia.Path()
    path.transform(matrix, moved)
    return moved


def box_of(paths: Iterable[skia.Path]) -> Box:
    """Tight bounds of the paths; raises ValueError when there is none."""
    bounds = [path.computeTightBounds() for path in paths]
    return Box(
        min(bound.left() for bound in bounds),
        min(bound.top() for bound in bounds),
        max(bound.right() for bound in bounds),
        max(bound.bottom() for bound in bounds),
    )
