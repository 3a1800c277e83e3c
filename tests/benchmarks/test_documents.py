"""A part that is silenced rests in every staff for the length of its bars, and nothing else changes."""

from __future__ import annotations

from lxml import etree

from benchmarks.documents import silence
from omr.metrics.notes import read_bars

NOTE = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>{}</duration><staff>{}</staff></note>"
BAR = (
    "<measure>{}" + NOTE.format(6, 1) + "<backup><duration>6</duration></backup>" + NOTE.format(6, 2)
    + "<barline location='right'/></measure>"
)  # fmt: skip
TIME = "<time><beats>3</beats><beat-type>4</beat-type></time>"
SIGNS = f"<attributes><divisions>2</divisions>{TIME}<staves>2</staves></attributes>"


def test_silenced_bars_rest() -> None:
    root = etree.fromstring(f"<score-partwise><part>{BAR.format(SIGNS)}{BAR.format('') * 2}</part></score-partwise>")
    (part,) = root.findall("part")
    silence(part, 1, 2)
    assert [len(bar) for bar in read_bars(etree.tostring(root))] == [2, 0, 2]
    silent = part.findall("measure")[1]
    assert [element.tag for element in silent] == ["note", "backup", "note", "barline"]
    assert [note.findtext("staff") for note in silent.findall("note")] == ["1", "2"]
    assert {element.findtext("duration") for element in silent[:3]} == {"6"}
