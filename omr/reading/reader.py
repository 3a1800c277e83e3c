"""Reading: from the symbols and relations of all pages to one score, and to other scores the same ink allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omr.memory import recalled
from omr.reading.bars import TimedBar
from omr.reading.choices import EVERYWHERE
from omr.reading.document import Document, read_document
from omr.reading.doubts import doubtful
from omr.reading.kbest import Ranked, best_readings
from omr.reading.page import ReadPage
from omr.reading.parts import build_parts
from omr.reading.timing import time_bars, tuplets_of
from omr.reading.values import TICKS
from omr.score import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, with the arithmetic of each bar, from which the score follows."""

    document: Document
    bars: tuple[TimedBar, ...]
    """In order; the score's measures run parallel."""

    def score(self) -> Score:
        """The music; what makes no sense is among its issues."""
        if not self.document.systems:
            return Score(parts=())
        parts, issues = build_parts(self.document, self.bars)
        return Score(parts=parts, issues=(*issues, *doubtful(self.document, self.bars)))

    def alternatives(self, bar: int, *, most: int = 5) -> Ranked:
        """The `most` cheapest ways to time the notes of bar `bar` (0-based) within its length, cheapest first."""
        own = self.bars[bar]
        return recalled(
            (own,),
            (tuplets := own.tuplets if own.tuplets == EVERYWHERE else tuplets_of(self.bars), most),
            lambda: best_readings(own.ink.columns, int(own.length * TICKS), tuplets=tuplets, most=most),
        )

    def with_alternative(self, bar: int, ranked: Ranked, place: int) -> Reading:
        """The same reading, bar `bar` timed as alternative `place` says; every other bar keeps its timing."""
        changed = replace(self.bars[bar], reading=ranked.readings[place])
        return replace(self, bars=(*self.bars[:bar], changed, *self.bars[bar + 1 :]))


def read(pages: Sequence[ReadPage]) -> Reading:
    """The reading of the pages as one document; pages without staves add nothing."""
    return timed(read_document(pages))


def timed(document: Document) -> Reading:
    """The reading of a document."""
    return Reading(document=document, bars=time_bars(document) if document.systems else ())


def read_score(pages: Sequence[ReadPage]) -> Score:
    """The music of the pages, as one document; what makes no sense is among its issues.

    Pages without staves add nothing; without any staff the score has no part.
    """
    return read(pages).score()
