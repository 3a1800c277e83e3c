"""Which symbols may be related: pairs that the grammar allows and that lie near enough, in training as in use.

Assumption: related symbols lie near each other in proportion to the staff space, and how near depends mostly on the
target: a ledger line lies under its head, a slur passes some spaces from the heads it covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from omr.labels import (
    ACCIDENTALS,
    ARTICULATIONS,
    DETECTED,
    FERMATAS,
    FLAGS,
    GRAMMAR,
    HAIRPINS,
    INDEX,
    NUMERALS,
    ORNAMENTS,
    SMALL_NOTEHEADS,
    TECHNICAL,
)
from omr.notation import Node, Staff
from omr.proximity import Boxes, Indices, box_array, distance, near, rank, staff_space, unique_pairs

Reach = tuple[float, float]
REACH: Final[dict[str, Reach]] = {
    "stem": (0.9, 2.5),
    "legerLine": (0.3, 6.0),
    "beam": (1.3, 13.0),
    **dict.fromkeys(FLAGS, (1.0, 6.0)),
    "augmentationDot": (3.0, 0.8),
    **dict.fromkeys(ACCIDENTALS, (5.0, 1.2)),
    "parenthesis": (1.5, 0.5),
    "clefOctave8": (0.8, 1.2),
    **dict.fromkeys(NUMERALS, (14.0, 10.0)),
    "repeatDot": (2.5, 0.5),
    "slur": (3.0, 8.0),
    "tie": (3.0, 2.5),
    "tupleBracket": (1.0, 10.0),
    "graceNoteAcciaccatura": (0.5, 0.5),
    **dict.fromkeys(ARTICULATIONS, (0.8, 9.0)),
    **dict.fromkeys(FERMATAS, (1.5, 7.0)),
    **dict.fromkeys(ORNAMENTS, (3.0, 9.0)),
    "singleNoteTremolo": (0.5, 0.8),
    "multipleNoteTremolo": (1.0, 1.5),
    "arpeggio": (4.0, 1.0),
    "glissando": (1.5, 3.0),
    **dict.fromkeys(TECHNICAL, (3.0, 6.0)),
    **dict.fromkeys(HAIRPINS, (2.6, 12.0)),
    "dottedHorizontalSpanner": (1.0, 8.0),
    **dict.fromkeys(SMALL_NOTEHEADS, (8.0, 5.0)),
}
"""Largest horizontal and vertical gap between the boxes of a source and this target, staff spaces.

Chosen on the 84 training pages of MUSCIMA++: 99.8 % of the relations between detected symbols lie within.
"""

MOST_SYMBOLS: Final = 6000
"""Of a page that are linked, the surest first: the densest orchestral page holds fewer, and time must stay bounded."""
MOST_PAIRS: Final = 400_000
"""Candidates of a page; beyond, each target keeps its nearest sources alone."""
SECOND_LABEL_RATIO: Final = 0.5
"""A symbol may also act as its second best class when that class scores at least this share of the best."""
CONTEXT_NEIGHBOURS: Final = 5
CONTEXT_GAP: Final = 3.0  # staff spaces, in each direction
CROSSING_GAP: Final = 0.8  # staff spaces between a stem and a beam that may cross it


def linkable(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes that are linked, in their order: all, or the MOST_SYMBOLS with the best scores."""
    if len(nodes) <= MOST_SYMBOLS:
        return tuple(nodes)
    best = sorted(range(len(nodes)), key=lambda place: (-nodes[place].score, place))[:MOST_SYMBOLS]
    return tuple(nodes[place] for place in sorted(best))


def candidate_edges(nodes: Sequence[Node], staves: Sequence[Staff]) -> Indices:
    """(n, 2) positions in `nodes` of source and target that may be related, sorted."""
    boxes = box_array(nodes, staff_space(nodes, staves))
    plausible = _plausible(nodes)
    found = [np.zeros((0, 2), np.int64)]
    for sources, targets, reach in _RULES:
        from_here = np.flatnonzero(plausible[:, sources].any(axis=1))
        to_there = np.flatnonzero(plausible[:, targets].any(axis=1))
        found.append(near(boxes, from_here, to_there, reach))
    return _nearest(unique_pairs(np.concatenate(found), len(nodes)), boxes)


