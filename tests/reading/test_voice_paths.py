"""Which notes follow each other in one voice: stems, heights, beams and a first voice that never pauses decide together."""

from __future__ import annotations

from dataclasses import replace

from omr.geometry import Box
from omr.notation import Node
from omr.reading.items import Head, Item
from omr.reading.steps import Placed
from omr.reading.values import QUARTER, TICKS, Value
from omr.reading.voices import voices_of


def entry(
    name: int,
    onset: float,
    length: float,
    position: int,
    *,
    up: int = 0,
    group: int = -1,
    after: int = -1,
    rest: bool = False,
) -> Placed:
    """A note or rest at `onset`, `length` quarters long, `position` half spaces below the top line."""
    y = 100.0 + 8 * position
    node = Node(id=name, label="restQuarter" if rest else "noteheadFull", box=Box(0, y - 8, 18, y + 8))
    if rest:
        item = Item(id=name, x=0.0, staff=0, rest=node)
    else:
        head = Head(node=node, staff=0, position=position)
        item = Item(id=name, x=0.0, staff=0, heads=(head,), direction=up, group=group)
    value = Value(type=QUARTER, dots=0, cost=0.0)
    return Placed(item=item, onset=int(onset * TICKS), ticks=int(length * TICKS), value=value, ratio=0, after=after)


def voices(*placed: Placed) -> list[list[int]]:
    """Ids of what each voice sounds, first voice first."""
    return [[own.item.id for own in chain.placed] for _, chain in voices_of(placed, {0: 1})]


def test_the_upper_voice_goes_on_where_both_end() -> None:
    lower = entry(2, 0, 2, 8, up=-1)
    upper = entry(1, 0, 2, 2, up=1)
    assert voices(upper, lower, entry(3, 2, 2, 5, up=-1, after=2)) == [[1, 3], [2]]


def test_stems_tell_the_voices_of_a_unison_apart() -> None:
    placed = [
        entry(1, 0, 1, 4, up=-1),
        entry(2, 0, 1, 4, up=1),
        entry(3, 1, 1, 4, up=1, after=1),
        entry(4, 1, 1, 4, up=-1),
    ]
    assert voices(*placed) == [[2, 3], [1, 4]]


def test_a_rest_under_a_beam_belongs_to_its_voice() -> None:
    beamed = [entry(1, 0, 0.5, 0, up=1, group=1), entry(3, 1, 0.5, 0, up=1, group=1)]
    other = entry(4, 0, 1.5, 8, up=-1)
    assert voices(*beamed, entry(2, 0.5, 0.5, 9, rest=True), other) == [[1, 2, 3], [4]]


def test_the_higher_rest_is_the_upper_voices() -> None:
    placed = [entry(1, 0, 1, 0, up=1), entry(2, 0, 1, 8, up=-1)]
    rests = [entry(3, 1, 1, 10, rest=True, after=1), entry(4, 1, 1, -2, rest=True, after=2)]
    assert voices(*placed, *rests) == [[1, 4], [2, 3]]


def test_a_fifth_voice_at_once_has_no_place() -> None:
    placed = [entry(number, 0, 1, 2 * number) for number in range(6)]
    assert [len(voice) for voice in voices(*placed)] == [1, 1, 1, 1]


def test_chords_with_silence_between_them_are_one_voice() -> None:
    chords = [entry(1, 1, 0.25, 4, up=1), entry(2, 3, 0.25, 4, up=1)]
    below = entry(3, 0, 4, 2)
    below = replace(below, item=replace(below.item, staff=1))
    found = voices_of([*chords, below], {0: 1, 1: 2})
    assert [[own.item.id for own in chain.placed] for _, chain in found] == [[1, 2], [3]]


def test_of_two_notes_a_voice_goes_on_with_the_nearer_one() -> None:
    before = [entry(1, 0, 1.5, 1, up=1), entry(2, 0, 1.5, 7, up=-1)]
    near, far = entry(4, 1.5, 1, 7, up=-1), entry(5, 1.5, 1.5, 1, up=-1, after=2)
    assert voices(*before, entry(3, 1.5, 0.5, 1, up=1, after=1), near, far) == [[1, 3], [5], [2, 4]]


def test_a_tie_keeps_what_it_joins_in_one_voice() -> None:
    arc = Node(id=90, label="tie", box=Box(0, 100, 20, 104))
    before, chord, half, last = entry(1, 0, 2, 6, up=-1), entry(2, 2, 1, 6), entry(3, 2, 2, 6), entry(4, 3, 1, 8, up=-1)
    assert voices(before, chord, half, last)[0] == [1, 3]
    before, chord = (replace(each, item=replace(each.item, attached=(arc,))) for each in (before, chord))
    assert voices(before, chord, half, last)[0] == [1, 2, 4]
