"""An engraved page's labels, relations and staves agree with the music and with the ink."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from datasets.synthetic import engrave, raster
from datasets.synthetic.degrade import degrade
from datasets.synthetic.layout import Options
from datasets.synthetic.relate import Related, relate
from datasets.synthetic.scene import Scene
from omr.geometry import Box

SPACE = 16.0  # pixels
LAYOUT: Options = {
    "font": "Leipzig",
    "unit": 9,
    "pageWidth": 1500,
    "pageHeight": 1000,
    "footer": "none",
    "header": "none",
}

MEI = """<?xml version="1.0"?>
<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>
<scoreDef meter.count="4" meter.unit="4" key.sig="2s"><staffGrp symbol="brace" bar.thru="true">
<staffDef n="1" lines="5" clef.shape="G" clef.line="2" clef.dis="8" clef.dis.place="below"/>
<staffDef n="2" lines="5" clef.shape="F" clef.line="4"/></staffGrp></scoreDef>
<section><measure n="1" right="rptend">
<staff n="1"><layer n="1">
<chord xml:id="c1" dur="4" dots="1"><note pname="g" oct="4" accid="s"/><note pname="b" oct="4"/></chord>
<note xml:id="n2" pname="d" oct="5" dur="8"/>
<tuplet num="3" numbase="2"><beam>
<note xml:id="n3" dur="16" pname="e" oct="6"/><note dur="16" pname="f" oct="6"/><note dur="16" pname="g" oct="6"/>
</beam></tuplet>
<note grace="unacc" dur="8" pname="e" oct="5" stem.mod="1slash"/><note xml:id="n4" dur="8" pname="c" oct="5"/>
<rest dur="4"/></layer></staff>
<staff n="2"><layer n="1"><mRest/></layer></staff>
<slur startid="#c1" endid="#n2"/><fermata startid="#n4" place="above"/>
<hairpin form="cres" startid="#c1" endid="#n3" staff="1"/><dynam staff="1" tstamp="1">mf</dynam>
</measure></section></score></mdiv></body></music></mei>"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    assert engrave.load(MEI, LAYOUT) == 1
    return next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene


@pytest.fixture(scope="module")
def truth(scene: Scene) -> Related:
    return relate(scene)


def test_every_symbol_has_its_class(truth: Related) -> None:
    found = Counter(node.label for node in truth.graph.nodes)
    expected = {
        "noteheadFull": 7, "noteheadFullSmall": 1, "stem": 7, "beam": 2, "flag8thDown": 2, "augmentationDot": 2,
        "gClef": 1, "clefOctave8": 1, "fClef": 1, "accidentalSharp": 5, "numeral4": 4, "numeral3": 1, "brace": 1,
        "slur": 1, "fermataAbove": 1, "dynamicCrescendoHairpin": 1, "dynamicLetterM": 1, "dynamicLetterF": 1,
        "restQuarter": 1, "restWhole": 1, "repeatDot": 4, "barlineHeavy": 1, "barline": 2,
    }  # fmt: skip
    assert {label: found[label] for label in expected} == expected


def test_relations_follow_the_music(truth: Related) -> None:
    labels = {node.id: node.label for node in truth.graph.nodes}
    pairs = Counter((labels[edge.source], labels[edge.target]) for edge in truth.graph.edges)
    assert pairs["noteheadFull", "stem"] == 7
    assert pairs["noteheadFull", "beam"] == 6  # three heads under two beams each
    assert pairs["noteheadFull", "numeral3"] == 3
    assert pairs["noteheadFull", "augmentationDot"] == 2
    assert pairs["noteheadFull", "accidentalSharp"] == 1  # the four of the key signatures belong to no head
    assert pairs["noteheadFull", "noteheadFullSmall"] == 1
    assert pairs["noteheadFull", "slur"] == 3
    assert pairs["gClef", "clefOctave8"] == 1
    assert sum(count for (_, target), count in pairs.items() if target == "repeatDot") == 4


def test_staff_lines_lie_on_ink(scene: Scene, truth: Related) -> None:
    image = raster.draw(scene)
    assert len(truth.staves) == 2
    assert [staff.system for staff in truth.staves] == [0, 0]
    for staff in truth.staves:
        assert staff.staff_space == pytest.approx(SPACE, rel=0.01)
        columns = np.arange(int(staff.box.left) + 2, int(staff.box.right) - 2)
        for line in staff.lines:
            row = round(line.y_at(float(columns[0])) - 0.5)
            assert (image[row, columns] < 200).mean() > 0.99


def test_boxes_hold_ink_to_their_edges(scene: Scene, truth: Related) -> None:
    image = raster.draw(scene)
    for node in truth.graph.nodes:
        if node.label in ("noteheadFull", "accidentalSharp", "gClef", "restQuarter"):
            inside = _crop(image, node.box)
            assert inside.min() < 100, node.label
            assert max(inside[0].min(), inside[-1].min()) < 250, node.label


def _crop(image: np.ndarray, box: Box) -> np.ndarray:
    return image[int(box.top) : int(np.ceil(box.bottom)), int(box.left) : int(np.ceil(box.right))]


@pytest.mark.parametrize("seed", range(8))
def test_wear_repeats_and_moves_nothing(scene: Scene, truth: Related, seed: int) -> None:
    image = raster.draw(scene)
    worn = degrade(image, np.random.default_rng(seed), staff_space=SPACE)
    again = degrade(image, np.random.default_rng(seed), staff_space=SPACE)
    assert worn.shape == image.shape
    assert np.array_equal(worn, again)
    heads = [node.box for node in truth.graph.nodes if node.label == "noteheadFull"]
    for box in heads:
        core = box.padded(-0.3 * box.width, -0.3 * box.height)
        assert _crop(worn, core).mean() < np.percentile(worn, 90) - 60


UNISON = (
    MEI[: MEI.index("<measure")]
    + """<measure n="1"><staff n="1">
<layer n="1"><note dur="2" pname="c" oct="5" stem.dir="up"/><note dur="2" pname="d" oct="5" stem.dir="up"/></layer>
<layer n="2"><note xml:id="low" dur="2" pname="c" oct="5" stem.dir="down"/><note dur="2" pname="e" oct="4"/></layer>
</staff></measure></section></score></mdiv></body></music></mei>"""
)


def test_the_stem_of_a_note_without_a_head_is_its_unisons() -> None:
    assert engrave.load(UNISON, LAYOUT) == 1
    scene = next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene
    once = [p for p in scene.primitives if not (p.owner.note == "low" and p.label == "noteheadHalf")]
    assert len(once) == len(scene.primitives) - 1
    graph = relate(replace(scene, primitives=tuple(once))).graph
    stems = [
        [n.label for n in graph.targets(head.id)].count("stem") for head in graph.nodes if head.label == "noteheadHalf"
    ]
    assert sorted(stems) == [1, 1, 2]
