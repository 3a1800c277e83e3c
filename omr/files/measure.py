"""One bar of one part as MusicXML: the voices follow each other, joined by <backup> and <forward>.

A clef or direction inside the bar is written in the stream of a voice of its own staff, before what begins at its time, because
several readers place it by the note that follows. Readers take the bar's length from the furthest place reached, so the last
stream always ends at the bar's end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from lxml import etree

from omr.files.attributes import ink_id, write_clef_change, write_first_attributes
from omr.files.directions import write_direction, write_warning
from omr.files.elements import child
from omr.files.gate_voices import owning_staff
from omr.files.notes import ticks, write_event
from omr.score import Barline, Event, Measure, Part

_CLEF, _DIRECTION, _GRACE, _NOTE = range(4)  # order among things that begin together


@dataclass(frozen=True, kw_only=True)
class PartSetting:
    """What every bar of a part is written with."""

    divisions: int
    slur_numbers: Mapping[str, int]
    warnings: Mapping[int, str]
    """Text of the mark above a broken bar, by bar index."""


@dataclass(frozen=True, kw_only=True)
class _Item:
    """Something written at a time of the bar."""

    onset: Fraction
    length: Fraction
    order: int
    ordered: bool = False
    """True for one of two ends, which must come in the order of time, so all go to the first voice of the staff."""
    write: Callable[[etree._Element], None]


def write_measure(parent: etree._Element, part: Part, measure: Measure, setting: PartSetting) -> None:
    """Append `measure` to a <part>."""
    element = child(parent, "measure", attributes={"number": measure.number or str(measure.index + 1)})
    if measure.implicit:
        element.set("implicit", "yes")
    if measure.index > 0 and (measure.new_system or measure.new_page):
        child(element, "print", attributes={"new-page" if measure.new_page else "new-system": "yes"})
    _write_barline(element, measure.left, "left")
    first = measure.index == part.measures[0].index
    write_first_attributes(element, part, measure, setting.divisions if first else None)
    if measure.index in setting.warnings:
        write_warning(element, setting.warnings[measure.index])
    _write_streams(element, _streams(part, measure, setting), measure.duration, setting.divisions)
    _write_barline(element, measure.right, "right")


def _streams(part: Part, measure: Measure, setting: PartSetting) -> tuple[tuple[_Item, ...], ...]:
    """Items of each voice in order of time; each clef and direction is given to one voice of its staff."""
    voices: dict[int, list[_Item]] = {voice: [] for voice in sorted({event.voice for event in measure.events})}
    for event in measure.events:
        voices[event.voice].append(_event_item(part, event, setting))
    for staff, item in _side_items(part, measure):
        hosts = [voice for voice in voices if owning_staff(voice) == staff] or [4 * staff - 3]
        fitting = (voice for voice in hosts if any(other.onset == item.onset for other in voices.get(voice, ())))
        voice = hosts[0] if item.ordered else next(fitting, hosts[0])
        voices.setdefault(voice, []).append(item)
    return tuple(tuple(sorted(voices[voice], key=lambda item: (item.onset, item.order))) for voice in sorted(voices))


def _event_item(part: Part, event: Event, setting: PartSetting) -> _Item:
    def write(parent: etree._Element) -> None:
        write_event(parent, part, event, divisions=setting.divisions, slur_numbers=setting.slur_numbers)

    length = Fraction(0) if event.grace else event.duration
    return _Item(onset=event.onset, length=length, order=_GRACE if event.grace else _NOTE, write=write)


def _side_items(part: Part, measure: Measure) -> Iterable[tuple[int, _Item]]:
    """(staff, item) of each clef inside the bar and each direction."""
    for change in measure.clefs:
        if change.onset > 0:
            write = partial(write_clef_change, change=change, staves=part.staves)
            yield change.staff, _Item(onset=change.onset, length=Fraction(0), order=_CLEF, write=write)
    for direction in measure.directions:
        paired = direction.kind in ("wedge", "octave-shift", "pedal")
        write = partial(write_direction, direction=direction, staves=part.staves)
        yield (
            direction.staff,
            _Item(onset=direction.onset, length=Fraction(0), order=_DIRECTION, ordered=paired, write=write),
        )


def _write_streams(parent: etree._Element, streams: Iterable[tuple[_Item, ...]], end: Fraction, divisions: int) -> None:
    place = Fraction(0)
    for stream in streams:
        _move(parent, place, Fraction(0), divisions)
        place = Fraction(0)
        for item in stream:
            _move(parent, place, item.onset, divisions)
            item.write(parent)
            place = item.onset + item.length
    _move(parent, place, end, divisions)


def _move(parent: etree._Element, here: Fraction, there: Fraction, divisions: int) -> None:
    if there != here:
        element = child(parent, "forward" if there > here else "backup")
        child(element, "duration", ticks(abs(there - here), divisions))


def _write_barline(parent: etree._Element, barline: Barline, location: str) -> None:
    if barline.style == "regular" and not barline.repeat and not barline.ending:
        return
    element = child(parent, "barline", attributes={"location": location})
    if barline.nodes:
        element.set("id", ink_id(barline.nodes[0]))
    if barline.style != "regular":
        child(element, "bar-style", barline.style)
    if barline.ending:
        kind, numbers = barline.ending
        child(element, "ending", attributes={"number": numbers, "type": kind})
    if barline.repeat:
        child(element, "repeat", attributes={"direction": barline.repeat})
