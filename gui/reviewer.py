"""A reviewer by script: goes through the list of problems as a person would who knows the right music, and counts actions.

An action is a visit to a bar, a choice among its readings, or an edit. A right bar costs its visit. A wrong one is right after
one choice where the right reading is among those offered; else each note added, deleted or changed is an edit. What the edits
make right is taken from the truth: the reviewer measures the list and the readings, not the editor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gui.alternatives import alternatives
from gui.problems import problems
from gui.rereading import Reread, Rereader, checked, measures_at
from gui.state import BarKey, State
from omr.memory import remembering
from omr.score import Measure

Note = tuple[Fraction, int, Fraction]
"""(onset, MIDI pitch, length), quarter notes."""
Bar = tuple[Note, ...]
SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
WANTED: Final = 0.97
"""Share of exact bars after which the reviewer stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One bar as the reviewer finds it."""

    bar: BarKey
    wrong: bool
    among: bool
    """Whether the right reading is among those offered."""
    edits: int
    """Notes to add, delete or change; 0 where the bar is right."""

    @property
    def actions(self) -> int:
        return 1 + (0 if not self.wrong else 1 if self.among else self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One document reviewed."""

    bars: int
    listed: tuple[Visit, ...]
    """In the order of the list."""
    others: tuple[Visit, ...]
    """The bars that are not listed, in the order of the page; what would be offered for them is not looked up."""
    lost: int = 0
    """Bars of the truth that were not read at all: no visit finds them."""


def review(state: State, truth: Mapping[int, Bar], rereader: Rereader, *, bars: int) -> Review:
    """The review of `state`; `truth` gives the right notes of measures by their index here, `bars` counts the truth's bars."""
    with remembering(rereader.memory):
        heard = checked(rereader.read(state))
        found = problems(heard)
    listed = tuple(_visit(heard, problem.measure, truth, rereader) for problem in found)
    names = {problem.measure for problem in found}
    others = tuple(_visit(heard, index, truth, None) for index in range(len(heard.bars)) if index not in names)
    return Review(bars=bars, listed=listed, others=others, lost=bars - len(truth))


def notes_of(measures: Sequence[Measure]) -> Bar:
    """The notes of a bar as they sound, in order; grace notes left out."""
    return tuple(
        sorted(
            (
                event.onset,
                12 * (tone.pitch.octave + 1) + SEMITONES[tone.pitch.step] + tone.pitch.alter,
                event.duration,
            )
            for measure in measures
            for event in measure.events
            if event.grace is None
            for tone in event.tones
        )
    )


def actions_until(share: float, *, exact: int, bars: int, visits: Sequence[Visit]) -> int:
    """Actions until `share` of `bars` are exact when `visits` are made in order, `exact` being so before."""
    count = 0
    for visit in visits:
        if exact >= share * bars:
            break
        count += visit.actions
        exact += visit.wrong
    return count


def _visit(heard: Reread, index: int, truth: Mapping[int, Bar], rereader: Rereader | None) -> Visit:
    bar, own = heard.bars[index], notes_of(measures_at(heard, index))
    right = truth.get(index)
    if right is None or Counter(own) == Counter(right):
        return Visit(bar=bar, wrong=right is None, among=False, edits=0 if right is not None else len(own))
    among = False
    if rereader is not None:
        offered = alternatives(heard, bar, rereader)
        among = any(Counter(notes_of(other.measures)) == Counter(right) for other in offered)
    return Visit(bar=bar, wrong=True, among=among, edits=_edits(own, right))


def _edits(own: Bar, right: Bar) -> int:
    """Notes to add, delete or change: a change mends one note that is wrong in any way."""
    shared = sum((Counter(own) & Counter(right)).values())
    return max(1, max(len(own), len(right)) - shared)
