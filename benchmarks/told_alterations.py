"""Alterations as the page tells them: by key, by accidentals of the bar and by ties.

A file may hold an alteration that no sign tells: the accidental stood, or the tie began, on the page before, or the editor
forgot it. An accidental holds to the end of the bar, on its staff and in its octave; of what sounds with it, for what stands
to its right, which the file does not say. A tied note keeps the alteration of the note it is tied to.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from lxml import etree

from omr.metrics.notes import timed_notes, whole_number
from omr.reading.pitches import key_alter

Place = tuple[str | None, str, str | None]
"""(staff, step, octave)."""


def as_spelled(part: etree._Element) -> None:
    """Give the notes of a part what key and accidentals say, where no tie from a note of the part says otherwise."""
    fifths, divisions = 0, 1
    for number, measure in enumerate(part.iter("measure")):
        fifths = whole_number(measure.findtext("attributes/key/fifths"), fifths)
        timed, divisions = timed_notes(measure, divisions)
        onsets = {note: onset for note, onset, _ in timed}
        _spell_bar(measure, onsets, fifths, opens=number == 0)


def _spell_bar(measure: etree._Element, onsets: dict[etree._Element, Fraction], fifths: int, *, opens: bool) -> None:
    told: dict[Place, str] = {}
    for (_, timed), notes in groupby(_in_time(measure, onsets), key=lambda entry: entry[:2]):
        chord = [note for *_, note in notes]
        before = dict(told)
        for note in chord:
            if note.find("accidental") is not None:
                told[_place(note)] = note.findtext("pitch/alter") or "0"
        for note in chord:
            held = not opens and note.find("tie[@type='stop']") is not None
            if not timed or held or note.find("accidental") is not None:
                continue
            key = str(key_alter("CDEFGAB".index(_place(note)[1]), fifths))
            allowed = {signs.get(_place(note), key) for signs in (before, told)}
            if (note.findtext("pitch/alter") or "0") not in allowed:
                _spell(note, told.get(_place(note), key))


def _in_time(
    measure: etree._Element, onsets: dict[etree._Element, Fraction]
) -> list[tuple[Fraction, bool, etree._Element]]:
    """(onset, whether it has a time of its own, note) in order; grace notes come before the note they stand before."""
    found = []
    onset = max(onsets.values(), default=Fraction(0))
    for note in reversed(measure.findall("note")):
        onset = onsets.get(note, onset)
        if note.find("pitch") is not None:
            found.append((onset, note in onsets, note))
    found.reverse()
    return sorted(found, key=lambda entry: entry[:2])


def _place(note: etree._Element) -> Place:
    return note.findtext("staff"), note.findtext("pitch/step") or "", note.findtext("pitch/octave")


def _spell(note: etree._Element, alteration: str) -> None:
    pitch = note.find("pitch")
    assert pitch is not None
    alter = pitch.find("alter")
    if alter is None:
        alter = etree.Element("alter")
        pitch.insert(1, alter)
    alter.text = alteration
