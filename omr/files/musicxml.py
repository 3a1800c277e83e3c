"""A score as partwise MusicXML 4.0: repaired where it breaks the rules, validated against the schema, and free of the clock.

The same score gives the same bytes: no date is written and nothing depends on the order of a set.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from math import lcm

from lxml import etree

from omr import __version__
from omr.files.elements import child, clean
from omr.files.gate import repair
from omr.files.measure import PartSetting, write_measure
from omr.files.schema import require_valid
from omr.files.spanners import slur_numbers
from omr.score import Part, Score

DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
BROKEN_BAR_TEXTS = {
    "bar-too-short": "bar too short",
    "bar-too-long": "bar too long",
    "bar-empty": "empty bar",
}
"""Issue codes that mark their bar with a coloured text."""
_SUPPORTS = (("accidental", None), ("beam", None), ("stem", None), ("print", "new-page"), ("print", "new-system"))


def to_musicxml(score: Score, *, sound: bool = False) -> bytes:
    """`score` as an UTF-8 MusicXML 4.0 document; repairs it first, see omr.files.gate, unless it is known to be `sound`.

    Raises InvalidOutputError when the result would still break the schema.
    """
    if not sound:
        score, _ = repair(score)
    root = etree.Element("score-partwise", version="4.0")
    _write_head(root, score)
    for part in score.parts:
        _write_part(root, part, _warnings(score, part))
    _make_ids_unique(root)
    etree.indent(root, space=" ")
    document = etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=DOCTYPE) + b"\n"
    require_valid(document)
    return document


def part_divisions(part: Part) -> int:
    """Divisions of a quarter note in which every time of `part` is a whole number."""
    times: list[Fraction] = []
    for measure in part.measures:
        times.append(measure.duration)
        times.extend(change.onset for change in measure.clefs)
        times.extend(direction.onset for direction in measure.directions)
        for event in measure.events:
            times.extend((event.onset, event.duration))
    return lcm(*(time.denominator for time in times))


def _write_head(root: etree._Element, score: Score) -> None:
    if score.title:
        child(child(root, "work"), "work-title", score.title)
    encoding = child(child(root, "identification"), "encoding")
    child(encoding, "software", f"Scorewright {__version__}")
    for element, attribute in _SUPPORTS:
        supports = {"element": element, "type": "yes"}
        if attribute:
            supports |= {"attribute": attribute, "value": "yes"}
        child(encoding, "supports", attributes=supports)
    _write_part_list(child(root, "part-list"), score.parts)


def _write_part_list(part_list: etree._Element, parts: tuple[Part, ...]) -> None:
    number = 0
    for group, members in groupby(parts, key=_group):
        joined = tuple(members)
        grouped = group != "none" and len(joined) > 1
        if grouped:
            number += 1
            opening = child(part_list, "part-group", attributes={"type": "start", "number": str(number)})
            child(opening, "group-symbol", group)
            child(opening, "group-barline", "yes")
        for part in joined:
            child(child(part_list, "score-part", attributes={"id": part.id}), "part-name", part.name)
        if grouped:
            child(part_list, "part-group", attributes={"type": "stop", "number": str(number)})


def _group(part: Part) -> str:
    """What joins `part` to its neighbours; the brace around the staves of one part goes without saying."""
    return "none" if part.group == "brace" and part.staves > 1 else part.group


def _write_part(root: etree._Element, part: Part, warnings: dict[int, str]) -> None:
    setting = PartSetting(divisions=part_divisions(part), slur_numbers=slur_numbers(part), warnings=warnings)
    element = child(root, "part", attributes={"id": part.id})
    for measure in part.measures:
        write_measure(element, part, measure, setting)


def _warnings(score: Score, part: Part) -> dict[int, str]:
    """Text of the mark of each broken bar of `part`, the first issue's where there are several."""
    found: dict[int, str] = {}
    for issue in score.issues:
        if issue.measure is not None and issue.part == part.id and issue.code in BROKEN_BAR_TEXTS:
            found.setdefault(issue.measure, clean(BROKEN_BAR_TEXTS[issue.code]))
    return found


def _make_ids_unique(root: etree._Element) -> None:
    """One head on two stems gives two notes with one id: the second and later ones get -2, -3 ... appended."""
    counts: dict[str, int] = {}
    for element in root.iter():
        name = element.get("id")
        if name is None or element.tag in ("part", "score-part"):
            continue
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > 1:
            element.set("id", f"{name}-{counts[name]}")
