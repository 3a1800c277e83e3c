"""A piece of engraved ink and what verovio's SVG says of its surroundings."""

from __future__ import annotations

from dataclasses import dataclass

import skia

from omr.geometry import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Where in the score a primitive stands: element ids of its ancestors, empty string where there is none."""

    kind: str = ""
    """Class of the nearest SVG group: 'stem', 'barLine', 'tupletNum' ..."""
    element: str = ""
    """Id of that group, or of the element it continues on a new system."""
    ids: tuple[str, ...] = ()
    """Ids of all ancestors, outermost first."""
    system: int = -1
    """0 = topmost system of the page."""
    staff: str = ""
    """Number of the staff the ink stands on (a cross-staff note: where it is printed)."""
    home: str = ""
    """Number of the staff whose layer holds it."""
    layer: str = ""
    note: str = ""
    chord: str = ""
    rest: str = ""
    beam: str = ""
    tuplet: str = ""
    tremolo: str = ""
    stem: str = ""
    key: str = ""
    meter: str = ""
    barline: str = ""
    measure: str = ""
    group: str = ""
    """Bracket or brace symbol."""
    ending: str = ""
    grace: bool = False
    continued: bool = False
    """The rest of a slur, tie or line begun on an earlier system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Primitive:
    """Ink with a label; None: ink that no class names (drawn, then ignored)."""

    label: str | None
    paths: tuple[skia.Path, ...]
    box: Box
    owner: Owner
    stroke: float = 0.0
    """Stroke width in SVG units, 0 for filled shapes."""
    shade: int = 0
    """Grey value of the ink, 0 = black."""
    clutter: bool = False
    """True: unlabelled ink that is plain background to the detector (none of its classes resembles it)."""
