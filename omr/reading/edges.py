"""The two edges of a bar: repeats and endings open and close there."""

from __future__ import annotations

from dataclasses import replace

from omr.reading.events import Refer
from omr.reading.layout import Separator
from omr.score import Barline


def left_edge(line: Separator | None, ref: Refer) -> Barline:
    """The left edge of a bar that `line` opens; None: no line was seen."""
    if line is None:
        return Barline()
    nodes = tuple(ref(node) for node in line.nodes)
    if line.forward:
        return Barline(style="heavy-light", repeat="forward", nodes=nodes)
    return Barline(nodes=nodes)


def right_edge(line: Separator | None, ref: Refer) -> Barline:
    """The right edge of a bar that `line` closes; None: no line was seen."""
    if line is None:
        return Barline()
    nodes = tuple(ref(node) for node in line.nodes)
    if line.backward:
        return Barline(style="light-heavy", repeat="backward", nodes=nodes)
    return Barline(style="regular" if line.forward else line.style, nodes=nodes)


def begun(line: Barline, ending: str | None) -> Barline:
    """`line` with the numbers of the ending that starts there."""
    return replace(line, ending=("start", ending)) if ending is not None else line


def ended(line: Barline, ending: str | None) -> Barline:
    """`line` with the numbers of the ending that stops there."""
    if ending is None:
        return line
    return replace(line, ending=("stop" if line.repeat else "discontinue", ending))
