"""Excerpts of MusicXML: some bars of every part, complete in themselves.

What a bar shows depends on what earlier bars declared (clef, key, metre, divisions, transposition) and on spanners that
reach in from outside; an excerpt repeats the declarations in its first bar and drops the ends of spanners whose other
end is cut off.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

from lxml import etree

STATE: Final = (
    "divisions", "key", "time", "staves", "part-symbol", "instruments", "clef", "staff-details", "transpose",
)  # fmt: skip
"""Declarations that hold until the next one, in schema order."""
SPANNERS: Final = (
    "slur", "tied", "wedge", "octave-shift", "dashes", "bracket", "pedal", "wavy-line", "glissando", "slide", "ending",
)  # fmt: skip
CLOSING: Final = ("stop", "discontinue")
BETWEEN: Final = ("continue", "change")
CONTAINERS: Final = ("ornaments", "technical", "notations", "direction-type", "direction", "barline")
"""Removed when nothing is left in them, innermost first."""

_State = dict[tuple[str, str], etree._Element]


def measure_count(root: etree._Element) -> int:
    """Bars of the longest part of a <score-partwise>."""
    return max((len(part.findall("measure")) for part in root.findall("part")), default=0)


def cut(root: etree._Element, first: int, last: int, *, drop_breaks: bool = False) -> etree._Element:
    """A new score with the bars first <= index < last of every part (0 = first bar); `root` stays as it is.

    `drop_breaks` forgets the line and page breaks of the source, so that the engraver breaks lines by itself.
    """
    excerpt = _shell(root)
    for child in root:
        excerpt.append(_cut_part(child, first, last) if child.tag == "part" else copy.deepcopy(child))
    for part in excerpt.findall("part"):
        _drop_dangling(part)
        _shorten_multiple_rests(part)
        if drop_breaks:
            _drop_breaks(part)
    return excerpt


def _shell(element: etree._Element) -> etree._Element:
    """A copy of `element` without its children."""
    shell = etree.Element(element.tag)
    for name, value in element.attrib.items():
        shell.set(name, value)
    return shell


def _cut_part(part: etree._Element, first: int, last: int) -> etree._Element:
    measures = part.findall("measure")
    excerpt = _shell(part)
    excerpt.extend(copy.deepcopy(measure) for measure in measures[first:last])
    if first > 0 and len(excerpt):
        state: _State = {}
        for measure in measures[:first]:
            for attributes in measure.findall("attributes"):
                _note_state(state, attributes)
        _declare(excerpt[0], state)
    return excerpt


def _note_state(state: _State, attributes: etree._Element) -> None:
    for element in attributes:
        if element.tag not in STATE:
            continue
        number = element.get("number", "")
        if element.tag == "clef":
            number = number or "1"
        if element.tag in ("key", "time") and not number:  # one for all staves replaces those of single staves
            for key in [key for key in state if key[0] == element.tag]:
                del state[key]
        state[element.tag, number] = element


def _declare(measure: etree._Element, state: _State) -> None:
    """Put `state`, as changed by the bar's own opening declarations, at the head of the bar."""
    for layout in measure.findall("print"):
        measure.remove(layout)
    attributes = _opening_attributes(measure)
    if attributes is None:
        attributes = etree.Element("attributes")
        measure.insert(0, attributes)
    others = [element for element in attributes if element.tag not in STATE]
    _note_state(state, attributes)
    declared = [copy.deepcopy(state[key]) for tag in STATE for key in sorted(state) if key[0] == tag]
    attributes[:] = [*declared, *others]


def _opening_attributes(measure: etree._Element) -> etree._Element | None:
    for element in measure:
        if element.tag == "attributes":
            return element
        if element.tag in ("note", "backup", "forward"):
            return None
    return None


def _drop_dangling(part: etree._Element) -> None:
    """Remove every end of a spanner whose other end is not in `part`, and what is empty without it."""
    touched = False
    for tag in SPANNERS:
        for element in list(_unmatched(part, tag)):
            parent = element.getparent()
            if parent is None:
                continue
            if tag == "tied":
                _drop_tie(parent.getparent(), element.get("type", ""))
            parent.remove(element)
            touched = True
    for tag in CONTAINERS if touched else ():
        for element in list(part.iter(tag)):
            parent = element.getparent()
            if parent is not None and not _has_meaning(element):
                parent.remove(element)


def _unmatched(part: etree._Element, tag: str) -> Iterator[etree._Element]:
    waiting: dict[str, list[etree._Element]] = {}
    for element in _stops_first(part, tag):
        kind = element.get("type", "")
        key = _pitch_of(element) if tag == "tied" else element.get("number", "1")
        if kind in CLOSING:
            if waiting.get(key):
                waiting[key].pop(0)
            else:
                yield element
        elif kind in BETWEEN:
            if not waiting.get(key):
                yield element
        elif kind != "let-ring":
            waiting.setdefault(key, []).append(element)
    for left in waiting.values():
        yield from left


def _stops_first(part: etree._Element, tag: str) -> list[etree._Element]:
    """The ends of spanners in order of their notes; on one note what ends comes before what begins there."""
    found = list(part.iter(tag))
    owner: dict[etree._Element | None, int] = {}
    for index, element in enumerate(found):
        owner.setdefault(element.getparent(), index)
    return sorted(found, key=lambda element: (owner[element.getparent()], element.get("type") not in CLOSING))


def _pitch_of(tied: etree._Element) -> str:
    note = next(tied.iterancestors("note"), None)
    if note is None:
        return ""
    return "/".join(note.findtext(f"pitch/{name}", "") for name in ("step", "alter", "octave"))


def _drop_tie(note: etree._Element | None, kind: str) -> None:
    for tie in [] if note is None else note.findall("tie"):
        if tie.get("type") == kind and note is not None:
            note.remove(tie)


def _has_meaning(element: etree._Element) -> bool:
    if element.tag == "direction":
        return element.find("direction-type") is not None
    return len(element) > 0


def _shorten_multiple_rests(part: etree._Element) -> None:
    """A multiple rest that reaches beyond the excerpt counts only the bars that are left."""
    measures = part.findall("measure")
    for index, measure in enumerate(measures):
        for rest in measure.iter("multiple-rest"):
            if (rest.text or "").strip().isdigit():
                rest.text = str(min(int(rest.text or "1"), len(measures) - index))


def _drop_breaks(part: etree._Element) -> None:
    for layout in part.iter("print"):
        for name in ("new-system", "new-page"):
            if name in layout.attrib:
                del layout.attrib[name]
