"""How likely a bar is wrong: what reading, detection, relations and music say about it, joined by a logistic regression.

No one sign tells much: a bar may add up with a wrong note in it, and most dim symbols are right. Only a second look at the page
(omr/second_look.py) does: bars that say the same at every size are seldom wrong. There is one regression for pages that were
looked at again and one for all others. The weights were fitted on engraved pages, and what a second look adds, five numbers, on
scans of works that benchmarks/show_desktop.py does not judge (benchmarks/fit_review.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any, Final, NamedTuple

from gui.heights import claims, heads_of, offset
from gui.likeness import likeness
from gui.looks import others_of, touched
from gui.rereading import Reread, measures_at
from omr.agreement import dissent
from omr.errors import ModelError
from omr.labels import ACCIDENTALS, FLAGS, INDEX, NOTEHEADS, RESTS
from omr.memory import recalled, remembered
from omr.notation import Node, NotationGraph
from omr.reading.bars import TimedBar
from omr.reading.items import Item
from omr.reading.layout import System
from omr.score import Issue
from omr.sound import sound_of

WEIGHTS: Final = Path(__file__).parent / "suspicion.json"
COUNTED: Final = frozenset((*NOTEHEADS, *RESTS, *FLAGS, *ACCIDENTALS, "augmentationDot", "beam", "stem"))
"""Classes of which a false one changes the notes."""
SUMS: Final = frozenset(
    ("bar-too-long", "bar-too-short", "bar-irregular", "bar-mended", "voice-overlap", "bar-missing")
)
COST_MAX: Final = 8.0
NEVER: Final = 4.0  # margin of a bar that has no second reading
FAR: Final = 4  # half staff spaces beyond the staff from which heights are easily misread
SURE: Final = 0.98  # of a relation above which it is not doubted

Signs = tuple[float, ...]
NAMES: Final = (
    "cost", "margin", "false", "dim", "missing", "rival", "relations", "pitch", "rhythm", "sums", "warnings", "dropped",
    "changed", "tuplets", "notes", "unused", "offset", "claims", "twin", "parallel", "rhyme", "idle", "clash", "hands",
    "rare", "strange", "spikes", "stemless", "beyond", "other", "others", "company",
)  # fmt: skip
LOOKS: Final = ("other", "others")
"""Signs that a page has only when it was looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A fitted regression over NAMES."""

    bias: float
    weights: Mapping[str, float]
    listed: float
    """Probability from which a bar is listed."""

    def probability(self, signs: Signs) -> float:
        """That a bar with these signs is wrong."""
        total = self.bias + sum(self.weights[name] * value for name, value in zip(NAMES, signs, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


class Suspicions(NamedTuple):
    """One regression for pages that were looked at once, one for those that were looked at again."""

    once: Suspicion
    again: Suspicion


@cache
def suspicions(path: Path = WEIGHTS) -> Suspicions:
    """The regressions beside this file; raises ModelError when they are missing or damaged."""
    try:
        rows = json.loads(path.read_text("utf-8"))
        return Suspicions(once=_regression(rows["once"]), again=_regression(rows["again"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: is no table of weights ({error}); reinstall scorewright") from error


def _regression(row: Mapping[str, Any]) -> Suspicion:
    weights = {name: float(row["weights"][name]) for name in NAMES}
    return Suspicion(bias=float(row["bias"]), weights=weights, listed=float(row["listed"]))


def signs_of(heard: Reread) -> tuple[Signs, ...]:
    """The signs of each bar in the order of NAMES; `heard` must be checked."""
    issues: dict[int, list[Issue]] = defaultdict(list)
    for issue in heard.issues:
        if issue.measure is not None:
            issues[issue.measure].append(issue)
    alike = likeness(heard.score)
    own = [
        (
            *_own(heard, index, bar, issues[index]),
            *map(float, alike[index]),
            *_shapes(bar),
            *_looks(heard, index),
        )
        for index, bar in enumerate(heard.reading.bars)
    ]
    rough = [min(1.0, signs[0] / 2 + signs[9]) for signs in own]
    return tuple((*signs, _beside(rough, index)) for index, signs in enumerate(own))


def _beside(rough: Sequence[float], index: int) -> float:
    """How wrong the neighbours look: a fault of print or scan seldom keeps to one bar."""
    near = [rough[other] for other in (index - 1, index + 1) if 0 <= other < len(rough)]
    return sum(near) / max(1, len(near))


def _own(heard: Reread, index: int, bar: TimedBar, issues: Sequence[Issue]) -> Signs:
    document, place = heard.reading.document, bar.ink.system
    graph, system, accidentals = document.graphs[place], document.systems[place], document.accidentals[place]
    seen, read, heights = recalled(
        (graph, system, accidentals, bar), None, lambda: _seen(graph, system, accidentals, bar)
    )
    ranked = heard.reading.alternatives(index, most=2).readings
    margin = ranked[1].cost - ranked[0].cost if len(ranked) > 1 else NEVER
    return (
        min(COST_MAX, bar.reading.cost),
        log(max(0.05, min(NEVER, margin))),
        *seen,
        max((issue.probability or 0.0 for issue in issues if issue.code == "note-unlikely"), default=0.0),
        max((issue.probability or 0.0 for issue in issues if issue.code == "rhythm-unlikely"), default=0.0),
        float(any(issue.code in SUMS for issue in issues)),
        log(1 + sum(issue.severity != "note" for issue in issues)),
        *read,
        *heights,
    )


def _seen(
    graph: NotationGraph, system: System, accidentals: Mapping[int, Node], bar: TimedBar
) -> tuple[Signs, Signs, Signs]:
    """What the ink of a bar says of its symbols and relations, of how it was read, and of heights."""
    scores = remembered(_scores, graph)
    items = [item for column in bar.ink.columns for item in column]
    placed = {entry.item.id for entry in bar.reading.placed}
    symbols = _symbols(items, accidentals)
    seen = (
        sum(1 - node.score for node in symbols),
        max((1 - node.score for node in symbols), default=0.0),
        _missed(graph, bar),
        max((_rival(node) for node in symbols), default=0.0),
        sum(_doubt(graph, item, scores) for item in items),
    )
    read = (
        float(sum(item.id not in placed for item in items)),
        float(sum(entry.value.cost > 0 for entry in bar.reading.placed)),
        float(any(entry.ratio == 1 and not entry.item.figures for entry in bar.reading.placed)),
        log(1 + sum(len(item.heads) for item in items)),
    )
    heights = (
        float(_unused(graph, bar, accidentals)),
        max((abs(offset(head, system)) for head in heads_of(bar)), default=0.0),
        max((claim.doubt for claim in claims(bar, system, accidentals)), default=0.0),
    )
    return seen, read, heights


def _shapes(bar: TimedBar) -> Signs:
    """Chords with more beams than their neighbours, black heads without stems, heads far beyond the staff."""
    items = [item for column in bar.ink.columns for item in column]
    heads = [head for item in items for head in item.heads]
    stemless = sum(item.stem is None and item.heads[0].node.label == "noteheadFull" for item in items if item.heads)
    return (
        float(sum(item.spike for item in items)),
        float(stemless),
        float(sum(not -FAR <= head.position <= 8 + FAR for head in heads)),
    )


def _looks(heard: Reread, index: int) -> Signs:
    """Whether any other look at the page says other notes, and how many more do; a person's ink settles that."""
    others = list(others_of(heard, index))
    if not others or touched(heard, index):
        return 0.0, 0.0
    count = dissent(others, sound_of(measures_at(heard, index)))
    return float(count > 0), float(max(0, count - 1))


