"""Symbols become a notation graph: each candidate relation gets a probability, then the rules of notation choose among them.

Assumption: the network judges pairs nearly independently, while notation does not: an accidental has one head, a tie two at
opposite ends, a stem its beams and flags for all heads of its chord alike. The rules settle what the probabilities leave open;
they forbid, they never invent a relation that the network finds unlikely.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from omr.candidates import graph_pairs, linkable
from omr.features import Floats, edge_features, node_features
from omr.geometry import Box
from omr.labels import ACCIDENTALS, FLAGS, GRAMMAR
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.proximity import Indices, staff_space

THRESHOLD: Final = 0.5
BEAM_ASIDE: Final = 1.0  # staff spaces a stem may stand outside a beam's ends
BEAM_AWAY: Final = 3.0  # staff spaces between a stem's end and a beam it belongs to
SAME_INK: Final = 0.6  # overlap (IoU) from which two flags of a head are two readings of one flag
ONE_OWNER: Final = frozenset({*ACCIDENTALS, "augmentationDot", "clefOctave8", "parenthesis", "graceNoteAcciaccatura"})


class EdgeScorer(Protocol):
    """A linker: probabilities of the pairs, (n,), from node_features, pairs as (2, n) source and target, and edge_features."""

    def __call__(self, symbols: Floats, pairs: Indices, geometry: Floats) -> npt.NDArray[np.floating]: ...


class Proposal(NamedTuple):
    """A relation that may hold."""

    source: Node
    target: Node
    probability: float


def link(nodes: Sequence[Node], staves: Sequence[Staff], scorer: EdgeScorer) -> NotationGraph:
    """The symbols with the relations that the network finds likely and the rules allow."""
    proposals = score_relations(nodes, staves, scorer)
    return NotationGraph(tuple(nodes), choose_edges(proposals, staff_space(nodes, staves)))


def score_relations(nodes: Sequence[Node], staves: Sequence[Staff], scorer: EdgeScorer) -> tuple[Proposal, ...]:
    """Every candidate relation with its probability; of absurdly full pages those of the surest symbols (linkable)."""
    nodes = linkable(nodes)
    pairs, candidates = graph_pairs(nodes, staves)
    if candidates == 0:
        return ()
    geometry = edge_features(nodes, pairs, staves, candidates)
    probabilities = scorer(node_features(nodes, staves), np.ascontiguousarray(pairs.T), geometry)
    rows = zip(pairs[:candidates].tolist(), probabilities[:candidates].tolist(), strict=True)
    return tuple(Proposal(nodes[source], nodes[target], float(probability)) for (source, target), probability in rows)


def choose_edges(proposals: Iterable[Proposal], space: float) -> tuple[Edge, ...]:
    """The relations to keep, sorted; `space` is the staff space in pixels."""
    legal = [proposal for proposal in proposals if (proposal.source.label, proposal.target.label) in GRAMMAR]
    stems = _stems(_likely([proposal for proposal in legal if proposal.target.label == "stem"]))
    tails = [proposal for proposal in legal if proposal.target.label == "beam" or proposal.target.label in FLAGS]
    tails = _tails(_likely(_agreed(tails, stems)), stems, space)
    ties = _ties(_likely([proposal for proposal in legal if proposal.target.label == "tie"]))
    settled = {"stem", "beam", "tie", *FLAGS}
    rest = _one_owner(_likely([proposal for proposal in legal if proposal.target.label not in settled]))
    chosen = (Edge(p.source.id, p.target.id, round(min(p.probability, 1.0), 4)) for p in (*stems, *tails, *ties, *rest))
    return tuple(sorted(chosen))


def _likely(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Those above the threshold, likeliest first; equal ones by id."""
    return sorted(
        (proposal for proposal in proposals if proposal.probability >= THRESHOLD),
        key=lambda proposal: (-proposal.probability, proposal.source.id, proposal.target.id),
    )


def _stems(likely: Iterable[Proposal]) -> list[Proposal]:
    """A head has one stem, or two on opposite sides where two voices share it."""
    chosen: dict[int, list[Proposal]] = {}
    for proposal in likely:
        mine = chosen.setdefault(proposal.source.id, [])
        if len(mine) < 2 and all(_rises(proposal) != _rises(other) for other in mine):
            mine.append(proposal)
    return [proposal for mine in chosen.values() for proposal in mine]


def _rises(stem: Proposal) -> bool:
    return stem.target.box.center.y < stem.source.box.center.y


def _agreed(tails: Iterable[Proposal], stems: Iterable[Proposal]) -> list[Proposal]:
    """The heads of one stem share its beams and flags: each gets the mean of their probabilities."""
    stem_of = {proposal.source.id: proposal.target.id for proposal in stems}
    votes: dict[tuple[int, int], list[Proposal]] = {}
    for proposal in tails:
        chord = stem_of.get(proposal.source.id, -1 - proposal.source.id)
        votes.setdefault((chord, proposal.target.id), []).append(proposal)
    return [
        proposal._replace(probability=float(np.mean([vote.probability for vote in group])))
        for group in votes.values()
        for proposal in group
    ]


def _tails(likely: Iterable[Proposal], stems: Iterable[Proposal], space: float) -> list[Proposal]:
    """Beams that a stem of the head reaches, or flags of different ink; on a single stem never both."""
    stems_of: dict[int, list[Box]] = {}
    for stem in stems:
        stems_of.setdefault(stem.source.id, []).append(stem.target.box)
    chosen: dict[int, list[Proposal]] = {}
    for proposal in likely:
        mine = chosen.setdefault(proposal.source.id, [])
        own_stems = stems_of.get(proposal.source.id, [])
        if _tail_fits(proposal, mine, own_stems, space):
            mine.append(proposal)
    return [proposal for mine in chosen.values() for proposal in mine]


def _tail_fits(tail: Proposal, others: Sequence[Proposal], stems: Sequence[Box], space: float) -> bool:
    beam = tail.target.label == "beam"
    if len(stems) < 2 and any((other.target.label == "beam") != beam for other in others):
        return False
    if beam:
        return not stems or any(_reaches(stem, tail.target.box, space) for stem in stems)
    return all(tail.target.box.iou(other.target.box) < SAME_INK for other in others)


def _reaches(stem: Box, beam: Box, space: float) -> bool:
    x = stem.center.x
    aside = max(beam.left - x, x - beam.right)
    away = max(beam.top - stem.bottom, stem.top - beam.bottom)
    return aside <= BEAM_ASIDE * space and away <= BEAM_AWAY * space


def _ties(likely: Iterable[Proposal]) -> list[Proposal]:
    """A tie joins two heads at its opposite ends; a head has one tie on each side."""
    taken: set[tuple[int, bool]] = set()
    chosen: list[Proposal] = []
    for proposal in likely:
        right_end = proposal.source.box.center.x > proposal.target.box.center.x
        ends = {(proposal.target.id, right_end), (proposal.source.id, right_end)}
        if not ends & taken:
            taken |= ends
            chosen.append(proposal)
    return chosen


def _one_owner(likely: Iterable[Proposal]) -> list[Proposal]:
    """Of the proposals for an accidental, a dot and their like only the first; all others as they are."""
    owned: set[int] = set()
    chosen: list[Proposal] = []
    for proposal in likely:
        if proposal.target.label in ONE_OWNER:
            if proposal.target.id in owned:
                continue
            owned.add(proposal.target.id)
        chosen.append(proposal)
    return chosen
