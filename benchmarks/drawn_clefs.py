"""Whether an engraver drew the clefs of a page where the music has them.

Verovio draws a clef before the next note or rest of the voice in which the file writes it, though that begins later, and one at
a barline after the last note of a voice that falls silent early. Then the page says other pitches than the file. A clef stands
in its place if as many heads of its staff stand before it in its bar as sound there before it. One at the end of the page holds
for the next, of which the file says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from datasets.sample import Sample
from omr.metrics.notes import timed_notes, whole_number
from omr.reading import ReadPage
from omr.reading.bars import split_bars
from omr.reading.document import read_document

Clef = tuple[int, int, int, str]
"""(bar, staff counted through all parts, heads of the staff before it in its bar, sign)."""


def clefs_in_place(sample: Sample) -> bool:
    """Whether every clef that the page shows within a system stands where the file has it; True where bars cannot be told."""
    root = etree.fromstring(sample.musicxml or b"<score/>")
    told = set(_told(root))
    if not told:
        return True
    bars, drawn = _drawn(sample)
    return bars != max(len(part.findall("measure")) for part in root.iter("part")) or drawn <= told


def _told(root: etree._Element) -> Iterator[Clef]:
    """The clefs of a file but the first of each staff; one at a barline stands on either side of it."""
    first = 0
    for part in root.iter("part"):
        divisions, before = 1, Counter[int]()
        for bar, measure in enumerate(part.findall("measure")):
            timed, after = timed_notes(measure, divisions)
            now = 0
            heads = [
                (onset, whole_number(note.findtext("staff"), 1) - 1)
                for note, onset, _ in timed
                if note.find("pitch") is not None and note.get("print-object") != "no"
            ]
            for element in measure:
                for clef in element.findall("clef"):
                    staff, sign = whole_number(clef.get("number"), 1) - 1, clef.findtext("sign") or ""
                    passed = sum(row == staff and onset * after < now for onset, row in heads)
                    yield bar, first + staff, passed, sign
                    if not now and bar:
                        yield bar - 1, first + staff, before[staff], sign
                now += _step(element)
            before = Counter(row for _, row in heads)
            divisions = after
        first += max((whole_number(staves.text, 1) for staves in part.iter("staves")), default=1)


def _step(element: etree._Element) -> int:
    """How far an element of a bar moves on, in divisions."""
    length = whole_number(element.findtext("duration"), 0)
    if element.tag == "backup":
        return -length
    return length if element.tag == "forward" or (element.tag == "note" and element.find("chord") is None) else 0


def _drawn(sample: Sample) -> tuple[int, set[Clef]]:
    """How many bars the page has, and its clefs but those that open a system or end the page."""
    document = read_document((ReadPage(sample.graph, sample.staves),))
    bars, found = 0, set[Clef]()
    for place, system in enumerate(document.systems):
        staves = {rows[place]: staff for staff, rows in enumerate(document.rows)}
        spans = [ink.span for ink in split_bars(system, place, document.items[place], certain=True)]
        timed = [item for item in document.items[place] if not item.grace]
        heads = [(head.node.box.center.x, head.staff) for item in timed for head in item.heads]
        for sign in document.signatures[place].inner:
            bar = next((bar for bar, span in enumerate(spans) if span.left <= sign.x < span.right), None)
            followed = any(row == sign.row and x > sign.x for x, row in heads)
            if bar is not None and (followed or system is not document.systems[-1]):
                passed = sum(row == sign.row and spans[bar].left <= x < sign.x for x, row in heads)
                found.add((bars + bar, staves[sign.row], passed, sign.clef.sign))
        bars += len(spans)
    return bars, found
