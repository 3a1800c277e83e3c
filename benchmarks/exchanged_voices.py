"""Where two voices might exchange what follows and the paper would look no worse: nothing on it tells which goes on with what.

Paper tells a voice by its stems, which rarely turn, by its height, for voices rarely cross, by its rests, for it is rarely
silent without one and they stand at its height, by its beams and by its ties. At a moment at which two voices of a staff have
both just ended a note, or are silent, and no rest stands there, what follows may be exchanged between them. If that makes
neither more stems turn, nor more voices cross, nor more silence without rests, and parts no beam and no tie that the file's own
voices keep, then no reader can find those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from benchmarks.printed_notes import Key, Printed

Chord = tuple[Printed, ...]
"""What a voice begins at once; nothing where it has not begun, or has ended."""
Way = tuple[Chord, Chord]
"""What a voice has before a moment, and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A moment at which two voices may go on with each other's notes."""

    before: frozenset[Key]
    after: frozenset[Key]

    def holds(self, one: Printed, other: Printed) -> bool:
        """Whether `other` follows on `one` over this moment."""
        return one.key in self.before and other.key in self.after


def exchanges(bar: Sequence[Printed]) -> tuple[Exchange, ...]:
    """Every exchange of two voices of a bar that the paper does not rule out."""
    return tuple(
        Exchange(
            before=frozenset(entry.key for way in (one, other) for entry in way[0]),
            after=frozenset(entry.key for way in (one, other) for entry in way[1]),
        )
        for staff, moment in sorted({(entry.staff, entry.onset) for entry in bar if entry.onset})
        for one, other in combinations(_ways(bar, staff, moment), 2)
        if _untold(one, other)
    )


def _ways(bar: Sequence[Printed], staff: int, moment: Fraction) -> Iterator[Way]:
    """Before and after of each voice that holds nothing over the moment, has notes there and none on another staff."""
    for voice in sorted({entry.voice for entry in bar}):
        own = [entry for entry in bar if entry.voice == voice]
        before = _chord(own, max((entry.onset for entry in own if entry.onset < moment), default=None))
        after = _chord(own, min((entry.onset for entry in own if entry.onset >= moment), default=None))
        if any(entry.onset < moment < entry.end or (entry in before and entry.beamed_on) for entry in own):
            continue
        around = before + after
        if around and all(entry.staff == staff and entry.height is not None for entry in around):
            yield before, after


def _chord(own: Sequence[Printed], onset: Fraction | None) -> Chord:
    return tuple(entry for entry in own if entry.onset == onset)


def _untold(one: Way, other: Way) -> bool:
    """Whether exchanging what follows is no worse in any respect than the file's own voices."""
    if (not one[1] and not other[1]) or (not one[0] and not other[0]):
        return False
    swapped = (one[0], other[1]), (other[0], one[1])
    return all(new <= old for new, old in zip(_faults(*swapped), _faults(one, other), strict=True))


def _faults(one: Way, other: Way) -> tuple[Fraction, ...]:
    """(stems that turn, silence in quarters, crossings, ties left) of two voices."""
    turns = silence = untied = Fraction(0)
    for before, after in (one, other):
        if before and after:
            turns += bool(_stems(before) and _stems(after) and not _stems(before) & _stems(after))
            silence += after[0].onset - max(entry.end for entry in before)
            untied -= _tied(before, after)
    return turns, silence, Fraction(_crossed(one, other)), untied


def _stems(chord: Chord) -> set[str]:
    return {entry.stem for entry in chord if entry.stem}


def _tied(before: Chord, after: Chord) -> bool:
    heights = {entry.height for entry in after}
    return any(entry.tied_on and entry.height in heights for entry in before)


def _crossed(one: Way, other: Way) -> int:
    """1 where the upper voice goes on as the lower, -1 where it does not, 0 where nothing tells."""
    if not all((*one, *other)):
        return 0
    sides = [_height(one[side]) - _height(other[side]) for side in (0, 1)]
    product = sides[0] * sides[1]
    return (product < 0) - (product > 0)


def _height(chord: Chord) -> Fraction:
    heights = [entry.height for entry in chord if entry.height is not None]
    return Fraction(sum(heights), len(heights))
