"""Heights beyond the staff: ledger lines decide, and where they were missed, their usual distance on the page."""

from __future__ import annotations

from math import inf

from omr.geometry import Box
from omr.notation import Node
from omr.reading.gather import _reach
from omr.reading.layout import System, find_systems
from omr.reading.page import ReadPage
from omr.reading.placing import counted_position, head_position, head_row, led_to, ledger_stretch, nearest, pointed_to
from omr.reading.zones import staves_by_system, zones
from tests.reading.paper import SPACE, Paper


def head(paper: Paper, x: float, y: float) -> int:
    return paper.put("noteheadFull", Box(x - 9, y - 8, x + 9, y + 8))


def ledger(paper: Paper, x: float, y: float) -> int:
    return paper.put("legerLine", Box(x - 14, y - 1, x + 14, y + 1))


def systems_of(page: ReadPage) -> tuple[System, ...]:
    rows = staves_by_system(page.staves)
    return find_systems(0, rows, zones(page, rows))


def test_widely_set_ledger_lines_do_not_raise_the_note() -> None:
    paper = Paper()
    staff = paper.staves[0]
    top = staff.box.top
    first, second = top - 1.25 * SPACE, top - 2.5 * SPACE
    lines = [paper.nodes[ledger(paper, 300, y)] for y in (first, second)]
    note = paper.nodes[head(paper, 300, second)]
    assert head_position(staff, note.box, lines) == -4
    assert head_position(staff, note.box, ()) == -5
    assert head_position(staff, note.box, (), stretch=1.25) == -4


def test_the_distance_of_ledger_lines_is_learnt_from_the_page() -> None:
    paper = Paper()
    for spacing, expected in ((1.0, 1.0), (1.25, 1.25)):
        paper.nodes.clear()
        for x in range(200, 800, 60):
            count = 1 + x // 60 % 3
            for k in range(1, count + 1):
                ledger(paper, x, paper.staves[0].box.top - k * spacing * SPACE)
            head(paper, x, paper.staves[0].box.top - count * spacing * SPACE)
        systems = systems_of(paper.page())
        heads = [node for node in paper.nodes if node.label == "noteheadFull"]
        ledgers = [node for node in paper.nodes if node.label == "legerLine"]
        assert abs(ledger_stretch(systems, heads, ledgers) - expected) < 0.04


def test_between_two_staves_ledger_lines_say_whose_note_it_is() -> None:
    paper = Paper(staves=2)
    (system,) = systems_of(paper.page())
    upper, lower = paper.staves
    middle = (upper.box.bottom + lower.box.top) / 2
    box = paper.nodes[head(paper, 300, middle)].box
    below = [paper.nodes[ledger(paper, 300, upper.box.bottom + k * SPACE)] for k in (1, 2, 3)]
    above = [paper.nodes[ledger(paper, 300, lower.box.top - k * SPACE)] for k in (1, 2, 3)]
    assert head_row(system, 0, box, below) == 0
    assert head_row(system, 0, box, above) == 1


def test_between_two_systems_ledger_lines_say_whose_note_it_is() -> None:
    paper = Paper(systems=2)
    systems = systems_of(paper.page())
    upper, lower = paper.staves
    below = [paper.nodes[ledger(paper, 300, upper.box.bottom + k * SPACE)] for k in range(1, 14)]
    above = [paper.nodes[ledger(paper, 300, lower.box.top - k * SPACE)] for k in range(1, 14)]
    for y, near, far, lines in (
        (upper.box.bottom + 7.5 * SPACE, 0, 1, above),
        (lower.box.top - 7.5 * SPACE, 1, 0, below),
    ):
        box = Box(291, y - 8, 309, y + 8)
        assert nearest(systems, box) == (near, 0)
        assert nearest(systems, box, lines) == (far, 0)


def test_ledger_lines_that_are_a_heads_own_are_counted_wherever_a_pen_put_them() -> None:
    paper = Paper()
    staff = paper.staves[0]
    lines = [paper.nodes[ledger(paper, 300, staff.box.top - k * 0.7 * SPACE)] for k in (1, 2, 3)]
    on = paper.nodes[head(paper, 300, staff.box.top - 2.1 * SPACE)]
    above = paper.nodes[head(paper, 300, staff.box.top - 2.6 * SPACE)]
    inside = paper.nodes[head(paper, 300, staff.box.top + SPACE)]
    assert counted_position(staff, on.box, lines) == -6
    assert counted_position(staff, above.box, lines) == -7
    assert counted_position(staff, inside.box, lines) is None
    assert counted_position(staff, above.box, ()) is None


def test_ledger_lines_lead_further_than_nearness_reaches() -> None:
    paper = Paper()
    staff = paper.staves[0]
    y = staff.box.bottom + 9 * SPACE
    low = head(paper, 400, y)
    lines = [ledger(paper, 400, staff.box.bottom + step * SPACE) for step in range(1, 10)]
    page = paper.page()
    systems, box = systems_of(page), paper.nodes[low].box
    assert nearest(systems, box) is None
    assert led_to(systems, box, [paper.nodes[line] for line in lines]) == (0, 0)
    assert led_to(systems, box, [paper.nodes[line] for line in lines[:-1]]) is None
    assert led_to(systems, box, []) is None


def test_ledger_lines_of_a_pen_point_to_their_staff_however_they_are_spaced() -> None:
    paper = Paper(systems=2)
    systems = systems_of(paper.page())
    upper, lower = paper.staves
    y = upper.box.bottom + 6 * SPACE
    box = Box(291, y - 8, 309, y + 8)
    crowded = [paper.nodes[ledger(paper, 300, y + step * 0.6 * SPACE)] for step in (0, 1, 2, 3)]
    assert nearest(systems, box) == (0, 0)
    assert led_to(systems, box, crowded) is None
    assert pointed_to(systems, box, crowded) == (1, 0)
    assert pointed_to(systems, box, crowded[:1]) is None
    both = [*crowded, paper.nodes[ledger(paper, 300, y - SPACE)]]
    assert pointed_to(systems, box, both) is None
    inside = Box(291, lower.box.top + 8, 309, lower.box.top + 24)
    assert pointed_to(systems, inside, crowded) is None


def test_what_is_certainly_music_is_some_staffs_however_far() -> None:
    paper = Paper()
    y = paper.staves[0].box.bottom + 9 * SPACE
    box = Box(391, y - 16, 409, y + 16)
    assert nearest(systems_of(paper.page()), box) is None
    assert nearest(systems_of(paper.page()), box, reach=inf) == (0, 0)


def test_a_rest_that_is_certain_may_stand_farther_off_than_a_head_without_ledger_lines() -> None:
    rest, note, line = (
        Node(id=number, label=label, box=Box(0, 0, 10, 10))
        for number, label in enumerate(("rest8th", "noteheadFull", "legerLine"))
    )
    assert _reach(note, ()) < _reach(rest, ()) < _reach(note, (line,))
