"""Directions as MusicXML: dynamics, hairpins, words, signs, pedal, octave lines and tempo marks.

Values as in score.Direction: dynamics 'mf'; wedge 'crescendo', 'diminuendo' or 'stop'; words the text; pedal 'start',
'change' or 'stop'; octave-shift 'up', 'down' or 'stop', optionally with its size ('down 15'); metronome 'quarter=120',
with a dot after the name of a dotted note ('quarter.=60'). A value that does not fit its kind is written as words, so that
nothing read is lost.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from lxml import etree

from omr.files.attributes import ink_id
from omr.files.elements import child
from omr.files.spelling import TYPE_LENGTHS
from omr.score import Direction

DYNAMICS: Final = (
    "p", "pp", "ppp", "pppp", "ppppp", "pppppp", "f", "ff", "fff", "ffff", "fffff", "ffffff", "mp", "mf", "sf", "sfp",
    "sfpp", "fp", "rf", "rfz", "sfz", "sffz", "fz", "n", "pf", "sfzp",
)  # fmt: skip
WARNING_COLOUR = "#C00000"
_METRONOME = re.compile(r"(breve|whole|half|quarter|eighth|16th|32nd|64th)(\.*)=(\d+(?:\.\d+)?)")
_OCTAVE_SHIFT = re.compile(r"(up|down|stop)(?: (8|15|22))?")


def write_direction(parent: etree._Element, direction: Direction, staves: int) -> None:
    """Append one <direction> (the note beside it in the document gives its time)."""
    element = child(parent, "direction", attributes={"placement": "above" if direction.above else "below"})
    if direction.nodes:
        element.set("id", ink_id(direction.nodes[0]))
    _write_type(child(element, "direction-type"), direction)
    if staves > 1:
        child(element, "staff", direction.staff)
    if direction.kind == "metronome" and (mark := _METRONOME.fullmatch(direction.value)):
        child(element, "sound", attributes={"tempo": _quarters_a_minute(mark[1], len(mark[2]), mark[3])})


def _quarters_a_minute(unit: str, dots: int, per_minute: str) -> str:
    quarters = {str(name): length for name, length in TYPE_LENGTHS.items()}[unit] * (2 - Fraction(1, 2**dots))
    return f"{float(quarters * Fraction(per_minute)):g}"


def write_warning(parent: etree._Element, text: str) -> None:
    """Append a coloured text above the staff that marks a bar as broken."""
    element = child(parent, "direction", attributes={"placement": "above"})
    child(child(element, "direction-type"), "words", text, {"color": WARNING_COLOUR})


def _write_type(parent: etree._Element, direction: Direction) -> None:
    value = direction.value
    number = {"number": str(direction.staff)}
    if direction.kind == "dynamics":
        dynamics = child(parent, "dynamics")
        child(dynamics, value) if value in DYNAMICS else child(dynamics, "other-dynamics", value)
    elif direction.kind == "wedge" and value in ("crescendo", "diminuendo", "stop"):
        child(parent, "wedge", attributes={"type": value, **number})
    elif direction.kind in ("segno", "coda"):
        child(parent, direction.kind)
    elif direction.kind == "pedal" and value in ("start", "change", "stop"):
        child(parent, "pedal", attributes={"type": value, "line": "no", "sign": "yes"})
    elif direction.kind == "octave-shift" and (shift := _OCTAVE_SHIFT.fullmatch(value)):
        child(parent, "octave-shift", attributes={"type": shift[1], "size": shift[2] or "8", **number})
    elif direction.kind == "metronome" and (mark := _METRONOME.fullmatch(value)):
        _write_metronome(parent, mark[1], len(mark[2]), mark[3])
    else:
        child(parent, "words", value)


def _write_metronome(parent: etree._Element, unit: str, dots: int, per_minute: str) -> None:
    metronome = child(parent, "metronome")
    child(metronome, "beat-unit", unit)
    for _ in range(dots):
        child(metronome, "beat-unit-dot")
    child(metronome, "per-minute", per_minute)
