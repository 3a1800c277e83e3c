"""The checks find what was put wrong, and nothing in what is right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from omr.check import check_graph, check_score
from omr.geometry import Box
from omr.notation import Edge, Node, NotationGraph
from omr.score import Event, Issue, Measure, Part, Pitch, Score, Time, Tone


def note(onset: int, duration: int, octave: int = 4, **changes: object) -> Event:
    tone = Tone(pitch=Pitch("C", octave), nodes=((0, onset),))
    made = Event(onset=Fraction(onset), duration=Fraction(duration), type="quarter", tones=(tone,))
    return replace(made, **changes)  # type: ignore[arg-type]


def codes(*events: Event, **changes: object) -> list[str]:
    """Codes of the issues of one bar in four-four time."""
    bar = Measure(index=0, number="1", duration=Fraction(4), events=events, time=Time(beats=4, beat_type=4))
    part = Part(id="P1", name="", staves=1, measures=(replace(bar, **changes),))  # type: ignore[arg-type]
    return [issue.code for issue in check_score(Score(parts=(part,)))]


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


def test_a_bar_of_another_length_than_its_metre_is_noted_unless_it_is_a_pick_up() -> None:
    assert codes(note(0, 3), duration=Fraction(3)) == ["bar-irregular"]
    assert codes(note(0, 3), duration=Fraction(3), implicit=True) == []


def test_a_part_with_fewer_bars_is_an_error() -> None:
    bar = Measure(index=0, number="1", duration=Fraction(4), events=(note(0, 4),))
    long = Part(id="P1", name="", staves=1, measures=(bar, replace(bar, index=1)))
    short = Part(id="P2", name="", staves=1, measures=(bar,))
    found = [(issue.code, issue.part, issue.severity) for issue in check_score(Score(parts=(long, short)))]
    assert found == [("bar-missing", "P2", "error")]


def graph(*labels: str, edges: tuple[tuple[int, int], ...] = (), score: float = 1.0) -> NotationGraph:
    nodes = (Node(id=number, label=label, box=Box(0, 0, 1, 1), score=score) for number, label in enumerate(labels))
    return NotationGraph(tuple(nodes), tuple(Edge(source, target) for source, target in edges))


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
    ],
)
def test_graphs(page: NotationGraph, expected: list[str]) -> None:
    assert [issue.code for issue in check_graph(page)] == expected


def test_what_the_reader_already_said_is_not_said_again() -> None:
    bar = Measure(index=0, number="1", duration=Fraction(4), events=(note(0, 3),))
    part = Part(id="P1", name="", staves=1, measures=(bar,))
    said = Issue(code="bar-too-short", message="filled up", measure=0, part="P1")
    assert check_score(Score(parts=(part,), issues=(said,))) == ()
