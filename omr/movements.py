"""A score cut into its movements, each a score that stands alone: clefs, key and metre in force are stated at its first bar.

Assumes, as the reader does, that ties, slurs and repeats stay within a movement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from omr.score import ClefChange, Issue, Key, Measure, Part, Score, Time

START = "movement"
"""Code of the issue that says where a movement after the first begins."""


def split_movements(score: Score) -> tuple[Score, ...]:
    """The movements of `score` in order: itself alone when it has but one."""
    count = max((len(part.measures) for part in score.parts), default=0)
    found = {issue.measure for issue in score.issues if issue.code == START and issue.measure is not None}
    starts = [0, *sorted(start for start in found if 0 < start < count)]
    if len(starts) == 1:
        return (score,)
    return tuple(_movement(score, first, last) for first, last in zip(starts, [*starts[1:], count], strict=True))


def _movement(score: Score, first: int, last: int) -> Score:
    """Bars `first` to before `last`."""
    parts = tuple(replace(part, measures=_bars(part, first, last)) for part in score.parts)
    issues = tuple(
        replace(issue, measure=issue.measure - first)
        for issue in score.issues
        if _within(issue, first, last) and issue.measure is not None
    )
    return Score(parts=parts, issues=issues, title=score.title)


def _within(issue: Issue, first: int, last: int) -> bool:
    return issue.measure is not None and first <= issue.measure < last and issue.code != START


def _bars(part: Part, first: int, last: int) -> tuple[Measure, ...]:
    bars = [replace(measure, index=place) for place, measure in enumerate(part.measures[first:last])]
    before = part.measures[:first]
    opening = bars[0]
    bars[0] = replace(
        opening,
        clefs=(*_clefs(before, opening, part.staves), *opening.clefs),
        key=opening.key or _last_key(before),
        time=opening.time or _last_time(before),
        new_system=False,
        new_page=False,
    )
    return tuple(bars)


def _clefs(before: Sequence[Measure], opening: Measure, staves: int) -> tuple[ClefChange, ...]:
    """The clef in force on each staff whose clef `opening` does not state at its beginning."""
    stated = {change.staff for change in opening.clefs if change.onset == 0}
    valid: dict[int, ClefChange] = {}
    for measure in before:
        for change in sorted(measure.clefs, key=lambda change: change.onset):
            valid[change.staff] = change
    return tuple(
        replace(valid[staff], onset=Fraction(0))
        for staff in range(1, staves + 1)
        if staff in valid and staff not in stated
    )


def _last_key(before: Sequence[Measure]) -> Key | None:
    return next((measure.key for measure in reversed(before) if measure.key is not None), None)


def _last_time(before: Sequence[Measure]) -> Time | None:
    return next((measure.time for measure in reversed(before) if measure.time is not None), None)
