"""A small page engraved from known notes and read again, so that a wrong result points at the installation, not at the page."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Final

import numpy as np
from PIL import Image

from omr.errors import InvalidOutputError
from omr.files.musicxml import to_musicxml
from omr.files.preview import engrave_preview
from omr.models import Models
from omr.page import PageImage, gray_pixels
from omr.pipeline import recognise_document
from omr.score import Clef, ClefChange, Event, Key, Measure, Part, Pitch, Score, Time, Tone

STEPS: Final = "GABCDEDCBAGFGABCDEDCBAGFGABCDCBA"
"""Quarter notes, four a bar, neighbours a step apart; from C to E they lie in octave 5, else in octave 4."""
BEATS: Final = 4
BARS_A_SYSTEM: Final = 4


def self_test(models: Models) -> tuple[int, int]:
    """(notes read right, notes there are) on the small page; raises OmrError where a stage fails."""
    score = small_score()
    found = recognise_document([small_page(score)], models).score
    to_musicxml(found)
    wanted = notes(score)
    return len(wanted & notes(found)), len(wanted)


def small_page(score: Score) -> PageImage:
    """The engraved score as a page."""
    sheets = engrave_preview(to_musicxml(score))
    if not sheets:
        raise InvalidOutputError("self-test: verovio cannot engrave a small score; install verovio again")
    with Image.open(io.BytesIO(sheets[0])) as picture:
        return PageImage(pixels=np.array(gray_pixels(picture)), source="self-test", index=0)


def small_score() -> Score:
    """Eight bars of quarter notes in C major, in two systems."""
    bars = [STEPS[start : start + BEATS] for start in range(0, len(STEPS), BEATS)]
    measures = tuple(_measure(index, bar) for index, bar in enumerate(bars))
    return Score(parts=(Part(id="P1", name="Test", staves=1, measures=measures),))


def notes(score: Score) -> frozenset[tuple[int, Fraction, Fraction, str, int]]:
    """(bar, onset, duration, step, octave) of every note."""
    return frozenset(
        (measure.index, event.onset, event.duration, tone.pitch.step, tone.pitch.octave)
        for part in score.parts
        for measure in part.measures
        for event in measure.events
        for tone in event.tones
    )


def _measure(index: int, steps: str) -> Measure:
    start = index == 0
    clef = ClefChange(onset=Fraction(0), staff=1, clef=Clef(sign="G", line=2))
    return Measure(
        index=index,
        number=str(index + 1),
        duration=Fraction(BEATS),
        events=tuple(_quarter(beat, step) for beat, step in enumerate(steps)),
        clefs=(clef,) if start else (),
        key=Key(0) if start else None,
        time=Time(beats=BEATS, beat_type=4) if start else None,
        new_system=not start and index % BARS_A_SYSTEM == 0,
    )


def _quarter(beat: int, step: str) -> Event:
    pitch = _PITCHES[step]
    return Event(onset=Fraction(beat), duration=Fraction(1), type="quarter", tones=(Tone(pitch=pitch),))


_PITCHES: Final[dict[str, Pitch]] = {
    pitch.step: pitch
    for pitch in (
        Pitch("F", 4),
        Pitch("G", 4),
        Pitch("A", 4),
        Pitch("B", 4),
        Pitch("C", 5),
        Pitch("D", 5),
        Pitch("E", 5),
    )
}
