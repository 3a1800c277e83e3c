"""Engraves MusicXML or kern with verovio and gives each page as a scene."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import verovio
from lxml import etree

from datasets.synthetic.layout import Options, pixel_width
from datasets.synthetic.scene import Scene, read_scene

log = logging.getLogger(__name__)

ATTRIBUTES: Final = (
    "slur@startid", "slur@endid", "tie@startid", "tie@endid", "lv@startid", "phrase@startid", "phrase@endid",
    "note@pname", "note@oct", "note@grace", "note@staff", "note@dur", "chord@staff", "chord@grace", "chord@dur",
    "rest@staff", "accid@accid", "artic@artic", "staff@n", "layer@n", "measure@n", "hairpin@form", "hairpin@startid",
    "hairpin@endid", "hairpin@staff", "fermata@startid", "trill@startid", "turn@startid", "mordent@startid",
    "ornam@startid", "arpeg@startid", "arpeg@plist", "barLine@form", "dynam@staff", "breath@startid", "caesura@startid",
    "gliss@startid", "gliss@endid", "octave@startid",
)  # fmt: skip
_XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngravedPage:
    """One page and which bars of the engraved score stand on it."""

    scene: Scene
    first: int
    """0-based index of the page's first bar in the score given to `engrave`."""
    last: int
    """Index after its last bar."""


@lru_cache(maxsize=1)
def _toolkit() -> verovio.toolkit:
    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()


def load(data: str, options: Options) -> int:
    """Lays out a score and returns its number of pages, 0 when verovio cannot read it."""
    toolkit = _toolkit()
    toolkit.resetOptions()
    toolkit.setOptions(
        {**options, "svgAdditionalAttribute": list(ATTRIBUTES), "dynamSingleGlyphs": True, "xmlIdSeed": 1}
    )
    toolkit.resetXmlIdSeed(1)
    return int(toolkit.getPageCount()) if toolkit.loadData(data) else 0


def mei() -> str:
    """The score loaded last in verovio's own format."""
    return str(_toolkit().getMEI())


def pages(numbers: tuple[int, ...], options: Options, *, staff_space: float, face: str) -> Iterator[EngravedPage]:
    """The given pages (1-based) of the score loaded last, drawn with `staff_space` pixels a staff space."""
    toolkit = _toolkit()
    order = {measure.get(_XML_ID): place for place, measure in enumerate(_measures(mei()))}
    for number in numbers:
        svg = toolkit.renderToSVG(number)
        scene = read_scene(svg, width=pixel_width(options, staff_space), face=face)
        places = [order[identity] for identity in scene.measures if identity in order]
        if places:
            yield EngravedPage(scene=scene, first=places[0], last=places[-1] + 1)


def _measures(mei: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(huge_tree=True, collect_ids=False)  # kern editions repeat ids of fingerings
    return etree.fromstring(mei.encode(), parser).iter("{*}measure")
