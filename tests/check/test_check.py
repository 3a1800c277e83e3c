"""The checks find what was put wrong, and nothing in what is right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr.check import check_graph, check_score
from omr.check.bars import check_bars
from omr.geometry import Box
from omr.labels import DETECTED, INDEX
from omr.notation import Edge, Node, NotationGraph
from omr.score import Barline, Event, Issue, Measure, Part, Pitch, Score, Time, Tone


def note(onset: int, duration: int, octave: int = 4, **changes: object) -> Event:
    tone = Tone(pitch=Pitch("C", octave), nodes=((0, onset),))
    made = Event(onset=Fraction(onset), duration=Fraction(duration), type="quarter", tones=(tone,))
    return replace(made, **changes)  # type: ignore[arg-type]


def codes(*events: Event, **changes: object) -> list[str]:
    """Codes of the issues of one bar in four-four time."""
    bar = Measure(index=0, number="1", duration=Fraction(4), events=events, time=Time(beats=4, beat_type=4))
    part = Part(id="P1", name="", staves=1, measures=(replace(bar, **changes),))  # type: ignore[arg-type]
    return [issue.code for issue in check_bars(Score(parts=(part,)))]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((note(0, 4),), []),
        ((note(0, 2), note(2, 2, voice=2)), []),
        ((), ["bar-empty"]),
        ((note(0, 3),), ["bar-too-short"]),
        ((note(0, 3), note(3, 1, tones=(), padding=True)), ["bar-too-short"]),
        ((note(0, 3), note(3, 2)), ["bar-too-long"]),
        ((note(0, 4), note(2, 2)), ["voice-overlap"]),
        ((note(0, 4), note(2, 2, voice=2)), []),
        ((note(0, 4, octave=10),), ["pitch-unlikely"]),
    ],
)
def test_bars(events: tuple[Event, ...], expected: list[str]) -> None:
    assert codes(*events) == expected


def lengths(*quarters: int, **changes: object) -> list[int | None]:
    """Bars that are told to have another length than their metre of four quarters."""
    bars = [
        Measure(index=index, number=str(index), duration=Fraction(length), events=(note(0, length),))
        for index, length in enumerate(quarters)
    ]
    bars[0] = replace(bars[0], time=Time(beats=4, beat_type=4))
    bars[-1] = replace(bars[-1], **changes)  # type: ignore[arg-type]
    score = Score(parts=(Part(id="P1", name="", staves=1, measures=tuple(bars)),))
    return [issue.measure for issue in check_bars(score) if issue.code == "bar-irregular"]


def test_a_bar_of_another_length_than_its_metre_is_told_unless_it_is_a_share_of_one() -> None:
    assert lengths(5) == [0]
    assert lengths(4, 3, 4) == [1]
    assert lengths(4, 5, 4) == [1]
    assert lengths(4, 4, 3, implicit=True) == []
    assert lengths(1, 4, 4) == []
    assert lengths(1, 4, 3) == []
    assert lengths(4, 2, 2, 4) == []
    assert lengths(4, 4, 3, right=Barline(style="light-heavy", repeat="backward")) == []


def test_a_part_with_fewer_bars_is_an_error() -> None:
    bar = Measure(index=0, number="1", duration=Fraction(4), events=(note(0, 4),))
    long = Part(id="P1", name="", staves=1, measures=(bar, replace(bar, index=1)))
    short = Part(id="P2", name="", staves=1, measures=(bar,))
    found = [(issue.code, issue.part, issue.severity) for issue in check_score(Score(parts=(long, short)))]
    assert found == [("bar-missing", "P2", "error")]


def graph(
    *labels: str, edges: tuple[tuple[int, int], ...] = (), score: float = 1.0, certainty: float = 1.0
) -> NotationGraph:
    nodes = (Node(id=number, label=label, box=Box(0, 0, 1, 1), score=score) for number, label in enumerate(labels))
    return NotationGraph(tuple(nodes), tuple(Edge(source, target, certainty) for source, target in edges))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (graph("noteheadFull", "stem", edges=((0, 1),)), []),
        (graph("noteheadWhole"), []),
        (graph("noteheadFull"), ["head-without-stem"]),
        (graph("stem"), ["stem-without-head"]),
        (graph("beam"), ["beam-without-head"]),
        (graph("flag8thUp"), ["flag-without-head"]),
        (graph("augmentationDot"), ["dot-without-note"]),
        (graph("restQuarter", "augmentationDot", edges=((0, 1),)), []),
        (graph("gClef", "stem", edges=((0, 1),)), ["illegal-relation", "stem-without-head"]),
        (graph("noteheadFull", "stem", "beam", "flag8thUp", edges=((0, 1), (0, 2), (0, 3))), ["beam-and-flag"]),
        (graph("keySignature", "accidentalSharp", edges=((0, 1),)), []),
        (graph("gClef", score=0.2), ["low-confidence"]),
        (graph("noteheadFull", "stem", edges=((0, 1),), certainty=0.51), ["relation-doubtful"]),
    ],
)
def test_graphs(page: NotationGraph, expected: list[str]) -> None:
    assert [issue.code for issue in check_graph(page)] == expected


def test_what_the_reader_already_said_is_not_said_again() -> None:
    bar = Measure(index=0, number="1", duration=Fraction(4), events=(note(0, 3),))
    part = Part(id="P1", name="", staves=1, measures=(bar,))
    said = Issue(code="bar-too-short", message="filled up", measure=0, part="P1")
    codes = [issue.code for issue in check_score(Score(parts=(part,), issues=(said,)))]
    assert "bar-too-short" not in codes


def test_a_symbol_whose_class_nearly_lost_is_told() -> None:
    def scored(*likely: tuple[str, float]) -> NotationGraph:
        scores = [0.0] * len(DETECTED)
        for label, score in likely:
            scores[INDEX[label]] = score
        return NotationGraph((Node(id=0, label="restQuarter", box=Box(0, 0, 1, 1), score=0.7, scores=tuple(scores)),))

    (found,) = check_graph(scored(("restQuarter", 0.7), ("rest8th", 0.6)))
    assert (found.code, "rest8th" in found.message) == ("label-doubtful", True)
    assert check_graph(scored(("restQuarter", 0.7), ("rest8th", 0.1))) == ()
