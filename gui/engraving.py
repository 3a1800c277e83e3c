"""One system of music set anew by verovio, as an SVG that Qt can draw.

Qt's reader of SVG knows SVG Tiny: a nested <svg> would be skipped and the size of text lives on inner elements it ignores, so
both are rewritten. Ids of the ink survive: `QSvgRenderer.boundsOnElement` finds a note by its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
SPACE = 18.0  # pixels of a staff space in what is drawn
MARGIN = 2.0  # staff spaces around the system
TALL = 60000
"""Height of verovio's page: one system always fits."""
SHAPES = tuple(SVG + name for name in ("path", "polygon", "polyline", "rect", "ellipse"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Engraved:
    """A system set anew."""

    svg: bytes
    width: float
    """Staff spaces, the margin around the system included."""
    height: float
    top: float
    """Of the topmost staff line, staff spaces below the top of the picture."""
    bottom: float
    """Of the lowest staff line."""
    left: float
    """Where the staves begin, staff spaces."""
    right: float
    """Where they end."""


def engrave_system(musicxml: bytes, width: float) -> Engraved | None:
    """The music set as one line, its staves about `width` staff spaces wide; None when verovio cannot load it."""
    toolkit = _toolkit()
    toolkit.setOptions(_options(width))
    if not toolkit.loadData(_one_line(musicxml)) or toolkit.getPageCount() < 1:
        return None
    return to_qt(toolkit.renderToSVG(1))


def _one_line(musicxml: bytes) -> str:
    """The music with a line said to begin at its first bar: of music that tells no lines verovio makes lines of its own."""
    root = etree.fromstring(musicxml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    first = root.find("part/measure")
    if first is not None:
        first.insert(0, etree.Element("print", {"new-system": "yes"}))
    return etree.tostring(root, encoding="unicode")


@cache
def _toolkit() -> Any:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()


def _options(width: float) -> dict[str, object]:
    margin = round(MARGIN * SPACE)
    return {
        "pageWidth": max(400, round((width + 2 * MARGIN) * SPACE)),
        "pageHeight": TALL,
        "scale": 100,
        "breaks": "encoded",
        "adjustPageHeight": True,
        "minLastJustification": 0.0,
        "noJustification": False,
        "footer": "none",
        "header": "none",
        "pageMarginLeft": margin,
        "pageMarginRight": margin,
        "pageMarginTop": margin,
        "pageMarginBottom": margin,
        "svgFormatRaw": True,
        "xmlIdSeed": 1,
    }


def to_qt(svg: str) -> Engraved:
    """Verovio's SVG rewritten for Qt, and where its staves lie."""
    root = etree.fromstring(svg.encode("utf-8"))
    width, height = (float(root.get(side, "0px").removesuffix("px")) for side in ("width", "height"))
    for inner in list(root.iter(SVG + "svg")):
        if inner is not root:
            _flatten(inner, width)
    for shape in root.iter(*SHAPES):
        if shape.get("stroke-width"):
            shape.set("stroke", "black")
    for text in list(root.iter(SVG + "text")):
        _plain_text(text)
    for hidden in [
        *root.iter(SVG + "style"),
        *(g for g in root.iter(SVG + "g") if "placeholder" in g.get("class", "")),
    ]:
        parent = hidden.getparent()
        if parent is not None:
            parent.remove(hidden)
    lines = _staff_lines(root)
    return Engraved(
        svg=etree.tostring(root),
        width=width / SPACE,
        height=height / SPACE,
        top=min((y for _, _, y in lines), default=0.0),
        bottom=max((y for _, _, y in lines), default=height / SPACE),
        left=min((left for left, _, _ in lines), default=0.0),
        right=max((right for _, right, _ in lines), default=width / SPACE),
    )


def _flatten(inner: etree._Element, width: float) -> None:
    """A nested drawing becomes a group with the same scale."""
    box = [float(value) for value in inner.get("viewBox", f"0 0 {width} 1").split()]
    inner.tag = SVG + "g"
    for name in ("viewBox", "class", "color"):
        inner.attrib.pop(name, "")
    inner.set("transform", f"scale({width / box[2]})")
    inner.set("fill", "black")
    inner.set("stroke", "none")


def _plain_text(text: etree._Element) -> None:
    """The words of nested <tspan>s in one element, with the size and shape of the innermost."""
    words = "".join(str(piece) for piece in text.itertext())
    for span in text.iter(SVG + "tspan"):
        for name in ("font-size", "font-family", "font-style", "font-weight", "x", "y", "text-anchor"):
            if span.get(name):
                text.set(name, span.get(name, ""))
    for child in list(text):
        text.remove(child)
    text.text = words
    if text.get("font-size", "0px") == "0px":
        text.set("font-size", "360px")
    family = text.get("font-family")
    if family is None:
        text.set("font-family", "serif")


def _staff_lines(root: etree._Element) -> list[tuple[float, float, float]]:
    """(left, right, y) of the staff lines in staff spaces: the level strokes that are direct children of a staff."""
    found = []
    scale = 10 * SPACE  # verovio draws in tenths
    for staff in root.iter(SVG + "g"):
        if staff.get("class") == "staff":
            for path in staff.iterchildren(SVG + "path"):
                pieces = path.get("d", "").replace("M", " ").replace("L", " ").split()
                if len(pieces) == 4 and pieces[1] == pieces[3]:
                    found.append((float(pieces[0]) / scale + MARGIN, float(pieces[2]) / scale + MARGIN,
                                  float(pieces[1]) / scale + MARGIN))  # fmt: skip
    return found
