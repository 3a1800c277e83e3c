"""What the writer writes, read back by readers that share nothing with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Literal

import music21
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from benchmarks.roundtrip import Heard, read_notes
from benchmarks.varied_scores import varied_score
from omr.errors import InvalidOutputError
from omr.files.gate import repair
from omr.files.musicxml import to_musicxml
from omr.files.schema import require_valid, schema_errors
from omr.score import (
    Barline,
    Clef,
    ClefChange,
    Direction,
    Event,
    Key,
    Measure,
    Part,
    Pitch,
    Score,
    SlurMark,
    Time,
    Tone,
    TupletMark,
)

MANY = settings(max_examples=10, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
TREBLE = ClefChange(onset=Fraction(0), staff=1, clef=Clef(sign="G", line=2))
BASS = ClefChange(onset=Fraction(0), staff=2, clef=Clef(sign="F", line=4))


def note(onset: Fraction | int, duration: Fraction | int, look: str = "quarter", **changes: object) -> Event:
    tone = Tone(pitch=Pitch("G", 4), nodes=((0, 7),))
    made = Event(onset=Fraction(onset), duration=Fraction(duration), type=look, tones=(tone,))  # type: ignore[arg-type]
    return replace(made, **changes)  # type: ignore[arg-type]


def written(*events: Event, staves: int = 1, **changes: object) -> etree._Element:
    """The root of a score of one bar with `events`."""
    bar = Measure(
        index=0,
        number="1",
        duration=Fraction(4),
        events=events,
        clefs=(TREBLE, BASS)[:staves],
        key=Key(-3),
        time=Time(beats=4, beat_type=4, symbol="common"),
    )
    part = Part(id="P1", name="Piano", staves=staves, measures=(replace(bar, **changes),))  # type: ignore[arg-type]
    return etree.fromstring(to_musicxml(Score(parts=(part,))))


def texts(root: etree._Element, path: str) -> list[str | None]:
    return [element.text for element in root.iterfind(path)]


def attributes(root: etree._Element, path: str) -> list[dict[str, str]]:
    return [{str(name): str(value) for name, value in element.attrib.items()} for element in root.iterfind(path)]


def expected_notes(score: Score) -> Counter[Heard]:
    found: Counter[Heard] = Counter()
    for number, part in enumerate(score.parts):
        for bar in part.measures:
            for event in bar.events:
                for tone in event.tones:
                    pitch = (
                        f"{tone.pitch.step}{tone.pitch.octave}{tone.pitch.alter:+d}{' grace' if event.grace else ''}"
                    )
                    found[Heard(number, bar.index, event.staff, event.onset, event.duration, pitch)] += 1
    return found


@MANY
@given(st.integers(0, 10**6).map(Random))
def test_every_note_is_written_where_it_belongs(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    score = varied_score(random)
    path = tmp_path_factory.mktemp("score") / "score.musicxml"
    path.write_bytes(to_musicxml(score))
    assert read_notes(path) == expected_notes(score)


@pytest.mark.parametrize("seed", range(4))
def test_music21_hears_the_same(tmp_path: Path, seed: int) -> None:
    score, _ = repair(varied_score(Random(seed)))
    heard = music21.converter.parse(to_musicxml(score).decode(), format="musicxml")
    assert _heard_by_music21(heard) == _expected_by_music21(score)


def _heard_by_music21(heard: music21.stream.Score) -> Counter[tuple[str, Fraction, Fraction]]:
    found: Counter[tuple[str, Fraction, Fraction]] = Counter()
    for sounding in heard.recurse().notes:
        bar = sounding.getContextByClass("Measure")
        onset = Fraction(sounding.getOffsetInHierarchy(bar)).limit_denominator(96)
        length = Fraction(sounding.quarterLength).limit_denominator(96)
        for pitch in sounding.pitches:
            found[pitch.nameWithOctave.replace("-", "b"), onset, length] += 1
    return found


def _expected_by_music21(score: Score) -> Counter[tuple[str, Fraction, Fraction]]:
    signs = {0: "", 1: "#", -1: "b"}
    return Counter(
        (f"{tone.pitch.step}{signs[tone.pitch.alter]}{tone.pitch.octave}", event.onset, event.duration)
        for part in score.parts
        for bar in part.measures
        for event in bar.events
        for tone in event.tones
    )


def test_the_same_score_gives_the_same_bytes() -> None:
    assert to_musicxml(varied_score(Random(5))) == to_musicxml(varied_score(Random(5)))


def test_attributes_say_what_the_bar_says() -> None:
    root = written(note(0, 4, "whole"), note(0, 4, "whole", voice=5, staff=2), staves=2)
    assert texts(root, ".//fifths") == ["-3"]
    assert attributes(root, ".//time") == [{"symbol": "common"}]
    assert texts(root, ".//staves") == ["2"]
    assert attributes(root, ".//clef") == [{"number": "1"}, {"number": "2"}]
    assert texts(root, ".//note/staff") == ["1", "2"]
    assert texts(root, ".//backup/duration") == ["4"]


def test_a_time_that_is_not_printed_is_hidden() -> None:
    root = written(note(0, 4, "whole"), time=Time(beats=4, beat_type=4, printed=False))
    assert attributes(root, ".//time") == [{"print-object": "no"}]


def test_a_triplet_carries_its_ratio_and_marks() -> None:
    third = Fraction(2, 3)
    marks = {0: (TupletMark(kind="start", bracket=True),), 2: (TupletMark(kind="stop"),)}
    triplet = [note(third * i, third, time_modification=(3, 2), tuplets=marks.get(i, ())) for i in range(3)]
    root = written(*triplet, note(2, 2, "half"))
    assert texts(root, ".//divisions") == ["3"]
    assert texts(root, ".//note/duration") == ["2", "2", "2", "6"]
    assert texts(root, ".//time-modification/actual-notes") == ["3", "3", "3"]
    assert [mark["type"] for mark in attributes(root, ".//tuplet")] == ["start", "stop"]


def test_ties_are_heard_and_seen() -> None:
    start = Tone(pitch=Pitch("G", 4), tie_start=True)
    stop = Tone(pitch=Pitch("G", 4), tie_stop=True)
    root = written(note(0, 2, "half", tones=(start,)), note(2, 2, "half", tones=(stop,)))
    for path in (".//tie", ".//tied"):
        assert attributes(root, path) == [{"type": "start"}, {"type": "stop"}]


def test_slurs_that_sound_together_get_different_numbers_and_share_them_afterwards() -> None:
    def mark(kind: str, key: str) -> SlurMark:
        return SlurMark(kind=kind, key=key)  # type: ignore[arg-type]

    root = written(
        note(0, 1, slurs=(mark("start", "a"), mark("start", "b"))),
        note(1, 1, slurs=(mark("stop", "a"),)),
        note(2, 1, slurs=(mark("stop", "b"), mark("start", "c"))),
        note(3, 1, slurs=(mark("stop", "c"),)),
    )
    found = [(slur["type"], slur["number"]) for slur in attributes(root, ".//slur")]
    assert found == [("start", "1"), ("start", "2"), ("stop", "1"), ("stop", "2"), ("start", "1"), ("stop", "1")]


def test_padding_is_a_forward_not_a_rest() -> None:
    root = written(note(0, 1), note(1, 3, tones=(), padding=True))
    assert texts(root, ".//forward/duration") == ["3"]
    assert root.find(".//rest") is None


def test_a_grace_note_takes_no_time() -> None:
    root = written(note(0, 0, "eighth", grace="slashed"), note(0, 4, "whole"))
    assert attributes(root, ".//grace") == [{"slash": "yes"}]
    assert len(root.findall(".//note/duration")) == 1


def test_ids_name_the_ink_once() -> None:
    root = written(note(0, 4, "whole"), note(0, 2, "half", voice=2), note(2, 2, "half", voice=2, tones=()))
    assert [element.get("id") for element in root.iter("note")] == ["p0-n7", "p0-n7-2", None]


def test_chords_and_marks() -> None:
    low = Tone(pitch=Pitch("E", 4, -1), accidental="flat", cautionary=True)
    high = Tone(pitch=Pitch("G", 4), notehead="x")
    chord = note(
        0, 4, "whole", tones=(low, high), articulations=("accent",), ornaments=("turn",), fermata=True, arpeggiate=True
    )
    root = written(chord)
    assert len(root.findall(".//note/chord")) == 1
    assert texts(root, ".//accidental") == ["flat"]
    assert texts(root, ".//notehead") == ["x"]
    assert len(root.findall(".//arpeggiate")) == 2
    assert [len(root.findall(f".//{name}")) for name in ("accent", "turn", "fermata")] == [1, 1, 1]


def test_barlines_repeats_and_endings() -> None:
    left = Barline(style="heavy-light", repeat="forward", ending=("start", "1"))
    right = Barline(style="light-heavy", repeat="backward", ending=("stop", "1"))
    root = written(note(0, 4, "whole"), left=left, right=right)
    assert [mark["direction"] for mark in attributes(root, ".//repeat")] == ["forward", "backward"]
    assert texts(root, ".//bar-style") == ["heavy-light", "light-heavy"]
    assert [mark["type"] for mark in attributes(root, ".//ending")] == ["start", "stop"]


def test_a_clef_and_a_word_inside_the_bar_stand_at_their_time() -> None:
    change = ClefChange(onset=Fraction(3), staff=1, clef=Clef(sign="C", line=3))
    word = Direction(onset=Fraction(1), staff=1, kind="words", value="dolce")
    root = written(note(0, 2, "half"), note(2, 2, "half"), clefs=(TREBLE, change), directions=(word,))
    bar = root.find(".//measure")
    assert bar is not None
    place, found = Fraction(0), {}
    for element in bar:
        if element.tag in ("attributes", "direction"):
            found[element.tag] = place
        sign = -1 if element.tag == "backup" else 1
        place += sign * Fraction(element.findtext("duration", "0"))
    assert found == {"attributes": 3, "direction": 1}
    assert place == 4


@pytest.mark.parametrize(
    ("kind", "value", "path"),
    [
        ("dynamics", "mf", "dynamics/mf"),
        ("dynamics", "molto f", "dynamics/other-dynamics"),
        ("words", "dolce \x00", "words"),
        ("segno", "", "segno"),
        ("coda", "", "coda"),
        ("metronome", "quarter.=60", "metronome/beat-unit-dot"),
        ("metronome", "Andante", "words"),
    ],
)
def test_directions(kind: str, value: str, path: str) -> None:
    said = Direction(onset=Fraction(0), staff=1, kind=kind, value=value)  # type: ignore[arg-type]
    root = written(note(0, 4, "whole"), directions=(said,))
    assert root.find(f".//direction-type/{path}") is not None


def test_a_broken_bar_is_marked_in_colour() -> None:
    root = written(note(0, 1))
    assert [(words.text, words.get("color")) for words in root.iter("words")] == [("bar too short", "#C00000")]


def test_what_breaks_the_schema_is_refused() -> None:
    with pytest.raises(InvalidOutputError, match="not well formed"):
        require_valid(b"<score-partwise>")
    with pytest.raises(InvalidOutputError, match="breaks its schema"):
        require_valid(b"<score-partwise version='4.0'><part-list/></score-partwise>")
    assert schema_errors(etree.fromstring(to_musicxml(varied_score(Random(1))))) == ()


def test_a_tempo_mark_is_heard_in_quarters() -> None:
    said = Direction(onset=Fraction(0), staff=1, kind="metronome", value="quarter.=60")
    assert attributes(written(note(0, 4, "whole"), directions=(said,)), ".//sound") == [{"tempo": "90"}]


def test_staves_of_one_part_need_no_group_but_parts_do() -> None:
    def part(name: str, staves: int, group: Literal["brace", "bracket"]) -> Part:
        bar = Measure(index=0, number="1", duration=Fraction(4))
        return Part(id=name, name=name, staves=staves, measures=(bar,), group=group)

    parts = (part("A", 1, "bracket"), part("B", 1, "bracket"), part("C", 2, "brace"), part("D", 2, "brace"))
    root = etree.fromstring(to_musicxml(Score(parts=parts)))
    part_list = root.find("part-list")
    assert part_list is not None
    order = [element.get("id") or element.get("type") for element in part_list]
    assert order == ["start", "A", "B", "stop", "C", "D"]
    assert texts(root, ".//group-symbol") == ["bracket"]
