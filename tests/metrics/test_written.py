"""Strict comparison sees what equal sound hides, and forgives what is only a name."""

from __future__ import annotations

import pytest

from omr.metrics.written import read_written, score_written

HEAD = (
    "<score-partwise version='4.0'><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>"
)
ATTRIBUTES = "<attributes><divisions>2</divisions><staves>2</staves></attributes>"


def note(step: str, duration: int, *, voice: str = "1", staff: int = 1, alter: int = 0, more: str = "") -> str:
    pitch = f"<pitch><step>{step}</step><alter>{alter}</alter><octave>4</octave></pitch>"
    return f"<note>{pitch}<duration>{duration}</duration>{more}<voice>{voice}</voice><staff>{staff}</staff></note>"


def rest(duration: int, *, voice: str = "1", hidden: bool = False) -> str:
    shown = " print-object='no'" if hidden else ""
    return f"<note{shown}><rest/><duration>{duration}</duration><voice>{voice}</voice><staff>1</staff></note>"


def score(*bars: str) -> bytes:
    measures = "".join(
        f"<measure number='{number}'>{ATTRIBUTES if number == 1 else ''}{bar}</measure>"
        for number, bar in enumerate(bars, 1)
    )
    return f"{HEAD}{measures}</part></score-partwise>".encode()


BACK = "<backup><duration>4</duration></backup>"
TWO_VOICES = note("E", 4) + BACK + note("C", 2, voice="2") + note("D", 2, voice="2")
TRUTH = score(TWO_VOICES, note("G", 2) + rest(2))


@pytest.mark.parametrize(
    ("bar", "strict", "figure", "value"),
    [
        (TWO_VOICES, 1.0, "voice_f1", 1.0),
        (TWO_VOICES.replace("<voice>2</voice>", "<voice>7</voice>"), 1.0, "voice_f1", 1.0),
        (TWO_VOICES + rest(2, voice="3", hidden=True), 1.0, "rest_f1", 1.0),
        (note("E", 4) + BACK + note("C", 2, voice="2") + note("D", 2, voice="3"), 0.5, "voice_f1", 0.0),
        (TWO_VOICES.replace("<staff>1</staff>", "<staff>2</staff>", 1), 0.5, "staff_accuracy", 0.75),
        (note("F", 4, alter=-1) + TWO_VOICES[TWO_VOICES.index(BACK) :], 0.5, "spelling_accuracy", 0.75),
        (note("E", 4, more="<tie type='start'/>") + TWO_VOICES[TWO_VOICES.index(BACK) :], 0.5, "tie_f1", 0.0),
        (TWO_VOICES + rest(2, voice="3"), 0.5, "rest_f1", 2 / 3),
    ],
)
def test_one_difference_shows_in_its_own_figure(bar: str, strict: float, figure: str, value: float) -> None:
    figures = score_written(TRUTH, score(bar, note("G", 2) + rest(2))).figures()
    assert figures["strict_measures"] == strict
    assert figures[figure] == pytest.approx(value)


def test_a_lost_bar_and_an_added_bar_are_not_strict() -> None:
    assert score_written(TRUTH, score(TWO_VOICES)).figures()["strict_measures"] == 0.5
    counts = score_written(score(TWO_VOICES), TRUTH)
    assert (counts.bars, counts.strict_bars) == (1, 1)
    assert counts.rests == (0, 0, 1)


def test_staves_count_through_the_parts() -> None:
    part = "<part id='P2'><measure number='1'><attributes><divisions>2</divisions></attributes>" + note("C", 2)
    two = score(TWO_VOICES).decode().replace("</score-partwise>", f"{part}</measure></part></score-partwise>")
    assert [sign.staff for voice in read_written(two.encode())[0] for sign in voice] == [0, 0, 0, 2]
