"""What is worth a person's look, the most harmful first: bars in which notes are likely to be wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from gui.rereading import Reread
from gui.state import BarKey
from omr.check.harm import bar_harm
from omr.geometry import Box
from omr.score import Issue, Measure, NodeRef


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
    """The bars worth a look, the most harmful first; checked bars and accepted issues are left out."""
    decisions = heard.state.decisions
    bars: dict[int, list[Issue]] = defaultdict(list)
    for issue in heard.issues:
        if issue.measure is not None and issue.measure < len(heard.bars):
            key = heard.bars[issue.measure]
            if key not in decisions.checked and (key, issue.code) not in decisions.accepted:
                bars[issue.measure].append(issue)
    found = [_problem(heard, index, own) for index, own in sorted(bars.items())]
    return tuple(sorted(found, key=lambda problem: (-problem.harm, problem.measure)))


def bar_box(heard: Reread, measure: Measure) -> Box:
    """The place of a bar on its page, page pixels."""
    entry = heard.state.read_pages[measure.page]
    staves = [s.box for s in entry.result.staves if s.system == measure.system] if entry.result is not None else []
    top, bottom = min((box.top for box in staves), default=0.0), max((box.bottom for box in staves), default=0.0)
    return Box(measure.left_x, top, max(measure.left_x, measure.right_x), max(top, bottom))


def _problem(heard: Reread, index: int, issues: list[Issue]) -> Problem:
    measure = heard.score.parts[0].measures[index]
    worst = issues[0]
    harm = bar_harm(issues)
    return Problem(
        bar=heard.bars[index],
        measure=index,
        page=heard.bars[index].page,
        box=bar_box(heard, measure),
        code=worst.code,
        message=worst.message,
        harm=harm,
        probability=min(1.0, harm),
        nodes=tuple(dict.fromkeys(node for issue in issues for node in issue.nodes)),
    )
