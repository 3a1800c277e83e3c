"""Bars compared with the rest of their piece: repeated music vouches for itself, and lends its notes to a bar that strays."""

from __future__ import annotations

import pytest

from gui import edits
from gui.alternatives import alternatives
from gui.likeness import likeness
from gui.parallels import with_alter
from gui.recognised import recognised
from gui.rereading import Rereader, measures_at
from gui.reviewer import notes_of
from gui.state import PageEntry, State
from omr.labels import NOTEHEADS
from omr.pipeline import PageResult
from tests.reading.paper import Paper


@pytest.fixture
def state() -> State:
    """Six bars of the same four notes."""
    paper = Paper(systems=2)
    for system in range(2):
        paper.clef(staff=system)
        for bar in range(3):
            for beat in range(4):
                paper.note(230 + 250 * bar + 55 * beat, "CDEF"[beat] + "5", staff=system)
            paper.line(445 + 250 * bar, system)
    page = paper.page()
    result = PageResult(
        index=0,
        graph=page.graph,
        staves=page.staves,
        reading=page,
        to_page=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        seconds=(),
    )
    return State(pages=(recognised(PageEntry(id="p1", source="page.png"), result),))


def heads(state: State) -> list[int]:
    nodes = [node for node in state.pages[0].graph.nodes if node.label in NOTEHEADS]
    return [node.id for node in sorted(nodes, key=lambda node: (node.box.top > 300, node.box.left))]


def test_repeated_bars_are_twins_and_one_that_strays_is_not(state: State) -> None:
    assert all(own.twin == own.rhythm == own.hands == 1 for own in likeness(Rereader().read(state).score))
    strayed = edits.set_pitch_step(state, "p1", [heads(state)[0]], 1)
    found = likeness(Rereader().read(strayed).score)
    assert [own.twin for own in found].count(0.0) == 1
    odd = next(own for own in found if not own.twin)
    assert odd.parallel == 0.75
    assert odd.rhythm == 1
    assert odd.hands == 0


def test_accidentals_that_change_nothing_and_steps_in_two_alterations(state: State) -> None:
    head = heads(state)[0]
    plain = likeness(Rereader().read(state).score)
    assert sum(own.idle + own.strange for own in plain) == 0
    natural = likeness(Rereader().read(with_alter(state, "p1", head, 0)).score)
    assert sum(own.idle for own in natural) == 1
    sharp = likeness(Rereader().read(with_alter(state, "p1", head, 1)).score)
    assert sum(own.idle for own in sharp) == 0
    assert sum(own.strange for own in sharp) == 1


@pytest.mark.parametrize("alter", [0, 1])
def test_a_bar_that_strays_is_offered_as_the_others_are(state: State, alter: int) -> None:
    rereader = Rereader()
    right = notes_of(measures_at(rereader.read(state), 0))
    head = heads(state)[0]
    changed = with_alter(state, "p1", head, 1) if alter else edits.set_pitch_step(state, "p1", [head], 1)
    heard = rereader.read(changed)
    (place,) = [index for index in range(len(heard.bars)) if notes_of(measures_at(heard, index)) != right]
    offered = alternatives(heard, heard.bars[place], rereader)
    assert any(other.label.startswith("as bar") and notes_of(other.measures) == right for other in offered)
    assert len(offered) <= 5
