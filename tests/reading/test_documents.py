"""Pages joined: staves that vanish and return, parts that come later, movements, and systems that have nothing in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from omr.files.musicxml import to_musicxml
from omr.geometry import Box
from omr.reading import ReadPage, read_score
from omr.score import Score
from tests.reading.paper import WIDTH
from tests.reading.sheets import BEAT, FIRST_NOTE, Sheet, sung

SONG = ("g", "gf")
PIANO = ("gf",)


def read(*pages: ReadPage) -> Score:
    """The score of the pages, which must also make a valid file."""
    score = read_score(pages)
    to_musicxml(score)
    return score


def staves(score: Score) -> list[int]:
    return [part.staves for part in score.parts]


def codes(score: Score) -> set[str]:
    return {issue.code for issue in score.issues}


def test_a_voice_that_vanishes_rests_for_whole_bars() -> None:
    sheet = Sheet([SONG, PIANO, SONG], pitches={(0, 0): "G5", (2, 0): "A5"})
    score = read(sheet.page())
    assert staves(score) == [1, 2]
    voice, piano = score.parts
    assert sung(voice) == ["G5", "-", "A5"]
    assert sung(piano) == ["B4"] * 3
    assert sung(piano, 2) == ["D3"] * 3
    (rest,) = voice.measures[1].events
    assert (rest.measure_rest, rest.duration, rest.padding) == (True, 4, False)
    (note,) = [issue for issue in score.issues if issue.code == "part-not-printed"]
    assert (note.severity, note.measure, note.part) == ("note", 1, voice.id)
    assert codes(score) == {"part-not-printed"}


def test_a_voice_that_enters_after_a_prelude_begins_with_its_clef() -> None:
    score = read(Sheet([PIANO, PIANO, SONG]).page())
    assert staves(score) == [1, 2]
    voice = score.parts[0]
    assert sung(voice) == ["-", "-", "B4"]
    assert [change.clef.sign for change in voice.measures[0].clefs] == ["G"]
    assert not voice.measures[2].clefs
    assert "clef-missing" not in codes(score)


def test_a_middle_staff_is_told_by_its_clef() -> None:
    score = read(Sheet([("g", "g", "c", "f"), ("g", "g", "f"), ("g", "c", "f"), ("g", "g", "c", "f")]).page())
    assert staves(score) == [1, 1, 1, 1]
    assert sung(score.parts[2]) == ["C4", "-", "C4", "C4"]
    assert sung(score.parts[3]) == ["D3"] * 4


def test_of_two_staves_alike_the_one_whose_notes_lie_so_is_taken() -> None:
    pitches = {(0, 0): "C6", (0, 1): "E4", (1, 0): "B5", (2, 0): "C6", (2, 1): "E4"}
    score = read(Sheet([("g", "g", "f"), ("g", "f"), ("g", "g", "f")], pitches=pitches).page())
    assert sung(score.parts[0]) == ["C6", "B5", "C6"]
    assert sung(score.parts[1]) == ["E4", "-", "E4"]


def test_names_tell_staves_alike_apart_and_name_the_parts() -> None:
    sheet = Sheet([("g", "g", "f"), ("g", "f")], pitches={(0, 0): "C6", (0, 1): "E4", (1, 0): "B5"})
    names = {0: "Flute", 1: "Oboe", 2: "Bassoon", 3: "Oboe", 4: "Bassoon"}
    score = read(sheet.page(names))
    assert [part.name for part in score.parts] == ["Flute", "Oboe", "Bassoon"]
    assert sung(score.parts[0]) == ["C6", "-"]
    assert sung(score.parts[1]) == ["E4", "B5"]


def test_a_cue_staff_above_the_piano_is_told_by_its_size() -> None:
    small = {(0, 0): 0.7, (2, 0): 0.7}
    score = read(Sheet([("g", "gf"), ("g", "gf"), ("g", "gf")], sizes={(1, 0): 0.7, **small}).page())
    assert staves(score) == [1, 2]
    pages = [Sheet([("g", "gf")], sizes={(0, 0): 0.7}), Sheet([PIANO, ("g", "gf")], sizes={(1, 0): 0.7})]
    score = read(*(page.page() for page in pages))
    assert sung(score.parts[0]) == ["B4", "-", "B4"]


def test_more_staves_later_become_parts_that_rested_before() -> None:
    choir = ("g", "g", "g", "f", "gf")
    score = read(*(Sheet([PIANO] * 3).page() for _ in range(4)), Sheet([choir]).page())
    assert staves(score) == [1, 1, 1, 1, 2]
    assert sung(score.parts[0]) == ["-"] * 12 + ["B4"]
    assert sung(score.parts[3]) == ["-"] * 12 + ["D3"]
    assert sung(score.parts[4]) == ["B4"] * 13
    assert sung(score.parts[4], 2) == ["D3"] * 13


def test_a_brace_that_was_missed_once_changes_nothing() -> None:
    sheet = Sheet([SONG] * 4)
    brace = [node for node in sheet.nodes if node.label == "brace"][1]
    sheet.nodes.remove(brace)
    assert staves(read(sheet.page())) == [1, 2]


def test_braces_that_change_for_good_keep_the_staves() -> None:
    score = read(Sheet([("g", "f"), ("gf",), ("gf",)]).page())
    assert staves(score) == [2]
    assert sung(score.parts[0]) == ["B4"] * 3


@pytest.mark.parametrize(
    "systems", [[("c",), PIANO], [PIANO, ("c",)], [("g",), ("c", "c", "f", "g")], [("gf", "gf"), ("f",)]]
)
def test_systems_without_anything_in_common_make_one_valid_score(systems: Sequence[Sequence[str]]) -> None:
    score = read(Sheet(systems).page())
    shown = [
        sum(name != "-" for part in score.parts for k in (1, 2) for name in sung(part, k)[i : i + 1]) for i in (0, 1)
    ]
    assert shown == [sum(map(len, system)) for system in systems]
    assert {len(part.measures) for part in score.parts} == {2}


def test_a_solo_between_piano_systems_is_a_part_of_its_own() -> None:
    score = read(Sheet([PIANO, ("c",), PIANO]).page())
    assert sorted(staves(score)) == [1, 2]
    piano = next(part for part in score.parts if part.staves == 2)
    assert sung(piano) == ["B4", "-", "B4"]


def movement(**options: object) -> Sheet:
    return Sheet([SONG, SONG, SONG], ends={1: "barlineHeavy"}, **options)  # type: ignore[arg-type]


def test_a_new_movement_counts_its_bars_anew() -> None:
    for sheet in (movement(indents={2: 80.0}), movement(timed=(0, 2))):
        score = read(sheet.page())
        assert [measure.number for measure in score.parts[0].measures] == ["1", "2", "1"]
        (note,) = [issue for issue in score.issues if issue.code == "movement"]
        assert (note.severity, note.measure) == ("note", 2)


def test_neither_a_final_barline_nor_an_indent_alone_begins_a_movement() -> None:
    for sheet in (movement(), Sheet([SONG] * 3, indents={2: 80.0})):
        assert [measure.number for measure in read(sheet.page()).parts[0].measures] == ["1", "2", "3"]


def test_a_key_ends_with_its_movement() -> None:
    sheet = Sheet([PIANO] * 4, ends={2: "barlineHeavy"}, timed=(0, 3))
    for staff in (0, 1, 2, 3, 4, 5):
        sheet.key(("F5",) if staff % 2 == 0 else ("F3",), staff)
    for staff in (6, 7):
        sheet.key(("B4",) if staff % 2 == 0 else ("B2",), staff, label="accidentalFlat")
    score = read(sheet.page())
    assert [measure.key.fifths for measure in score.parts[0].measures if measure.key] == [1, -1]


def tied(sheet: Sheet, upper: int, lower: int) -> None:
    """A tie out of the last note of a staff into the first of another."""
    y = sheet.y(4, upper) - 20
    heads = {
        staff: [n for n in sheet.nodes if n.label == "noteheadFull" and near(sheet, n.box, staff)]
        for staff in (upper, lower)
    }
    last, first = heads[upper][-1], heads[lower][0]
    sheet.join(last.id, sheet.put("tie", Box(last.box.center.x, y, WIDTH, y + 10)))
    y = sheet.y(4, lower) - 20
    sheet.join(first.id, sheet.put("tie", Box(first.box.center.x - 60, y, first.box.center.x, y + 10)))


def near(sheet: Sheet, box: Box, staff: int) -> bool:
    return abs(box.center.y - sheet.y(4, staff)) < 40


def ties(score: Score) -> list[tuple[bool, bool]]:
    return [(event.tones[0].tie_start, event.tones[0].tie_stop) for m in score.parts[0].measures for event in m.events]


def test_a_tie_crosses_a_page_break_but_no_final_barline() -> None:
    sheet = Sheet([("g",)] * 2)
    tied(sheet, 0, 1)
    assert ties(read(sheet.page()))[3:5] == [(True, False), (False, True)]
    sheet = Sheet([("g",)] * 2, ends={0: "barlineHeavy"}, timed=(0, 1))
    tied(sheet, 0, 1)
    assert not any(ties(read(sheet.page()))[3])


def arcs(sheet: Sheet, out: str | None, into: str | None) -> None:
    """Pieces of an arc, as a detector named them, at the end of the first staff and at the start of the second."""
    for label, staff, left, right in (
        (out, 0, FIRST_NOTE + 3 * BEAT, WIDTH),
        (into, 1, FIRST_NOTE - 60, FIRST_NOTE),
    ):
        if label is not None:
            y = sheet.y(4, staff) - 20
            number = sheet.put(label, Box(left, y, right, y + 10), 0.8)
            sheet.nodes[number] = replace(sheet.nodes[number], scores=(0.8,))


@pytest.mark.parametrize(
    ("out", "into", "tied"),
    [
        ("tie", None, True), (None, "tie", True), ("slur", "tie", True), ("slur", "slur", True), ("slur", None, False),
        (None, "slur", False),
    ],
)  # fmt: skip
def test_one_named_piece_or_two_slurs_tell_a_tie_over_the_break(out: str | None, into: str | None, tied: bool) -> None:
    sheet = Sheet([("g",)] * 2)
    arcs(sheet, out, into)
    assert ties(read(sheet.page()))[3:5] == ([(True, False), (False, True)] if tied else [(False, False)] * 2)


def test_pieces_at_other_heights_are_no_tie() -> None:
    sheet = Sheet([("g",)] * 2, pitches={(1, 0): "C5"})
    arcs(sheet, "slur", "slur")
    assert not any(stop for _, stop in ties(read(sheet.page())))


def slurred(first: Sheet, second: Sheet, *, upper: int, lower: int) -> None:
    """A slur from the third note of a staff over the break to the second of another."""
    top = first.y(0, upper) - 50
    out = first.put("slur", Box(FIRST_NOTE + 2 * BEAT, top, WIDTH, top + 30))
    for head in _heads(first, upper)[2:]:
        first.join(head, out)
    top = second.y(0, lower) - 50
    into = second.put("slur", Box(FIRST_NOTE - 60, top, FIRST_NOTE + BEAT, top + 30))
    for head in _heads(second, lower)[:2]:
        second.join(head, into)


def _heads(sheet: Sheet, staff: int) -> list[int]:
    return [node.id for node in sheet.nodes if node.label == "noteheadFull" and near(sheet, node.box, staff)]


def slur_ends(score: Score, part: int = 0) -> list[tuple[int, int, str]]:
    """(bar, quarter, kind) of each end of a slur."""
    return [
        (measure.index, int(event.onset), mark.kind)
        for measure in score.parts[part].measures
        for event in measure.events
        for mark in event.slurs
    ]


def test_a_slur_over_a_page_break_is_one() -> None:
    one, two = Sheet([SONG]), Sheet([PIANO, SONG])
    slurred(one, two, upper=1, lower=0)
    score = read(one.page(), two.page())
    assert slur_ends(score, 1) == [(0, 2, "start"), (1, 1, "stop")]


def test_a_slur_that_leaves_another_part_than_it_enters_stays_two() -> None:
    one, two = Sheet([SONG]), Sheet([SONG])
    slurred(one, two, upper=0, lower=1)
    score = read(one.page(), two.page())
    assert slur_ends(score, 0) == [(0, 2, "start"), (0, 3, "stop")]
    assert slur_ends(score, 1) == [(1, 0, "start"), (1, 1, "stop")]


def test_a_pick_up_may_follow_a_final_barline() -> None:
    sheet = Sheet([("g",)] * 3, ends={0: "barlineHeavy"}, pitches={(1, 0): None})
    sheet.line(700, 1)
    sheet.note(550, "G4", staff=1)
    for beat in range(4):
        sheet.note(750 + 100 * beat, "A4", staff=1)
    score = read(sheet.page())
    durations = [measure.duration for measure in score.parts[0].measures]
    assert durations == [4, 1, 4, 4]
    assert "bar-too-short" not in codes(score)
