"""What is written and read again has the same bars to complain of as the score it was written from."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from omr.check.bars import check_bars
from omr.files.gate import repair
from omr.files.musicxml import to_musicxml
from omr.files.read_musicxml import parse_musicxml
from omr.score import Event, Measure, Part, Pitch, Score, Time, Tone

SUMS = ("bar-too-short", "bar-too-long", "bar-empty", "bar-irregular", "voice-overlap")
LENGTHS = (Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2), Fraction(2, 3))


@st.composite
def events(draw: st.DrawFn, staff: int) -> tuple[Event, ...]:
    """A voice of notes and rests that may stop early, run over, or leave holes."""
    onset = Fraction(0)
    found = []
    for _ in range(draw(st.integers(0, 6))):
        onset += draw(st.sampled_from((Fraction(0), Fraction(0), Fraction(1, 2))))
        length = draw(st.sampled_from(LENGTHS))
        tones = (Tone(pitch=Pitch(draw(st.sampled_from("CDEFGAB")), 4)),) if draw(st.booleans()) else ()
        found.append(Event(onset=onset, duration=length, type="quarter", tones=tones, staff=staff, voice=4 * staff - 3))
        onset += length
    return tuple(found)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    time = Time(beats=draw(st.integers(2, 4)), beat_type=4)
    lengths = draw(st.lists(st.sampled_from((time.length, time.length, Fraction(3, 2))), min_size=1, max_size=4))
    measures = tuple(
        Measure(
            index=index,
            number=str(index + 1),
            duration=length,
            events=(*draw(events(1)), *draw(events(2))),
            time=time if index == 0 else None,
            implicit=draw(st.booleans()),
        )
        for index, length in enumerate(lengths)
    )
    return Score(parts=(Part(id="P1", name="Piano", staves=2, measures=measures),))


def complaints(score: Score) -> set[tuple[str, int | None, str | None]]:
    return {(issue.code, issue.measure, issue.part) for issue in check_bars(score) if issue.code in SUMS}


@settings(max_examples=120, deadline=None)
@given(scores())
def test_checking_the_file_and_checking_the_score_agree(score: Score) -> None:
    sound, _ = repair(score)
    read = parse_musicxml(to_musicxml(sound), "written.musicxml")
    assert complaints(read) == complaints(replace(sound, issues=()))
