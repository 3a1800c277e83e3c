"""Voices are taken from the truth only where the paper does not tell them apart."""

from __future__ import annotations

import pytest

from benchmarks.untold_voices import as_told
from omr.metrics.written import score_written
from tests.metrics.test_written import note, rest, score

BACK = "<backup><duration>8</duration></backup>"
SKIP = "<forward><duration>4</duration></forward>"


def quarters(first: str, second: str, voice: str, **more: str) -> str:
    return note(first, 4, voice=voice, **more) + note(second, 4, voice=voice)  # type: ignore[arg-type]


def told(truth: str, found: str) -> float:
    return score_written(*as_told(score(truth), score(found))).figures()["strict_measures"]


ONE_GOES_ON = quarters("E", "F", "1") + BACK + note("C", 4, voice="2")
OTHER_GOES_ON = note("E", 4) + "<backup><duration>4</duration></backup>" + quarters("C", "F", "2")


def test_which_voice_goes_on_without_a_rest_is_not_told() -> None:
    assert score_written(score(ONE_GOES_ON), score(OTHER_GOES_ON)).figures()["strict_measures"] == 0
    assert told(ONE_GOES_ON, OTHER_GOES_ON) == 1


def test_which_voice_was_there_before_the_second_is_not_told() -> None:
    first = quarters("E", "F", "1") + BACK + SKIP + note("C", 4, voice="2")
    second = note("F", 4, voice="1").replace("<note>", SKIP + "<note>") + BACK + quarters("E", "C", "2")
    assert told(first, second) == 1


@pytest.mark.parametrize(
    ("truth", "found"),
    [
        (ONE_GOES_ON + rest(4, voice="2"), OTHER_GOES_ON + rest(4, voice="1")),
        (quarters("E", "F", "1", more="<beam number='1'>begin</beam>") + BACK + note("C", 4, voice="2"), OTHER_GOES_ON),
        (
            quarters("E", "F", "1") + BACK + quarters("C", "D", "2"),
            quarters("E", "D", "1") + BACK + quarters("C", "F", "2"),
        ),
        (ONE_GOES_ON, quarters("E", "G", "1") + BACK + note("C", 4, voice="2")),
    ],
    ids=["a rest is printed", "a beam runs on", "both go on", "another note"],
)
def test_what_is_printed_counts(truth: str, found: str) -> None:
    assert told(truth, found) == 0


WHOLE = "<type>whole</type>"


def test_whole_notes_at_once_may_be_a_chord() -> None:
    chord = note("C", 8, more=WHOLE) + note("E", 8, more=WHOLE).replace("<pitch>", "<chord/><pitch>")
    voices = note("E", 8, more=WHOLE) + BACK + note("C", 8, voice="2", more=WHOLE)
    assert told(voices, chord) == 1
    halves = voices.replace(WHOLE, "<type>half</type>")
    assert told(halves, chord.replace(WHOLE, "<type>half</type>")) == 0


@pytest.mark.parametrize(("stems", "expected"), [(("up", "up"), 1), (("up", "down"), 0)])
def test_a_voice_that_begins_as_another_ends_is_printed_as_one(stems: tuple[str, str], expected: float) -> None:
    low = "<backup><duration>8</duration></backup>" + note("C", 8, voice="3")
    first, second = (f"<stem>{stem}</stem>" for stem in stems)
    parted = note("E", 4, voice="1", more=first) + note("F", 4, voice="2", more=second) + low
    joined = note("E", 4, voice="1", more=first) + note("F", 4, voice="1", more=second) + low
    assert told(parted, joined) == expected


STEMS = ("<stem>up</stem>", "<stem>down</stem>")
TIES = ("<tie type='start'/>", "<tie type='stop'/>")


def crossing(first: tuple[str, str], second: tuple[str, str], more: tuple[str, ...]) -> str:
    """Two voices of two quarters each; `more` of each of the four notes."""
    parts = [note(step, 4, voice="1", more=sign) for step, sign in zip(first, more[:2], strict=True)]
    return (
        "".join(parts)
        + "<backup><duration>8</duration></backup>"
        + "".join(note(step, 4, voice="2", more=sign) for step, sign in zip(second, more[2:], strict=True))
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (("", "", "", ""), 1),
        ((STEMS[0], STEMS[1], STEMS[1], STEMS[0]), 1),
        ((STEMS[0], STEMS[0], STEMS[1], STEMS[1]), 0),
    ],
    ids=["nothing tells", "stems turn too", "stems tell"],
)
def test_voices_that_cross_are_told_by_stems_alone(more: tuple[str, ...], expected: float) -> None:
    truth = crossing(("E", "C"), ("D", "F"), more)
    assert told(truth, crossing(("E", "F"), ("D", "C"), (more[0], more[3], more[2], more[1]))) == expected


def test_a_tie_tells_which_voice_goes_on() -> None:
    truth = crossing(("E", "E"), ("D", "F"), (*TIES, "", ""))
    assert told(truth, crossing(("E", "F"), ("D", "E"), (TIES[0], "", "", TIES[1]))) == 0


def test_an_exchange_leaves_a_third_voice_as_it_is() -> None:
    third = "<backup><duration>8</duration></backup>" + quarters("A", "B", "3")
    truth = crossing(("E", "C"), ("D", "F"), ("",) * 4) + third
    assert told(truth, truth.replace("<voice>3</voice>", "<voice>9</voice>")) == 1
    mixed = crossing(("E", "B"), ("D", "C"), ("",) * 4) + third.replace("<step>B</step>", "<step>F</step>")
    assert told(truth, mixed) == 0


def test_a_voice_silent_without_a_rest_may_be_two() -> None:
    low = note("C", 8, voice="1") + "<backup><duration>8</duration></backup>"

    def parted(second: str, between: str = "<forward><duration>4</duration></forward>") -> str:
        return low + note("E", 2, voice="2") + between + note("F", 2, voice=second)

    assert told(parted("2"), parted("3")) == 1
    assert told(parted("2", rest(4, voice="2")), parted("3", rest(4, voice="2"))) == 0
