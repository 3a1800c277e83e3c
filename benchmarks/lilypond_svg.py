"""Labelled symbols of a page that LilyPond drew as SVG.

LilyPond writes the name of the grob around every piece of ink (property `output-attributes`), and the outline of every glyph
is found again, letter for letter, in the font files beside it: nothing is guessed from shapes. Units are staff spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import skia
from lxml import etree

from benchmarks.lilypond_classes import GROBS, label_of_glyph, label_of_shape
from datasets.synthetic import outline
from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.svg import NAMESPACE as SVG
from datasets.synthetic.svg import hairpin_label, inside_and_edge, matrix_of
from omr.geometry import Box, union

FONTS: Final = Path("/usr/share/lilypond")
SMALL: Final = 0.85  # of the page's usual glyph size: grace and cue notes
TOUCH: Final = 0.15  # staff spaces between the pieces of one barline
SAME: Final = 0.1  # staff spaces between the boxes of two symbols printed on each other: two voices, one head
TEXT_FACE: Final = "C059"
LETTER: Final = 64  # size at which letters are outlined


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's ink in pixels and the symbols drawn with it."""

    width: int
    height: int
    primitives: tuple[Primitive, ...]
    symbols: tuple[tuple[str, Box], ...]
    """(class, box)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """A shape or glyph with the grob that owns it."""

    grob: str
    number: int
    """Of the grob's group in the file: pieces of one symbol share it."""
    glyph: str
    scale: float
    """Of the glyph; 0 for a shape."""
    paths: tuple[skia.Path, ...]


def read_page(svg: bytes, staff_space: float) -> Page:
    """The page of an SVG of LilyPond's, drawn with `staff_space` pixels a staff space."""
    root = etree.fromstring(svg, etree.XMLParser(huge_tree=True))
    view = [float(number) for number in root.get("viewBox", "").split()]
    ink = tuple(_ink(root, skia.Matrix.Scale(staff_space, staff_space)))
    usual = max((piece.scale for piece in ink if piece.grob == "NoteHead"), default=1.0)
    primitives = tuple(
        Primitive(label=None, paths=piece.paths, box=outline.box_of(piece.paths), owner=Owner()) for piece in ink
    )
    return Page(
        width=round(view[2] * staff_space),
        height=round(view[3] * staff_space),
        primitives=primitives,
        symbols=tuple(_printed(_symbols(ink, usual, staff_space), staff_space)),
    )


def _ink(root: etree._Element, matrix: skia.Matrix) -> Iterator[Ink]:
    groups = iter(range(1_000_000))

    def visit(element: etree._Element, matrix: skia.Matrix, grob: str, number: int) -> Iterator[Ink]:
        matrix = skia.Matrix.Concat(matrix, matrix_of(element))
        tag = str(element.tag).removeprefix(SVG)
        if tag == "g" and element.get("class"):
            grob, number = element.get("class", ""), next(groups)
        if tag == "text":
            paths = _lettering(element, matrix)
            if paths:
                yield Ink(grob=grob, number=number, glyph="".join(element.itertext()).strip(), scale=0, paths=paths)
            return
        shapes = _shapes(element, tag)
        paths = tuple(path for path in (outline.placed(shape, matrix) for shape in shapes) if not path.isEmpty())
        if paths:
            glyph = _glyph_names().get(_plain(element.get("d", "")), "") if tag == "path" else ""
            scale = abs(matrix.getScaleX()) if glyph else 0
            yield Ink(grob=grob, number=number, glyph=glyph, scale=scale, paths=paths)
        for child in element:
            yield from visit(child, matrix, grob, number)

    yield from visit(root, matrix, "", -1)


def _shapes(element: etree._Element, tag: str) -> tuple[skia.Path, ...]:
    def number(name: str) -> float:
        return float(element.get(name) or 0)

    if tag == "line":
        ends = f"{number('x1')} {number('y1')} {number('x2')} {number('y2')}"
        dashes = [float(text) for text in re.findall(r"[\d.]+", element.get("stroke-dasharray") or "")]
        return (
            outline.stroked(outline.polygon(ends, closed=False), number("stroke-width"), cap="round", dashes=dashes),
        )
    if tag == "rect" and element.get("fill") != "none":
        return (outline.rectangle(number("x"), number("y"), number("width"), number("height")),)
    if tag == "circle":
        return (outline.ellipse(number("cx"), number("cy"), number("r"), number("r")),)
    if tag == "path":
        return inside_and_edge(outline.path_of(_plain(element.get("d", ""))), element)
    if tag == "polygon":
        return inside_and_edge(outline.polygon(element.get("points", ""), closed=True), element)
    return ()


