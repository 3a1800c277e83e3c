"""Formats that verovio makes of a score: MEI, and PDF pages in vectors.

verovio engraves SVG; skia draws it into a PDF, but knows neither style sheets nor nested text. So lines get their colour as an
attribute, and text becomes outlines of a font that comes with the program: the same page on every system.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from omr.errors import DependencyError, InvalidOutputError
from omr.files.engrave import engraver
from omr.files.preview import TEXT_FONT, text_fonts

PAGE = (595, 842)  # A4 in points
MARGIN = 300  # of tenths of a millimetre before scaling
SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?[\d.]+")
_DATE = re.compile(rb' isodate="[^"]*"')


def to_mei(musicxml: bytes) -> bytes:
    """`musicxml` as MEI, without the date of conversion; raises InvalidOutputError when verovio cannot read it."""
    text: str = _loaded(musicxml).getMEI({"removeIds": False})
    return _DATE.sub(b"", text.encode())


def to_pdf(musicxml: bytes) -> bytes:
    """`musicxml` engraved on pages of A4, systems broken where the document says; raises InvalidOutputError."""
    import skia

    toolkit = _loaded(musicxml)
    stream = skia.DynamicMemoryWStream()
    pdf = skia.PDF.MakeDocument(stream)
    for page in range(1, toolkit.getPageCount() + 1):
        drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream(_plain(toolkit.renderToSVG(page)), copyData=True))
        if drawing is None:
            raise InvalidOutputError(f"page {page} of the engraved score cannot be drawn; write MusicXML instead")
        drawing.setContainerSize(skia.Size(*PAGE))
        drawing.render(pdf.beginPage(*PAGE))
        pdf.endPage()
    pdf.close()
    return bytes(stream.detachAsData())


def _loaded(musicxml: bytes) -> Any:
    margins = dict.fromkeys(("pageMarginLeft", "pageMarginRight", "pageMarginTop", "pageMarginBottom"), MARGIN)
    toolkit = engraver(musicxml, **margins, svgViewBox=True)
    if toolkit is None:
        raise InvalidOutputError("the score cannot be engraved; write MusicXML instead")
    return toolkit


def _plain(svg: str) -> bytes:
    """The drawing in terms that skia knows."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    root.set("width", str(PAGE[0]))
    root.set("height", str(PAGE[1]))
    for scale in root.iter(f"{SVG}svg"):
        if scale is not root:
            scale.set("stroke", "black")  # verovio says so in a style sheet
    for glyphs in root.iter(f"{SVG}use"):
        glyphs.set("stroke", "none")
    for group in list(root.iter(f"{SVG}g")):
        parent = group.getparent()
        if parent is not None and "placeholder" in group.get("class", "").split():  # hidden by the style sheet
            parent.remove(group)
    for text in list(root.iter(f"{SVG}text")):
        outlines = _outlines(text)
        parent = text.getparent()
        if parent is not None:
            parent.replace(text, outlines)
    return etree.tostring(root)


def _outlines(text: etree._Element) -> etree._Element:
    """A path of what a text element says, pieces one after the other, placed by its anchor."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    font = _font()
    letters, glyphs, units = font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm
    pen = SVGPathPen(glyphs)
    x = 0.0
    for words, size in _pieces(text, _length(text.get("font-size")) or 0.0):
        scale = size / units
        for letter in words:
            name = letters.get(ord(letter), ".notdef")
            glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
            x += scale * glyphs[name].width
    shift = {"middle": x / 2, "end": x}.get(text.get("text-anchor", ""), 0.0)
    left, top = _length(text.get("x")) or 0.0, _length(text.get("y")) or 0.0
    place = {"stroke": "none", "transform": f"translate({left - shift}, {top})"}
    return etree.Element(f"{SVG}path", {"d": pen.getCommands() or "M0 0", **place})


def _pieces(element: etree._Element, size: float) -> list[tuple[str, float]]:
    """(words, font size in the drawing's units) in an element and those within it."""
    own = _length(element.get("font-size"))
    size = size if own is None else own
    found = [(element.text, size)] if element.text and element.text.strip() else []
    for inner in element:
        found += _pieces(inner, size)
        if inner.tail and inner.tail.strip():
            found.append((inner.tail, size))
    return found


def _length(text: str | None) -> float | None:
    match = _NUMBER.match(text or "")
    return float(match[0]) if match else None


@cache
def _font() -> Any:
    from fontTools.ttLib import TTFont

    folder = text_fonts()
    if folder is None:
        raise DependencyError("the fonts that come with matplotlib are missing; install scorewright again")
    return TTFont(folder / f"{TEXT_FONT.replace(' ', '')}.ttf")
