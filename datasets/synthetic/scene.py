"""A page of verovio's SVG as labelled primitives in pixels.

verovio groups ink by musical element (`g.note > g.stem > path`), so the class follows from the group's name or the glyph's
SMuFL code point, and the element ids carry the relations. Option `svgAdditionalAttribute` puts the MEI attributes we need on
the groups; see `engrave.ATTRIBUTES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import skia
import verovio
from lxml import etree

from datasets.synthetic import lettering, outline, smufl
from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.svg import NAMESPACE as SVG
from datasets.synthetic.svg import NUMBER, matrix_of

_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_FONTS: Final = Path(verovio.__file__).parent / "data"
_HEADS: Final = (0xE0A2, 0xE0A3, 0xE0A4)
_SMALL: Final = 0.87  # of the usual scale: grace and cue notes

_OWNED: Final = {
    "layer": "layer", "note": "note", "chord": "chord", "rest": "rest", "mRest": "rest", "multiRest": "rest", "mRpt": "rest",
    "mRpt2": "rest", "beatRpt": "rest", "beam": "beam", "beamSpan": "beam", "tuplet": "tuplet",
    "fTrem": "tremolo", "bTrem": "tremolo",
    "stem": "stem", "keySig": "key", "meterSig": "meter", "barLine": "barline", "measure": "measure", "grpSym": "group",
    "ending": "ending",
}  # fmt: skip
"""SVG group class -> field of Owner that takes its id."""

_LINES: Final = {
    "staff": "staffLine", "ledgerLines": "legerLine", "stem": "stem", "beam": "beam", "beamSpan": "beam",
    "fTrem": "multipleNoteTremolo",
    "dots": "augmentationDot", "barLine": "barline", "system": "barline", "slur": "slur", "lv": "slur", "phrase": "slur",
    "tie": "tie", "hairpin": "hairpin", "tupletBracket": "tupleBracket", "voltaBracket": "voltaBracket",
    "gliss": "glissando", "octave": "dottedHorizontalSpanner", "arpeg": "arpeggio", "rest": "legerLine", "mRest": "legerLine",
    "multiRest": "multiMeasureRest", "systemDivider": "systemSeparator", "syl": "", "trill": "wiggleTrill",
}  # fmt: skip
"""SVG group class -> label of the shapes (not glyphs) in it; '' is plain clutter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything drawn on one page, in pixels."""

    width: int
    height: int
    primitives: tuple[Primitive, ...]
    elements: dict[str, etree._Element] = field(repr=False)
    """SVG group by element id: its data-* attributes hold startid, endid and the like."""
    measures: tuple[str, ...]
    """Measure ids in order."""


@dataclass(slots=True)
class _Walk:
    """What walking the tree gathers."""

    glyphs: dict[int, str]
    face: str
    usual: float
    """Scale of the glyphs of ordinary notes."""
    primitives: list[Primitive] = field(default_factory=list)
    elements: dict[str, etree._Element] = field(default_factory=dict)
    measures: list[str] = field(default_factory=list)
    systems: int = 0


def read_scene(svg: str, *, width: int, face: str = "FreeSerif") -> Scene:
    """The primitives of a page SVG drawn `width` pixels wide, its text set in the font family `face`."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(huge_tree=True, collect_ids=False))
    inner = next(child for child in root if child.tag == SVG + "svg")
    view = [float(number) for number in _text(inner, "viewBox").split()]
    scale = width / view[2]
    walk = _Walk(glyphs=_glyph_outlines(root), face=face, usual=_usual_scale(inner))
    _visit(inner, skia.Matrix.Scale(scale, scale), Owner(), walk)
    return Scene(
        width=width,
        height=round(view[3] * scale),
        primitives=tuple(walk.primitives),
        elements=walk.elements,
        measures=tuple(walk.measures),
    )


def _glyph_outlines(root: etree._Element) -> dict[int, str]:
    found = {}
    for symbol in root.iterfind(f"{SVG}defs/*"):
        if len(symbol) and symbol[0].get("d"):
            found[int(_text(symbol, "id").split("-")[0], 16)] = _text(symbol[0], "d")
    return found


def _usual_scale(page: etree._Element) -> float:
    """The largest scale of a notehead; 0 on a page without any."""
    heads = (use for use in page.iter(f"{SVG}use") if _code_point(use) in _HEADS)
    return max((matrix_of(use).getScaleX() for use in heads), default=0.0)


def _code_point(use: etree._Element) -> int:
    return int((_text(use, _HREF) or _text(use, "href"))[1:].split("-")[0], 16)


def _visit(element: etree._Element, matrix: skia.Matrix, owner: Owner, walk: _Walk) -> None:
    tag = str(element.tag).rsplit("}", 1)[-1]
    if tag in ("defs", "style", "desc", "title"):
        return
    if tag == "text":
        walk.primitives.extend(lettering.set_text(element, matrix, owner, walk.face))
        return
    if tag == "use":
        walk.primitives.extend(_use(element, matrix, owner, walk))
        return
    if tag in ("path", "polygon", "polyline", "rect", "ellipse"):
        walk.primitives.extend(_shape(element, tag, matrix, owner, walk))
        return
    if "placeholder" in (element.get("class") or "").split():
        return  # verovio's own marks, hidden by its style sheet
    if tag == "g" or (tag == "svg" and element.get("class")):
        owner = _owner_of(element, owner, walk)
        if element.get("transform"):
            matrix = skia.Matrix.Concat(matrix, matrix_of(element))
    for child in element:
        _visit(child, matrix, owner, walk)


