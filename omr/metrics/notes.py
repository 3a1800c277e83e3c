"""Note scores of a MusicXML file against the truth of the same page.

Bars are compared, not parts and voices: all notes that sound in a bar are one bag of (onset, pitch, duration), so that
a wrong grouping of staves into parts does not hide that the notes were read. Bars are aligned in order, because a
lost barline must not void what follows it. Grace notes have no place in time and are left out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import NamedTuple, TypeVar

from omr.metrics.alignment import align

T = TypeVar("T")

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
AGREEMENT_WEIGHT = 0.01
"""Bars are aligned by common pitches; exact agreement only decides between equals."""


class BarNote(NamedTuple):
    """A note in its bar; onset and duration in quarter notes, pitch as a MIDI number."""

    onset: Fraction
    pitch: int
    duration: Fraction


Bar = tuple[BarNote, ...]
TimedNote = tuple[ET.Element, Fraction, Fraction]
"""(<note>, onset, duration), both in quarter notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCounts:
    """Counts behind the note scores; add the counts of pages, then read the shares."""

    truth_notes: int = 0
    found_notes: int = 0
    pitch: int = 0
    """Notes whose pitch is found in the aligned bar."""
    pitch_onset: int = 0
    pitch_onset_duration: int = 0
    truth_bars: int = 0
    found_bars: int = 0
    exact_bars: int = 0
    """Bars whose every note agrees in pitch, onset and duration, with none added."""

    def __add__(self, other: NoteCounts) -> NoteCounts:
        return NoteCounts(**{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)})

    @property
    def pitch_f1(self) -> float:
        return self._f1(self.pitch)

    @property
    def pitch_onset_f1(self) -> float:
        return self._f1(self.pitch_onset)

    @property
    def pitch_onset_duration_f1(self) -> float:
        return self._f1(self.pitch_onset_duration)

    @property
    def exact_share(self) -> float:
        return self.exact_bars / self.truth_bars if self.truth_bars else 0.0

    def _f1(self, agreeing: int) -> float:
        total = self.truth_notes + self.found_notes
        return 2 * agreeing / total if total else 0.0


def parse_musicxml(musicxml: bytes) -> ET.Element:
    """Root element with namespaces dropped; raises xml.etree.ElementTree.ParseError when it is not XML."""
    root = ET.fromstring(musicxml)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def read_bars(musicxml: bytes) -> tuple[Bar, ...]:
    """The bars of a partwise score, notes of all parts and voices together."""
    bars: list[list[BarNote]] = []
    for part in parse_musicxml(musicxml).findall("part"):
        divisions = 1
        for index, measure in enumerate(part.findall("measure")):
            if index == len(bars):
                bars.append([])
            notes, divisions = _notes_of(measure, divisions)
            bars[index].extend(notes)
    return tuple(tuple(bar) for bar in bars)


def _notes_of(measure: ET.Element, divisions: int) -> tuple[list[BarNote], int]:
    """Notes of one bar of one part, and the divisions of a quarter note valid after it."""
    timed, divisions = timed_notes(measure, divisions)
    pitched = ((onset, note.find("pitch"), duration) for note, onset, duration in timed)
    return [
        BarNote(onset, _midi(pitch), duration) for onset, pitch, duration in pitched if pitch is not None
    ], divisions


def timed_notes(measure: ET.Element, divisions: int) -> tuple[list[TimedNote], int]:
    """(element, onset, duration) of each note and rest of a bar of one part but grace notes, and the divisions after it."""
    now, chord_onset = Fraction(0), Fraction(0)
    found: list[TimedNote] = []
    for element in measure:
        if element.tag == "attributes":
            divisions = whole_number(element.findtext("divisions"), divisions)
        elif element.tag in ("backup", "forward"):
            step = _duration(element, divisions)
            now += step if element.tag == "forward" else -step
        elif element.tag == "note" and element.find("grace") is None:
            duration = _duration(element, divisions)
            if element.find("chord") is None:
                chord_onset, now = now, now + duration
            found.append((element, chord_onset, duration))
    return found, divisions


def _duration(element: ET.Element, divisions: int) -> Fraction:
    return Fraction(whole_number(element.findtext("duration"), 0), divisions)


def _midi(pitch: ET.Element) -> int:
    step = (pitch.findtext("step") or "").strip()
    return (
        12 * (whole_number(pitch.findtext("octave"), 0) + 1)
        + SEMITONES[step]
        + whole_number(pitch.findtext("alter"), 0)
    )


def whole_number(text: str | None, default: int) -> int:
    """The number in `text`, which may be written with decimals; `default` where there is no text."""
    return int(float(text)) if text and text.strip() else default


def aligned_bars(truth: Sequence[Bar], found: Sequence[Bar]) -> tuple[tuple[int, int], ...]:
    """Index pairs (truth, found) of the bars taken for the same, in order."""
    truth_pitches, found_pitches = [_pitches(bar) for bar in truth], [_pitches(bar) for bar in found]
    truth_notes, found_notes = [Counter(bar) for bar in truth], [Counter(bar) for bar in found]
    similarity = [
        [
            _shared(pitches, other_pitches) + AGREEMENT_WEIGHT * _shared(notes, other_notes)
            for other_pitches, other_notes in zip(found_pitches, found_notes, strict=True)
        ]
        for pitches, notes in zip(truth_pitches, truth_notes, strict=True)
    ]
    return align(similarity, len(found))


def score_notes(truth: Sequence[Bar], found: Sequence[Bar]) -> NoteCounts:
    """How far the notes of `found` agree with those of `truth`, bar by aligned bar."""
    pairs = [(truth[i], found[j]) for i, j in aligned_bars(truth, found)]
    return NoteCounts(
        truth_notes=sum(map(len, truth)),
        found_notes=sum(map(len, found)),
        pitch=sum(_shared(_pitches(here), _pitches(there)) for here, there in pairs),
        pitch_onset=sum(_shared(_attacks(here), _attacks(there)) for here, there in pairs),
        pitch_onset_duration=sum(_shared(Counter(here), Counter(there)) for here, there in pairs),
        truth_bars=len(truth),
        found_bars=len(found),
        exact_bars=sum(Counter(here) == Counter(there) for here, there in pairs),
    )


def total(counts: Iterable[NoteCounts]) -> NoteCounts:
    """Counts of several pages together: every note weighs the same, whatever its page."""
    return sum(counts, NoteCounts())


def _pitches(bar: Bar) -> Counter[int]:
    return Counter(note.pitch for note in bar)


def _attacks(bar: Bar) -> Counter[tuple[Fraction, int]]:
    return Counter((note.onset, note.pitch) for note in bar)


def _shared(one: Counter[T], other: Counter[T]) -> int:
    return sum((one & other).values())
