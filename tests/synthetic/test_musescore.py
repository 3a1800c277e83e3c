"""MuseScore's drawing becomes labelled ink: classes by element and shape."""

from __future__ import annotations

import pytest
import skia

from datasets.synthetic import glyph_shapes, outline
from datasets.synthetic.musescore_scene import ACCIDENTALS, FLAGS, HEADS, RESTS, read_page


def _glyph(font: str, code_point: int, place: str) -> str:
    """The SVG path element of a glyph at a place of the page, 25 units a staff space."""
    path = glyph_shapes.glyph_outline(font, code_point)
    assert path is not None
    data = skia.Path()
    path.transform(skia.Matrix.Scale(0.1, 0.1), data)
    return f'<path class="{{kind}}" transform="matrix(1,0,0,1,{place})" d="{_data(data)}"/>'


def _data(path: skia.Path) -> str:
    letters = {
        skia.Path.kMove_Verb: "M",
        skia.Path.kLine_Verb: "L",
        skia.Path.kQuad_Verb: "Q",
        skia.Path.kCubic_Verb: "C",
    }
    walk, parts = skia.Path.Iter(path, False), []
    while True:
        verb, points = walk.next()
        if verb == skia.Path.kDone_Verb:
            return " ".join(parts)
        if verb == skia.Path.kClose_Verb:
            parts.append("Z")
            continue
        rest = points if verb == skia.Path.kMove_Verb else points[1:]
        parts.append(letters[verb] + " ".join(f"{point.x():.3f},{point.y():.3f}" for point in rest))


def _line(kind: str, points: str, width: float = 2) -> str:
    return f'<polyline class="{kind}" fill="none" stroke="#000000" stroke-width="{width}" points="{points}"/>'


def _page() -> bytes:
    pieces = [_line("StaffLines", f"100,{y} 900,{y}") for y in range(200, 301, 25)]
    pieces += [
        _line("BarLine", "900,199 900,301", 4),
        _line("Stem", "320,230 320,310"),
        _line("LedgerLine", "300,325 340,325"),
    ]
    pieces += [_line("HairpinSegment", "500,400 600,390", 3), _line("HairpinSegment", "500,400 600,410", 3)]
    pieces.append(_glyph("Bravura", 0xE0A4, "290,310").format(kind="Note"))
    pieces.append(_glyph("Bravura", 0xE262, "250,300").format(kind="Accidental"))
    pieces.append(_glyph("Bravura", 0xE4E3, "600,225").format(kind="Rest"))
    pieces.append('<path class="Dynamic" d="M700,400 L720,400 L720,420 Z"/>')
    body = "".join(pieces)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 500">{body}</svg>'.encode()


def test_a_page_gives_its_symbols() -> None:
    page = read_page(_page(), 16.0, "Bravura")
    assert page is not None
    scene, truth = page
    assert (scene.width, scene.height) == (640, 320)
    assert sorted(node.label for node in truth.graph.nodes) == [
        "accidentalSharp", "barline", "dynamicCrescendoHairpin", "legerLine", "noteheadFull", "restWhole", "stem",
    ]  # fmt: skip
    assert len(truth.ignore) == 1  # the dynamic sign: drawn in one piece, whatever its letters
    stem = next(node for node in truth.graph.nodes if node.label == "stem")
    assert (stem.box.width, stem.box.height) == pytest.approx((2 * 0.64, 80 * 0.64), abs=0.05)


def test_a_page_without_staves_is_none() -> None:
    assert read_page(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', 16.0, "Bravura") is None


@pytest.mark.parametrize(("family", "code_point", "label"), [
    (FLAGS, 0xE240, "flag8thUp"), (RESTS, 0xE4E7, "rest16th"), (HEADS, 0xE0A3, "noteheadHalf"),
    (ACCIDENTALS, 0xE264, "accidentalDoubleFlat"),
])  # fmt: skip
def test_shapes_of_another_font_are_told_apart(
    family: tuple[tuple[int, int], ...], code_point: int, label: str
) -> None:
    path = glyph_shapes.glyph_outline("Leland", code_point)
    assert path is not None
    assert glyph_shapes.label_of(path, "Bravura", family) == label


def test_what_is_no_glyph_of_the_family_stays_unknown() -> None:
    assert glyph_shapes.label_of(outline.rectangle(0, 0, 100, 2), "Bravura", FLAGS) is None
