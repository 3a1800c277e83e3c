"""Signs that reach from one note to a later one of the same voice: slurs, hairpins, octave lines, pedal, glissando, tuplets.

Each function adds one sign to a run of neighbouring notes, first to last, and returns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from lxml import etree

from datasets.synthetic.schema import (
    add_in_order,
    add_notation,
    chord_of,
    direction,
    is_pitched,
    make,
    remove_all,
    wrap,
)

SLUR_NUMBERS: Final = ("4", "5", "6")
"""Numbers that sources rarely use, so that an added slur never closes one of theirs."""
TUPLETS: Final = ((3, 2), (3, 2), (3, 2), (5, 4), (6, 4), (7, 4), (9, 8), (2, 3), (4, 3), (8, 6), (10, 8))

Run = Sequence[etree._Element]


def slur(run: Run, random: Random) -> None:
    number = random.choice(SLUR_NUMBERS)
    if any(element.get("number") == number for note in run for element in note.iter("slur")):
        return
    start = {"type": "start", "number": number}
    if random.random() < 0.5:
        start["placement"] = random.choice(("above", "below"))
    add_notation(run[0], make("slur", attributes=start))
    add_notation(run[-1], make("slur", attributes={"type": "stop", "number": number}))


def hairpin(run: Run, random: Random) -> None:
    _between(
        run, random, "wedge", random.choice(("crescendo", "diminuendo")), random.choice(("below", "below", "above"))
    )


def octave_line(run: Run, random: Random) -> None:
    """An 8va or 15ma line; a MusicXML pitch is what sounds, so the heads move and the music stays."""
    up = random.random() < 0.6
    size = {"size": random.choice(("8", "8", "8", "15"))}
    _between(run, random, "octave-shift", "down" if up else "up", "above" if up else "below", size)


def pedal(run: Run, random: Random) -> None:
    style = {"line": "yes", "sign": random.choice(("yes", "no"))} if random.random() < 0.2 else {"sign": "yes"}
    _between(run, random, "pedal", "start", "below", style)


def dashes(run: Run, random: Random) -> None:
    words = make("words", random.choice(("cresc.", "dim.", "rit.", "accel.")), {"font-style": "italic"})
    run[0].addprevious(direction(words, run[0], "below"))
    _between(run, random, "dashes", "start", "below")


def _between(run: Run, random: Random, tag: str, kind: str, placement: str, more: dict[str, str] | None = None) -> None:
    number = random.choice(SLUR_NUMBERS)
    content = make(tag, attributes={"type": kind, "number": number, **(more or {})})
    run[0].addprevious(direction(content, run[0], placement))
    kept = {name: value for name, value in (more or {}).items() if name in ("size", "line", "sign")}
    end = make(tag, attributes={"type": "stop", "number": number, **kept})
    chord_of(run[-1])[-1].addnext(direction(end, run[-1], placement))


def glissando(run: Run, random: Random) -> None:
    if not (is_pitched(run[0]) and is_pitched(run[1])):
        return
    tag = random.choice(("glissando", "slide"))
    style = {"line-type": random.choice(("solid", "solid", "wavy")), "number": "4"}
    add_notation(run[0], make(tag, attributes={"type": "start", **style}))
    add_notation(run[1], make(tag, attributes={"type": "stop", **style}))


def long_trill(run: Run, random: Random) -> None:
    if any(note.find(".//wavy-line") is not None for note in run):
        return
    add_notation(run[0], make("trill-mark"), "ornaments")
    add_notation(run[0], make("wavy-line", attributes={"type": "start", "number": "4"}), "ornaments")
    add_notation(run[-1], make("wavy-line", attributes={"type": "stop", "number": "4"}), "ornaments")


def shown_tuplet(run: Run, random: Random) -> None:
    """Draw or hide the bracket of a tuplet that begins in the run; the music stays."""
    for note in run:
        for tuplet in note.iter("tuplet"):
            if tuplet.get("type") == "start":
                tuplet.set("bracket", random.choice(("yes", "no")))
                tuplet.set("show-number", random.choice(("actual", "actual", "both")))


def false_tuplet(run: Run, random: Random) -> None:
    """Call the run a tuplet; the music is wrong then."""
    if len(run) < 2 or any(note.find("time-modification") is not None for note in run):
        return
    if len({note.getparent() for note in run}) > 1:
        return
    actual, normal = random.choice(TUPLETS)
    for note in run:
        for member in chord_of(note):
            counts = (make("actual-notes", str(actual)), make("normal-notes", str(normal)))
            add_in_order(member, wrap("time-modification", *counts))
    start = {"type": "start", "number": "1", "bracket": random.choice(("yes", "yes", "no"))}
    add_notation(run[0], make("tuplet", attributes=start))
    add_notation(run[-1], make("tuplet", attributes={"type": "stop", "number": "1"}))


def double_tremolo(run: Run, random: Random) -> None:
    """Join two notes of one value by tremolo beams; the music is wrong then."""
    first, second = run[0], run[1]
    if not (is_pitched(first) and is_pitched(second)) or first.getparent() is not second.getparent():
        return
    if first.find(".//tremolo") is not None or second.find(".//tremolo") is not None:
        return
    value = random.choice(("half", "half", "quarter", "whole"))
    strokes = str(random.choice((1, 2, 3)))
    for note, kind in ((first, "start"), (second, "stop")):
        for member in chord_of(note):
            remove_all(member, "type", "beam", "dot")
            add_in_order(member, make("type", value))
        add_notation(note, make("tremolo", strokes, {"type": kind}), "ornaments")
