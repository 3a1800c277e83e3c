"""A small page whose notes are known, read again, so that a wrong result points at the installation, not at the page.

The page is the first system of the Menuet in examples/ (self_test.png): five bars for keyboard, a scan's noise on it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Final

from omr.files.musicxml import to_musicxml
from omr.models import Models
from omr.page import read_pages
from omr.pipeline import recognise_document
from omr.score import Score

PAGE: Final = Path(__file__).with_suffix(".png")
BARS: Final = (
    ("D5:2 G4:1 A4:1 B4:1 C5:1", "G3B3D4:4 A3:2"),
    ("D5:2 G4:2 G4:2", "B3:6"),
    ("E5:2 C5:1 D5:1 E5:1 F5:1", "C4:6"),
    ("G5:2 G4:2 G4:2", "B3:6"),
    ("C5:2 D5:1 C5:1 B4:1 A4:1", "A3:6"),
)
"""Upper and lower staff of each bar: pitches, and their length in eighths."""

KnownNote = tuple[int, Fraction, Fraction, str, int]
"""(bar, onset, duration, step, octave)."""


def self_test(models: Models) -> tuple[int, int]:
    """(notes read right, notes there are) on the small page; raises OmrError where a stage fails."""
    score = recognise_document(read_pages(PAGE), models).score
    to_musicxml(score)
    expected = expected_notes()
    return len(expected & found_notes(score)), len(expected)


def expected_notes() -> frozenset[KnownNote]:
    """What the small page says."""
    return frozenset(note for bar, staves in enumerate(BARS) for staff in staves for note in _notes(bar, staff))


def found_notes(score: Score) -> frozenset[KnownNote]:
    return frozenset(
        (measure.index, event.onset, event.duration, tone.pitch.step, tone.pitch.octave)
        for part in score.parts
        for measure in part.measures
        for event in measure.events
        for tone in event.tones
    )


def _notes(bar: int, staff: str) -> list[KnownNote]:
    found: list[KnownNote] = []
    onset = Fraction(0)
    for chord in staff.split():
        pitches, eighths = chord.split(":")
        duration = Fraction(int(eighths), 2)
        found += [(bar, onset, duration, step, int(octave)) for step, octave in re.findall(r"([A-G])(\d)", pitches)]
        onset += duration
    return found
