"""A page of MuseScore's SVG as labelled ink in pixels.

MuseScore writes the kind of element on every outline and no more: which head, rest or accidental it is follows from the shape
(glyph_shapes), and which of two like rectangles a rest is from the staff line it touches. What cannot be told becomes an ignore
region. There are no relations: such pages teach detectors only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import skia
from lxml import etree

from datasets.synthetic import outline
from datasets.synthetic.glyph_shapes import ALIKE, label_of
from datasets.synthetic.primitive import Owner, Primitive
from datasets.synthetic.relate import Related
from datasets.synthetic.scene import Scene
from datasets.synthetic.svg import NAMESPACE as SVG
from datasets.synthetic.svg import hairpin_label, inside_and_edge, matrix_of
from omr.geometry import Box, union
from omr.notation import Node, NotationGraph

HEADS, RESTS, FLAGS, CLEFS, ACCIDENTALS, TIMES, SIGNS = (
    ((0xE0A0, 0xE0A4), (0xE0A9, 0xE0A9), (0xE0BA, 0xE0C7), (0xE0DB, 0xE0E5), (0xE100, 0xE10A)),
    ((0xE4E2, 0xE4EA), (0xE4F3, 0xE4F5)),
    ((0xE240, 0xE249),),
    ((0xE050, 0xE050), (0xE05C, 0xE05C), (0xE062, 0xE062), (0xE069, 0xE06A), (0xE06D, 0xE06E), (0xE07A, 0xE07C)),
    ((0xE260, 0xE264), (0xE26A, 0xE26B)),
    ((0xE080, 0xE08C),),
    ((0xE4A0, 0xE4AD), (0xE4C0, 0xE4C1), (0xE566, 0xE56E), (0xE610, 0xE614), (0xE4CE, 0xE4CE), (0xE4D1, 0xE4D1)),
)
FAMILIES: Final = {
    "Note": HEADS, "Rest": RESTS, "Hook": FLAGS, "Clef": CLEFS, "Accidental": ACCIDENTALS, "KeySig": ACCIDENTALS,
    "TimeSig": TIMES, "Articulation": SIGNS, "Fermata": SIGNS, "Breath": SIGNS,
}  # fmt: skip
PLAIN: Final = {
    "StaffLines": "staffLine", "LedgerLine": "legerLine", "Stem": "stem", "Beam": "beam", "NoteDot": "augmentationDot",
    "SlurSegment": "slur", "TieSegment": "tie", "StemSlash": "graceNoteAcciaccatura",
    **dict.fromkeys(("MeasureNumber", "Fingering", "Text", "Lyrics", "StaffText", "SystemText", "Tempo", "InstrumentName",
                     "RehearsalMark", "Harmony", "InstrumentChange"), "text"),
}  # fmt: skip
CLUTTER: Final = ("LyricsLineSegment", "Page")
"""Ink that resembles none of our classes: hyphens of lyrics, page numbers."""
RECTANGLES: Final = ("restWhole", "restHalf")
SMALL: Final = {"noteheadFull": "noteheadFullSmall", "noteheadHalf": "noteheadHalfSmall"}
HEADS_ALIKE: Final = 0.24  # heads of other shapes than ours exist
SMALL_SIZE: Final = 0.85  # of the usual height of heads
HEAVY: Final = 0.33  # staff spaces: a wider barline is a heavy one
APART: Final = 0.3  # staff spaces between the pieces of one symbol


def read_page(svg: bytes, staff_space: float, font: str) -> tuple[Scene, Related] | None:
    """Scene and symbols of a page drawn with `staff_space` pixels a staff space; None for a page without staves."""
    root = etree.fromstring(svg, etree.XMLParser(huge_tree=True))
    drawn = (element for element in root.iter(SVG + "polyline") if element.get("class") == "StaffLines")
    lines = sorted({round(_points(element)[0][1], 2) for element in drawn})
    if len(lines) < 5:
        return None
    space = float(np.median(np.sort(np.diff(lines))[: max(1, len(lines) * 3 // 5)]))
    scale = staff_space / space
    view = [float(number) for number in (root.get("viewBox") or "").split()]
    ink = list(_ink(root, scale, font, [line * scale for line in lines], staff_space))
    scene = Scene(
        width=round(view[2] * scale), height=round(view[3] * scale), primitives=tuple(ink), elements={}, measures=()
    )
    return scene, _related(ink, staff_space)


def _ink(root: etree._Element, scale: float, font: str, lines: list[float], space: float) -> Iterator[Primitive]:
    matrix = skia.Matrix.Scale(scale, scale)
    for element in root.iter(SVG + "path", SVG + "polyline"):
        kind = element.get("class") or ""
        total = skia.Matrix.Concat(matrix, matrix_of(element))
        paths = tuple(
            path for path in (outline.placed(shape, total) for shape in _shapes(element)) if not path.isEmpty()
        )
        if not paths:
            continue
        box = outline.box_of(paths)
        stroke = float(element.get("stroke-width") or 0) * scale if element.tag.endswith("polyline") else 0.0
        label = _label(kind, paths[0], box, font, lines, space, stroke)
        clutter = kind in CLUTTER
        yield Primitive(label=label, paths=paths, box=box, owner=Owner(kind=kind), stroke=stroke, clutter=clutter)


def _label(
    kind: str, path: skia.Path, box: Box, font: str, lines: list[float], space: float, stroke: float
) -> str | None:
    if kind in PLAIN:
        return PLAIN[kind]
    if kind in FAMILIES:
        label = label_of(path, font, FAMILIES[kind], HEADS_ALIKE if kind == "Note" else ALIKE)
        return _rest(box, lines) if label in RECTANGLES else label
    if kind == "BarLine":
        return "repeatDot" if not stroke else "barlineHeavy" if stroke > HEAVY * space else "barline"
    if kind == "HairpinSegment":
        return "hairpin" if stroke and box.width > space else None
    if kind == "Tuplet":
        return "tupleBracket" if stroke else label_of(path, "Bravura", ((0xE880, 0xE889), (0xE080, 0xE089)))
    if kind == "Tremolo":
        return "singleNoteTremolo" if box.width < 2.2 * space else None
    if kind == "Bracket":
        return "brace" if box.height > 5 * space and box.width > 0.5 * space else None
    return "arpeggio" if kind == "Arpeggio" else None


def _rest(box: Box, lines: list[float]) -> str:
    """A whole rest hangs from a line, a half rest lies on one."""
    above = min(abs(line - box.top) for line in lines)
    below = min(abs(line - box.bottom) for line in lines)
    return "restWhole" if above < below else "restHalf"


def _related(ink: list[Primitive], space: float) -> Related:
    nodes: list[Node] = []
    places: dict[int, tuple[int, ...]] = {}
    usual = max((p.box.height for p in ink if p.label == "noteheadFull"), default=0.0)
    for label, members in _symbols(ink, space):
        box = union(ink[place].box for place in members)
        if label in SMALL and box.height < SMALL_SIZE * usual:
            label = SMALL[label]
        places[len(nodes)] = members
        nodes.append(Node(id=len(nodes), label=label, box=box, origin="truth"))
    ignore = tuple(p.box for p in ink if p.label is None and not p.clutter)
    return Related(graph=NotationGraph(tuple(nodes), ()), staves=(), ignore=ignore, places=places)


def _symbols(ink: list[Primitive], space: float) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(class, places of its ink): barlines through the staves, arpeggios, brackets and hairpins are drawn in pieces."""
    joined: dict[str, list[int]] = {}
    for place, primitive in enumerate(ink):
        if primitive.label in ("barline", "barlineHeavy", "arpeggio", "tupleBracket", "hairpin"):
            joined.setdefault(primitive.label, []).append(place)
        elif primitive.label and primitive.label != "staffLine":
            yield primitive.label, (place,)
    for label, pieces in joined.items():
        for run in _runs(label, pieces, ink, space):
            yield (hairpin_label(ink[place].paths[0] for place in run) if label == "hairpin" else label), tuple(run)


