"""Whole and half rests told apart by the line they hang from or sit on.

Both are the same bar of ink. A whole rest hangs from a line, a half rest sits on one, so the one is a quarter of a staff space
below the nearest line and the other above it. A network sees the ink well and the line less so; the traced staff knows it.
On MUSCIMA++'s train pages that rule is right for 251 of 254 rests. What stands a whole step beyond the staff is left as it was
seen: ledger lines are not traced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from omr.features import nearest_staff
from omr.labels import exchanged
from omr.notation import Node, Staff

OTHER: Final = {"restWhole": "restHalf", "restHalf": "restWhole"}
BEYOND: Final = 1.0  # half staff spaces above or below the staff up to which its lines decide
CLEAR: Final = 0.12  # staff spaces from the height where both are as likely


def with_hanging_rests(nodes: Iterable[Node], staves: Sequence[Staff]) -> tuple[Node, ...]:
    """`nodes` with whole and half rests renamed where their height says so, the scores of the two classes exchanged."""
    found = tuple(nodes)
    bars = [node for node in found if node.label in OTHER and node.origin != "human"]
    if not bars or not staves:
        return found
    _, places = nearest_staff(bars, staves)
    named = {node.id: _named(node, float(place)) for node, place in zip(bars, places, strict=True)}
    return tuple(named.get(node.id, node) for node in found)


def _named(rest: Node, place: float) -> Node:
    """`rest` at `place`, half staff spaces below the top line."""
    below = place / 2 % 1  # staff spaces below the next line above
    if not -BEYOND <= place <= 8 + BEYOND or min(below, abs(below - 0.5), 1 - below) < CLEAR:
        return rest
    label = "restWhole" if below < 0.5 else "restHalf"
    return rest if label == rest.label else replace(rest, label=label, scores=exchanged(rest.scores, *OTHER))
