"""The <attributes> of a bar: divisions, key, time, staves, clefs and multi-bar rests, in the order the schema wants."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from omr.files.elements import child
from omr.score import ClefChange, Key, Measure, Part, Time


def write_first_attributes(parent: etree._Element, part: Part, measure: Measure, divisions: int | None) -> None:
    """What `measure` states at its start; `divisions` is given in the first bar of the part only."""
    clefs = tuple(change for change in measure.clefs if change.onset == 0)
    if not (clefs or measure.key or measure.time or divisions or measure.multi_rest > 1):
        return
    attributes = child(parent, "attributes")
    if divisions:
        child(attributes, "divisions", divisions)
    _write_key(attributes, measure.key)
    _write_time(attributes, measure.time)
    if divisions and part.staves > 1:
        child(attributes, "staves", part.staves)
    _write_clefs(attributes, clefs, part.staves)
    if measure.multi_rest > 1:
        child(child(attributes, "measure-style"), "multiple-rest", measure.multi_rest)


def write_clef_change(parent: etree._Element, change: ClefChange, staves: int) -> None:
    """A clef in the middle or at the end of a bar."""
    _write_clefs(child(parent, "attributes"), (change,), staves)


def _write_key(attributes: etree._Element, key: Key | None) -> None:
    if key is not None:
        child(child(attributes, "key"), "fifths", key.fifths)


def _write_time(attributes: etree._Element, time: Time | None) -> None:
    if time is None:
        return
    element = child(attributes, "time")
    if time.symbol:
        element.set("symbol", time.symbol)
    if not time.printed:
        element.set("print-object", "no")
    child(element, "beats", time.beats)
    child(element, "beat-type", time.beat_type)


def _write_clefs(attributes: etree._Element, clefs: Sequence[ClefChange], staves: int) -> None:
    for change in sorted(clefs, key=lambda change: change.staff):
        element = child(attributes, "clef")
        if staves > 1:
            element.set("number", str(change.staff))
        if not change.printed:
            element.set("print-object", "no")
        if change.nodes:
            element.set("id", ink_id(change.nodes[0]))
        child(element, "sign", change.clef.sign)
        if change.clef.sign in ("G", "F", "C", "TAB"):
            child(element, "line", change.clef.line)
        if change.clef.octave_change:
            child(element, "clef-octave-change", change.clef.octave_change)


def ink_id(node: tuple[int, int]) -> str:
    """The XML id of the ink `node`: p<page>-n<node>, both as in the recognised document."""
    page, number = node
    return f"p{page}-n{number}"