def _nearest(pairs: Indices, boxes: Boxes) -> Indices:
    """The pairs, or where there are too many of them those of each target with its nearest sources."""
    if len(pairs) <= MOST_PAIRS:
        return pairs
    targets = len(np.unique(pairs[:, 1]))
    return pairs[rank(pairs[:, 1], distance(boxes, pairs)) < max(1, MOST_PAIRS // targets)]


def context_edges(nodes: Sequence[Node], staves: Sequence[Staff]) -> Indices:
    """(n, 2) pairs that tell about relations: each symbol with its nearest, each stem with the beams it may cross."""
    boxes = box_array(nodes, staff_space(nodes, staves))
    everything = np.arange(len(nodes))
    labels = np.array([node.label for node in nodes])
    pairs = near(boxes, everything, everything, (CONTEXT_GAP, CONTEXT_GAP))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    pairs = np.sort(pairs[rank(pairs[:, 0], distance(boxes, pairs)) < CONTEXT_NEIGHBOURS], axis=1)
    crossing = near(boxes, everything[labels == "stem"], everything[labels == "beam"], (CROSSING_GAP, CROSSING_GAP))
    return unique_pairs(np.concatenate([pairs, crossing]), len(nodes))


def graph_pairs(nodes: Sequence[Node], staves: Sequence[Staff]) -> tuple[Indices, int]:
    """(n, 2) candidate pairs followed by the context pairs not among them, and how many are candidates."""
    candidates = candidate_edges(nodes, staves)
    context = context_edges(nodes, staves)
    either_way = np.concatenate([candidates, candidates[:, ::-1]])
    known = np.isin(context @ [len(nodes), 1], either_way @ [len(nodes), 1])
    return np.concatenate([candidates, context[~known]]), len(candidates)


def class_vectors(nodes: Sequence[Node]) -> Boxes:
    """(n, classes) soft class scores; a node that no model scored counts fully as its label."""
    vectors = np.zeros((len(nodes), len(DETECTED)))
    scored = [row for row, node in enumerate(nodes) if node.scores]
    if scored:
        vectors[scored] = [nodes[row].scores for row in scored]
    named = [(row, INDEX[node.label]) for row, node in enumerate(nodes) if not node.scores and node.label in INDEX]
    vectors[tuple(np.array(named, np.int64).reshape(-1, 2).T)] = 1.0
    return vectors


def _plausible(nodes: Sequence[Node]) -> npt.NDArray[np.bool_]:
    """(n, classes): the label, and the second best class where it comes near."""
    vectors = class_vectors(nodes)
    allowed = np.zeros(vectors.shape, bool)
    rows, best = np.arange(len(nodes)), vectors.argmax(axis=1)
    least = SECOND_LABEL_RATIO * np.maximum(vectors[rows, best], 1e-6)
    vectors[rows, best] = 0
    second = vectors.argmax(axis=1)
    allowed[rows, second] = vectors[rows, second] >= least
    known = [(row, INDEX[node.label]) for row, node in enumerate(nodes) if node.label in INDEX]
    allowed[tuple(np.array(known, np.int64).reshape(-1, 2).T)] = True
    return allowed


def _rules() -> tuple[tuple[list[int], list[int], Reach], ...]:
    """The grammar as (source classes, target classes, reach), targets of equal sources and reach joined."""
    sources: dict[str, list[int]] = {}
    for source, target in sorted(GRAMMAR):
        sources.setdefault(target, []).append(INDEX[source])
    rules: dict[tuple[tuple[int, ...], Reach], list[int]] = {}
    for target, classes in sources.items():
        rules.setdefault((tuple(classes), REACH[target]), []).append(INDEX[target])
    return tuple((list(classes), targets, reach) for (classes, reach), targets in rules.items())


_RULES: Final = _rules()
