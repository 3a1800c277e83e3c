"""Signs that belong to a bar of all parts: barlines, repeats, endings, clefs, keys, metres, rests and repeats of whole bars.

Each function adds to one column of bars (the same bar in every part) and returns nothing; `following` holds the columns after.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Final

from lxml import etree

from datasets.synthetic.note_marks import retimed
from datasets.synthetic.schema import ATTRIBUTE_ORDER, add_in_order, attributes_at_start, make, remove_all, wrap

Column = tuple[etree._Element, ...]

BAR_STYLES: Final = (
    "light-light", "light-heavy", "dashed", "dashed", "dotted", "dotted", "dotted", "heavy", "heavy-heavy", "heavy-light",
)  # fmt: skip
CLEFS: Final = (
    ("G", "2", ""), ("F", "4", ""), ("C", "3", ""), ("C", "4", ""), ("C", "1", ""), ("C", "2", ""), ("F", "3", ""),
    ("G", "1", ""), ("G", "2", "-1"), ("G", "2", "1"), ("F", "4", "-1"),
)  # fmt: skip
PLAIN_CLEFS: Final = CLEFS[:4]
UNPITCHED_CLEFS: Final = (("percussion", "", ""),)
UNPITCHED_SHARE: Final = 0.2
METRES: Final = (
    ("2", "4"), ("3", "4"), ("4", "4"), ("6", "8"), ("9", "8"), ("12", "8"), ("3", "8"), ("2", "2"), ("3", "2"), ("4", "2"),
    ("5", "4"), ("7", "8"), ("6", "4"), ("12", "16"), ("1", "4"), ("5", "8"), ("3+2", "8"), ("2+3", "4"), ("3+3+2", "8"),
    ("2+2+3", "8"), ("3", "1"),
    ("8", "8"), ("10", "16"), ("15", "8"), ("2+3", "8"), ("3+2", "4"), ("4+3", "8"), ("2+2+3", "4"),
)  # fmt: skip
ANY_DIGITS: Final = 0.2
"""Share of made-up metres, so that every digit is met in the size of a time signature."""
METRE_SYMBOLS: Final = ("common", "cut")
SYMBOL_SHARE: Final = 0.3


def bar_style(column: Column, following: Sequence[Column], random: Random) -> None:
    if not _has_right_barline(column):
        _add_barlines(column, "right", make("bar-style", random.choice(BAR_STYLES)))


def repeats(column: Column, following: Sequence[Column], random: Random) -> None:
    """A repeated passage of one to six bars, at times with two endings."""
    span = [column, *following[: random.randint(0, 5)]]
    if any(_has_right_barline(each) or _barlines(each, "left") for each in span):
        return
    if random.random() < 0.7:
        _add_barlines(column, "left", make("bar-style", "heavy-light"), _repeat("forward"))
    if random.random() < 0.6 and len(following) > len(span):
        last = random.randint(0, len(span) - 1)
        _add_barlines(span[last], "left", _ending("1", "start"))
        _add_barlines(span[-1], "right", make("bar-style", "light-heavy"), _ending("1", "stop"), _repeat("backward"))
        second = following[len(span) - 1]
        _add_barlines(second, "left", _ending("2", "start"))
        _add_barlines(second, "right", _ending("2", random.choice(("stop", "discontinue"))))
    else:
        _add_barlines(span[-1], "right", make("bar-style", "light-heavy"), _repeat("backward"))


def barline_fermata(column: Column, following: Sequence[Column], random: Random) -> None:
    if not _has_right_barline(column):
        _add_barlines(
            column, "right", make("bar-style", "light-light"), make("fermata", attributes={"type": "upright"})
        )


def clef(column: Column, following: Sequence[Column], random: Random) -> None:
    """Change a clef within the bar and back at the end of a later one; pitches keep their sound and move their heads."""
    part = random.randrange(len(column))
    notes = [note for note in column[part].findall("note") if note.find("chord") is None and note.find("grace") is None]
    if not notes:
        return
    note = random.choice(notes)
    staff = note.findtext("staff", "1")
    before = _clef_before(note, staff)
    note.addprevious(wrap("attributes", _clef(random.choice(PLAIN_CLEFS), staff)))
    if before is not None:
        bars = [column, *following][: random.randint(1, 4)]
        bars[-1][part].append(wrap("attributes", _clef(before, staff)))


def other_clef(column: Column, following: Sequence[Column], random: Random) -> None:
    """Replace the clef of a staff at the head of the bar by any clef; without pitches for percussion.

    Not tablature: verovio prints numbers without meaning for its notes; exchange.py sets that clef.
    """
    measure = random.choice(column)
    staff = random.choice([note.findtext("staff", "1") for note in measure.findall("note")] or ["1"])
    attributes = attributes_at_start(measure)
    for old in attributes.findall("clef"):
        if old.get("number", "1") == staff:
            attributes.remove(old)
    choice = random.choice(UNPITCHED_CLEFS if random.random() < UNPITCHED_SHARE else CLEFS)
    add_in_order(attributes, _clef(choice, staff), ATTRIBUTE_ORDER)


def metre(column: Column, following: Sequence[Column], random: Random) -> None:
    """Print another time signature; the music no longer fills it."""
    symbol = random.choice(METRE_SYMBOLS) if random.random() < SYMBOL_SHARE else ""
    beats, beat_type = random.choice(METRES)
    if random.random() < ANY_DIGITS:
        beats, beat_type = str(random.randint(1, 39)), random.choice(("1", "2", "4", "8", "16", "32"))
    if symbol:
        beats, beat_type = ("4", "4") if symbol == "common" else ("2", "2")
    for measure in column:
        attributes = attributes_at_start(measure)
        remove_all(attributes, "time")
        time = make("time", attributes={"symbol": symbol} if symbol else {})
        time.extend((make("beats", beats), make("beat-type", beat_type)))
        add_in_order(attributes, time, ATTRIBUTE_ORDER)


def key(column: Column, following: Sequence[Column], random: Random) -> None:
    """Print another key signature; accidentals stay as they were, so the music is wrong then."""
    fifths = str(random.choice((-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7)))
    for measure in column:
        attributes = attributes_at_start(measure)
        remove_all(attributes, "key")
        signature = make("key")
        if random.random() < 0.5:
            signature.append(make("cancel", str(random.randint(-4, 4))))
        signature.append(make("fifths", fifths))
        add_in_order(attributes, signature, ATTRIBUTE_ORDER)


def multiple_rest(column: Column, following: Sequence[Column], random: Random) -> None:
    """Empty this and the next bars of all parts and print them as one rest with a number above."""
    bars = [column, *following[: random.choice((1, 2, 2, 3, 5, 7, 10))]]
    if len(bars) < 2:
        return
    for bar in bars:
        for measure in bar:
            _empty(measure)
    for measure in column:
        style = wrap("measure-style", make("multiple-rest", str(len(bars))))
        add_in_order(attributes_at_start(measure), style, ATTRIBUTE_ORDER)


def whole_rests(column: Column, following: Sequence[Column], random: Random) -> None:
    """Empty one part for this bar."""
    _empty(random.choice(column))


def bar_repeat(column: Column, following: Sequence[Column], random: Random) -> None:
    """Print a part of the next one or two bars as a repeat of what went before; the music is wrong then."""
    if len(following) < 2:
        return
    part = random.randrange(len(column))
    bars = random.choice((1, 1, 2))
    start = make("measure-repeat", str(bars), {"type": "start"})
    add_in_order(attributes_at_start(column[part]), wrap("measure-style", start), ATTRIBUTE_ORDER)
    stop = make("measure-repeat", attributes={"type": "stop"})
    after = attributes_at_start(following[bars - 1][part])
    add_in_order(after, wrap("measure-style", stop), ATTRIBUTE_ORDER)


def rare_values(column: Column, following: Sequence[Column], random: Random) -> None:
    """Take the beams off a part's bar and print about half its notes and rests with other values; the music is wrong."""
    for note in random.choice(column).findall("note"):
        remove_all(note, "beam")
        if note.find("chord") is None and note.find("grace") is None and random.random() < 0.5:
            retimed(note, random)


