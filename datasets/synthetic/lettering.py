"""Text on an engraved page: words are one `text` box a run of print, digits of volta brackets are numerals.

verovio measures text with Times; another face is squeezed to the same width, so that it neither overlaps nor leaves the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import skia
import verovio
from lxml import etree

from datasets.synthetic import outline, smufl
from datasets.synthetic.primitive import Owner, Primitive
from omr.geometry import union

_BOLD: Final = ("ending", "voltaBracket", "fing", "reh", "tempo")
_ITALIC: Final = ("dir", "dynam", "mNum")
_FONTS: Final = Path(verovio.__file__).parent / "data"
_REFERENCE: Final = "FreeSerif"
"""A face with Times' widths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Letters set alike, and where their line begins."""

    x: float
    y: float
    anchor: str
    size: float
    bold: bool
    italic: bool
    text: str


def set_text(element: etree._Element, matrix: skia.Matrix, owner: Owner, face: str) -> Iterator[Primitive]:
    """The primitives of an SVG text element."""
    start = _Run(
        x=float(element.get("x", "0")),
        y=float(element.get("y", "0")),
        anchor=element.get("text-anchor", "start"),
        size=0,
        bold=owner.kind in _BOLD,
        italic=owner.kind in _ITALIC,
        text="",
    )
    lines: dict[tuple[float, float], list[_Run]] = {}
    for run in _runs(element, start):
        lines.setdefault((run.x, run.y), []).append(run)
    for runs in lines.values():
        yield from _set_line(runs, matrix, owner, face)


def _runs(element: etree._Element, state: _Run) -> Iterator[_Run]:
    state = _Run(
        x=float(element.get("x", state.x)),
        y=float(element.get("y", state.y)),
        anchor=element.get("text-anchor", state.anchor),
        size=float(element.get("font-size", f"{state.size}px").removesuffix("px")),
        bold=element.get("font-weight") == "bold" if element.get("font-weight") else state.bold,
        italic=element.get("font-style") == "italic" if element.get("font-style") else state.italic,
        text=element.text or "",
    )
    if state.text.strip() and state.size > 0:
        yield state
    for child in element:
        if not str(child.tag).endswith("title"):
            yield from _runs(child, state)


def _set_line(runs: list[_Run], matrix: skia.Matrix, owner: Owner, face: str) -> Iterator[Primitive]:
    letters: list[tuple[str, skia.Path]] = []
    width = 0.0
    for run in runs:
        for character, path, advance in _letters(run, face):
            if path is not None:
                letters.append((character, outline.placed(path, skia.Matrix.Translate(width, 0))))
            width += advance
    shift = {"middle": -width / 2, "end": -width}.get(runs[0].anchor, 0.0)
    total = skia.Matrix.Concat(matrix, skia.Matrix.Translate(runs[0].x + shift, runs[0].y))
    placed = [(character, outline.placed(path, total)) for character, path in letters]
    placed = [(character, path) for character, path in placed if not path.isEmpty()]
    if not placed:
        return
    if owner.kind == "voltaBracket":
        for character, path in placed:
            label = f"numeral{character}" if character in "0123456789" else None
            yield Primitive(label=label, paths=(path,), box=outline.box_of((path,)), owner=owner, clutter=label is None)
        return
    notes = any(ord(character) >= 0xE000 for character, _ in placed)
    glyphs = {smufl.label_of(ord(character)) for character, _ in placed if ord(character) >= 0xE000}
    if owner.kind == "dynam" and notes and None not in glyphs:
        for character, path in placed:
            label = smufl.label_of(ord(character)) if ord(character) >= 0xE000 else None
            yield Primitive(label=label, paths=(path,), box=outline.box_of((path,)), owner=owner, clutter=label is None)
        return
    paths = tuple(path for _, path in placed)
    label = "metronomeMark" if notes else "text"
    yield Primitive(label=label, paths=paths, box=union(outline.box_of((path,)) for path in paths), owner=owner)


def _letters(run: _Run, face: str) -> Iterator[tuple[str, skia.Path | None, float]]:
    font = _font(face, run.bold, run.italic, run.size)
    reference = _font(_REFERENCE, run.bold, run.italic, run.size)
    for character in run.text.replace("\n", " "):
        if 0xE000 <= ord(character) < 0xF900:
            glyph = _music_glyph(ord(character))
            if glyph is not None:
                scale = run.size / 1000
                yield character, outline.placed(glyph[0], skia.Matrix.Scale(scale, -scale)), glyph[1] * scale
            continue
        own, wanted = font.measureText(character), reference.measureText(character)
        path = None if character.isspace() else font.getPath(font.textToGlyphs(character)[0])
        if path is not None and own > 0:
            path = outline.placed(path, skia.Matrix.Scale(wanted / own, 1))
        yield character, path, wanted


@lru_cache(maxsize=256)
def _font(face: str, bold: bool, italic: bool, size: float) -> skia.Font:
    slant = skia.FontStyle.kItalic_Slant if italic else skia.FontStyle.kUpright_Slant
    font = skia.Font(skia.FontMgr().matchFamilyStyle(face, skia.FontStyle(700 if bold else 400, 5, slant)), size)
    font.setHinting(skia.FontHinting.kNone)
    font.setLinearMetrics(True)
    font.setSubpixel(True)
    return font


@lru_cache(maxsize=512)
def _music_glyph(code_point: int) -> tuple[skia.Path, float] | None:
    """Outline and advance of a music glyph inside text, from the wheel's Leipzig font, in 1/1000 em."""
    file = _FONTS / "Leipzig" / f"{code_point:04X}.xml"
    if not file.is_file():
        return None
    root = etree.parse(str(file)).getroot()
    path = root if root.tag.endswith("path") else root.find(".//{*}path")
    metrics = etree.parse(str(_FONTS / "Leipzig.xml")).getroot().find(f"g[@c='{code_point:04X}']")
    if path is None or metrics is None:
        return None
    return outline.path_of(path.get("d") or ""), float(metrics.get("h-a-x") or 0)