def _runs(label: str, places: list[int], ink: list[Primitive], space: float) -> list[list[int]]:
    if label == "hairpin":
        return [places[index : index + 2] for index in range(0, len(places) - 1, 2)]
    if label == "tupleBracket":
        return _brackets(places, ink, space)
    runs: list[list[int]] = []
    for place in sorted(places, key=lambda place: (round(ink[place].box.center.x), ink[place].box.top)):
        last = ink[runs[-1][-1]].box if runs else None
        box = ink[place].box
        level = last is not None and abs(last.center.x - box.center.x) < APART * space
        if last is not None and level and box.top <= last.bottom + APART * space:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _brackets(places: list[int], ink: list[Primitive], space: float) -> list[list[int]]:
    """Left and right halves follow each other in the file, the figure between them."""
    runs: list[list[int]] = []
    for place in places:
        box = ink[place].box
        if runs and len(runs[-1]) == 1:
            last = ink[runs[-1][0]].box
            if 0 < box.left - last.right < 4 * space and abs(box.center.y - last.center.y) < 2 * space:
                runs[-1].append(place)
                continue
        runs.append([place])
    return runs


def _shapes(element: etree._Element) -> tuple[skia.Path, ...]:
    """What the element inks: its inside, its edge, or both."""
    if element.tag.endswith("polyline"):
        width = float(element.get("stroke-width") or 0)
        line = outline.polygon(element.get("points") or "", closed=False)
        return (outline.stroked(line, width, cap=element.get("stroke-linecap") or "butt", join="bevel"),)
    return inside_and_edge(outline.path_of(element.get("d") or ""), element)


def _points(element: etree._Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in (element.get("points") or "").split())
    return [(float(x), float(y)) for x, y in pairs]
