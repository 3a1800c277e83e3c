"""Heads where the stems of two voices meet: offered in either voice alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui.alternatives import alternatives
from gui.recognised import recognised
from gui.rereading import Reread, Rereader, measures_at
from gui.reviewer import notes_of
from gui.state import PageEntry, State
from gui.unisons import unisons
from omr.geometry import Box
from tests.gui.test_desk import result_of
from tests.reading.paper import Paper

TOP, LOW = 72, 69


def page_of(*, second: bool, below: bool) -> State:
    """A bar whose C5 is printed with a stem up, and with one down (`second`) that has an A4 `below`; nothing is certain."""
    paper = Paper()
    paper.clef()
    (shared,) = paper.note(230, "C5")
    if second:
        box = paper.nodes[shared].box
        stem = paper.put("stem", Box(box.left - 1, box.center.y, box.left + 1, box.bottom + 72))
        if below:
            y = paper.y(paper.position("A4", 0), 0)
            paper.join(paper.put("noteheadFull", Box(box.left, y - 8, box.right, y + 8)), stem)
        else:
            paper.join(shared, stem)
    for beat in range(1, 4):
        paper.note(230 + 55 * beat, "E5")
    paper.line(445)
    paper.edges = [replace(edge, score=0.99) for edge in paper.edges]
    return State(pages=(recognised(PageEntry(id="p1", source="page.png"), result_of(paper)),))


def first_beat(heard: Reread) -> list[int]:
    return [pitch for onset, pitch, _ in notes_of(measures_at(heard, 0)) if onset == 0]


@pytest.mark.parametrize(("second", "count"), [(True, 1), (False, 0)])
def test_a_head_with_the_stems_of_two_voices_is_found(second: bool, count: int) -> None:
    heard = Rereader().read(page_of(second=second, below=True))
    assert len(unisons(heard.reading.bars[0])) == count


@pytest.mark.parametrize(("below", "read", "alone"), [(True, [LOW, TOP, TOP], [LOW, TOP]), (False, [TOP, TOP], [TOP])])
def test_it_is_offered_in_one_voice_only(below: bool, read: list[int], alone: list[int]) -> None:
    rereader = Rereader()
    heard = rereader.read(page_of(second=True, below=below))
    assert first_beat(heard) == read
    offered = [other for other in alternatives(heard, heard.bars[0], rereader) if "one voice" in other.label]
    assert offered
    for other in offered:
        assert first_beat(rereader.read(other.state)) == alone
