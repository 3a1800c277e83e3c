"""What is worth a person's look, the most harmful first: bars in which notes are likely to be wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from gui.looks import others_of
from gui.rereading import Reread, bar_box
from gui.state import BarKey
from gui.suspicion import NAMES, Signs, signs_of, suspicions
from omr.agreement import FIRST
from omr.check.harm import bar_harm, harm
from omr.geometry import Box
from omr.score import Issue, NodeRef

LEAST_HARM: Final = 1.0
"""Notes a wrong bar spoils, at least."""
UNSEEN: Final = "bar-doubtful"
"""Code of a bar without an issue of its own."""
UNKNOWN: Final = "nothing in it says why"
OTHERWISE: Final = "a second look read other notes"
AGAIN: Final = "it was read again: further looks agreed on other notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One bar to look at."""

    bar: BarKey
    measure: int
    """0-based index in the document."""
    page: str
    """Id of the page."""
    box: Box
    """Of the bar, page pixels."""
    code: str
    """Of its worst issue."""
    message: str
    """Its worst issue, one line."""
    harm: float
    """Notes likely to be wrong."""
    probability: float
    """That the bar is wrong, 0-1."""
    nodes: tuple[NodeRef, ...]
    """The ink its issues name."""


def problems(heard: Reread) -> tuple[Problem, ...]:
    """The bars worth a look, the most harmful first; checked bars are left out, accepted issues do not count.

    `heard` must be checked.
    """
    models = suspicions()
    issues = _open_issues(heard)
    found = []
    for index, signs in enumerate(signs_of(heard)):
        key = heard.bars[index]
        model = models.once if heard.state.page(key.page).looks is None else models.again
        probability = model.probability(signs)
        settled = key in heard.state.decisions.checked or key in heard.state.decisions.bars
        if probability >= model.listed and not settled and (issues[index] or not _accepted(heard, key)):
            found.append(_problem(heard, index, probability, issues[index], _why(heard, index, signs)))
    return tuple(sorted(found, key=lambda problem: (-problem.harm, problem.measure)))


def _why(heard: Reread, index: int, signs: Signs) -> str:
    """What makes a bar doubtful that has no issue of its own."""
    if not signs[NAMES.index("other")]:
        return UNKNOWN
    return AGAIN if any(other.size == FIRST for other in others_of(heard, index)) else OTHERWISE


def _open_issues(heard: Reread) -> dict[int, list[Issue]]:
    """Issues by measure, the worst first, less those a person accepted."""
    found: dict[int, list[Issue]] = defaultdict(list)
    for issue in heard.issues:
        if issue.measure is None or issue.measure >= len(heard.bars):
            continue
        if (heard.bars[issue.measure], issue.code) not in heard.state.decisions.accepted:
            found[issue.measure].append(issue)
    return defaultdict(list, {index: sorted(own, key=lambda issue: -harm(issue)) for index, own in found.items()})


def _accepted(heard: Reread, key: BarKey) -> bool:
    """Whether a person accepted all there was to say about a bar."""
    return any(bar == key for bar, _ in heard.state.decisions.accepted)


def _problem(heard: Reread, index: int, probability: float, issues: list[Issue], why: str) -> Problem:
    """`why` it is doubted where no issue says it."""
    measure = heard.score.parts[0].measures[index]
    worst = issues[0] if issues else None
    return Problem(
        bar=heard.bars[index],
        measure=index,
        page=heard.bars[index].page,
        box=bar_box(heard, index),
        code=worst.code if worst else UNSEEN,
        message=worst.message if worst else f"bar {measure.number} looks doubtful, {why}",
        harm=probability * max(LEAST_HARM, bar_harm(issues)),
        probability=probability,
        nodes=tuple(dict.fromkeys(node for issue in issues for node in issue.nodes)),
    )
