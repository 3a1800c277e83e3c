"""The <note>s of a bar as events: heads that carry <chord> join the note before them.

A note without pitch (percussion) stands where it is displayed and gets a head of another shape, by which it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, cast, get_args

from lxml import etree

from omr.files.read_bar import Placed, children, whole
from omr.files.spelling import TYPE_LENGTHS
from omr.score import BeamState, Event, NodeRef, NoteType, Pitch, StemDirection, Tone, TupletMark

Accidental = Literal["sharp", "flat", "natural", "double-sharp", "flat-flat"]
Head = Literal["x", "slash", "triangle", "diamond"]
STEPS: Final = "ABCDEFG"
ACCIDENTALS: Final[Mapping[str, Accidental]] = {
    "sharp": "sharp", "flat": "flat", "natural": "natural", "double-sharp": "double-sharp", "flat-flat": "flat-flat",
    "sharp-sharp": "double-sharp", "natural-sharp": "sharp", "natural-flat": "flat",
}  # fmt: skip
HEADS: Final[Mapping[str, Head]] = {"x": "x", "slash": "slash", "triangle": "triangle", "diamond": "diamond"}
_OWN_ID = re.compile(r"p(\d+)-n(\d+)(?:-\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """An event and the name its voice has in the file."""

    voice: str
    event: Event


def read_events(placed: Iterable[Placed]) -> tuple[Sounding, ...]:
    """The chords, notes and rests among `placed`, in the order of the file; raises InputError."""
    found: list[Sounding] = []
    for each in placed:
        if each.element.tag != "note":
            continue
        if each.element.find("chord") is not None and found and found[-1].event.tones:
            found[-1] = _joined(found[-1], each.element)
        else:
            found.append(Sounding(voice=_text(each.element, "voice") or "1", event=_event(each)))
    return tuple(found)


def _joined(chord: Sounding, note: etree._Element) -> Sounding:
    tones = sorted((*chord.event.tones, *_tones(note)), key=lambda tone: _height(tone.pitch))
    return replace(chord, event=replace(chord.event, tones=tuple(tones)))


def _height(pitch: Pitch) -> tuple[int, int]:
    return 7 * pitch.octave + "CDEFGAB".index(pitch.step), pitch.alter


def _event(placed: Placed) -> Event:
    note = placed.element
    grace, rest = note.find("grace"), note.find("rest")
    tones = _tones(note)
    return Event(
        onset=placed.onset,
        duration=placed.duration,
        type=_type(note, placed.duration),
        dots=len(note.findall("dot")),
        tones=tones,
        staff=max(1, whole(note.find("staff"), 1)),
        stem=_stem(note),
        beams=_beams(note),
        time_modification=_ratio(note),
        tuplets=_tuplets(note),
        grace=None if grace is None or not tones else "slashed" if grace.get("slash") == "yes" else "plain",
        measure_rest=rest is not None and rest.get("measure") == "yes",
        articulations=_names(note, "notations/articulations"),
        fermata=note.find("notations/fermata") is not None,
        ornaments=_names(note, "notations/ornaments"),
        arpeggiate=note.find("notations/arpeggiate") is not None,
        nodes=() if tones else _ink(note),
    )


def _tones(note: etree._Element) -> tuple[Tone, ...]:
    pitch = _pitch(note)
    if pitch is None:
        return ()
    printed = note.find("accidental")
    ties = {element.get("type") for element in note.findall("tie")}
    unpitched = note.find("unpitched") is not None
    return (
        Tone(
            pitch=pitch,
            accidental=ACCIDENTALS.get(_text(note, "accidental")),
            cautionary=printed is not None and "yes" in (printed.get("cautionary"), printed.get("parentheses")),
            tie_start="start" in ties,
            tie_stop="stop" in ties,
            notehead=HEADS.get(_text(note, "notehead"), "x" if unpitched else None),
            nodes=_ink(note),
        ),
    )


def _pitch(note: etree._Element) -> Pitch | None:
    """Where the note stands; None for a rest."""
    for name, prefix in (("pitch", ""), ("unpitched", "display-")):
        element = note.find(name)
        if element is not None:
            step = _text(element, prefix + "step").upper()
            octave, alter = whole(element.find(prefix + "octave"), 4), whole(element.find("alter"), 0)
            return Pitch(step if step in STEPS and len(step) == 1 else "B", octave, alter)  # type: ignore[arg-type]
    return None


def _type(note: etree._Element, duration: Fraction) -> NoteType:
    """The written value, else the longest that is no longer than the note."""
    named = _text(note, "type")
    if named in TYPE_LENGTHS:
        return named
    fitting = (name for name, length in TYPE_LENGTHS.items() if length <= duration)
    return next(fitting, "128th" if duration else "eighth")


def _stem(note: etree._Element) -> StemDirection | None:
    stem = _text(note, "stem")
    return cast("StemDirection", stem) if stem in get_args(StemDirection) else None


def _beams(note: etree._Element) -> tuple[BeamState, ...]:
    beams = sorted(note.findall("beam"), key=lambda beam: beam.get("number", "1"))
    states = ((beam.text or "").strip() for beam in beams)
    return tuple(cast("BeamState", state) for state in states if state in get_args(BeamState))


def _ratio(note: etree._Element) -> tuple[int, int] | None:
    element = note.find("time-modification")
    if element is None:
        return None
    actual, normal = whole(element.find("actual-notes"), 1), whole(element.find("normal-notes"), 1)
    return (actual, normal) if actual > 0 and normal > 0 else None


def _tuplets(note: etree._Element) -> tuple[TupletMark, ...]:
    marks = note.findall("notations/tuplet")
    return tuple(
        TupletMark(kind="start" if mark.get("type") == "start" else "stop", bracket=mark.get("bracket") == "yes")
        for mark in marks
        if mark.get("type") in ("start", "stop")
    )


def _names(note: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(child.tag for group in note.findall(path) for child in children(group)))


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _ink(note: etree._Element) -> tuple[NodeRef, ...]:
    """The ink a note was read from, where this program wrote the file."""
    match = _OWN_ID.fullmatch(note.get("id", ""))
    return ((int(match[1]), int(match[2])),) if match else ()
