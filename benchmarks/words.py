"""Words under MUSCIMA++'s classes for them: how likely each is, by the place of the word.

MUSCIMA++ tells words by what they say. By hand they are found and not read, so each finding counts as each class with
that class's share of the 393 words on the 84 train pages: 242 below the staff they are nearest to, 151 above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from omr.notation import Node, Staff

WORDS: Final = "text"
OVER: Final[Mapping[str, float]] = {"tempoText": 0.42, "otherText": 0.41, "dynamicsText": 0.17}
UNDER: Final[Mapping[str, float]] = {"otherText": 0.49, "dynamicsText": 0.42, "tempoText": 0.09}


def with_words(nodes: Iterable[Node], staves: Sequence[Staff]) -> list[Node]:
    """The nodes, words not as such but under each class, all in one system of pixels; other nodes as they are."""
    found: list[Node] = []
    for node in nodes:
        if node.label != WORDS:
            found.append(node)
            continue
        shares = OVER if _over(node, staves) else UNDER
        found += [replace(node, label=label, score=node.score * share) for label, share in shares.items()]
    return found


def _over(node: Node, staves: Sequence[Staff]) -> bool:
    """Whether the staff nearest to a word's middle lies below it."""
    middle = node.box.center.y
    nearest = min(staves, key=lambda staff: max(staff.box.top - middle, middle - staff.box.bottom), default=None)
    return nearest is not None and middle < nearest.box.top