def _owner_of(element: etree._Element, owner: Owner, walk: _Walk) -> Owner:
    classes = (element.get("class") or "").split()
    if not classes:
        return owner
    kind = classes[0]
    spanning = next((name[3:] for name in classes if name.startswith("id-")), None)
    identity = element.get("id") or spanning or ""
    changes: dict[str, object] = {
        "kind": kind,
        "element": identity,
        "continued": element.get("id") is None and spanning is not None,
    }
    if identity:
        changes["ids"] = (*owner.ids, identity)
        if element.get("id"):
            walk.elements[identity] = element
    if kind == "system":
        changes["system"] = walk.systems
        walk.systems += 1
    if kind == "measure":
        walk.measures.append(identity)
    if kind in _OWNED:
        changes[_OWNED[kind]] = identity or "anonymous"
    if kind == "staff":
        changes["staff"] = changes["home"] = element.get("data-n") or ""
    if kind in ("note", "chord", "rest") and element.get("data-staff"):
        changes["staff"] = element.get("data-staff")
    if kind == "graceGrp" or (kind in ("note", "chord") and element.get("data-grace")):
        changes["grace"] = True
    return replace(owner, **changes)  # type: ignore[arg-type]


def _use(element: etree._Element, matrix: skia.Matrix, owner: Owner, walk: _Walk) -> Iterator[Primitive]:
    code_point = _code_point(element)
    data = walk.glyphs.get(code_point)
    if not data:
        return
    total = skia.Matrix.Concat(skia.Matrix.Concat(matrix, matrix_of(element)), skia.Matrix.Scale(1, -1))
    path = outline.placed(outline.path_of(data), total)
    if path.isEmpty():
        return
    label = smufl.label_of(code_point, small=owner.grace or matrix_of(element).getScaleX() < _SMALL * walk.usual)
    if owner.kind == "grpSym":
        label = "brace" if code_point == 0xE000 else "bracket"
    if owner.kind == "multiRest":
        label = "multiMeasureRest"
    box = outline.box_of((path,))
    plain = smufl.OCTAVE_CLEFS.get(code_point)
    if plain is None:
        yield Primitive(label=label, paths=(path,), box=box, owner=owner)
        return
    # the figure 8 is drawn in the clef's glyph: the clef without it says where the figure begins
    bounds = _plain_bounds(plain)
    clef = total.mapRect(skia.Rect(*bounds)) if bounds else None
    if clef is None:
        yield Primitive(label=label, paths=(path,), box=box, owner=owner)
        return
    top, bottom = max(clef.top(), box.top), min(clef.bottom(), box.bottom)
    below = box.bottom - bottom > top - box.top
    yield Primitive(label=label, paths=(path,), box=replace(box, top=top, bottom=bottom), owner=owner)
    figure = replace(box, top=bottom) if below else replace(box, bottom=top)
    if figure.height > 2:
        inset = max(0.0, box.width * 0.25)
        yield Primitive(label="clefOctave8", paths=(), box=figure.padded(-inset, 0), owner=owner)


def _plain_bounds(code_point: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top of a glyph in font units, from the wheel's Leipzig metrics (all fonts draw clefs alike)."""
    return _metrics().get(code_point)


_CACHE: dict[int, tuple[float, float, float, float]] = {}


def _metrics() -> dict[int, tuple[float, float, float, float]]:
    if not _CACHE:
        for glyph in etree.parse(str(_FONTS / "Leipzig.xml")).getroot().iterfind("g"):
            x, y, w, h = (_number(glyph, name) for name in ("x", "y", "w", "h"))
            _CACHE[int(_text(glyph, "c"), 16)] = (x, y, x + w, y + h)
    return _CACHE


def _shape(element: etree._Element, tag: str, matrix: skia.Matrix, owner: Owner, walk: _Walk) -> Iterator[Primitive]:
    width = float(element.get("stroke-width", "0"))
    filled = element.get("fill") != "none" and element.get("fill-opacity") != "0"
    path = _path_of(element, tag)
    line = tag == "path" and not set(_text(element, "d")) & set("CcZz")
    stroke = None
    if width > 0:
        dashes = [float(number) for number in re.findall(NUMBER, element.get("stroke-dasharray", ""))]
        cap, join = element.get("stroke-linecap", "butt"), element.get("stroke-linejoin", "miter")
        stroke = outline.stroked(path, width, cap=cap, join=join, dashes=dashes)
    pieces = (
        [stroke] if stroke is not None and (line or not filled) else [path] + ([stroke] if stroke is not None else [])
    )
    paths = tuple(outline.placed(piece, matrix) for piece in pieces if not piece.isEmpty())
    if not paths:
        return
    label = _LINES.get(owner.kind)
    if owner.kind == "grpSym":
        label = "brace" if tag == "path" else "bracket"
    elif owner.kind == "stem" and any(p.label == "stem" and p.owner.stem == owner.stem for p in walk.primitives[-4:]):
        label = "graceNoteAcciaccatura"
    elif owner.kind == "barLine" and element.get("stroke-dasharray"):
        label = "barlineDashed"
    elif owner.kind == "barLine" and tag == "ellipse":
        label = "barlineDotted"
    box = outline.box_of(paths)
    yield Primitive(label=label or None, paths=paths, box=box, owner=owner, stroke=width, clutter=label == "")


def _path_of(element: etree._Element, tag: str) -> skia.Path:
    if tag == "path":
        return outline.path_of(_text(element, "d"))
    if tag in ("polygon", "polyline"):
        return outline.polygon(_text(element, "points"), closed=tag == "polygon")
    if tag == "rect":
        return outline.rectangle(*(_number(element, name) for name in ("x", "y", "width", "height")))
    return outline.ellipse(*(_number(element, name) for name in ("cx", "cy", "rx", "ry")))


def _text(element: etree._Element, name: str) -> str:
    return element.get(name) or ""


def _number(element: etree._Element, name: str) -> float:
    return float(element.get(name) or 0)
