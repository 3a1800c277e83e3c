"""Bars whose columns stand close: what begins together, what only nearly does, and how widely they are searched."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from omr.reading import read_score
from omr.reading.bar import EFFORTS
from omr.reading.choices import PLAIN, choices_of, group_sizes, shared_figures
from omr.reading.columns import tightened
from omr.reading.effort import affordable
from omr.reading.items import Head, Item
from omr.reading.prices import beside
from omr.reading.values import values_of
from tests.reading.paper import SPACE, Paper
from tests.reading.test_read_score import bars, four_four


def chord(number: int, x: float, *positions: int, up: bool, staff: int = 0, group: int = -1) -> Item:
    """A black chord at x staff spaces."""
    paper = Paper()
    at = [paper.mark("noteheadFull", x * SPACE, position) for position in positions]
    heads = tuple(
        Head(node=paper.nodes[index], staff=staff, position=place) for index, place in zip(at, positions, strict=True)
    )
    return Item(id=number, x=x * SPACE, staff=staff, heads=heads, direction=1 if up else -1, group=group)


def columns(*items: Item) -> tuple[tuple[Item, ...], ...]:
    return tuple((item,) for item in items)


def test_in_a_dense_bar_only_chords_that_collide_may_begin_together() -> None:
    free = [chord(index, 1.0 * index, 2 + 3 * (index % 2), up=True, staff=index % 2) for index in range(6)]
    assert not any(beside(columns(*free)))
    low, crossing = chord(6, 9, 6, up=False), chord(7, 10.5, 8, 3, up=True)
    assert beside(columns(*free, low, crossing)) == [False] * 7 + [True]
    clear = chord(7, 10.5, 3, up=True)
    assert not any(beside(columns(*free, low, clear)))


def test_a_second_look_parts_staves_and_keeps_what_is_pushed_aside() -> None:
    upper, lower = chord(0, 1, 4, up=True), chord(1, 2.2, 5, up=False)
    other = chord(2, 1.7, 2, up=True, staff=1)
    assert tightened([(upper, lower, other)], SPACE) == ((upper,), (other,), (lower,))
    assert tightened([(upper, lower)], SPACE) == ((upper, lower),)


def test_what_follows_on_as_near_is_not_pushed_aside() -> None:
    one, next_one = chord(0, 1, 4, up=True), chord(1, 2.2, 5, up=True)
    assert tightened([(one, next_one)], SPACE) == ((one,), (next_one,))


def test_a_figure_of_several_notes_is_no_fingering() -> None:
    paper = Paper()
    figure = paper.nodes[paper.put("numeral2", replace(paper.staves[0].box, right=80.0))]
    first, second = (replace(chord(index, index, 4, up=True), figures=(figure,)) for index in range(2))
    starts = [
        next(
            choice.start
            for choice in choices_of(first, group_sizes(bar), shared_figures(bar), PLAIN)
            if choice.ratio == 0
        )
        for bar in (columns(first), columns(first, second))
    ]
    assert starts == [0.0, PLAIN.ignored]


def test_a_search_too_wide_for_a_bar_is_narrowed() -> None:
    items = columns(*(chord(index, index, 4, up=True) for index in range(50)))
    *narrow, wide = affordable(EFFORTS, items)
    assert tuple(narrow) == EFFORTS[:2]
    assert EFFORTS[1].width < wide.width < EFFORTS[2].width
    assert wide.width * wide.choices * len(items) <= 10_000


def test_where_all_is_certain_other_values_are_dearer() -> None:
    item = chord(0, 1, 4, up=True)
    doubted = {(value.type, value.dots): value.cost for value in values_of(item)}
    certain = {(value.type, value.dots): value.cost for value in values_of(replace(item, certain=True))}
    assert all(certain[key] > cost for key, cost in doubted.items() if cost)
    assert min(certain.values()) == 0


def test_a_dot_is_not_supposed_where_nobody_doubts_the_page() -> None:
    paper = Paper()
    for start in four_four(paper):
        paper.note(start, "G4")
        paper.note(start + 130, "A4", label="flag8thUp")
        paper.note(start + 200, "G4", head="noteheadHalf")
    for bar in bars(read_score([paper.page()])):
        assert all(event.dots == 0 for event in bar.events)
        assert [event.duration for event in bar.events if event.tones] == [1, Fraction(1, 2), 2]
