"""A MusicXML file of any program as a Score: notes, rests, voices, clefs, keys, metres, barlines and repeats.

Slurs, words, lyrics and the look of the page are left out. A bar lasts as long as its voices; whether that is right is for
omr.check to say. Bars without a metre count as unmeasured.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, cast, get_args

from lxml import etree

from omr.errors import InputError
from omr.files.open_xml import open_score, parse_score_xml
from omr.files.read_bar import BarContent, Placed, walk_bar, whole
from omr.files.read_notes import Sounding, read_events
from omr.files.read_voices import number_voices
from omr.score import Barline, BarStyle, Clef, ClefChange, Key, Measure, Part, Score, Time

USUAL_LINE: Final = {"G": 2, "F": 4, "C": 3, "TAB": 5, "percussion": 3}
MOST_STAVES: Final = 16


def read_musicxml(path: Path) -> Score:
    """The music in the file at `path`; raises InputError, TooLargeError or PermissionDenied naming the file."""
    return _score(open_score(path), str(path))


def parse_musicxml(data: bytes, name: str) -> Score:
    """The music in the content of a file called `name`; raises InputError or TooLargeError."""
    return _score(parse_score_xml(data, name), name)


def _score(root: etree._Element, name: str) -> Score:
    names = {str(part.get("id")): (part.findtext("part-name") or "").strip() for part in root.iter("score-part")}
    try:
        contents = [_contents(part) for part in root.findall("part")]
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    ends = _ends([[bar.end for bar in bars] for bars in contents])
    try:
        parts = tuple(
            _part(element, bars, names.get(element.get("id", ""), ""), ends)
            for element, bars in zip(root.findall("part"), contents, strict=True)
        )
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    if not any(part.measures for part in parts):
        raise InputError(f"{name}: holds no bars; export the file again")
    return Score(parts=parts, title=(root.findtext("work/work-title") or root.findtext("movement-title") or None))


def _contents(part: etree._Element) -> list[BarContent]:
    bars: list[BarContent] = []
    for measure in part.findall("measure"):
        bars.append(walk_bar(measure, bars[-1].divisions if bars else 1))
    return bars


def _ends(parts: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """For each bar the furthest end in any part: how long a bar is that holds nothing in one of them."""
    count = max(map(len, parts), default=0)
    return [max((ends[index] for ends in parts if index < len(ends)), default=Fraction(0)) for index in range(count)]


def _part(element: etree._Element, bars: Sequence[BarContent], name: str, ends: Sequence[Fraction]) -> Part:
    stated = (whole(staves, 1) for staves in element.iter("staves"))
    sounding = [read_events(bar.placed) for bar in bars]
    used = (each.event.staff for bar in sounding for each in bar)
    staves = min(MOST_STAVES, max((*stated, *used), default=1))
    voices = number_voices(_kept(sounding, staves), staves)
    measures: list[Measure] = []
    metre: Time | None = None
    for index, (bar, xml) in enumerate(zip(bars, element.findall("measure"), strict=True)):
        time, unmeasured = _time(bar)
        metre = None if unmeasured else time or metre
        measures.append(
            Measure(
                index=index,
                number=xml.get("number") or str(index + 1),
                duration=bar.end or ends[index] or (metre.length if metre else Fraction(0)),
                events=voices[index],
                clefs=_clefs(bar, staves),
                key=_key(bar),
                time=time,
                left=_barline(bar, "left"),
                right=_barline(bar, "right"),
                new_system=_breaks(bar, "new-system"),
                new_page=_breaks(bar, "new-page"),
                multi_rest=_multi_rest(bar),
                implicit=xml.get("implicit") == "yes" or metre is None,
            )
        )
    return Part(id=element.get("id", ""), name=name, staves=staves, measures=tuple(measures))


def _kept(bars: Sequence[Sequence[Sounding]], staves: int) -> list[list[Sounding]]:
    return [[each for each in bar if each.event.staff <= staves] for bar in bars]


def _of(bar: BarContent, tag: str) -> list[Placed]:
    return [placed for placed in bar.placed if placed.element.tag == tag]


def _stated(bar: BarContent, name: str) -> list[etree._Element]:
    return [element for placed in _of(bar, "attributes") for element in placed.element.findall(name)]


def _time(bar: BarContent) -> tuple[Time | None, bool]:
    """(the time signature that the bar states, whether it states that there is none)."""
    for element in _stated(bar, "time"):
        if element.find("senza-misura") is not None:
            return None, True
        pairs = list(zip(element.findall("beats"), element.findall("beat-type"), strict=False))
        units = [whole(beat_type, 4) for _, beat_type in pairs]
        if not pairs or any(unit not in (1, 2, 4, 8, 16, 32, 64) for unit in units):
            return None, True
        unit = max(units)
        beats = sum(_beats(each) * unit // own for (each, _), own in zip(pairs, units, strict=True))
        symbol = element.get("symbol")
        return Time(
            beats=beats,
            beat_type=unit,
            symbol="cut" if symbol == "cut" else "common" if symbol == "common" else None,
            printed=element.get("print-object") != "no",
        ), beats < 1
    return None, False


def _beats(element: etree._Element) -> int:
    """3+2 is 5."""
    terms = (element.text or "").split("+")
    return sum(int(term) for term in terms if term.strip().isdecimal() and len(term) < 6)


def _key(bar: BarContent) -> Key | None:
    fifths = next((element.find("fifths") for element in _stated(bar, "key")), None)
    return None if fifths is None else Key(max(-7, min(7, whole(fifths, 0))))


def _clefs(bar: BarContent, staves: int) -> tuple[ClefChange, ...]:
    found: list[ClefChange] = []
    for placed in _of(bar, "attributes"):
        for element in placed.element.findall("clef"):
            number = element.get("number", "1")
            staff = int(number) if number.isdecimal() and len(number) < 4 else 1
            sign = (element.findtext("sign") or "").strip()
            if sign not in USUAL_LINE or not 1 <= staff <= staves:
                continue
            clef = Clef(
                sign=sign,  # type: ignore[arg-type]
                line=whole(element.find("line"), USUAL_LINE[sign]),
                octave_change=whole(element.find("clef-octave-change"), 0),
            )
            found.append(
                ClefChange(onset=placed.onset, staff=staff, clef=clef, printed=element.get("print-object") != "no")
            )
    return tuple(found)


def _barline(bar: BarContent, location: str) -> Barline:
    for placed in _of(bar, "barline"):
        element = placed.element
        if element.get("location", "right") == location:
            style = (element.findtext("bar-style") or "").strip()
            repeat, ending = element.find("repeat"), element.find("ending")
            direction = repeat.get("direction") if repeat is not None else None
            kind = ending.get("type") if ending is not None else None
            return Barline(
                style=cast("BarStyle", style) if style in get_args(BarStyle) else "regular",
                repeat=direction if direction in ("forward", "backward") else None,  # type: ignore[arg-type]
                ending=(kind, ending.get("number", ""))  # type: ignore[arg-type]
                if ending is not None and kind in ("start", "stop", "discontinue")
                else None,
            )
    return Barline()


def _breaks(bar: BarContent, name: str) -> bool:
    return any(placed.element.get(name) == "yes" for placed in _of(bar, "print"))


def _multi_rest(bar: BarContent) -> int:
    return max(
        (whole(e, 0) for style in _stated(bar, "measure-style") for e in style.findall("multiple-rest")), default=0
    )
