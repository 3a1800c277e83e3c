"""What the SVG of every engraver has in common: transforms, filled and stroked outlines, the two lines of a hairpin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import skia
from lxml import etree

from datasets.synthetic import outline

NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
NUMBER: Final = r"[-+]?[\d.]+(?:e[-+]?\d+)?"
_CALL: Final = re.compile(rf"(\w+)\(\s*({NUMBER}(?:[ ,]+{NUMBER})*)\s*\)")


def matrix_of(element: etree._Element) -> skia.Matrix:
    """The element's transform attribute: translate, scale, rotate and matrix, one after the other."""
    total = skia.Matrix()
    for name, arguments in _CALL.findall(element.get("transform", "")):
        numbers = [float(number) for number in re.findall(NUMBER, arguments)]
        if name == "translate":
            total.preTranslate(numbers[0], numbers[1] if len(numbers) > 1 else 0)
        elif name == "scale":
            total.preScale(numbers[0], numbers[-1])
        elif name == "rotate":
            total.preRotate(*numbers)
        elif name == "matrix":
            a, b, c, d, e, f = numbers
            total.preConcat(skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1))
    return total


def inside_and_edge(path: skia.Path, element: etree._Element) -> tuple[skia.Path, ...]:
    """What an outline inks by the element's fill and stroke: its inside, its edge (round at its corners), or both."""
    width = float(element.get("stroke-width") or 0)
    if not width or element.get("stroke") == "none":
        return (path,)
    edge = outline.stroked(path, width, cap="round", join="round")
    return (edge,) if element.get("fill") == "none" else (path, edge)


def hairpin_label(lines: Iterable[skia.Path]) -> str:
    """A crescendo is open at the right."""
    points = [path.getPoint(place) for path in lines for place in range(path.countPoints())]
    middle = sum(point.x() for point in points) / len(points)
    left = [point.y() for point in points if point.x() < middle]
    right = [point.y() for point in points if point.x() >= middle]
    opens = max(right) - min(right) > max(left) - min(left)
    return "dynamicCrescendoHairpin" if opens else "dynamicDiminuendoHairpin"
