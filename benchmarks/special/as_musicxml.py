"""A piece as MusicXML: the truth of its page, and what MuseScore and verovio engrave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from lxml import etree

from benchmarks.special.piece import Bar, Note, Piece, Sounding, Tuplet, Voice, sounding
from datasets.synthetic.events import ACCIDENTALS
from datasets.synthetic.rhythm import TYPES, beam_word
from datasets.synthetic.schema import STEPS, make, wrap

DIVISIONS: Final = 20160  # 2^6 * 3^2 * 5 * 7
LINES: Final = {"G": "2", "F": "4"}
VOICES: Final = 4  # numbers kept for each staff
BEAMS: Final = {8: 1, 16: 2, 32: 3, 64: 4}


def as_musicxml(piece: Piece) -> etree._Element:
    """A <score-partwise> of one part."""
    entry = wrap("score-part", make("part-name"))
    entry.set("id", "P1")
    part = make("part", attributes={"id": "P1"})
    number = 0
    for index, bar in enumerate(piece.bars):
        number += bar.counted
        part.append(_measure(piece, bar, index, number))
    root = wrap("score-partwise", wrap("part-list", entry), part)
    root.set("version", "4.0")
    return root


def _measure(piece: Piece, bar: Bar, index: int, number: int) -> etree._Element:
    measure = make("measure", attributes={"number": str(number) if bar.counted else f"X{index}"})
    if not bar.counted:
        measure.set("implicit", "yes")
    if bar.new_line:
        measure.append(make("print", attributes={"new-system": "yes"}))
    if bar.opens_repeat:
        measure.append(_barline("left", "heavy-light", "forward"))
    if index == 0 or bar.metre is not None:
        measure.append(_attributes(piece, bar, first=index == 0))
    for place, voice in enumerate(bar.voices):
        if place:
            measure.append(wrap("backup", make("duration", str(int(bar.length * DIVISIONS)))))
        measure.extend(_notes(voice, len(piece.clefs)))
    if bar.closes_repeat:
        measure.append(_barline("right", "light-heavy", "backward"))
    elif bar.closing != "regular":
        measure.append(_barline("right", bar.closing, ""))
    return measure


def _barline(location: str, style: str, repeat: str) -> etree._Element:
    line = wrap("barline", make("bar-style", style))
    line.set("location", location)
    if repeat:
        line.append(make("repeat", attributes={"direction": repeat}))
    return line


def _attributes(piece: Piece, bar: Bar, *, first: bool) -> etree._Element:
    made = make("attributes")
    if first:
        made.append(make("divisions", str(DIVISIONS)))
        made.append(wrap("key", make("fifths", str(piece.fifths))))
    if bar.metre is not None:
        time = wrap("time", make("beats", str(bar.metre[0])), make("beat-type", str(bar.metre[1])))
        if not piece.metred:
            time.set("print-object", "no")
        made.append(time)
    if first:
        made.append(make("staves", str(len(piece.clefs))))
        for number, sign in enumerate(piece.clefs):
            clef = wrap("clef", make("sign", sign), make("line", LINES[sign]))
            clef.set("number", str(number + 1))
            made.append(clef)
    return made


def _notes(voice: Voice, staves: int) -> Iterator[etree._Element]:
    entries = list(sounding(voice.members))
    beams = _beam_words([entry.note for entry in entries])
    number = str(VOICES * (voice.staff - 1) + voice.number)
    for entry, words in zip(entries, beams, strict=True):
        yield from _graces(entry.note, number, staves)
        for place in range(max(1, len(entry.note.pitches))):
            yield _note(entry, place, words, number, staves)


def _graces(note: Note, voice: str, staves: int) -> Iterator[etree._Element]:
    several = len(note.graces) > 1
    for place, pitch in enumerate(note.graces):
        grace = make("grace", attributes={"slash": "yes"} if note.slashed else {})
        made = wrap("note", grace, _pitch(pitch), make("voice", voice), make("type", "16th" if several else "eighth"))
        made.append(make("stem", "down" if note.stem == "down" else "up"))
        if staves > 1:
            made.append(make("staff", str(note.staff)))
        if several:
            word = "begin" if place == 0 else "end" if place == len(note.graces) - 1 else "continue"
            made.extend(make("beam", word, {"number": level}) for level in "12")
        yield made


def _pitch(pitch: tuple[int, int]) -> etree._Element:
    made = wrap("pitch", make("step", STEPS[pitch[0] % 7]))
    if pitch[1]:
        made.append(make("alter", str(pitch[1])))
    made.append(make("octave", str(pitch[0] // 7)))
    return made


def _note(entry: Sounding, place: int, words: Sequence[str], voice: str, staves: int) -> etree._Element:
    note = entry.note
    made = make("note")
    if place:
        made.append(make("chord"))
    made.append(_pitch(note.pitches[place]) if note.pitches else make("rest"))
    made.append(make("duration", str(_whole(entry.length * DIVISIONS))))
    made.extend((make("voice", voice), make("type", TYPES[note.denominator])))
    made.extend(make("dot") for _ in range(note.dots))
    if note.pitches and note.pitches[place][0] in note.accidentals:
        made.append(make("accidental", ACCIDENTALS[note.pitches[place][1]]))
    if entry.within:
        made.append(_modification(entry.within))
    if note.pitches and note.stem and note.denominator > 1:
        made.append(make("stem", note.stem))
    if staves > 1:
        made.append(make("staff", str(note.staff)))
    if place == 0:
        made.extend(make("beam", word, {"number": str(level + 1)}) for level, word in enumerate(words))
        marks = [*_marks(entry, entry.begins, "start"), *_marks(entry, entry.ends, "stop")]
        if marks:
            made.append(wrap("notations", *marks))
    return made


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise ValueError(f"{number} is no whole number of divisions")
    return number.numerator


def _modification(within: Sequence[Tuplet]) -> etree._Element:
    actual = normal = 1
    for tuplet in within:
        actual, normal = actual * tuplet.actual, normal * tuplet.normal
    return wrap("time-modification", make("actual-notes", str(actual)), make("normal-notes", str(normal)))


def _marks(entry: Sounding, tuplets: Sequence[Tuplet], kind: str) -> Iterator[etree._Element]:
    for tuplet in tuplets:
        mark = make("tuplet", attributes={"type": kind, "number": str(entry.within.index(tuplet) + 1)})
        if kind == "start":
            mark.set("bracket", "yes" if tuplet.shown and not entry.note.beam else "no")
            if not tuplet.shown:
                mark.set("show-number", "none")
            for name, count in (("actual", tuplet.actual), ("normal", tuplet.normal)):
                kept = (make("tuplet-number", str(count)), make("tuplet-type", TYPES[_unit(tuplet)]))
                mark.append(wrap(f"tuplet-{name}", *kept))
        yield mark


def _unit(tuplet: Tuplet) -> int:
    """Denominator of the notes a tuplet counts: its whole written length in `actual` parts."""
    written = sum((entry.length for entry in sounding(tuplet.members)), Fraction(0))
    return int(4 / (written / tuplet.actual))


def _beam_words(notes: Sequence[Note]) -> list[tuple[str, ...]]:
    """MusicXML's words for each note's beams, outermost first."""
    words: list[tuple[str, ...]] = [()] * len(notes)
    run: list[int] = []
    for place, note in enumerate(notes):
        if note.beam:
            run.append(place)
        if note.beam == "end":
            levels = [BEAMS[notes[index].denominator] for index in run]
            for k, index in enumerate(run):
                words[index] = tuple(beam_word(levels, k, level) for level in range(1, levels[k] + 1))
            run = []
    return words