def silence(column: Column, following: Sequence[Column], random: Random) -> None:
    """Print a rest of two whole notes in one part; the music no longer fills its bar."""
    measure = random.choice(column)
    _empty(measure)
    for rest in measure.findall("note"):
        for sign in rest.findall("rest"):
            if "measure" in sign.attrib:
                del sign.attrib["measure"]
        add_in_order(rest, make("type", random.choice(("breve", "breve", "whole", "half"))))


def _empty(measure: etree._Element) -> None:
    """Leave one whole-bar rest on each staff; durations as the first voice had them."""
    notes = measure.findall("note")
    staves = sorted({note.findtext("staff", "") for note in notes})
    length = _length(measure)
    for element in list(measure):
        if element.tag in ("note", "backup", "forward", "direction", "harmony", "figured-bass"):
            measure.remove(element)
    place = next((i for i, e in enumerate(measure) if e.tag == "barline" and e.get("location") != "left"), len(measure))
    for index, staff in enumerate(staves or [""]):
        rest = wrap("note", make("rest", attributes={"measure": "yes"}), make("duration", str(length)))
        rest.append(make("voice", str(1 + 4 * index)))
        if staff:
            rest.append(make("staff", staff))
        if index:
            measure.insert(place, wrap("backup", make("duration", str(length))))
            place += 1
        measure.insert(place, rest)
        place += 1


