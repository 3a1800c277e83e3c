"""The gate: whatever comes in, what goes out adds up, and every change is told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.varied_scores import varied_score
from omr.files.gate import repair
from omr.files.musicxml import to_musicxml
from omr.score import (
    Barline,
    Clef,
    ClefChange,
    Direction,
    Event,
    Key,
    Measure,
    Part,
    Pitch,
    Score,
    SlurMark,
    Time,
    Tone,
    TupletMark,
)

FOUR = Time(beats=4, beat_type=4)
TREBLE = ClefChange(onset=Fraction(0), staff=1, clef=Clef(sign="G", line=2))
MANY = settings(max_examples=12, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))


def note(onset: Fraction | int, duration: Fraction | int, step: str = "C", **changes: object) -> Event:
    tone = Tone(pitch=Pitch(step, 4), nodes=((0, 1),))  # type: ignore[arg-type]
    made = Event(onset=Fraction(onset), duration=Fraction(duration), type="quarter", tones=(tone,))
    return replace(made, **changes)  # type: ignore[arg-type]


def bar(*events: Event, index: int = 0, **changes: object) -> Measure:
    made = Measure(index=index, number=str(index + 1), duration=Fraction(4), events=events)
    if index == 0:
        made = replace(made, clefs=(TREBLE,), key=Key(0), time=FOUR)
    return replace(made, **changes)  # type: ignore[arg-type]


def score(*bars: Measure, staves: int = 1) -> Score:
    return Score(parts=(Part(id="P1", name="", staves=staves, measures=bars),))


def repaired(*bars: Measure, staves: int = 1) -> tuple[tuple[Measure, ...], list[str]]:
    sound, issues = repair(score(*bars, staves=staves))
    return sound.parts[0].measures, [issue.code for issue in issues]


def spans(measure: Measure, voice: int = 1) -> list[tuple[Fraction, Fraction, bool]]:
    return [(e.onset, e.duration, e.padding) for e in measure.events if e.voice == voice]


def test_a_rest_for_the_whole_bar_lasts_as_long_as_the_longest_part() -> None:
    rest = Event(onset=Fraction(0), duration=Fraction(4), type="whole", measure_rest=True)
    longer = replace(bar(note(0, 5)), duration=Fraction(5))
    parts = (
        Part(id="P1", name="", staves=1, measures=(bar(rest),)),
        Part(id="P2", name="", staves=1, measures=(longer,)),
    )
    sound, issues = repair(Score(parts=parts))
    assert spans(sound.parts[0].measures[0]) == [(0, 5, False)]
    assert not issues


def test_a_bar_that_adds_up_is_left_alone() -> None:
    measure = bar(note(0, 3, type="half", dots=1), note(3, 1))
    bars, codes = repaired(measure)
    assert bars == (measure,)
    assert codes == []


def test_a_short_bar_is_padded_and_told() -> None:
    bars, codes = repaired(bar(note(0, 1), note(2, 1)))
    assert spans(bars[0]) == [(0, 1, False), (1, 1, True), (2, 1, False), (3, 1, True)]
    assert codes == ["bar-too-short"]


def test_a_hole_that_the_other_voice_fills_is_padded_silently() -> None:
    second = note(2, 2, type="half", voice=2)
    bars, codes = repaired(bar(note(0, 2, type="half"), second))
    assert spans(bars[0]) == [(0, 2, False), (2, 2, True)]
    assert codes == []


def test_a_long_bar_is_cut_at_its_end() -> None:
    bars, codes = repaired(bar(note(0, 3, type="half", dots=1), note(3, 2, type="half"), note(5, 1)))
    assert spans(bars[0]) == [(0, 3, False), (3, 1, False)]
    assert bars[0].events[1].type == "quarter"
    assert codes == ["bar-too-long", "bar-too-long"]


def test_overlapping_notes_go_to_a_free_voice() -> None:
    bars, codes = repaired(bar(note(0, 4, type="whole"), note(2, 2, "E", type="half")))
    assert spans(bars[0], 1) == [(0, 4, False)]
    assert spans(bars[0], 2) == [(2, 2, False)]
    assert codes == ["voice-overlap"]


def test_a_voice_that_no_staff_owns_becomes_one_of_its_staff() -> None:
    bars, codes = repaired(bar(note(0, 4, type="whole"), note(0, 4, "E", type="whole", voice=9)))
    assert [event.voice for event in bars[0].events] == [1, 2]
    assert codes == ["voice-overlap"]


def test_a_grace_note_stands_before_its_main_note() -> None:
    grace = note(1, 0, "D", grace="plain", type="eighth")
    bars, codes = repaired(bar(note(0, 2, type="half"), grace, note(2, 2, type="half")))
    assert [(event.onset, event.grace) for event in bars[0].events] == [(0, None), (2, "plain"), (2, None)]
    assert codes == []


def test_a_staff_without_music_is_silent_for_the_whole_bar() -> None:
    lower = ClefChange(onset=Fraction(0), staff=2, clef=Clef(sign="F", line=4))
    bars, codes = repaired(bar(note(0, 4, type="whole"), clefs=(TREBLE, lower)), staves=2)
    assert spans(bars[0], 5) == [(0, 4, True)]
    assert codes == ["bar-empty"]


def test_parts_get_equally_many_bars() -> None:
    long = Part(id="P1", name="Violin", staves=1, measures=(bar(note(0, 4, type="whole")), bar(index=1)))
    short = Part(id="P2", name="Viola", staves=1, measures=(bar(note(0, 4, type="whole")),))
    sound, issues = repair(Score(parts=(long, short)))
    assert [len(part.measures) for part in sound.parts] == [2, 2]
    assert [(issue.code, issue.part) for issue in issues if issue.code == "bar-missing"] == [("bar-missing", "P2")]


def test_the_start_of_a_part_states_clef_key_and_time() -> None:
    bars, codes = repaired(
        Measure(index=0, number="1", duration=Fraction(3), events=(note(0, 3, type="half", dots=1),))
    )
    assert bars[0].clefs[0].clef == Clef(sign="G", line=2)
    assert bars[0].key == Key(0)
    assert bars[0].time == Time(beats=3, beat_type=4, printed=False)
    assert codes == ["clef-missing"]


def test_ties_join_equal_neighbours_only() -> None:
    tied = Tone(pitch=Pitch("C", 4), tie_start=True)
    other = Tone(pitch=Pitch("D", 4), tie_stop=True)
    first, second = note(0, 2, type="half", tones=(tied,)), note(2, 2, type="half", tones=(other,))
    bars, codes = repaired(bar(first, second))
    assert not any(tone.tie_start or tone.tie_stop for event in bars[0].events for tone in event.tones)
    assert codes == ["tie-dangling", "tie-dangling"]
    bars, codes = repaired(bar(first, note(2, 2, type="half")))
    assert [(t.tie_start, t.tie_stop) for e in bars[0].events for t in e.tones] == [(True, False), (False, True)]
    assert codes == []


def test_a_tie_reaches_over_the_barline() -> None:
    start = note(0, 4, type="whole", tones=(Tone(pitch=Pitch("C", 4), tie_start=True),))
    stop = note(0, 4, type="whole", tones=(Tone(pitch=Pitch("C", 4), tie_stop=True),))
    bars, codes = repaired(bar(start), bar(stop, index=1))
    assert bars[0].events[0].tones[0].tie_start
    assert bars[1].events[0].tones[0].tie_stop
    assert codes == []


@pytest.mark.parametrize("voice", [1, 2])
def test_a_tie_from_a_grace_note_reaches_the_note_it_stands_before_in_any_voice(voice: int) -> None:
    start, stop = Tone(pitch=Pitch("C", 4), tie_start=True), Tone(pitch=Pitch("C", 4), tie_stop=True)
    low = note(0, 4, "E", type="whole", voice=2)
    grace = note(0, 0, type="eighth", tones=(start,), grace="plain", voice=voice)
    main = note(0, 4, type="whole", tones=(stop,))
    (found,), codes = repaired(bar(*((grace, main, low) if voice == 1 else (main, grace, low))))
    ties = {(tone.tie_start, tone.tie_stop) for event in found.events for tone in event.tones if tone.pitch.step == "C"}
    assert ties == {(True, False), (False, True)}
    assert codes == []


def test_a_slur_without_its_other_end_is_dropped_and_one_written_backwards_turned() -> None:
    start, stop = SlurMark(kind="start", key="a"), SlurMark(kind="stop", key="a")
    bars, codes = repaired(bar(note(0, 2, type="half", slurs=(stop,)), note(2, 2, type="half", slurs=(start,))))
    assert [event.slurs[0].kind for event in bars[0].events] == ["start", "stop"]
    bars, codes = repaired(bar(note(0, 4, type="whole", slurs=(start,))))
    assert bars[0].events[0].slurs == ()
    assert codes == ["slur-dangling"]


def test_a_tuplet_without_its_end_is_dropped() -> None:
    third = Fraction(2, 3)
    ratio = {"time_modification": (3, 2), "type": "quarter"}
    mark = (TupletMark(kind="start"),)
    events = [note(third * i, third, tuplets=mark if i == 0 else (), **ratio) for i in range(3)]
    bars, codes = repaired(bar(*events, note(2, 2, type="half")))
    assert not any(event.tuplets for event in bars[0].events)
    assert codes == ["tuplet-dangling"]


def test_a_hairpin_that_never_ends_is_dropped() -> None:
    opening = Direction(onset=Fraction(0), staff=1, kind="wedge", value="crescendo")
    bars, codes = repaired(bar(note(0, 4, type="whole"), directions=(opening,)))
    assert bars[0].directions == ()
    assert codes == ["direction-dangling"]
    closing = replace(opening, onset=Fraction(4), value="stop")
    bars, codes = repaired(bar(note(0, 4, type="whole"), directions=(opening, closing)))
    assert bars[0].directions == (opening, closing)
    assert codes == []


def test_an_ending_needs_both_its_sides() -> None:
    opening = Barline(ending=("start", "1."))
    bars, codes = repaired(bar(note(0, 4, type="whole"), left=opening))
    assert bars[0].left.ending is None
    assert codes == ["ending-dangling"]
    bars, codes = repaired(bar(note(0, 4, type="whole"), left=opening, right=Barline(ending=("stop", "1."))))
    assert (bars[0].left.ending, bars[0].right.ending) == (("start", "1"), ("stop", "1"))
    assert codes == []


@pytest.mark.parametrize(
    ("length", "look"), [(Fraction(3, 2), ("quarter", 1, None)), (Fraction(2, 3), ("quarter", 0, (3, 2)))]
)
def test_the_look_follows_the_duration(length: Fraction, look: tuple[str, int, tuple[int, int] | None]) -> None:
    bars, _ = repaired(bar(note(0, length, type="half")))
    event = bars[0].events[0]
    assert (event.type, event.dots, event.time_modification) == look


def test_an_empty_score_still_becomes_a_file() -> None:
    assert b"<measure" in to_musicxml(Score(parts=()))


@MANY
@given(st.integers(0, 10**6).map(Random))
def test_lawful_scores_pass_without_losing_a_note(random: Random) -> None:
    lawful = varied_score(random)
    sound, _ = repair(lawful)
    for before, after in zip(lawful.parts, sound.parts, strict=True):
        for old, new in zip(before.measures, after.measures, strict=True):
            assert _notes(old) == _notes(new)


@MANY
@given(st.integers(0, 10**6).map(Random))
def test_broken_scores_come_out_sound_and_stay_so(random: Random) -> None:
    sound, _ = repair(_broken(random, varied_score(random)))
    assert repair(sound) == (sound, ())
    assert len({len(part.measures) for part in sound.parts}) == 1
    for part in sound.parts:
        for measure in part.measures:
            _assert_voices_fit(measure)


@MANY
@given(st.integers(0, 10**6).map(Random))
def test_broken_scores_become_valid_files(random: Random) -> None:
    to_musicxml(_broken(random, varied_score(random)))  # raises when the schema objects


def _notes(measure: Measure) -> list[tuple[Fraction, Fraction, int, Pitch]]:
    found = ((e.onset, e.duration, e.staff, t.pitch) for e in measure.events for t in e.tones)
    return sorted(found, key=repr)


def _assert_voices_fit(measure: Measure) -> None:
    reached: dict[int, Fraction] = {}
    for event in sorted(measure.events, key=lambda event: (event.onset, event.duration)):
        assert event.onset >= reached.get(event.voice, 0)
        reached[event.voice] = event.onset + event.duration
    assert all(end <= measure.duration for end in reached.values())
    assert reached[min(reached)] == measure.duration


def _broken(random: Random, lawful: Score) -> Score:
    """`lawful` with times, voices, spans and bars damaged."""
    parts = [
        replace(part, measures=tuple(_broken_bar(random, m) for m in part.measures[: random.randint(0, 6)]))
        for part in lawful.parts
    ]
    return Score(parts=tuple(parts), title="\x00broken")


def _broken_bar(random: Random, measure: Measure) -> Measure:
    events = tuple(_broken_event(random, event) for event in measure.events if random.random() < 0.9)
    return replace(
        measure,
        events=events,
        duration=random.choice((measure.duration, Fraction(5, 2), Fraction(0))),
        clefs=() if random.random() < 0.3 else measure.clefs,
        time=None if random.random() < 0.3 else measure.time,
        left=Barline(ending=random.choice((None, ("start", "x"), ("stop", "2")))),
        directions=measure.directions[: random.randint(0, 3)],
        multi_rest=random.choice((0, 0, 3)),
    )


def _broken_event(random: Random, event: Event) -> Event:
    if random.random() < 0.6:
        return event
    changes: dict[str, object] = {
        "onset": event.onset + random.choice((Fraction(-1), Fraction(1, 3), Fraction(7, 5))),
        "duration": random.choice((Fraction(5, 4), Fraction(1, 7), Fraction(-1), Fraction(9))),
        "voice": random.randint(0, 9),
        "staff": random.randint(0, 4),
        "slurs": (SlurMark(kind=random.choice(("start", "stop")), key=str(random.randint(0, 3))),),
        "tuplets": (TupletMark(kind=random.choice(("start", "stop"))),),
        "tones": tuple(replace(tone, tie_start=True, tie_stop=True) for tone in event.tones),
        "articulations": ("no such thing",),
        "measure_rest": True,
    }
    name = random.choice(sorted(changes))
    return replace(event, **{name: changes[name]})  # type: ignore[arg-type]
