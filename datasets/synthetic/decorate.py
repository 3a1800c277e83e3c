"""Rare symbols strewn into a score before it is engraved, so that picture, labels and MusicXML agree.

The corpora hold hardly any mordents, double flats or 128th flags; a detector that never met a symbol never finds it. A page
gets busy and quiet bars and a few favourite signs, as real pages do, rather than a little of everything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final

from lxml import etree

from datasets.synthetic import bar_marks, note_marks, spans
from datasets.synthetic.schema import is_pitched, is_rest, lines, measures


class Decoration(Enum):
    """How far a decorated score may leave the music."""

    TRUE = "true"
    """Whatever is printed is right: picture and MusicXML agree."""
    WILD = "wild"
    """For pictures of symbols only: bars need not add up, accidentals and metres may be false."""
    RARE = "rare"
    """As WILD, and nearly all of it signs of which scores hold very few."""


@dataclass(frozen=True, slots=True)
class NoteMark:
    add: Callable[[etree._Element, Random], None]
    weight: float
    on_rests: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    add: Callable[[Sequence[etree._Element], Random], None]
    weight: float
    longest: int
    """Most notes it reaches over."""


@dataclass(frozen=True, slots=True)
class BarMark:
    add: Callable[[bar_marks.Column, Sequence[bar_marks.Column], Random], None]
    weight: float


NOTE_MARKS: Final = (
    NoteMark(note_marks.articulate, 6),
    NoteMark(note_marks.ornament, 3),
    NoteMark(note_marks.graces, 3),
    NoteMark(note_marks.dynamic, 4),
    NoteMark(note_marks.fermata, 1.5, on_rests=True),
    NoteMark(note_marks.arpeggio, 2),
    NoteMark(note_marks.accidental, 2),
    NoteMark(note_marks.fingering, 3),
    NoteMark(note_marks.technique, 2.5),
    NoteMark(note_marks.tremolo, 2),
    NoteMark(note_marks.pause, 1),
    NoteMark(note_marks.expression, 1.5, on_rests=True),
    NoteMark(note_marks.tempo, 0.6, on_rests=True),
    NoteMark(note_marks.rehearsal, 0.3, on_rests=True),
    NoteMark(note_marks.sign, 0.7),
    NoteMark(note_marks.harmony, 0.4),
    NoteMark(note_marks.syllable, 1),
    NoteMark(note_marks.notehead, 0.7),
)
WILD_NOTE_MARKS: Final = (
    *NOTE_MARKS,
    NoteMark(note_marks.any_accidental, 5),
    NoteMark(note_marks.retimed, 6, on_rests=True),
    NoteMark(note_marks.stacked, 2),
    NoteMark(note_marks.far, 2),
    NoteMark(note_marks.small, 1),
    NoteMark(note_marks.notehead, 2),
)
SPANS: Final = (
    Span(spans.slur, 4, 7),
    Span(spans.hairpin, 3, 8),
    Span(spans.pedal, 1.5, 8),
    Span(spans.glissando, 1, 2),
    Span(spans.long_trill, 0.8, 3),
    Span(spans.dashes, 0.5, 8),
    Span(spans.shown_tuplet, 1, 6),
)
WILD_SPANS: Final = (
    *SPANS,
    Span(spans.octave_line, 1.5, 10),
    Span(spans.false_tuplet, 4, 7),
    Span(spans.double_tremolo, 1.5, 2),
)
BAR_MARKS: Final = (
    BarMark(bar_marks.bar_style, 3),
    BarMark(bar_marks.repeats, 3),
    BarMark(bar_marks.clef, 3),
    BarMark(bar_marks.barline_fermata, 0.5),
    BarMark(bar_marks.whole_rests, 0.7),
)
WILD_BAR_MARKS: Final = (
    *BAR_MARKS,
    BarMark(bar_marks.other_clef, 3),
    BarMark(bar_marks.metre, 5),
    BarMark(bar_marks.key, 3),
    BarMark(bar_marks.multiple_rest, 1.5),
    BarMark(bar_marks.bar_repeat, 2),
    BarMark(bar_marks.rare_values, 3),
)
RARE_NOTE_MARKS: Final = (
    NoteMark(note_marks.retimed, 10, on_rests=True),
    NoteMark(note_marks.technique, 9),
    NoteMark(note_marks.notehead, 8),
    NoteMark(note_marks.ornament, 8),
    NoteMark(note_marks.small, 8),
    NoteMark(note_marks.dynamic, 8),
    NoteMark(note_marks.sign, 6),
    NoteMark(note_marks.pause, 6),
    NoteMark(note_marks.fermata, 5, on_rests=True),
    NoteMark(note_marks.articulate, 5),
    NoteMark(note_marks.arpeggio, 3),
    NoteMark(note_marks.any_accidental, 3),
    NoteMark(note_marks.tremolo, 3),
    NoteMark(note_marks.fingering, 2),
    NoteMark(note_marks.graces, 6),
    NoteMark(note_marks.tempo, 3),
)
RARE_SPANS: Final = (
    Span(spans.glissando, 5, 2),
    Span(spans.long_trill, 5, 3),
    Span(spans.double_tremolo, 4, 2),
    Span(spans.false_tuplet, 4, 7),
    Span(spans.pedal, 3, 8),
    Span(spans.octave_line, 2, 10),
    Span(spans.dashes, 1, 8),
)
RARE_BAR_MARKS: Final = (
    BarMark(bar_marks.rare_values, 14),
    BarMark(bar_marks.metre, 12),
    BarMark(bar_marks.other_clef, 8),
    BarMark(bar_marks.bar_style, 6),
    BarMark(bar_marks.repeats, 5),
    BarMark(bar_marks.bar_repeat, 9),
    BarMark(bar_marks.silence, 5),
    BarMark(bar_marks.multiple_rest, 4),
)
MARKS: Final = {
    Decoration.TRUE: (BAR_MARKS, SPANS, NOTE_MARKS),
    Decoration.WILD: (WILD_BAR_MARKS, WILD_SPANS, WILD_NOTE_MARKS),
    Decoration.RARE: (RARE_BAR_MARKS, RARE_SPANS, RARE_NOTE_MARKS),
}
FAVOURITES: Final = 4
"""Signs a page uses much more than the others."""
FAVOUR: Final = 4.0
BUSYNESS: Final = (0.0, 0.0, 0.5, 1.0, 1.5, 3.0)
"""What the rate of a bar is multiplied by."""
SPAN_SHARE: Final = 0.35
"""Spans a note, as a share of the marks a note."""
BAR_SHARE: Final = 1.5
"""Signs a bar, as a share of the marks a note."""


def decorate(
    root: etree._Element, random: Random, rate: float, *, level: Decoration = Decoration.TRUE
) -> etree._Element:
    """A copy of a <score-partwise> with rare symbols added to about `rate` (0-1) of its notes, in schema order.

    The same score, seed, rate and level give the same result.
    """
    made = copy.deepcopy(root)
    bar_signs, span_signs, note_signs = MARKS[level]
    _mark_bars(made, random, rate, bar_signs)
    _span_notes(made, random, rate, span_signs)
    _mark_notes(made, random, rate, note_signs)
    return made


def finger(root: etree._Element, random: Random) -> etree._Element:
    """A copy of a <score-partwise> as a teaching edition prints it: digits at most notes, bars counted in brackets."""
    made = copy.deepcopy(root)
    share = random.uniform(0.2, 0.9)
    for part in made.findall("part"):
        for line in lines(part):
            for note in line.notes:
                if is_pitched(note) and random.random() < share:
                    note_marks.fingering(note, random)
        for measure in part.findall("measure")[4::5]:
            first = next((note for note in measure.findall("note") if is_pitched(note)), None)
            if first is not None and share > 0.5:
                note_marks.bar_number(first, random)
    return made


def _weights(random: Random, marks: Sequence[NoteMark | Span | BarMark]) -> list[float]:
    favourites = random.sample(range(len(marks)), min(FAVOURITES, len(marks)))
    return [mark.weight * (FAVOUR if index in favourites else 1.0) for index, mark in enumerate(marks)]


def _mark_bars(root: etree._Element, random: Random, rate: float, marks: Sequence[BarMark]) -> None:
    weights = _weights(random, marks)
    columns = list(measures(root))
    for index, column in enumerate(columns):
        if random.random() < min(0.6, rate * BAR_SHARE):
            random.choices(marks, weights)[0].add(column, columns[index + 1 :], random)


def _span_notes(root: etree._Element, random: Random, rate: float, marks: Sequence[Span]) -> None:
    weights = _weights(random, marks)
    for part in root.findall("part"):
        for line in lines(part):
            index = 0
            while index + 1 < len(line.notes):
                mark = random.choices(marks, weights)[0]
                run = _pitched_run(line.notes[index : index + random.randint(2, max(2, mark.longest))])
                if len(run) > 1 and random.random() < rate * SPAN_SHARE:
                    mark.add(run, random)
                index += 1


def _pitched_run(notes: Sequence[etree._Element]) -> Sequence[etree._Element]:
    """The notes up to the first that has no pitch."""
    for index, note in enumerate(notes):
        if not is_pitched(note):
            return notes[:index]
    return notes


def _mark_notes(root: etree._Element, random: Random, rate: float, marks: Sequence[NoteMark]) -> None:
    weights = _weights(random, marks)
    for part in root.findall("part"):
        busy: dict[etree._Element | None, float] = {}
        for line in lines(part):
            for note in line.notes:
                bar = note.getparent()
                if bar not in busy:
                    busy[bar] = random.choice(BUSYNESS)
                if random.random() < rate * busy[bar]:
                    _mark(note, random, marks, weights)


def _mark(note: etree._Element, random: Random, marks: Sequence[NoteMark], weights: Sequence[float]) -> None:
    mark = random.choices(marks, weights)[0]
    if is_pitched(note) or (mark.on_rests and is_rest(note)):
        mark.add(note, random)
