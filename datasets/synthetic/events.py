"""Chords and rests of made-up music, and how they are written in MusicXML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from datasets.synthetic.rhythm import NORMAL, QUARTER, TYPES, Value, beats
from datasets.synthetic.schema import STEPS, make, wrap

SHARP_ORDER: Final = "FCGDAEB"
ACCIDENTALS: Final = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}

Clef = tuple[str, str, str]
"""(sign, line, octave change) as MusicXML writes them."""
Pitch = tuple[int, int]
"""(diatonic steps above C0, alteration in semitones)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A chord or rest of one voice, ready to be written."""

    value: Value
    pitches: tuple[Pitch, ...]
    tied_from: bool = False
    tied_to: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Key and metre of one bar, the same in all parts."""

    fifths: int
    metre: tuple[str, str]
    changed: bool


def key_alteration(height: int, fifths: int) -> int:
    """Alteration in semitones that the key signature gives to a note."""
    step = STEPS[height % 7]
    if fifths > 0:
        return int(step in SHARP_ORDER[:fifths])
    return -int(step in SHARP_ORDER[7 + fifths :]) if fifths < 0 else 0


def write_attributes(
    setting: Setting, before: Setting | None, clefs: Sequence[Clef], *, common: bool
) -> etree._Element:
    """What a bar declares; `before` is the bar before, None at the head of the part; `common` writes C for four quarters."""
    made = make("attributes")
    if before is None:
        made.append(make("divisions", str(QUARTER)))
    if before is None or before.fifths != setting.fifths:
        made.append(wrap("key", make("fifths", str(setting.fifths))))
    if before is None or before.metre != setting.metre:
        made.append(_time(setting.metre, common=common))
    if before is None:
        if len(clefs) > 1:
            made.append(make("staves", str(len(clefs))))
        for number, (sign, line, octave) in enumerate(clefs):
            clef = make("clef", attributes={"number": str(number + 1)})
            clef.extend((make("sign", sign), make("line", line)))
            if octave:
                clef.append(make("clef-octave-change", octave))
            made.append(clef)
    return made


def _time(metre: tuple[str, str], *, common: bool) -> etree._Element:
    symbol = {("4", "4"): "common", ("2", "2"): "cut"}.get(metre, "")
    time = make("time", attributes={"symbol": symbol} if symbol and common else {})
    time.extend((make("beats", metre[0]), make("beat-type", metre[1])))
    return time


def write_staff(
    measure: etree._Element, staff: int, voices: Sequence[Sequence[Event]], setting: Setting, *, alone: bool
) -> None:
    length = sum(beats(setting.metre))
    printed = _accidentals(voices, setting.fifths)
    for number, events in enumerate(voices):
        if staff or number:
            measure.append(wrap("backup", make("duration", str(length))))
        stem = "" if len(voices) == 1 else ("up", "down")[number]
        for index, event in enumerate(events):
            for note in _notes(event, 1 + 4 * staff + number, "" if alone else str(staff + 1), stem, length):
                measure.append(note)
            _print_accidentals(measure, event, printed.get((number, index), {}))


def _accidentals(voices: Sequence[Sequence[Event]], fifths: int) -> dict[tuple[int, int], dict[int, int]]:
    """Alterations to print by (voice, event) and height: where a note differs from the key or from earlier in the bar."""
    order = sorted(
        (
            (event.value.onset, number, index)
            for number, events in enumerate(voices)
            for index, event in enumerate(events)
        )
    )
    inforce: dict[int, int] = {}
    found: dict[tuple[int, int], dict[int, int]] = {}
    for _, number, index in order:
        event = voices[number][index]
        for height, alter in event.pitches:
            if event.tied_from:
                continue
            if inforce.get(height, key_alteration(height, fifths)) != alter:
                found.setdefault((number, index), {})[height] = alter
            inforce[height] = alter
    return found


def _print_accidentals(measure: etree._Element, event: Event, printed: dict[int, int]) -> None:
    if not printed:
        return
    notes = list(measure)[-len(event.pitches) :]
    for note, (height, _) in zip(notes, event.pitches):
        if height in printed:
            anchor = [child for child in note if child.tag in ("voice", "type", "dot")][-1]
            anchor.addnext(make("accidental", ACCIDENTALS[printed[height]]))


def _notes(event: Event, voice: int, staff: str, stem: str, bar: int) -> list[etree._Element]:
    if not event.pitches:
        whole_bar = event.value.ticks == bar and event.value.onset == 0
        rest = make("rest", attributes={"measure": "yes"} if whole_bar else {})
        return [_note(event, rest, voice, staff, "", first=True)]
    found = []
    for index, (height, alter) in enumerate(event.pitches):
        pitch = wrap("pitch", make("step", STEPS[height % 7]))
        if alter:
            pitch.append(make("alter", str(alter)))
        pitch.append(make("octave", str(height // 7)))
        found.append(_note(event, pitch, voice, staff, stem, first=index == 0))
    return found


def _note(event: Event, what: etree._Element, voice: int, staff: str, stem: str, *, first: bool) -> etree._Element:
    value = event.value
    note = make("note")
    if not first:
        note.append(make("chord"))
    note.extend((what, make("duration", str(value.ticks))))
    ties = [kind for kind, there in (("stop", event.tied_from), ("start", event.tied_to)) if there]
    note.extend(make("tie", attributes={"type": kind}) for kind in ties)
    note.append(make("voice", str(voice)))
    if what.get("measure") is None:
        note.append(make("type", TYPES[value.denominator]))
        note.extend(make("dot") for _ in range(value.dots))
    if value.tuplet:
        counts = (make("actual-notes", str(value.tuplet)), make("normal-notes", str(NORMAL[value.tuplet])))
        note.append(wrap("time-modification", *counts))
    if stem and value.denominator > 1:
        note.append(make("stem", stem))
    if staff:
        note.append(make("staff", staff))
    if first:
        note.extend(make("beam", word, {"number": str(level + 1)}) for level, word in enumerate(value.beams))
    _add_notations(note, value, ties, first=first)
    return note


def _add_notations(note: etree._Element, value: Value, ties: Sequence[str], *, first: bool) -> None:
    marks = [make("tied", attributes={"type": kind}) for kind in ties]
    if first and value.tuplet_edge:
        marks.append(make("tuplet", attributes={"type": value.tuplet_edge, "number": "1"}))
    if marks:
        note.append(wrap("notations", *marks))
