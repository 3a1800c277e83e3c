"""All checks of a score: its bars must add up, its notes should be likely."""

from __future__ import annotations

from omr.check.bars import check_bars
from omr.check.unlikely import check_likelihood
from omr.score import Issue, Score


def check_score(score: Score) -> tuple[Issue, ...]:
    """What is to be said of `score` beyond its own issues, part by part in the order of the bars.

    Raises ModelError when the table of likelihoods is missing or damaged.
    """
    known = {(issue.code, issue.measure, issue.part) for issue in score.issues}
    found = (*check_bars(score), *check_likelihood(score))
    return tuple(issue for issue in found if (issue.code, issue.measure, issue.part) not in known)
