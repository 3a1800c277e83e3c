"""The best few readings of a bar: complete against a search that tries everything, distinct, in order, usable."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from omr.geometry import Box
from omr.notation import Node
from omr.reading import read
from omr.reading.choices import Tuplets, choices_of, group_sizes, shared_figures, spans_of
from omr.reading.complete import Search
from omr.reading.items import Head, Item
from omr.reading.kbest import best_readings, music_of
from omr.reading.prices import Tariff, reaches_of, stretches
from omr.reading.steps import Effort, State, close, fill_item, times_of, unwind
from omr.reading.values import TICKS
from tests.reading.paper import Paper
from tests.reading.test_read_score import four_four, notes

ALL = Effort(1 << 30, 1 << 30, float("inf"), 0.0)


def item(index: int, x: float, chance: random.Random) -> Item:
    node = Node(id=index, label=chance.choice(("noteheadFull", "noteheadHalf")), box=Box(x, 0, x + 18, 16), score=0.9)
    stem = Node(id=100 + index, label="stem", box=Box(x, -50, x + 2, 8), score=0.9)
    levels = chance.choice((0, 0, 1, 2)) if node.label == "noteheadFull" else 0
    head = Head(node=node, staff=0, position=3)
    direction = chance.choice((1, -1))
    return Item(
        id=index,
        x=x,
        staff=0,
        heads=(head,),
        stem=stem,
        direction=direction,
        levels=levels,
        dots=chance.choice((0, 0, 1)),
    )


def every_reading(
    columns: Sequence[Sequence[Item]], length: int, bound: float
) -> dict[frozenset[tuple[int, int, int]], float]:
    """Music and least price of all readings up to `bound`: nothing merged, nothing left out."""
    known = group_sizes(columns), shared_figures(columns)
    choices = {item.id: choices_of(item, *known, Tuplets()) for column in columns for item in column}
    spans, widths, reaches = spans_of(columns, choices), stretches(columns), reaches_of(columns)
    states = [State(0.0, 0, ())]
    for number, column in enumerate(columns):
        grown = []
        for state in states:
            for cost, time, voices in times_of(state, column, length, spans, widths[number], reaches):
                partial = [(cost, voices, state.trail)]
                for one in column:
                    tariff = Tariff(one, choices[one.id])
                    partial = [f for _, _, f in fill_item(one, time, partial, tariff, length, ALL, bound, reaches)]
                grown.extend(State(spent, time, held, trail, time - state.time) for spent, held, trail in partial)
        states = grown
    found: dict[frozenset[tuple[int, int, int]], float] = {}
    for state in states:
        cost = state.cost + close(state, length, reaches)
        music = frozenset((entry.item.id, entry.onset, entry.ticks) for entry in unwind(state))
        if cost <= bound:
            found[music] = min(cost, found.get(music, cost))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_they_are_those_that_trying_everything_finds(seed: int) -> None:
    chance = random.Random(seed)
    columns = [[item(2 * place, 100.0 + 60 * place, chance)] for place in range(chance.choice((2, 3)))]
    if chance.random() < 0.5:
        columns[0].append(item(1, 100.0, chance))
    length = 2 * TICKS
    ranked = best_readings(columns, length, tuplets=Tuplets(), most=4, steps=1 << 30)
    assert len(ranked.readings) == 4
    assert ranked.proven
    prices = sorted(every_reading(columns, length, ranked.readings[-1].cost + 1e-9).values())
    assert [reading.cost for reading in ranked.readings] == pytest.approx(prices[:4])
    assert len({music_of(reading) for reading in ranked.readings}) == 4


def test_a_missed_dot_is_among_the_alternatives_and_changes_only_its_bar() -> None:
    paper = Paper()
    starts = four_four(paper, bars=2)
    for start in starts:
        paper.note(start, "G4", head="noteheadHalf")
        paper.note(start + 400, "A4")
        paper.note(start + 600, "B4")
    reading = read([paper.page()])
    ranked = reading.alternatives(0)
    assert music_of(ranked.readings[0]) == music_of(reading.bars[0].reading)
    scores = [reading.with_alternative(0, ranked, place).score() for place in range(len(ranked.readings))]
    lengths = {tuple(length for _, _, length in notes(score.parts[0].measures[0])) for score in scores}
    assert len(lengths) > 1
    assert {score.parts[0].measures[1].events for score in scores} == {reading.score().parts[0].measures[1].events}


def test_a_bar_that_takes_too_long_says_so() -> None:
    chance = random.Random(1)
    columns = [[item(4 * place + k, 100.0 + 30 * place, chance) for k in range(4)] for place in range(6)]
    ranked = best_readings(columns, 4 * TICKS, tuplets=Tuplets(), steps=50)
    assert not ranked.proven
    assert ranked.readings


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_out_is_no_other_music_at_another_time(seed: int) -> None:
    chance = random.Random(seed)
    columns = [[item(place, 100.0 + 60 * place, chance)] for place in range(3)]
    cheapest = best_readings(columns, 2 * TICKS, tuplets=Tuplets(), most=1).readings[0].cost
    found = Search(columns, 2 * TICKS, Tuplets(), most=1 << 20, steps=1 << 30).within(cheapest + 7)
    assert found
    assert any(len(reading.placed) < 3 for reading in found)
    assert len({music_of(reading) for reading in found}) == len(found)
