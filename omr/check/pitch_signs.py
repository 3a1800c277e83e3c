"""What speaks for or against a head: how it stands to the notes around it, as one short name (a cell) for each point of view.

Music moves mostly by step, sounds in thirds and fifths, keeps to its key, and repeats itself; a head put a step too high, or
read without its accidental, breaks several of these at once. How much each cell says is learned (omr.check.evidence).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median_low
from typing import Final

from omr.check.lines import Bar, Chord, Head
from omr.check.twins import twin_signs

Cell = tuple[int | str, ...]
Signs = dict[str, tuple[Cell, ...]]
"""By point of view the cell seen, if any; of pairs there are several."""

MOST_STEPS: Final = 9
MOST_FIFTHS: Final = 12
SHARES: Final = (0.0, 0.002, 0.01, 0.03)
"""Bounds of how common a spelled pitch is in the part."""


def pitch_signs(bars: Sequence[Bar]) -> Iterator[tuple[Bar, Head, Signs]]:
    """Every head of a part with what there is to say about it."""
    common = Counter(head.fifths for bar in bars for head in bar.heads())
    twins = twin_signs(bars)
    spellings = [_spellings(bar) for bar in bars]
    middles = [_middles(bar) for bar in bars]
    none: dict[int, Counter[int]] = {}
    for index, bar in enumerate(bars):
        near = [spellings[i] if 0 <= i < len(bars) else none for i in (index - 1, index, index + 1)]
        heights = [middles[i] for i in (index - 1, index + 1) if 0 <= i < len(bars)]
        for chord in bar.chords:
            for head in chord.heads:
                yield (
                    bar,
                    head,
                    {
                        "degree": (_degree(bar, head, common),),
                        "before": _leap(head, chord.before),
                        "after": _leap(head, chord.after),
                        "pair": tuple(_pairs(bar, head)),
                        "alteration": (_alteration(bar, head, near),),
                        "accidental": (_accidental(bar, head, near),),
                        "twin": (twins.get(id(head), ("none",)),),
                        "height": _height(head, heights),
                        "position": ((max(-12, min(12, head.position)),),),
                    },
                )


def _spellings(bar: Bar) -> dict[int, Counter[int]]:
    """For each step of the scale how often it occurs with each alteration."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for head in bar.heads():
        found[head.step % 7][head.tone.pitch.alter] += 1
    return found


def _middles(bar: Bar) -> dict[int, int]:
    """The middle height of each staff's heads."""
    found: dict[int, list[int]] = defaultdict(list)
    for head in bar.heads():
        found[head.chord.event.staff].append(head.step)
    return {staff: median_low(steps) for staff, steps in found.items()}


def _clip(value: int, most: int) -> int:
    return max(-most, min(most, value))


def _degree(bar: Bar, head: Head, common: Counter[int]) -> Cell:
    """Place in the key, and how common the pitch is in the rest of the part."""
    share = (common[head.fifths] - 1) / max(1, common.total() - 1)
    return _clip(head.fifths - bar.key, MOST_FIFTHS), sum(share > bound for bound in SHARES)


def _leap(head: Head, other: Chord | None) -> tuple[Cell, ...]:
    """The interval from the nearest head of the neighbour in the voice."""
    nearest = _nearest(head, other)
    if nearest is None or other is None:
        return ()
    single = len(other.heads) == len(head.chord.heads) == 1
    steps, fifths = head.step - nearest.step, head.fifths - nearest.fifths
    return ((int(single), _clip(steps, MOST_STEPS), _clip(fifths, MOST_FIFTHS)),)


def _nearest(head: Head, other: Chord | None) -> Head | None:
    if other is None or not other.heads:
        return None
    return min(other.heads, key=lambda each: (abs(each.step - head.step), each.step))


def _pairs(bar: Bar, head: Head) -> Iterator[Cell]:
    """The interval to each other head that sounds with it."""
    chord = head.chord
    beat = int(chord.start % (bar.length // 2 or 1) == 0)
    for other in bar.chords:
        if other.start <= chord.start < other.end:
            own = other is chord
            for sounding in other.heads:
                if sounding is not head:
                    steps, fifths = head.step - sounding.step, _clip(head.fifths - sounding.fifths, MOST_FIFTHS)
                    together = 2 if own else int(other.start == chord.start)
                    yield together, beat, _clip(steps, 14) if own else steps % 7, fifths


def _key_alteration(bar: Bar, head: Head) -> int:
    """Alteration that the key signature gives to the head's step."""
    place = head.fifths - 7 * head.tone.pitch.alter
    return int(place < bar.key) - int(place >= 7 + bar.key)


def _alteration(bar: Bar, head: Head, near: Sequence[dict[int, Counter[int]]]) -> Cell:
    """Whether the same step is altered in the same way in the bar and its neighbours."""
    alter, step = head.tone.pitch.alter, head.step % 7
    before, here, after = (bars.get(step) or Counter() for bars in near)
    around = before + after
    return (
        _clip(alter - _key_alteration(bar, head), 2),
        min(2, here[alter] - 1),
        min(2, here.total() - here[alter]),
        int(around[alter] > 0),
        int(around.total() > around[alter]),
    )


def _accidental(bar: Bar, head: Head, near: Sequence[dict[int, Counter[int]]]) -> Cell:
    """What is printed beside the head, and whether it changes anything."""
    alter, step = head.tone.pitch.alter, head.step % 7
    others = [bars.get(step) or Counter() for bars in near[:2]]
    differs = int(any(spelled.total() > spelled[alter] for spelled in others))
    return head.tone.accidental or "-", _clip(alter - _key_alteration(bar, head), 2), differs


def _height(head: Head, around: Sequence[dict[int, int]]) -> tuple[Cell, ...]:
    """Distance from the middle of its staff's heads in the bars beside it."""
    staff = head.chord.event.staff
    known = [heights[staff] for heights in around if staff in heights]
    return ((_clip(head.step - sum(known) // len(known), 14),),) if known else ()
