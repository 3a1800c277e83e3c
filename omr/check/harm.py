"""How much harm an issue is likely to do: the probability that something is wrong, times the notes it would spoil.

The order that follows from PRICES: bars that do not add up, illegal relations, bars read other than printed, unlikely lengths
and notes, ties and slurs without an end, symbols without a partner, symbols seen dimly. Doubts about one bar are added up as
independent ones, so a bar with three weak ones may come before a bar with one that is stronger. The probabilities are round
figures of how often such bars were wrong on LilyPond's test pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from omr.score import Issue


class Price(NamedTuple):
    """What an issue of a kind costs."""

    probability: float
    """That the bar is wrong, where the issue does not say itself."""
    notes: float
    """Spoilt if it is, about."""


PRICES: Final[Mapping[str, Price]] = {
    "bar-missing": Price(0.95, 8),
    "bar-too-long": Price(0.95, 6),
    "bar-irregular": Price(0.9, 6),
    "bar-too-short": Price(0.8, 4),
    "bar-empty": Price(0.6, 4),
    "voice-overlap": Price(0.7, 3),
    "symbols-not-linked": Price(0.9, 6),
    "illegal-relation": Price(0.7, 3),
    "bar-mended": Price(0.7, 3),
    "beam-and-flag": Price(0.6, 2),
    "rhythm-unlikely": Price(0.4, 2.5),
    "pitch-unlikely": Price(0.7, 2),
    "note-unlikely": Price(0.3, 2),
    "clef-missing": Price(0.5, 3),
    "tie-dangling": Price(0.5, 1.5),
    "tuplet-dangling": Price(0.5, 1.5),
    "ending-dangling": Price(0.5, 1),
    "head-without-stem": Price(0.3, 1.5),
    "flag-without-head": Price(0.3, 1),
    "relation-doubtful": Price(0.15, 1),
    "label-doubtful": Price(0.1, 1),
    "beam-without-head": Price(0.25, 1),
    "stem-without-head": Price(0.25, 1),
    "dot-without-note": Price(0.05, 1),
    "low-confidence": Price(0.03, 1),
    "slur-dangling": Price(0.3, 0.3),
    "direction-dangling": Price(0.2, 0.3),
    "page-without-staves": Price(0.1, 1),
}
UNKNOWN: Final = Price(0.3, 1)
WORTH_A_LOOK: Final = 0.5  # notes

Place = tuple[int | None, str | None]
"""(bar, part)."""


def harm(issue: Issue) -> float:
    """Notes that the issue is likely to spoil."""
    return _probability(issue) * PRICES.get(issue.code, UNKNOWN).notes


def ranked(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """`issues` with those first that are likely to do most harm, the issues of a bar together."""
    bars: dict[int | None, list[Issue]] = defaultdict(list)
    for issue in issues:
        bars[issue.measure].append(issue)
    loose = [[issue] for issue in bars.pop(None, ())]
    groups = [sorted(own, key=_order) for own in (*bars.values(), *loose)]
    groups.sort(key=lambda own: (-bar_harm(own), _order(own[0])))
    return tuple(issue for own in groups for issue in own)


def bars_to_check(issues: Iterable[Issue]) -> tuple[int, ...]:
    """Indexes of the bars in which WORTH_A_LOOK or more notes are likely to be wrong, in order."""
    bars: dict[int, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.measure is not None:
            bars[issue.measure].append(issue)
    return tuple(index for index, own in sorted(bars.items()) if bar_harm(own) >= WORTH_A_LOOK)


def bar_harm(issues: Iterable[Issue]) -> float:
    """Notes that the issues of one bar are likely to spoil together: the worst in full, others by what they add."""
    left, notes = 1.0, 0.0
    for issue in sorted(issues, key=_order):
        probability = _probability(issue)
        notes += left * probability * PRICES.get(issue.code, UNKNOWN).notes
        left *= 1 - probability
    return notes


def _probability(issue: Issue) -> float:
    return PRICES.get(issue.code, UNKNOWN).probability if issue.probability is None else issue.probability


def _order(issue: Issue) -> tuple[float, int, str, str, str]:
    place = -1 if issue.measure is None else issue.measure
    return -harm(issue), place, issue.part or "", issue.code, issue.message