def _symbols(items: Iterable[Item], accidentals: Mapping[int, Node]) -> tuple[Node, ...]:
    """The ink of which the bar's notes are read."""
    found: dict[int, Node] = {}
    for item in items:
        nodes = [head.node for head in item.heads] + [item.rest, item.stem, *item.flags, *item.beams, *item.dot_nodes]
        nodes += [accidentals.get(head.node.id) for head in item.heads]
        found.update({node.id: node for node in nodes if node is not None})
    return tuple(found.values())


def _missed(graph: NotationGraph, bar: TimedBar) -> float:
    """What the bar's ink was seen as besides, with classes that change notes: the chance that a symbol is another."""
    total = 0.0
    for node in graph.nodes:
        if bar.ink.span.left <= node.box.center.x < bar.ink.span.right and node.scores and node.label not in COUNTED:
            total += max(node.scores[INDEX[label]] for label in COUNTED)
    return total


def _rival(node: Node) -> float:
    """The score of the class that was nearly taken instead."""
    if not node.scores or node.label not in INDEX:
        return 0.0
    own = INDEX[node.label]
    return max(score for place, score in enumerate(node.scores) if place != own)


def _doubt(graph: NotationGraph, item: Item, scores: Mapping[int, Sequence[tuple[int, float]]]) -> float:
    """How doubtful the relations of a chord are."""
    ids = {head.node.id for head in item.heads} | ({item.rest.id} if item.rest is not None else set())
    return sum(
        1 - score
        for node in sorted(ids)
        for target, score in scores.get(node, ())
        if score < SURE and graph.by_id[target].label in COUNTED
    )


def _scores(graph: NotationGraph) -> Mapping[int, Sequence[tuple[int, float]]]:
    """(target, probability) of the relations of each node."""
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for edge in graph.edges:
        found[edge.source].append((edge.target, edge.score))
    return found


def _unused(graph: NotationGraph, bar: TimedBar, accidentals: Mapping[int, Node]) -> int:
    """Accidentals, dots and flags in the bar that belong to no note."""
    used = {node.id for node in accidentals.values()}
    used |= {node.id for column in bar.ink.columns for item in column for node in (*item.dot_nodes, *item.flags)}
    left, right = bar.ink.span.left, bar.ink.span.right
    start = min((item.x for column in bar.ink.columns for item in column), default=right)
    loose = [
        node
        for node in graph.nodes
        if node.label in (*ACCIDENTALS, *FLAGS, "augmentationDot") and max(left, start) <= node.box.center.x < right
    ]
    return sum(node.id not in used for node in loose)
