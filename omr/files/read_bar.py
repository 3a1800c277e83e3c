"""One walk through a bar of MusicXML: what stands in it, and when.

Time is a cursor that notes move on, <forward> and <backup> move about, and chord notes and grace notes leave where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from omr.errors import InputError

STANDING = ("attributes", "barline", "print", "direction")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,12})?")  # an exponent could ask for a number of any size


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An element of a bar with its time in quarter notes from the barline."""

    element: etree._Element
    onset: Fraction
    duration: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarContent:
    """A bar as it stands in the file."""

    placed: tuple[Placed, ...]
    """In the order of the file: notes, attributes, barlines, prints, directions."""
    end: Fraction
    """The furthest place that the cursor reached, quarter notes."""
    divisions: int
    """Of a quarter note, after the bar."""


def walk_bar(measure: etree._Element, divisions: int) -> BarContent:
    """The content of a bar that begins with `divisions`; raises InputError for a length that is no number."""
    now = end = chord_onset = Fraction(0)
    found: list[Placed] = []
    for element in children(measure):
        if element.tag == "attributes":
            divisions = _divisions(element, divisions)
            found.append(Placed(element=element, onset=now))
        elif element.tag in STANDING:
            found.append(Placed(element=element, onset=now))
        elif element.tag in ("forward", "backup"):
            step = _length(element, divisions)
            now = max(Fraction(0), now + step if element.tag == "forward" else now - step)
        elif element.tag == "note":
            duration = Fraction(0) if element.find("grace") is not None else _length(element, divisions)
            if element.find("chord") is None:
                chord_onset, now = now, now + duration
            found.append(Placed(element=element, onset=chord_onset, duration=duration))
        end = max(end, now)
    return BarContent(placed=tuple(found), end=end, divisions=divisions)


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The child elements but unexpanded entities."""
    return (each for each in element if not isinstance(each, etree._Entity))


def number_in(element: etree._Element | None, default: Fraction) -> Fraction:
    """The number that `element` holds, `default` where it or its text is missing; raises InputError for other text."""
    text = (element.text or "").strip() if element is not None else ""
    if element is None or not text:
        return default
    if not _NUMBER.fullmatch(text):
        place = f"line {element.sourceline}: <{element.tag}> holds {text[:20]!r}"
        raise InputError(f"{place}, which is no number; export the file again")
    return Fraction(text)


def whole(element: etree._Element | None, default: int) -> int:
    """The number in `element`, its decimals dropped."""
    return int(number_in(element, Fraction(default)))


def _divisions(attributes: etree._Element, before: int) -> int:
    found = whole(attributes.find("divisions"), before)
    return found if found > 0 else before


def _length(element: etree._Element, divisions: int) -> Fraction:
    return max(Fraction(0), number_in(element.find("duration"), Fraction(0)) / divisions)
