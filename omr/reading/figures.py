"""Tuplet figures of a whole beam: one that says as many as the beam has notes is all of them's, whichever it was related to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from omr.labels import NUMERALS
from omr.notation import Node
from omr.reading.items import Item

SHARED = 2  # notes of a beam that a figure must be related to: a fingering has one


def with_whole_figures(items: Sequence[Item]) -> list[Item]:
    """The items, each with the figure that most of its beam has and that counts the beam's notes."""
    groups: dict[int, list[Item]] = {}
    for item in items:
        if item.group >= 0:
            groups.setdefault(item.group, []).append(item)
    whole = {group: figure for group, members in groups.items() for figure in _whole(members)}
    return [
        replace(item, figures=(*item.figures, whole[item.group]))
        if item.group in whole and whole[item.group] not in item.figures
        else item
        for item in items
    ]


def _whole(members: Sequence[Item]) -> list[Node]:
    """The figure that counts the members of a beam and that at least half of them have, if there is one."""
    counts = Counter(node for item in members for node in item.figures if node.label in NUMERALS)
    return [
        node
        for node, count in counts.items()
        if NUMERALS.index(node.label) == len(members) and count >= max(SHARED, len(members) / 2)
    ][:1]
