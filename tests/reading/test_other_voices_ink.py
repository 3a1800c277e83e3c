"""Ink near a note that is not its own: beams of the other staff, ledger lines of other notes, metronome marks' heads."""

from __future__ import annotations

from dataclasses import replace

from omr.geometry import Box
from omr.notation import Node
from omr.reading import read_score
from omr.reading.beaming import beam_levels, with_slanted_levels, without_intruders
from omr.reading.items import Head, Item
from tests.reading.paper import SPACE, Paper
from tests.reading.test_read_score import bars, four_four, onsets


def stemmed(number: int, x: float, tip: float, direction: int, *beams: Node) -> Item:
    """A note whose stem ends at `tip`, four staff spaces from its head."""
    y = tip + direction * 4 * SPACE
    head = Node(id=number, label="noteheadFull", box=Box(x - 9, y - 8, x + 9, y + 8))
    stem = Node(id=number + 100, label="stem", box=Box(x - 1, min(tip, y), x + 1, max(tip, y)))
    item_head = Head(node=head, staff=0, position=4)
    return Item(
        id=number, x=x, staff=0, heads=(item_head,), stem=stem, direction=direction, beams=beams, levels=len(beams)
    )


def beam(number: int, left: float, top: float, right: float) -> Node:
    return Node(id=number, label="beam", box=Box(left, top, right, top + 8))


def test_a_stem_that_ends_short_of_a_beam_has_no_part_in_it() -> None:
    upper = beam(900, 300, 100, 400)
    items = [
        stemmed(1, 300, 108, -1, upper),
        stemmed(2, 310, 116, 1, upper),
        stemmed(3, 400, 108, -1, upper),
    ]
    assert [item.levels for item in without_intruders(items, SPACE)] == [1, 0, 1]


def test_stems_from_both_sides_that_touch_the_beam_keep_it() -> None:
    kneed = beam(900, 300, 100, 500)
    items = [stemmed(1, 300, 108, -1, kneed), stemmed(2, 400, 100, 1, kneed), stemmed(3, 500, 108, -1, kneed)]
    assert [item.levels for item in without_intruders(items, SPACE)] == [1, 1, 1]


def test_a_stem_with_a_beam_of_its_own_side_has_none_of_the_other_side() -> None:
    upper, lower = beam(900, 300, 100, 400), beam(901, 310, 112, 410)
    items = [
        stemmed(1, 300, 108, -1, upper),
        stemmed(2, 310, 112, 1, lower),
        stemmed(3, 400, 108, -1, upper),
        stemmed(4, 410, 101, 1, lower, upper),
    ]
    found = without_intruders(items, SPACE)
    assert [[one.id for one in item.beams] for item in found] == [[900], [901], [900], [901]]


def test_a_head_far_above_the_staff_needs_a_ledger_line_of_its_own() -> None:
    paper = Paper(systems=2)
    (start, _) = four_four(paper, bars=2)
    for beat in range(4):
        paper.note(start + 50 * beat, "G4")
    (metronome,) = paper.note(start, "B6", up=True)
    x = paper.nodes[metronome].box.center.x
    below = paper.y(10, 1)
    paper.put("legerLine", Box(x - 14, below - 2, x + 14, below + 2))
    paper.edges = [replace(edge, score=0.9) for edge in paper.edges]
    first = bars(read_score([paper.page()]))[0]
    assert onsets(first) == [0, 1, 2, 3]


def test_the_ends_of_all_stems_tell_which_way_the_beams_slant() -> None:
    long = Node(id=900, label="beam", box=Box(300, 100, 500, 124))
    short = Node(id=901, label="beam", box=Box(300, 112, 432, 128))
    items = [stemmed(1, 300, 100, 1, long, short), stemmed(2, 430, 110, 1, long, short), stemmed(3, 500, 118, 1, long)]
    assert beam_levels((long, short), items[1].stem, 1, SPACE) == 1
    assert [item.levels for item in with_slanted_levels(items, SPACE)] == [2, 2, 1]
