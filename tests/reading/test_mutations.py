"""Sound graphs damaged at random: whatever a detector may do to a page, a valid file comes out and what it lacks is said.

Symbols are dropped, doubled, renamed, moved and squeezed together, relations made up and forgotten, staves lost and joined to
other systems.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omr import labels
from omr.geometry import Box
from omr.metrics.notes import read_bars
from omr.notation import Edge, Node, NotationGraph, Staff
from omr.reading import ReadPage
from tests.reading.paper import WIDTH, Paper
from tests.reading.test_bad_input import filed

BARS = 3
LABELS = sorted(labels.DETECTED)


def sound_page() -> ReadPage:
    """Two systems of piano music with beams, triplets, dots, rests, accidentals and a second voice."""
    paper = Paper(systems=2, staves=2)
    for staff in range(4):
        paper.clef(staff)
        paper.key(("F5",) if staff % 2 == 0 else ("F3",), staff)
    for staff in (0, 1):
        paper.time(3, 4, staff)
    for system in (0, 1):
        for bar in range(BARS):
            _fill(paper, 2 * system, 270 + 310 * bar)
            paper.line(250 + 310 * (bar + 1) if bar + 1 < BARS else WIDTH - 2, system)
    return paper.page()


def _fill(paper: Paper, staff: int, x: float) -> None:
    top = paper.y(-4, staff)
    triplet = [paper.note(x + 30 * place, "E5", staff=staff) for place in range(3)]
    figure = paper.mark("numeral3", x + 30, -6, staff)
    for heads in triplet:
        paper.join(heads[0], figure)
    paper.beam(triplet, y=top)
    dotted = paper.note(x + 95, "G4", "B4", staff=staff)
    paper.dot(dotted[1])
    paper.join(dotted[0], paper.mark("accidentalFlat", x + 75, paper.position("B4", staff), staff))
    paper.note(x + 200, "A4", staff=staff, label="flag8thUp")
    paper.note(x, "C4", staff=staff, up=False, head="noteheadHalf")
    paper.rest("restQuarter", x, staff + 1)
    paper.note(x + 95, "C3", "E3", staff=staff + 1, head="noteheadHalf", up=False)


SOUND = sound_page()


def _drop(nodes: list[Node], random: Random, share: float) -> list[Node]:
    return [node for node in nodes if random.random() > share]


def _double(nodes: list[Node], random: Random, share: float) -> list[Node]:
    chosen = [node for node in nodes if random.random() < share]
    first = max((node.id for node in nodes), default=0) + 1
    names = [random.choice((node.label, random.choice(LABELS))) for node in chosen]
    return nodes + [replace(node, id=first + k, label=names[k]) for k, node in enumerate(chosen)]


def _rename(nodes: list[Node], random: Random, share: float) -> list[Node]:
    return [replace(node, label=random.choice(LABELS)) if random.random() < share else node for node in nodes]


def _move(nodes: list[Node], random: Random, share: float) -> list[Node]:
    return [
        _moved(node, random.gauss(0, 80), random.gauss(0, 60)) if random.random() < share else node for node in nodes
    ]


def _squeeze(nodes: list[Node], random: Random, share: float) -> list[Node]:
    return [_moved(node, (share - 1) * (node.box.left - 300), 0) for node in nodes]


def _flatten(nodes: list[Node], random: Random, share: float) -> list[Node]:
    def flat(box: Box) -> Box:
        factor = random.choice((0, 4))
        return Box(box.left, box.top, box.left + factor * box.width, box.top + factor * box.height)

    return [replace(node, box=flat(node.box)) if random.random() < share else node for node in nodes]


def _moved(node: Node, dx: float, dy: float) -> Node:
    box = node.box
    return replace(node, box=Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy))


DAMAGE: tuple[Callable[[list[Node], Random, float], list[Node]], ...] = (
    _drop,
    _double,
    _rename,
    _move,
    _squeeze,
    _flatten,
)


def damaged(page: ReadPage, random: Random) -> ReadPage:
    """`page` after one to three kinds of damage."""
    share = random.choice((0.03, 0.15, 0.5))
    nodes = list(page.graph.nodes)
    for damage in random.sample(DAMAGE, random.randint(1, 3)):
        nodes = damage(nodes, random, share)
    ids = [node.id for node in nodes]
    edges = {(edge.source, edge.target): edge for edge in page.graph.edges if random.random() > share / 2}
    for _ in range(round(share * len(ids))):
        pair = random.choice(ids), random.choice(ids)
        edges[pair] = Edge(*pair, score=random.choice((0.6, 1.0)))
    there = set(ids)
    kept = tuple(edge for (source, target), edge in edges.items() if source in there and target in there)
    return ReadPage(NotationGraph(tuple(nodes), kept), _staves(page.staves, random))


def _staves(staves: tuple[Staff, ...], random: Random) -> tuple[Staff, ...]:
    turn = random.choice(("whole", "whole", "one lost", "one system", "all apart"))
    if turn == "one lost":
        lost = random.randrange(len(staves))
        return tuple(staff for staff in staves if staff.index != lost)
    if turn == "one system":
        return tuple(replace(staff, system=0) for staff in staves)
    return tuple(replace(staff, system=staff.index) for staff in staves) if turn == "all apart" else staves


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_damaged_graphs_give_valid_files_and_say_what_is_wrong(seed: int) -> None:
    page = damaged(SOUND, Random(seed))
    score, musicxml, issues = filed(page)
    assert len(read_bars(musicxml)) == max(len(part.measures) for part in score.parts)
    known = page.graph.by_id
    assert all(node in known for issue in issues for _, node in issue.nodes)
    for part in score.parts:
        named = {issue.measure for issue in issues if issue.part in (part.id, None)}
        silent = {bar.index for bar in part.measures if any(event.padding for event in bar.events)}
        assert silent <= named


def test_the_sound_page_is_sound() -> None:
    _, musicxml, issues = filed(SOUND)
    assert [len(bar) for bar in read_bars(musicxml)] == [9] * 2 * BARS
    assert not [issue for issue in issues if issue.severity != "note"]


def test_the_same_damage_gives_the_same_bytes() -> None:
    assert filed(damaged(SOUND, Random(7)))[1] == filed(damaged(SOUND, Random(7)))[1]
