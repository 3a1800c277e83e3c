"""One event as MusicXML: a chord is one <note> a head, the first carrying what belongs to the chord as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from lxml import etree

from omr.files.attributes import ink_id
from omr.files.elements import child
from omr.score import Event, Part, Pitch, Tone

MOST_BEAMS = 8


def write_event(
    parent: etree._Element, part: Part, event: Event, *, divisions: int, slur_numbers: Mapping[str, int]
) -> None:
    """Append the notes of `event`: one a tone, or a rest, or for padding a <forward>."""
    if event.padding:
        write_forward(parent, part, event, divisions)
    elif event.is_rest:
        _write_note(parent, part, event, None, divisions=divisions, slur_numbers=slur_numbers)
    for tone in event.tones:
        _write_note(parent, part, event, tone, divisions=divisions, slur_numbers=slur_numbers)


def write_forward(parent: etree._Element, part: Part, event: Event, divisions: int) -> None:
    element = child(parent, "forward")
    child(element, "duration", ticks(event.duration, divisions))
    child(element, "voice", event.voice)
    if part.staves > 1:
        child(element, "staff", event.staff)


def ticks(length: Fraction, divisions: int) -> int:
    """`length` in quarter notes as a whole number of divisions; raises ValueError when it is not one."""
    scaled = length * divisions
    if scaled.denominator != 1:
        raise ValueError(f"{length} quarter notes are not a whole number of 1/{divisions}")
    return scaled.numerator


def _write_note(
    parent: etree._Element,
    part: Part,
    event: Event,
    tone: Tone | None,
    *,
    divisions: int,
    slur_numbers: Mapping[str, int],
) -> None:
    note = child(parent, "note")
    ink = (*(tone.nodes if tone else ()), *event.nodes)
    if ink:
        note.set("id", ink_id(ink[0]))
    leads = tone is None or tone is event.tones[0]
    _write_sound(note, event, tone, divisions if not event.grace else None, leads)
    child(note, "voice", event.voice)
    _write_look(note, event, tone)
    if part.staves > 1:
        child(note, "staff", event.staff)
    if leads:
        for level, state in enumerate(event.beams[:MOST_BEAMS], start=1):
            child(note, "beam", state, {"number": str(level)})
    _write_notations(note, event, tone, slur_numbers if leads else {}, leads)


def _write_sound(note: etree._Element, event: Event, tone: Tone | None, divisions: int | None, leads: bool) -> None:
    if event.grace:
        child(note, "grace", attributes={"slash": "yes"} if event.grace == "slashed" else None)
    if not leads:
        child(note, "chord")
    if tone is None:
        child(note, "rest", attributes={"measure": "yes"} if event.measure_rest else None)
    else:
        _write_pitch(note, tone.pitch)
    if divisions:
        child(note, "duration", ticks(event.duration, divisions))
    if tone and tone.tie_stop:
        child(note, "tie", attributes={"type": "stop"})
    if tone and tone.tie_start:
        child(note, "tie", attributes={"type": "start"})


def _write_pitch(note: etree._Element, pitch: Pitch) -> None:
    element = child(note, "pitch")
    child(element, "step", pitch.step)
    if pitch.alter:
        child(element, "alter", pitch.alter)
    child(element, "octave", pitch.octave)


def _write_look(note: etree._Element, event: Event, tone: Tone | None) -> None:
    if not event.measure_rest:
        child(note, "type", event.type)
        for _ in range(event.dots):
            child(note, "dot")
    if tone and tone.accidental:
        child(
            note,
            "accidental",
            tone.accidental,
            {"cautionary": "yes", "parentheses": "yes"} if tone.cautionary else None,
        )
    if event.time_modification:
        actual, normal = event.time_modification
        element = child(note, "time-modification")
        child(element, "actual-notes", actual)
        child(element, "normal-notes", normal)
    if tone and event.stem:
        child(note, "stem", event.stem)
    if tone and tone.notehead:
        child(note, "notehead", tone.notehead)


def _write_notations(
    note: etree._Element, event: Event, tone: Tone | None, slur_numbers: Mapping[str, int], leads: bool
) -> None:
    notations = etree.Element("notations")
    if tone and tone.tie_stop:
        child(notations, "tied", attributes={"type": "stop"})
    if tone and tone.tie_start:
        child(notations, "tied", attributes={"type": "start"})
    for slur in sorted(event.slurs, key=lambda slur: (slur.kind != "stop", slur.key)):
        if slur.key in slur_numbers:
            child(notations, "slur", attributes={"type": slur.kind, "number": str(slur_numbers[slur.key])})
    if leads:
        _write_chord_notations(notations, event)
    if event.arpeggiate and tone:
        child(notations, "arpeggiate")
    if len(notations):
        note.append(notations)


def _write_chord_notations(notations: etree._Element, event: Event) -> None:
    for mark in event.tuplets:
        attributes = {"type": mark.kind, "number": str(mark.number)}
        if mark.kind == "start":
            attributes["bracket"] = "yes" if mark.bracket else "no"
        child(notations, "tuplet", attributes=attributes)
    if event.ornaments or event.tremolo:
        group = child(notations, "ornaments")
        for name in event.ornaments:
            child(group, name)
        if event.tremolo:
            kind, strokes = event.tremolo
            child(group, "tremolo", strokes, {"type": kind})
    if event.articulations:
        group = child(notations, "articulations")
        for name in event.articulations:
            child(group, name)
    if event.fermata:
        child(notations, "fermata", attributes={"type": "upright"})
