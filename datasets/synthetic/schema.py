"""Where things stand in MusicXML: elements made and put where the schema wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

NOTE_ORDER: Final = (
    "grace", "cue", "chord", "pitch", "unpitched", "rest", "duration", "tie", "instrument", "footnote", "level", "voice",
    "type", "dot", "accidental", "time-modification", "stem", "notehead", "notehead-text", "staff", "beam", "notations",
    "lyric", "play", "listen",
)  # fmt: skip
ATTRIBUTE_ORDER: Final = (
    "footnote", "level", "divisions", "key", "time", "staves", "part-symbol", "instruments", "clef", "staff-details",
    "transpose", "for-part", "directive", "measure-style",
)  # fmt: skip
STEPS: Final = "CDEFGAB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The notes and rests of one voice on one staff of a part, in order; of a chord only its first note."""

    staff: str
    voice: str
    notes: tuple[etree._Element, ...]


def make(tag: str, text: str = "", attributes: Mapping[str, str] | None = None) -> etree._Element:
    """A new element with text and attributes."""
    element = etree.Element(tag)
    element.text = text or None
    for name, value in (attributes or {}).items():
        element.set(name, value)
    return element


def wrap(tag: str, *children: etree._Element) -> etree._Element:
    """A new element around `children`."""
    element = etree.Element(tag)
    element.extend(children)
    return element


def add_in_order(parent: etree._Element, child: etree._Element, order: tuple[str, ...] = NOTE_ORDER) -> None:
    """Put `child` behind the last child of `parent` that may stand before it."""
    rank = order.index(child.tag)
    place = 0
    for index, other in enumerate(parent):
        if other.tag in order and order.index(other.tag) <= rank:
            place = index + 1
    parent.insert(place, child)


def remove_all(parent: etree._Element, *tags: str) -> None:
    """Drop the direct children of `parent` with one of `tags`."""
    for tag in tags:
        for child in parent.findall(tag):
            parent.remove(child)


def add_notation(note: etree._Element, mark: etree._Element, container: str = "") -> None:
    """Put `mark` into the <notations> of `note`, there inside `container` (articulations, ornaments, technical)."""
    notations = note.find("notations")
    if notations is None:
        notations = etree.Element("notations")
        add_in_order(note, notations)
    if not container:
        notations.append(mark)
        return
    group = notations.find(container)
    if group is None:
        group = etree.SubElement(notations, container)
    group.append(mark)


def direction(content: etree._Element, note: etree._Element, placement: str = "") -> etree._Element:
    """A <direction> with `content` for the staff of `note`."""
    made = make("direction", attributes={"placement": placement} if placement else {})
    made.append(wrap("direction-type", content))
    staff = note.findtext("staff")
    if staff:
        made.append(make("staff", staff))
    return made


def chord_of(note: etree._Element) -> tuple[etree._Element, ...]:
    """`note` and the further notes of its chord."""
    notes = [note]
    following = note.getnext()
    while following is not None and following.tag == "note" and following.find("chord") is not None:
        notes.append(following)
        following = following.getnext()
    return tuple(notes)


def lines(part: etree._Element) -> tuple[Line, ...]:
    """Every voice of a part, by staff and voice; grace and cue notes are left out."""
    found: dict[tuple[str, str], list[etree._Element]] = {}
    for note in part.iter("note"):
        if any(note.find(tag) is not None for tag in ("grace", "cue", "chord")):
            continue
        found.setdefault((note.findtext("staff", "1"), note.findtext("voice", "1")), []).append(note)
    return tuple(Line(staff=key[0], voice=key[1], notes=tuple(found[key])) for key in sorted(found))


def is_pitched(note: etree._Element) -> bool:
    return note.find("pitch") is not None


def is_rest(note: etree._Element) -> bool:
    return note.find("rest") is not None


def attributes_at_start(measure: etree._Element) -> etree._Element:
    """The <attributes> at the head of a bar, made when there are none."""
    for element in measure:
        if element.tag == "attributes":
            return element
        if element.tag in ("note", "backup", "forward"):
            break
    made = etree.Element("attributes")
    place = 0
    for index, element in enumerate(measure):
        if element.tag == "print" or (element.tag == "barline" and element.get("location") == "left"):
            place = index + 1
    measure.insert(place, made)
    return made


def measures(root: etree._Element) -> Iterator[tuple[etree._Element, ...]]:
    """The bars of a score one after another, each as its measures from all parts."""
    columns = [part.findall("measure") for part in root.findall("part")]
    return zip(*columns)