def _symbols(ink: tuple[Ink, ...], usual: float, space: float) -> Iterator[tuple[str, Box]]:
    """Pieces of the grobs in GROBS.joined are one symbol, all others stand for themselves."""
    joined: dict[tuple[str, int], list[Ink]] = {}
    barlines: list[tuple[str, Box]] = []
    for piece in ink:
        box = outline.box_of(piece.paths)
        small = piece.scale < SMALL * usual
        label = (
            label_of_glyph(piece.grob, piece.glyph, small=small)
            if piece.glyph
            else label_of_shape(piece.grob, box, space)
        )
        if label is None:
            continue
        if label in ("barline", "barlineHeavy"):
            barlines.append((label, box))
        elif piece.grob in GROBS.joined:
            joined.setdefault((label, piece.number), []).append(piece)
        else:
            yield label, box
    for (label, _), pieces in joined.items():
        paths = [path for piece in pieces for path in piece.paths]
        yield (hairpin_label(paths) if label == "hairpin" else label), outline.box_of(paths)
    yield from _joined_barlines(barlines, TOUCH * space)


def _printed(symbols: Iterable[tuple[str, Box]], space: float) -> Iterator[tuple[str, Box]]:
    """One symbol for one piece of ink: voices share heads, the heads of a chord share ledger lines."""
    kept: dict[str, list[Box]] = {}
    for label, box in symbols:
        mine = kept.setdefault(label, [])
        for index, other in enumerate(mine):
            level = abs(other.center.y - box.center.y) < SAME * space
            beside = abs(other.center.x - box.center.x) < SAME * space
            if level and (beside or (label == "legerLine" and box.left < other.right and other.left < box.right)):
                mine[index] = union((other, box))
                break
        else:
            mine.append(box)
    yield from ((label, box) for label, boxes in kept.items() for box in boxes)


def _joined_barlines(pieces: list[tuple[str, Box]], touch: float) -> Iterator[tuple[str, Box]]:
    """One barline through all the staves it runs through."""
    runs: list[tuple[str, Box]] = []
    for label, box in sorted(pieces, key=lambda piece: (piece[1].top, piece[1].left)):
        for index, (other, run) in enumerate(runs):
            beside = abs(run.center.x - box.center.x) < touch and other == label
            if beside and box.top <= run.bottom + touch:
                runs[index] = (label, union((run, box)))
                break
        else:
            runs.append((label, box))
    yield from runs


def _lettering(element: etree._Element, matrix: skia.Matrix) -> tuple[skia.Path, ...]:
    """The letters of a text, all in one face: only tuplet figures are symbols of ours."""
    text = "".join(element.itertext()).strip()
    scale = float(element.get("font-size") or 0) / LETTER
    font = skia.Font(skia.Typeface(TEXT_FACE, _style(element)), LETTER)
    glyphs = font.textToGlyphs(text) if text and scale else []
    letters, x = [], 0.0
    for glyph, width in zip(glyphs, font.getWidths(glyphs), strict=True):
        letter = font.getPath(glyph)
        if letter is not None and not letter.isEmpty():
            letters.append(outline.placed(letter, skia.Matrix.Translate(x, 0)))
        x += width
    total = skia.Matrix.Concat(matrix, skia.Matrix.Scale(scale, scale))
    return tuple(outline.placed(letter, total) for letter in letters)


def _style(element: etree._Element) -> skia.FontStyle:
    bold, italic = "bold" in element.get("font-weight", ""), "italic" in element.get("font-style", "")
    if bold:
        return skia.FontStyle.BoldItalic() if italic else skia.FontStyle.Bold()
    return skia.FontStyle.Italic() if italic else skia.FontStyle.Normal()


@lru_cache(maxsize=1)
def _glyph_names() -> dict[str, str]:
    """Outline -> glyph name, over all sizes of the font."""
    names: dict[str, str] = {}
    for file in sorted(FONTS.glob("*/fonts/svg/emmentaler-*.svg")):
        for glyph in etree.parse(str(file)).iter("{*}glyph"):
            names.setdefault(_plain(glyph.get("d", "")), glyph.get("glyph-name", ""))
    names.pop("", None)
    return names


def _plain(data: str) -> str:
    return re.sub(r"\s+", " ", data)