def _length(measure: etree._Element) -> int:
    """Duration of a bar in its own divisions: the furthest point any voice reaches."""
    now = furthest = 0
    for element in measure:
        duration = int(float(element.findtext("duration", "0") or 0))
        if element.tag == "backup":
            now -= duration
        elif element.tag in ("note", "forward") and element.find("chord") is None:
            now += duration
        furthest = max(furthest, now)
    return max(furthest, 1)


def _clef_before(note: etree._Element, staff: str) -> tuple[str, str, str] | None:
    """The clef in force at `note`, None where the part declares none."""
    measure = note.getparent()
    part = None if measure is None else measure.getparent()
    if part is None:
        return None
    found = None
    for element in part.iter("clef", "note"):
        if element is note:
            break
        if element.tag == "clef" and element.get("number", "1") == staff:
            found = tuple(element.findtext(tag, "") for tag in ("sign", "line", "clef-octave-change"))
    return None if found is None else (found[0], found[1], found[2])


def _clef(clef: tuple[str, str, str], staff: str) -> etree._Element:
    sign, line, octave = clef
    made = make("clef", attributes={"number": staff})
    made.append(make("sign", sign))
    if line:
        made.append(make("line", line))
    if octave:
        made.append(make("clef-octave-change", octave))
    return made


def _repeat(direction: str) -> etree._Element:
    return make("repeat", attributes={"direction": direction})


def _ending(number: str, kind: str) -> etree._Element:
    return make("ending", f"{number}." if kind == "start" else "", {"number": number, "type": kind})


BARLINE_ORDER: Final = ("bar-style", "footnote", "level", "wavy-line", "segno", "coda", "fermata", "ending", "repeat")


def _barlines(column: Column, location: str) -> list[etree._Element]:
    return [
        line for measure in column for line in measure.findall("barline") if line.get("location", "right") == location
    ]


def _has_right_barline(column: Column) -> bool:
    return bool(_barlines(column, "right"))


def _add_barlines(column: Column, location: str, *contents: etree._Element) -> None:
    for index, measure in enumerate(column):
        here = [content for content in contents if index == 0 or content.tag != "ending"]  # endings stand on top only
        if not here:
            continue
        barline = next((b for b in measure.findall("barline") if b.get("location", "right") == location), None)
        if barline is None:
            barline = make("barline", attributes={"location": location})
            if location == "left":
                measure.insert(1 if len(measure) and measure[0].tag == "print" else 0, barline)
            else:
                measure.append(barline)
        for content in here:
            if barline.find(content.tag) is None:
                add_in_order(barline, copy.deepcopy(content), BARLINE_ORDER)
