"""Plane geometry in image coordinates: origin top left, x to the right, y down; units are pixels unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the page."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, half open: a pixel column x belongs to it when left <= x < right.

    Raises ValueError when a side is negative; a side of zero is allowed (a line without width).
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.right >= self.left and self.bottom >= self.top):
            raise ValueError(
                f"a box needs left <= right and top <= bottom: {self.left, self.top, self.right, self.bottom}"
            )

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def center(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def intersection(self, other: Box) -> float:
        """Area shared with `other`."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        """Shared area over joint area, 0 for two empty boxes."""
        shared = self.intersection(other)
        joint = self.area + other.area - shared
        return shared / joint if joint > 0 else 0.0

    def contains(self, point: Point) -> bool:
        return self.left <= point.x < self.right and self.top <= point.y < self.bottom

    def padded(self, x: float, y: float) -> Box:
        """This box grown by `x` on the left and right and by `y` above and below."""
        return Box(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def scaled(self, factor: float) -> Box:
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def shifted(self, x: float, y: float) -> Box:
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def at_least(self, side: float) -> Box:
        """This box with each side widened about its centre to at least `side`: a stem one pixel wide stays findable."""
        return self.padded(max(0.0, side - self.width) / 2, max(0.0, side - self.height) / 2)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all `boxes`; raises ValueError when there are none."""
    found = tuple(boxes)
    if not found:
        raise ValueError("no boxes to join")
    return Box(
        min(box.left for box in found),
        min(box.top for box in found),
        max(box.right for box in found),
        max(box.bottom for box in found),
    )


def overlap(low_a: float, high_a: float, low_b: float, high_b: float) -> float:
    """Length shared by two intervals; negative: the gap between them."""
    return min(high_a, high_b) - max(low_a, low_b)
