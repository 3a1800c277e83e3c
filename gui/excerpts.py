"""Excerpts of a score: one system, or one bar, with the clefs, key and time that hold there.

What is printed once and holds on is stated again at the start of an excerpt, as at the start of any line of music.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from omr.score import Barline, ClefChange, Key, Measure, Part, Score, Time

Place = TypeVar("Place")


@dataclass(frozen=True)
class _Valid:
    """What holds at the start of a bar of one part."""

    clefs: tuple[ClefChange, ...] = ()
    key: Key | None = None
    time: Time | None = None

    def after(self, measure: Measure) -> _Valid:
        clefs = {change.staff: change for change in self.clefs}
        for change in sorted(measure.clefs, key=lambda change: change.onset):
            clefs[change.staff] = change
        return _Valid(
            tuple(clefs[staff] for staff in sorted(clefs)), measure.key or self.key, measure.time or self.time
        )


def systems(score: Score) -> dict[tuple[int, int], Score]:
    """(page, system) -> the music of that system, in the order of the score; parts without a bar there are left out."""
    found: dict[tuple[int, int], list[Part]] = {}
    for part in score.parts:
        for place, measures in stretches(part, lambda measure: (measure.page, measure.system)):
            found.setdefault(place, []).append(replace(part, measures=measures))
    return {place: Score(parts=tuple(parts)) for place, parts in found.items()}


def bar(score: Score, index: int) -> Score:
    """Bar `index` of every part."""
    parts = []
    for part in score.parts:
        for place, measures in stretches(part, lambda measure: measure.index):
            if place == index:
                parts.append(replace(part, measures=measures))
    return Score(parts=tuple(parts))


def stretches(part: Part, place_of: Callable[[Measure], Place]) -> Iterator[tuple[Place, tuple[Measure, ...]]]:
    """The bars of each place in turn, the first stating what holds."""
    valid = _Valid()
    own: list[Measure] = []
    for measure in part.measures:
        if own and place_of(own[-1]) != place_of(measure):
            yield place_of(own[0]), tuple(own)
            own = []
        own.append(_stating(measure, valid) if not own else measure)
        valid = valid.after(measure)
    if own:
        yield place_of(own[0]), tuple(own)


def _stating(measure: Measure, valid: _Valid) -> Measure:
    """The bar with everything that holds at its start; no break before it."""
    own = {change.staff for change in measure.clefs if change.onset == 0}
    carried = tuple(replace(change, onset=Fraction(0), nodes=()) for change in valid.clefs if change.staff not in own)
    return replace(
        measure,
        clefs=(*carried, *measure.clefs),
        key=measure.key or valid.key,
        time=measure.time or (replace(valid.time, printed=False) if valid.time else None),
        left=measure.left if measure.left.repeat else Barline(),
        new_system=False,
        new_page=False,
    )
