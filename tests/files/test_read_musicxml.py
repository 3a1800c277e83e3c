"""MusicXML of any program becomes a Score; what is no MusicXML is refused in one line."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from omr.check import check_score
from omr.errors import InputError, OmrError, TooLargeError
from omr.files import open_xml
from omr.files.mxl import to_mxl
from omr.files.read_musicxml import parse_musicxml, read_musicxml
from omr.score import Score

EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.musicxml"


def note(step: str, duration: int, extra: str = "", *, octave: int = 4, voice: str = "1", staff: int = 1) -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return (
        f"<note>{'<chord/>' if extra == 'chord' else ''}{pitch}<duration>{duration}</duration><voice>{voice}</voice>"
        f"<staff>{staff}</staff>{'' if extra == 'chord' else extra}</note>"
    )


def score(*bars: str, attributes: str = "", beats: int = 4, implicit: tuple[int, ...] = ()) -> str:
    head = (
        f"<attributes><divisions>2</divisions><time><beats>{beats}</beats><beat-type>4</beat-type></time>"
        f"{attributes}</attributes>"
    )
    written = "".join(
        f'<measure number="{number}"{" implicit=" + chr(34) + "yes" + chr(34) if number in implicit else ""}>'
        f"{head if number == 1 else ''}{bar}</measure>"
        for number, bar in enumerate(bars, start=1)
    )
    return (
        '<score-partwise version="3.1"><part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>'
        f'<part id="P1">{written}</part></score-partwise>'
    )


def parsed(text: str) -> Score:
    return parse_musicxml(text.encode(), "made.musicxml")


def codes(text: str) -> set[str]:
    return {issue.code for issue in check_score(parsed(text))}


def test_the_example_is_read_whole() -> None:
    found = read_musicxml(EXAMPLE)
    (part,) = found.parts
    assert (part.name, part.staves, len(part.measures)) == ("Piano", 2, 32)
    first = part.measures[0]
    assert first.key is not None
    assert (first.key.fifths, first.time.length if first.time else None) == (1, Fraction(3))
    assert [change.clef.sign for change in first.clefs] == ["G", "F"]
    upper = [event.tones[0].pitch.step for event in first.events if event.staff == 1]
    assert upper == ["D", "G", "A", "B", "C"]


def test_a_compressed_file_and_another_encoding_say_the_same() -> None:
    plain = EXAMPLE.read_bytes()
    wide = plain.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")
    expected = parse_musicxml(plain, "plain")
    assert parse_musicxml(to_mxl(plain, "menuet"), "zip") == expected
    assert parse_musicxml(wide, "wide") == expected


def test_a_timewise_score_is_read_part_by_part() -> None:
    bar = note("C", 8)
    head = "<attributes><divisions>2</divisions></attributes>"
    text = (
        '<score-timewise><part-list><score-part id="A"/><score-part id="B"/></part-list>'
        f'<measure number="1"><part id="A">{head}{bar}</part><part id="B">{head}{note("E", 8)}</part></measure>'
        f'<measure number="2"><part id="A">{bar}</part><part id="B">{note("F", 8)}</part></measure></score-timewise>'
    )
    steps = [
        [event.tones[0].pitch.step for bar in part.measures for event in bar.events] for part in parsed(text).parts
    ]
    assert steps == [["C", "C"], ["E", "F"]]


def test_chords_grace_notes_voices_and_cross_staff_notes() -> None:
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch><voice>1</voice><type>eighth</type></note>"
    bar = (
        note("G", 4) + note("E", 4, "chord") + grace + note("C", 4)
        + "<backup><duration>8</duration></backup>" + note("C", 4, octave=3, voice="5", staff=2)
        + note("C", 4, voice="5", staff=1)
    )  # fmt: skip
    events = parsed(score(bar, attributes="<staves>2</staves>")).parts[0].measures[0].events
    assert [tone.pitch.step for tone in events[0].tones] == ["E", "G"]
    assert {(event.voice, event.staff) for event in events} == {(1, 1), (5, 2), (5, 1)}
    assert [event.grace for event in events if event.grace] == ["plain"]
    assert sum(event.duration for event in events) == 8


def test_voices_counted_anew_on_each_staff_are_kept_apart() -> None:
    bar = note("C", 8) + "<backup><duration>8</duration></backup>" + note("C", 8, octave=3, voice="1", staff=2)
    text = score(bar, attributes="<staves>2</staves>")
    assert {(event.voice, event.staff) for event in parsed(text).parts[0].measures[0].events} == {(1, 1), (5, 2)}
    assert not codes(text)


PICK_UP = [note("G", 2), note("C", 8), note("C", 6)]
REPEAT = '<barline location="right"><bar-style>light-heavy</bar-style><repeat direction="backward"/></barline>'
TRANSPOSING = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
DRUM = (
    "<note><unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
    "<duration>8</duration></note>"
)
TRIPLET = "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>"


@pytest.mark.parametrize(
    "text",
    [
        score(*PICK_UP),
        score(*PICK_UP, implicit=(1,)),
        score(note("C", 8), note("C", 6) + REPEAT, note("C", 2), note("C", 8)),
        score(note("C", 8), attributes=TRANSPOSING),
        score(DRUM, attributes="<clef><sign>percussion</sign></clef>"),
        score(note("C", 4), attributes="<time><senza-misura/></time>").replace(
            "<time><beats>4</beats><beat-type>4</beat-type></time>", ""
        ),
        score(*[note("C", 8)] * 2, attributes='<measure-style><multiple-rest>2</multiple-rest></measure-style>'),
        score("".join(note("C", 2, TRIPLET) for _ in range(6))).replace(
            "<divisions>2</divisions>", "<divisions>3</divisions>"
        ),
        score(note("C", 10)).replace("<beats>4<", "<beats>3+2<"),
        score('<note><rest measure="yes"/><duration>8</duration></note>'),
        score("<note><pitch><step>C</step><octave>4</octave></pitch><cue/><duration>8</duration></note>"),
    ],
    ids=[
        "pick-up", "implicit pick-up", "split bar at a repeat", "transposing", "percussion", "no metre", "multi-bar rest",
        "triplets", "composite metre", "whole-bar rest", "cue",
    ],
)  # fmt: skip
def test_right_music_of_other_programs_has_no_issues(text: str) -> None:
    assert not codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (score(note("C", 8), note("C", 6), note("C", 8)), "bar-irregular"),
        (score(note("C", 8), note("C", 10), note("C", 8)), "bar-irregular"),
        (score(note("C", 8) + "<backup><duration>4</duration></backup>" + note("D", 4)), "voice-overlap"),
        (score("<forward><duration>8</duration></forward>"), "bar-empty"),
        (score(note("C", 4) + "<forward><duration>4</duration></forward>"), "bar-too-short"),
        (score(note("C", 8, octave=12)), "pitch-unlikely"),
    ],
)
def test_wrong_bars_are_told(text: str, code: str) -> None:
    assert code in codes(text)


def archive(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b"<html><body/></html>",
        b"<score-partwise/>",
        b"<score-partwise><part>",
        b"PK\x03\x04 cut short",
        archive(readme=b"no score"),
        archive(**{"a.xml": b"<opus/>"}),
        score("<note><rest/><duration>many</duration></note>").encode(),
        score("<note><rest/><duration>1e999999999</duration></note>").encode(),
    ],
)
def test_what_is_no_music_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        parse_musicxml(data, "bad.xml")
    assert str(refusal.value).startswith("bad.xml: ")
    assert "\n" not in str(refusal.value)


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_xml, "MAX_BYTES", 100_000)
    bomb = archive(**{"a.xml": b"<score-partwise>" + b" " * 1_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(TooLargeError):
        parse_musicxml(bomb, "bomb.mxl")


def test_no_entity_is_expanded_and_no_file_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    document = (
        f'<!DOCTYPE score-partwise [<!ENTITY file SYSTEM "{secret.as_uri()}">{laughs}]>'
        + score(note("C", 8)).replace("Piano", "P&file;&l11;")
    )  # fmt: skip
    try:
        found = parsed(document)
    except OmrError:
        return
    assert "hidden" not in found.parts[0].name
    assert len(found.parts[0].name) < 100


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    empty = tmp_path / "empty.xml"
    empty.write_bytes(b"")
    for path in (empty, tmp_path, tmp_path / "none.xml"):
        with pytest.raises(InputError, match=str(path.name)):
            read_musicxml(path)
