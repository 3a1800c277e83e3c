"""Bars as they are written: staff, voice, spelling, ties and rests besides what sounds.

Two readings may sound alike and still not be the same notation. Bars are aligned by what sounds (omr.metrics.notes), then
compared symbol by symbol. A voice is known by its notes alone: files may number voices as they like. Hidden rests
(print-object="no") stand on no paper and count on neither side; grace notes have no place in time and are left out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from omr.metrics.notes import SEMITONES, aligned_bars, parse_musicxml, read_bars, timed_notes, whole_number

Spelling = tuple[str, int, int]
"""(step, alteration in semitones, octave)."""


class Sign(NamedTuple):
    """A note or rest; times in quarter notes from the barline."""

    onset: Fraction
    duration: Fraction
    staff: int
    """0 = topmost of the score, counted through all parts."""
    spelling: Spelling | None
    """None: a rest."""
    ties: tuple[bool, bool]
    """(one begins here, one ends here)."""


Voice = tuple[Sign, ...]
WrittenBar = tuple[Voice, ...]
"""The voices of one bar of all parts, each in the order of its onsets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCounts:
    """Counts behind the figures; add those of pages, then read the shares. Of pairs: (agreeing, in truth, in found)."""

    bars: int = 0
    strict_bars: int = 0
    """Bars with every note, rest, staff, spelling, tie and voice equal."""
    sounding: int = 0
    """Notes that sound alike in aligned bars; of these the next two."""
    same_staff: int = 0
    same_spelling: int = 0
    successions: tuple[int, int, int] = (0, 0, 0)
    """Pairs of successive notes of one voice."""
    ties: tuple[int, int, int] = (0, 0, 0)
    rests: tuple[int, int, int] = (0, 0, 0)

    def __add__(self, other: WrittenCounts) -> WrittenCounts:
        return WrittenCounts(
            **{part.name: _added(getattr(self, part.name), getattr(other, part.name)) for part in fields(self)}
        )

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1 by name."""
        return {
            "strict_measures": _share(self.strict_bars, self.bars),
            "staff_accuracy": _share(self.same_staff, self.sounding),
            "spelling_accuracy": _share(self.same_spelling, self.sounding),
            "voice_f1": _f1(self.successions),
            "tie_f1": _f1(self.ties),
            "rest_f1": _f1(self.rests),
        }


def read_written(musicxml: bytes) -> tuple[WrittenBar, ...]:
    """The bars of a partwise score."""
    bars: list[list[Voice]] = []
    first = 0
    for part in parse_musicxml(musicxml).findall("part"):
        divisions = 1
        for index, measure in enumerate(part.findall("measure")):
            if index == len(bars):
                bars.append([])
            voices, divisions = _voices_of(measure, divisions, first)
            bars[index].extend(voices)
        counts = (whole_number(element.text, 1) for element in part.iter("staves"))
        first += max(counts, default=1)
    return tuple(tuple(bar) for bar in bars)


def _voices_of(measure: ET.Element, divisions: int, first: int) -> tuple[list[Voice], int]:
    """The voices of one bar of one part, and the divisions of a quarter note valid after it."""
    timed, divisions = timed_notes(measure, divisions)
    voices: dict[str, list[Sign]] = {}
    for note, onset, duration in timed:
        sign = _sign(note, onset, duration, first)
        if sign is not None:
            voices.setdefault(note.findtext("voice") or "1", []).append(sign)
    return [tuple(sorted(voice, key=_order)) for voice in voices.values()], divisions


def _sign(note: ET.Element, onset: Fraction, duration: Fraction, first: int) -> Sign | None:
    """None for what is not printed or has no pitch."""
    staff = first + whole_number(note.findtext("staff"), 1) - 1
    pitch = note.find("pitch")
    if pitch is None:
        hidden = note.find("rest") is None or note.get("print-object") == "no"
        return None if hidden else Sign(onset, duration, staff, None, (False, False))
    spelling = (
        (pitch.findtext("step") or "").strip(),
        whole_number(pitch.findtext("alter"), 0),
        whole_number(pitch.findtext("octave"), 0),
    )
    kinds = {element.get("type") for element in note.findall("tie")}
    return Sign(onset, duration, staff, spelling, ("start" in kinds, "stop" in kinds))


def _order(sign: Sign) -> tuple[Fraction, Spelling, int, Fraction]:
    return sign.onset, sign.spelling or ("", 0, 0), sign.staff, sign.duration


def score_written(truth: bytes, found: bytes) -> WrittenCounts:
    """How far two files agree as notation, bar by aligned bar."""
    pairs = aligned_bars(read_bars(truth), read_bars(found))
    here, there = read_written(truth), read_written(found)
    counts = sum((_compared(here[i], there[j]) for i, j in pairs), WrittenCounts())
    paired, used = {i for i, _ in pairs}, {j for _, j in pairs}
    lost = (replace(_compared(bar, ()), strict_bars=0) for index, bar in enumerate(here) if index not in paired)
    added = (_compared((), bar) for index, bar in enumerate(there) if index not in used)
    counts = sum(lost, counts)
    return sum((replace(bar, bars=0, strict_bars=0) for bar in added), counts)


def strict_equal(truth: WrittenBar, found: WrittenBar) -> bool:
    """Whether two bars are the same notation, whatever their voices are called."""
    return Counter(map(_bag, truth)) == Counter(map(_bag, found))


def _bag(voice: Voice) -> frozenset[tuple[Sign, int]]:
    return frozenset(Counter(voice).items())


def _compared(truth: WrittenBar, found: WrittenBar) -> WrittenCounts:
    here, there = _notes(truth), _notes(found)
    return WrittenCounts(
        bars=1,
        strict_bars=int(strict_equal(truth, found)),
        sounding=_shared(map(_sound, here), map(_sound, there)),
        same_staff=_shared(((*_sound(n), n.staff) for n in here), ((*_sound(n), n.staff) for n in there)),
        same_spelling=_shared(((*_sound(n), n.spelling) for n in here), ((*_sound(n), n.spelling) for n in there)),
        successions=_counted(_successions(truth), _successions(found)),
        ties=_counted(_ties(here), _ties(there)),
        rests=_counted(_rests(truth), _rests(found)),
    )


def _notes(bar: WrittenBar) -> list[Sign]:
    return [sign for voice in bar for sign in voice if sign.spelling is not None]


def _rests(bar: WrittenBar) -> list[Sign]:
    return [sign for voice in bar for sign in voice if sign.spelling is None]


def _ties(notes: Iterable[Sign]) -> list[tuple[object, ...]]:
    return [(*_sound(note), end) for note in notes for end, tied in enumerate(note.ties) if tied]


def _sound(sign: Sign) -> tuple[Fraction, Fraction, int]:
    step, alter, octave = sign.spelling or ("C", 0, 0)
    return sign.onset, sign.duration, 12 * octave + SEMITONES[step] + alter


def _successions(bar: WrittenBar) -> Iterator[tuple[object, ...]]:
    """Each note with each note of the next chord of its voice."""
    for voice in bar:
        chords: dict[Fraction, list[Sign]] = {}
        for sign in voice:
            if sign.spelling is not None:
                chords.setdefault(sign.onset, []).append(sign)
        for one, two in pairwise(chords.values()):
            yield from ((*_sound(a), *_sound(b)) for a in one for b in two)


def _counted(here: Iterable[object], there: Iterable[object]) -> tuple[int, int, int]:
    one, two = Counter(here), Counter(there)
    return (one & two).total(), one.total(), two.total()


def _shared(here: Iterable[object], there: Iterable[object]) -> int:
    return _counted(here, there)[0]


def _added(one: Any, two: Any) -> Any:
    """Sum of two numbers, or of two tuples place by place."""
    return one + two if isinstance(one, int) else tuple(a + b for a, b in zip(one, two, strict=True))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(counts: Sequence[int]) -> float:
    agreeing, true, found = counts
    return 2 * agreeing / (true + found) if true + found else 1.0
