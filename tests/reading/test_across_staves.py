"""Between the two staves of a part: what leads from a staff, fills its time or joins its beam belongs to it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from omr.geometry import Box
from omr.reading import read_score
from tests.reading.paper import SPACE, Paper
from tests.reading.test_read_score import bars, four_four, notes

HALF_WAY = 212.0  # as far from the upper staff as from the lower


@pytest.mark.parametrize(("ledgers", "staff", "name"), [((180, 196, 212), 1, "F3"), ((244, 228, 212), 2, "G4")])
def test_ledger_lines_lead_to_the_staff_of_a_head(ledgers: tuple[int, ...], staff: int, name: str) -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    head = paper.put("noteheadWhole", Box(first - 9, HALF_WAY - 8, first + 9, HALF_WAY + 8))
    for y in ledgers:
        paper.join(head, paper.put("legerLine", Box(first - 14, y - 1, first + 14, y + 1)))
    other = 1 if staff == 1 else 0
    paper.note(first, "C3" if other else "C5", staff=other, head="noteheadWhole", stem=False)
    measure = bars(read_score([paper.page()]))[0]
    assert [sound for _, sound, _ in notes(measure, staff)] == [name]


def test_a_steep_beam_counts_on_both_of_its_notes() -> None:
    paper = Paper()
    first, _ = four_four(paper)
    for beat in range(4):
        x = first + 100 * beat
        high, low = paper.note(x, "C6", up=False), paper.note(x + 50, "A3", up=False)
        top, bottom = (paper.nodes[heads[0]].box.bottom + 48 for heads in (high, low))
        beam = paper.put("beam", Box(x - 9, top, x + 41, bottom))
        paper.join(high[0], beam)
        paper.join(low[0], beam)
    assert {length for _, _, length in notes(bars(read_score([paper.page()]))[0])} == {Fraction(1, 2)}


def test_a_rest_between_the_staves_is_the_staff_s_that_lacks_it() -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    paper.note(first, "C4", head="noteheadWhole", stem=False)
    paper.note(first, "C3", staff=1, head="noteheadWhole", stem=False)
    y = 260 - 2 * SPACE  # nearer to the lower staff
    paper.put("rest8th", Box(first - 8, y - 16, first + 8, y + 16))
    for start, label in ((0.5, None), (1.5, None), (2.5, None), (3.5, "flag8thUp")):
        paper.note(first + 100 * start, "G4", label=label)
    measure = bars(read_score([paper.page()]))[0]
    rests = [event for event in measure.events if not event.tones]
    assert [(rest.onset, rest.staff) for rest in rests] == [(0, 1)]
    voice = {event.voice for event in measure.events if event.tones and event.onset > 0}
    assert voice == {rests[0].voice}


def test_a_voice_that_leaves_its_staff_empty_goes_on_on_the_other() -> None:
    paper = Paper(staves=2)
    first, _ = four_four(paper)
    for beat, (name, staff) in enumerate((("E4", 0), ("C4", 0), ("A3", 1), ("F3", 1))):
        paper.note(first + 100 * beat, name, staff=staff)
    measure = bars(read_score([paper.page()]))[0]
    assert [(event.onset, event.staff) for event in measure.events if event.tones] == [(0, 1), (1, 1), (2, 2), (3, 2)]
    assert len({event.voice for event in measure.events if event.tones}) == 1
