"""What sets readings of a bar apart in price: voices that stop in a tuplet, beams that are left, ties from the bar before."""

from __future__ import annotations

from omr.geometry import Box
from omr.notation import Node
from omr.reading.items import Head, Item
from omr.reading.prices import DROP_TORN, LEFT_BEAM, Voice, dropped, homes, tied_over
from omr.reading.values import TICKS


def chord(name: int, x: float, *, group: int = -1, ties: tuple[Node, ...] = ()) -> Item:
    node = Node(id=name, label="noteheadFull", box=Box(x - 9, 100, x + 9, 116))
    return Item(id=name, x=x, staff=0, heads=(Head(node=node, staff=0, position=4),), group=group, attached=ties)


def voice(end: float, group: int = -1, ratio: int = 0) -> Voice:
    return round(end * TICKS), 0, 1, group, ratio, 0, 1


def test_a_voice_that_stops_within_a_tuplet_costs_more() -> None:
    sounding = voice(2)
    whole, torn = voice(1), voice(2 / 3, ratio=1)
    assert dropped(torn, (torn, sounding), {}) == dropped(whole, (whole, sounding), {}) + DROP_TORN
    assert dropped(torn, (torn,), {}) == dropped(whole, (whole,), {}) + DROP_TORN


def test_a_note_goes_on_in_the_voice_its_beam_comes_from() -> None:
    voices = (voice(1, group=7), voice(1, group=8), voice(2))
    beamed = {place: price for price, place in homes(chord(5, 300, group=7), voices, TICKS, {})}
    free = {place: price for price, place in homes(chord(5, 300), voices, TICKS, {})}
    assert beamed[0] == free[0]
    assert beamed[1] == free[1] + LEFT_BEAM
    assert beamed[-1] == free[-1] + LEFT_BEAM


def test_a_tie_from_the_left_that_no_chord_of_the_bar_begins_comes_from_the_bar_before() -> None:
    entering, inner, leaving = (
        Node(id=name, label="tie", box=Box(x, 120, x + 40, 126)) for name, x in ((90, 60), (91, 210), (92, 330))
    )
    bar = [[chord(1, 120, ties=(entering,))], [chord(2, 200, ties=(inner,))], [chord(3, 300, ties=(inner, leaving))]]
    assert tied_over(bar) == {1}
