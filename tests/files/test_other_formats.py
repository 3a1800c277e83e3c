"""MIDI, mxl, MuNG and the engraved preview."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from random import Random

import cv2
import numpy as np
import pytest
from music21 import midi

from benchmarks.varied_scores import varied_score
from omr.errors import InputError
from omr.files.convert import to_midi
from omr.files.mung import read_mung, to_mung
from omr.files.musicxml import to_musicxml
from omr.files.mxl import to_mxl
from omr.files.preview import engrave_preview
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph
from omr.score import Barline, Clef, ClefChange, Event, Measure, Part, Pitch, Score, Time, Tone

MUSCIMA = b"""<?xml version="1.0" encoding="utf-8"?>
<Nodes dataset="MUSCIMA-pp_2.0" document="page">
  <Node><Id>4</Id><ClassName>noteheadFull</ClassName><Top>10</Top><Left>20</Left><Width>30</Width><Height>8</Height>
    <Mask>0:1 1:2</Mask><Outlinks>9 5 77</Outlinks></Node>
  <Node><Id>5</Id><ClassName>stem</ClassName><Top>0</Top><Left>49</Left><Width>2</Width><Height>20</Height>
    <Inlinks>4</Inlinks></Node>
  <Node><Id>9</Id><ClassName>keySignature</ClassName><Top>1</Top><Left>2</Left><Width>3</Width><Height>4</Height></Node>
</Nodes>"""


PLAIN = Barline()


def two_bars(right: Barline, left: Barline = PLAIN) -> bytes:
    """C4 then D4, a whole note each, the first bar ending with `right`, the second beginning with `left`."""

    def bar(index: int, step: str) -> Measure:
        tone = Tone(pitch=Pitch(step, 4))  # type: ignore[arg-type]
        event = Event(onset=Fraction(0), duration=Fraction(4), type="whole", tones=(tone,))
        clef = ClefChange(onset=Fraction(0), staff=1, clef=Clef(sign="G", line=2))
        return Measure(
            index=index,
            number=str(index + 1),
            duration=Fraction(4),
            events=(event,),
            clefs=(clef,) if index == 0 else (),
            time=Time(beats=4, beat_type=4) if index == 0 else None,
            left=left if index else PLAIN,
            right=PLAIN if index else right,
        )

    bars = (bar(0, "C"), bar(1, "D"))
    return to_musicxml(Score(parts=(Part(id="P1", name="Flute", staves=1, measures=bars),)))


def played(content: bytes) -> list[int]:
    """MIDI pitches in the order in which they begin."""
    file = midi.MidiFile()
    file.readstr(content)
    return [e.pitch for track in file.tracks for e in track.events if e.isNoteOn() and e.velocity > 0]


def test_midi_plays_the_notes_and_their_repeat() -> None:
    assert played(to_midi(two_bars(PLAIN))) == [60, 62]
    assert played(to_midi(two_bars(Barline(style="light-heavy", repeat="backward")))) == [60, 60, 62]


def test_midi_of_repeats_that_make_no_sense_is_played_once() -> None:
    opened = two_bars(PLAIN, left=Barline(style="heavy-light", repeat="forward"))
    assert played(to_midi(opened)) == [60, 62]


def test_midi_is_the_same_every_time() -> None:
    content = two_bars(PLAIN)
    assert to_midi(content) == to_midi(content)


def test_mxl_holds_the_score_named_by_its_container() -> None:
    packed = to_mxl(b"<score/>", "a/b: c")
    assert packed == to_mxl(b"<score/>", "a/b: c")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["mimetype", "META-INF/container.xml", "a_b_ c.musicxml"]
        assert b'full-path="a_b_ c.musicxml"' in archive.read("META-INF/container.xml")
        assert archive.read("a_b_ c.musicxml") == b"<score/>"


def test_mung_comes_back_as_it_went() -> None:
    nodes = (
        Node(id=3, label="noteheadFull", box=Box(10, 20, 30, 40), origin="truth"),
        Node(id=8, label="stem", box=Box(29, 0, 31, 30), origin="truth"),
    )
    graph = NotationGraph(nodes, (Edge(3, 8),))
    content = to_mung(graph, "page")
    assert read_mung(content) == graph
    assert b"<Inlinks>3</Inlinks>" in content


def test_mung_boxes_grow_to_whole_pixels() -> None:
    graph = NotationGraph((Node(id=0, label="stem", box=Box(1.2, 2.7, 3.1, 9.0)),))
    assert read_mung(to_mung(graph, "page")).nodes[0].box == Box(1, 2, 4, 9)


def test_muscima_files_can_be_read() -> None:
    graph = read_mung(MUSCIMA)
    assert [node.label for node in graph.nodes] == ["noteheadFull", "stem", "keySignature"]
    assert graph.by_id[4].box == Box(20, 10, 50, 18)
    assert [(edge.source, edge.target) for edge in graph.edges] == [(4, 5), (4, 9)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a MuNG file"),
        (b"<CropObjectList/>", "expected <Nodes>"),
        (MUSCIMA.replace(b"<Top>10</Top>", b""), "one number as Top"),
        (MUSCIMA.replace(b"<Width>30", b"<Width>-3"), "negative size"),
        (MUSCIMA.replace(b"9 5 77", b"9 five"), "Outlinks"),
        (MUSCIMA.replace(b"stem", b""), "no ClassName"),
        (MUSCIMA.replace(b"<Id>5", b"<Id>4"), "share an Id"),
    ],
)
def test_files_that_are_not_mung_are_named_so(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_mung(content)


def test_the_preview_shows_staves_and_notes() -> None:
    pages = engrave_preview(two_bars(PLAIN))
    assert len(pages) == 1
    image = cv2.imdecode(np.frombuffer(pages[0], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    dark_rows = (image < 200).mean(axis=1)
    assert (dark_rows > 0.06).sum() == 5  # the lines of a short staff
    assert engrave_preview(two_bars(PLAIN)) == pages


def test_a_varied_score_can_be_engraved_and_played() -> None:
    content = to_musicxml(varied_score(Random(11)))
    assert engrave_preview(content)
    assert to_midi(content).startswith(b"MThd")
