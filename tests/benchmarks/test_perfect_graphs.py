"""What no reader can see is taken from the truth by rule, and nothing else is."""

from __future__ import annotations

from benchmarks.muscima_graphs import muscima_graph_figures, piece_of
from benchmarks.perfect_graphs import visible
from benchmarks.show_bars import HELD_BACK, is_held_back
from omr.metrics.notes import read_bars
from omr.metrics.written import read_written
from tests.datasets.test_muscima import folder
from tests.metrics.test_written import note, rest, score

__all__ = ["folder"]


def hidden(text: str) -> str:
    return text.replace("<note>", "<note print-object='no'>", 1)


def test_hidden_notes_leave_their_time_and_no_sound() -> None:
    bars = visible(score(note("C", 2) + hidden(note("D", 2)) + note("E", 2)))
    assert [(sound.onset, sound.pitch) for sound in read_bars(bars)[0]] == [(0, 60), (2, 64)]
    assert [sign.spelling for voice in read_written(bars)[0] for sign in voice] == [("C", 0, 4), ("E", 0, 4)]


def test_a_hidden_note_of_a_chord_takes_no_time() -> None:
    chord = hidden(note("G", 2)).replace("<pitch>", "<chord/><pitch>")
    bars = visible(score(note("C", 2) + chord + note("E", 2)))
    assert [(sound.onset, sound.pitch) for sound in read_bars(bars)[0]] == [(0, 60), (1, 64)]


def test_what_is_printed_stays() -> None:
    plain = score(note("C", 2) + rest(2), rest(4, hidden=True))
    assert read_written(visible(plain)) == read_written(plain)


START, STOP = "<tie type='start'/>", "<tie type='stop'/>"


def ties(musicxml: bytes) -> list[tuple[bool, bool]]:
    return [sign.ties for bar in read_written(musicxml) for voice in bar for sign in voice]


def test_a_tie_over_other_notes_is_not_drawn() -> None:
    over = score(note("C", 2, more=START) + note("D", 2), note("C", 2, more=STOP) + note("D", 2))
    assert ties(visible(over)) == [(False, False)] * 4


def test_a_tie_that_meets_its_pitch_is_one_though_nothing_says_where_it_ends() -> None:
    tied = score(note("D", 2) + note("C", 2, more=START), note("C", 2) + note("C", 2))
    assert ties(visible(tied)) == [(False, False), (True, False), (False, True), (False, False)]


def test_a_tie_to_the_next_note_and_to_the_next_page_stay() -> None:
    tied = score(note("D", 2) + note("C", 2, more=START), note("C", 2, more=STOP) + note("D", 2, more=START))
    assert ties(visible(tied)) == [(False, False), (True, False), (False, True), (True, False)]


def test_a_tie_of_which_only_the_end_is_said_begins_at_the_note_before() -> None:
    tied = score(note("D", 2) + note("C", 2), note("C", 2, more=STOP) + note("C", 2))
    assert ties(visible(tied)) == [(False, False), (True, False), (False, True), (False, False)]


def test_a_tie_begun_over_other_notes_does_not_begin_at_the_note_before_its_end_instead() -> None:
    over = score(note("C", 1, more=START) + note("D", 1) + note("C", 2), note("C", 4, more=STOP))
    assert ties(visible(over)) == [(False, False)] * 4


GRACE = note("C", 1, more=START).replace("<duration>1</duration>", "<grace/>")


def test_a_tie_from_a_grace_note_stays() -> None:
    tied = score(note("D", 2) + GRACE + note("C", 2, more=STOP))
    assert ties(visible(tied)) == [(False, False), (False, True)]
    other = score(note("D", 2) + GRACE + note("E", 2, more=STOP))
    assert ties(visible(other)) == [(False, False), (False, False)]


def test_a_note_of_cue_size_is_no_music() -> None:
    small = "<type size='cue'>half</type>"
    bars = visible(score(note("C", 2) + note("D", 2, more=small)))
    assert [sound.pitch for sound in read_bars(bars)[0]] == [60]


SHARP = "<accidental>sharp</accidental>"


def spellings(*bars: str) -> list[object]:
    written = read_written(visible(score(*bars)))
    return [sign.spelling[1] for bar in written for voice in bar for sign in voice if sign.spelling]


def test_an_alteration_that_no_sign_tells_is_taken_back() -> None:
    first = note("C", 2, alter=1) + note("F", 1, alter=1, more=SHARP) + note("F", 1, alter=1)
    assert spellings(first, note("F", 4, alter=1)) == [0, 1, 1, 0]


def test_a_tie_keeps_an_alteration_but_not_from_the_page_before() -> None:
    tied = note("F", 4, alter=1, more=SHARP + START), note("F", 2, alter=1, more=STOP) + note("F", 2, alter=1)
    assert spellings(*tied) == [1, 1, 0]
    assert spellings(note("F", 4, alter=1, more=STOP)) == [0]


def test_an_accidental_may_hold_for_what_sounds_with_it_or_not() -> None:
    back = "<backup><duration>4</duration></backup>"
    for alter in (0, 1):
        assert spellings(note("F", 4, alter=1, more=SHARP) + back + note("F", 4, alter=alter, voice="2")) == [1, alter]


def test_a_work_is_held_back_with_all_its_pages() -> None:
    works = [line for line in HELD_BACK.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(works) == len(set(works))
    assert all(is_held_back(f"{work}_p{number}") for work in works for number in (1, 12))
    assert not is_held_back("joplin_augustan_p1")


def test_a_graph_of_one_note_is_exported(folder) -> None:  # type: ignore[no-untyped-def]
    figures = muscima_graph_figures(folder)
    assert figures["pages"] == figures["pages_exported"] == 1


def test_a_page_is_a_copy_of_the_piece_it_holds() -> None:
    assert piece_of("CVC-MUSCIMA_W-28_N-05_D-ideal") == "04"
    assert piece_of("CVC-MUSCIMA_W-35_N-05_D-ideal") == "05"
    assert piece_of("a page of another set") == "a page of another set"
