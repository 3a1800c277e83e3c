"""Endings: brackets over the bars that are played only the first or second time.

The bracket's figure says which time; where it was not read, a bracket that follows another counts on from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omr.notation import Node
from omr.reading.bars import TimedBar
from omr.reading.document import Document
from omr.reading.layout import System

REACH = 12.0  # staff spaces from the top staff up to its brackets
SLACK = 1.5  # staff spaces a bracket may end beside its barline


@dataclass(frozen=True, slots=True)
class Volta:
    """An ending over the bars `first` to `last` of the document."""

    first: int
    last: int
    numbers: str


def read_voltas(document: Document, bars: Sequence[TimedBar]) -> tuple[Volta, ...]:
    """The endings of the document in order; no two cover the same bar."""
    found: list[Volta] = []
    for place, system in enumerate(document.systems):
        own = [index for index, bar in enumerate(bars) if bar.ink.system == place]
        for bracket in _brackets(document, place, system):
            reach = SLACK * system.space
            under = [
                i
                for i in own
                if _middle(bars[i]) > bracket.box.left - reach and _middle(bars[i]) < bracket.box.right + reach
            ]
            if not under or (found and under[0] <= found[-1].last):
                continue
            numerals = [n for n in document.graphs[place].targets(bracket.id) if n.label.startswith("numeral")]
            figures = [node.label[-1] for node in sorted(numerals, key=lambda node: (node.box.left, node.id))]
            follows = found and found[-1].last == under[0] - 1
            counted = str(int(found[-1].numbers[-1]) + 1) if follows else "1"
            found.append(Volta(under[0], under[-1], ", ".join(figures) or counted))
    return tuple(found)


def _middle(bar: TimedBar) -> float:
    return (bar.ink.span.left + bar.ink.span.right) / 2


def _brackets(document: Document, place: int, system: System) -> list[Node]:
    """The brackets right above a system, from left to right."""
    top = system.staves[0].box.top
    found = [
        node
        for node in document.graphs[place].nodes
        if node.label == "voltaBracket" and top - REACH * system.space < node.box.center.y < top
    ]
    return sorted(found, key=lambda node: (node.box.left, node.id))


def edges_of(voltas: Sequence[Volta]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Numbers of the endings that start, and of those that stop, by bar."""
    return {volta.first: volta.numbers for volta in voltas}, {volta.last: volta.numbers for volta in voltas}
