"""Cue notes are small heads, whatever the engraver calls them."""

from __future__ import annotations

from collections import Counter

from datasets.synthetic import engrave
from datasets.synthetic.relate import relate
from tests.synthetic.test_engraving import LAYOUT, SPACE

MUSICXML = """<score-partwise version="4.0"><part-list><score-part id="P1"><part-name/></score-part></part-list><part id="P1">
<measure number="1"><attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
<clef><sign>G</sign><line>2</line></clef></attributes>
<note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>
<note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration><type size="cue">quarter</type></note>
<note><pitch><step>E</step><octave>5</octave></pitch><duration>2</duration><type size="cue">half</type></note>
</measure></part></score-partwise>"""


def test_cue_notes_have_small_heads() -> None:
    assert engrave.load(MUSICXML, LAYOUT) == 1
    scene = next(engrave.pages((1,), LAYOUT, staff_space=SPACE, face="FreeSerif")).scene
    found = Counter(node.label for node in relate(scene).graph.nodes if node.label.startswith("notehead"))
    assert found == {"noteheadFull": 1, "noteheadFullSmall": 1, "noteheadHalfSmall": 1}
