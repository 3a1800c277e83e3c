"""Ties of a MusicXML file as an engraver draws them: where they join two notes of one pitch, the second right after the first.

A tie of which the file states one end only is drawn where the other end's note is there; not from there where the file begins a
tie of that pitch earlier, over other notes. One that joins no two notes in time is not drawn. Grace notes have no time: one is
tied to the note it stands before.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from lxml import etree

from omr.metrics.notes import timed_notes, whole_number

SPELLED: Final = ("step", "alter", "octave")
Spot = tuple[tuple[object, ...], Fraction]
"""(spelled pitch, quarter notes from the part's start)."""
Elements = dict[Spot, list[etree._Element]]


def untie(part: etree._Element) -> None:
    """State both ends of the ties of a part that are drawn, and take away those that are not."""
    begun: Elements = {}
    ended: Elements = {}
    ties: dict[str | None, Elements] = {"start": {}, "stop": {}}
    after_graces = {tie for note in part.iter("note") for tie in _after_grace(note)}
    end = Fraction(0)
    for note, name, onset, end in _sounding(part):
        begun.setdefault((name, onset), []).append(note)
        ended.setdefault((name, end), []).append(note)
        for tie in note.findall("tie"):
            spot = name, end if tie.get("type") == "start" else onset
            if tie not in after_graces:
                ties[tie.get("type")].setdefault(spot, []).append(tie)
    for spot in ties["start"].keys() & begun.keys() - ties["stop"].keys():
        ties["stop"][spot] = [etree.SubElement(begun[spot][0], "tie", {"type": "stop"})]
    left = {name for name, moment in ties["start"].keys() - ties["stop"].keys() if moment < end}
    for spot in ties["stop"].keys() & ended.keys() - ties["start"].keys():
        if spot[0] not in left:
            ties["start"][spot] = [etree.SubElement(ended[spot][0], "tie", {"type": "start"})]
    last = max((moment for _, moment in ended), default=end)
    for kind, other, open_end in (("start", "stop", last), ("stop", "start", Fraction(0))):
        for spot, drawn in ties[kind].items():
            if spot not in ties[other] and spot[1] != open_end:
                for tie in drawn:
                    _remove(tie)


def _sounding(part: etree._Element) -> Iterator[tuple[etree._Element, tuple[object, ...], Fraction, Fraction]]:
    """(note, spelled pitch, onset, end) of the notes of a part."""
    now, divisions = Fraction(0), 1
    for measure in part.iter("measure"):
        timed, divisions = timed_notes(measure, divisions)
        for note, onset, duration in timed:
            name = spelled(note)
            if name is not None:
                yield note, name, now + onset, now + onset + duration
        now += max((onset + duration for _, onset, duration in timed), default=Fraction(0))


def spelled(note: etree._Element) -> tuple[object, ...] | None:
    """(step, alteration, octave); None: a rest."""
    pitch = note.find("pitch")
    if pitch is None:
        return None
    return pitch.findtext("step"), *(whole_number(pitch.findtext(tag), 0) for tag in SPELLED[1:])


def _after_grace(note: etree._Element) -> list[etree._Element]:
    """The ends of ties that come from grace notes to the chord that begins with `note`."""
    if note.find("grace") is not None or note.find("chord") is not None:
        return []
    tied = set()
    before = note.getprevious()
    while before is not None and before.tag == "note" and before.find("grace") is not None:
        if before.find("tie[@type='start']") is not None:
            tied.add(spelled(before))
        before = before.getprevious()
    chord = [note]
    after = note.getnext()
    while after is not None and after.tag == "note" and after.find("chord") is not None:
        chord.append(after)
        after = after.getnext()
    return [tie for mate in chord if spelled(mate) in tied for tie in mate.findall("tie[@type='stop']")]


def _remove(tie: etree._Element) -> None:
    note = tie.getparent()
    assert note is not None
    note.remove(tie)
