"""Graphs that no sheet of music gives: a valid file comes out all the same, and issues that name the bar and the ink."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from omr.check import check_graph, check_score, located
from omr.files.gate import repair
from omr.files.musicxml import to_musicxml
from omr.geometry import Box
from omr.labels import NOTEHEADS
from omr.metrics.notes import read_bars
from omr.notation import NotationGraph
from omr.reading import ReadPage, read_score
from omr.reading.bar import EFFORTS
from omr.reading.bars import TRIAL
from omr.reading.effort import affordable
from omr.score import Issue, Score
from tests.reading.paper import WIDTH, Paper
from tests.reading.test_read_score import four_four

NAMES = ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5", "D5", "E5", "F5", "G5")


def filed(page: ReadPage) -> tuple[Score, bytes, tuple[Issue, ...]]:
    """The repaired score of a page, its file (checked against the schema on the way) and all issues."""
    score, _ = repair(read_score((page,)))
    placed = located(check_graph(page.graph), score, page.graph, page.staves, 0)
    return score, to_musicxml(score), (*score.issues, *placed, *check_score(score))


def named(issues: Iterable[Issue], code: str) -> list[Issue]:
    """Issues of that code that name a bar and ink."""
    return [issue for issue in issues if issue.code == code and issue.measure is not None and issue.nodes]


def two_bars(staves: int = 1) -> Paper:
    paper = Paper(staves=staves)
    for start in four_four(paper):
        for beat in range(4):
            for row in range(staves):
                paper.note(start + 100 * beat, "G4" if row == 0 else "C3", staff=row)
    return paper


def test_ink_without_any_staff_is_no_music() -> None:
    page = replace(two_bars().page(), staves=())
    assert not read_score((page,)).parts


def test_a_staff_missing_from_a_piano_system() -> None:
    page = two_bars(staves=2).page()
    score, musicxml, _ = filed(replace(page, staves=page.staves[:1]))
    assert [part.staves for part in score.parts] == [1]
    assert sum(map(len, read_bars(musicxml))) == 8


def test_no_clef_at_all() -> None:
    page = two_bars().page()
    clefs = [node.id for node in page.graph.nodes if node.label == "gClef"]
    score, _, issues = filed(replace(page, graph=page.graph.without_nodes(clefs)))
    assert [tone.pitch.step for event in score.parts[0].measures[0].events for tone in event.tones] == ["G"] * 4
    (issue,) = named(issues, "clef-missing")
    assert issue.measure == 0


def test_two_clefs_at_once() -> None:
    paper = two_bars()
    other = paper.mark("fClef", 84, 3, size=30)
    _, _, issues = filed(paper.page())
    (issue,) = named(issues, "clef-doubled")
    assert (0, other) in issue.nodes


def test_stems_and_beams_without_heads() -> None:
    paper = two_bars()
    stem = paper.put("stem", Box(700, 90, 702, 150))
    paper.put("beam", Box(690, 86, 760, 94))
    _, musicxml, issues = filed(paper.page())
    assert [len(bar) for bar in read_bars(musicxml)] == [4, 4]
    (issue,) = named(issues, "stem-without-head")
    assert (issue.measure, issue.nodes) == (0, ((0, stem),))
    assert named(issues, "beam-without-head")


def test_heads_without_stems() -> None:
    paper = two_bars()
    paper.note(760, "B4", stem=False)
    _, _, issues = filed(paper.page())
    (issue,) = named(issues, "head-without-stem")
    assert issue.measure == 1


def test_a_bar_with_too_much() -> None:
    paper = two_bars()
    for beat in range(4):
        paper.note(four_four(Paper())[1] + 50 + 100 * beat, "B4")
    _, _, issues = filed(paper.page())
    assert {issue.measure for issue in issues if issue.code.startswith("bar-") and issue.nodes} == {1}


def test_two_unrelated_systems_on_a_page() -> None:
    song, trio = two_bars(), Paper(systems=2, staves=2)
    for row in (2, 3):
        trio.clef(row)
        trio.key(("B4", "E5") if row == 2 else ("B2", "E3"), row, label="accidentalFlat")
        trio.time(3, 8, row)
        trio.note(400, "C5" if row == 2 else "C3", staff=row)
    trio.line(WIDTH, 1)
    shift = len(song.nodes)
    nodes = (*song.nodes, *(replace(node, id=node.id + shift) for node in trio.nodes if node.box.top > 400))
    staves = (song.staves[0], *(replace(staff, index=place + 1) for place, staff in enumerate(trio.staves[2:])))
    page = ReadPage(NotationGraph(nodes, tuple(song.edges)), staves)
    score, musicxml, issues = filed(page)
    assert len({len(part.measures) for part in score.parts}) == 1
    assert sum(map(len, read_bars(musicxml))) == 10
    assert any(issue.measure is not None and issue.nodes for issue in issues)


def test_staves_of_one_line_with_a_barline_through_them() -> None:
    page = two_bars(staves=2).page()
    staves = tuple(
        replace(
            staff,
            lines=staff.lines[2:3],
            box=Box(staff.box.left, staff.lines[2].ys[0], staff.box.right, staff.lines[2].ys[0]),
        )
        for staff in page.staves
    )
    _, musicxml, _ = filed(replace(page, staves=staves))
    assert read_bars(musicxml)


def crowd(kind: str) -> Paper:
    """Two hundred notes before the only barline."""
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(4, 4, row)
    paper.line(WIDTH)
    for index in range(200):
        name = NAMES[index * 7 % 12]
        if kind == "in a row":
            paper.note(260 + 4.5 * index, name)
        elif kind == "in one place":
            paper.note(600 + index % 5, name)
        else:
            x = 260 + 18 * (index // 4) + index * 5 % 8
            flag = (None, "flag8thUp" if index % 2 else "flag8thDown")[index % 3 % 2]
            paper.note(x, name if index % 4 < 2 else "E3", staff=index % 4 // 2, up=bool(index % 2), label=flag)
    return paper


@pytest.mark.parametrize("kind", ["in a row", "in one place"])
def test_two_hundred_notes_in_a_bar(kind: str) -> None:
    page = crowd(kind).page()
    _, musicxml, issues = filed(page)
    assert read_bars(musicxml)
    assert any(issue.code.startswith("bar-") and issue.measure is not None and issue.nodes for issue in issues)
    if kind == "in a row":
        assert max(len(issue.nodes) for issue in named(issues, "bar-crowded")) > 150
    assert to_musicxml(repair(read_score((page,)))[0]) == musicxml


def test_wide_searches_are_for_bars_of_usual_size() -> None:
    assert affordable(EFFORTS, [()]) == EFFORTS
    item = object()
    usual, full, crowded = ([(item,)] * count for count in (24, 100, 2000))
    assert affordable(EFFORTS, usual) == EFFORTS  # type: ignore[arg-type]
    assert affordable(EFFORTS, full) == EFFORTS[:2]  # type: ignore[arg-type]
    assert affordable(EFFORTS, crowded) == EFFORTS[:1]  # type: ignore[arg-type]
    assert affordable((TRIAL,), crowded) == (TRIAL,)  # type: ignore[arg-type]


def test_no_bar_takes_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    from omr.reading import bar, bars, rebar, timing

    slowest = 0.0

    def timed(*arguments: object, **options: object) -> object:
        nonlocal slowest
        start = time.process_time()
        reading = bar.read_bar(*arguments, **options)  # type: ignore[arg-type]
        slowest = max(slowest, time.process_time() - start)
        return reading

    for module in (bars, rebar, timing):
        monkeypatch.setattr(module, "read_bar", timed)
    page = crowd("in four voices").page()
    assert sum(node.label in NOTEHEADS for node in page.graph.nodes) == 200
    _, musicxml, issues = filed(page)
    if not read_bars(musicxml) or not named(issues, "bar-crowded"):
        pytest.fail("the bar is lost or not shown")
    assert 0.0 < slowest < 0.5
