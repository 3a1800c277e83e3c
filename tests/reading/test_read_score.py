"""What is printed is what is read: pages written symbol by symbol, and the score that must come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from omr.geometry import Box
from omr.reading import read_score
from omr.score import Event, Key, Measure, Score
from tests.reading.paper import WIDTH, Paper


def notes(measure: Measure, staff: int | None = None) -> list[tuple[Fraction, str, Fraction]]:
    """(onset, pitch, duration) of what sounds, in order."""
    found = []
    for event in measure.events:
        if staff is None or event.staff == staff:
            found.extend(
                (event.onset, name(event, i), event.duration) for i in range(len(event.tones)) if not event.grace
            )
    return sorted(found)


def name(event: Event, index: int = 0) -> str:
    pitch = event.tones[index].pitch
    return f"{pitch.step}{'#' * max(0, pitch.alter)}{'b' * max(0, -pitch.alter)}{pitch.octave}"


def onsets(measure: Measure) -> list[Fraction]:
    return [onset for onset, _, _ in notes(measure)]


def bars(score: Score) -> tuple[Measure, ...]:
    return score.parts[0].measures


def quarters(numbers: Iterable[float]) -> list[Fraction]:
    return [Fraction(number) for number in numbers]


def four_four(paper: Paper, *, bars: int = 2) -> list[float]:
    """Clef, time and barlines for `bars` bars on every staff of the first system; returns where each bar's notes may begin."""
    for row in range(paper.rows):
        paper.clef(row)
        paper.time(4, 4, row)
    width = (WIDTH - 250) / bars
    for bar in range(bars):
        paper.line(250 + width * (bar + 1))
    return [270 + width * bar for bar in range(bars)]


def test_quarter_notes_have_pitch_onset_and_ink() -> None:
    paper = Paper()
    first, second = four_four(paper)
    for beat, pitch in enumerate(("C4", "D4", "E4", "F4")):
        heads = paper.note(first + 100 * beat, pitch)
    for beat in range(4):
        paper.note(second + 100 * beat, "B5", up=False)
    score = read_score([paper.page()])
    one, two = bars(score)
    assert notes(one) == [(0, "C4", 1), (1, "D4", 1), (2, "E4", 1), (3, "F4", 1)]
    assert {pitch for _, pitch, _ in notes(two)} == {"B5"}
    assert (0, heads[0]) in one.events[3].tones[0].nodes
    assert one.time is not None
    assert (one.time.beats, one.time.beat_type, one.time.printed) == (4, 4, True)
    assert not score.issues


def test_staves_of_a_piano_share_columns_and_form_one_part() -> None:
    paper = Paper(staves=2)
    (start,) = four_four(paper, bars=1)
    paper.note(start, "C5", head="noteheadHalf")
    paper.note(start + 400, "E5", head="noteheadHalf")
    for beat in range(4):
        paper.note(start + 200 * beat, "C3", staff=1)
    score = read_score([paper.page()])
    assert [part.staves for part in score.parts] == [2]
    (bar,) = bars(score)
    assert notes(bar, 1) == [(0, "C5", 2), (2, "E5", 2)]
    assert [onset for onset, _, _ in notes(bar, 2)] == [0, 1, 2, 3]
    assert {event.voice for event in bar.events if event.staff == 2} == {5}


def test_accidental_holds_for_the_bar_in_its_octave_only() -> None:
    paper = Paper()
    first, second = four_four(paper)
    heads = paper.note(first + 30, "F4")
    sharp = paper.mark("accidentalSharp", first, paper.position("F4", 0))
    paper.join(heads[0], sharp)
    paper.note(first + 130, "F4")
    paper.note(first + 230, "F5", up=False)
    paper.note(first + 330, "F4")
    for beat in range(4):
        paper.note(second + 100 * beat, "F4")
    one, two = bars(read_score([paper.page()]))
    assert [pitch for _, pitch, _ in notes(one)] == ["F#4", "F#4", "F5", "F#4"]
    assert {pitch for _, pitch, _ in notes(two)} == {"F4"}
    assert one.events[0].tones[0].accidental == "sharp"
    assert one.events[1].tones[0].accidental is None


def test_tie_carries_the_accidental_over_the_barline() -> None:
    paper = Paper()
    first, second = four_four(paper)
    paper.note(first, "C5", head="noteheadHalf")
    last = paper.note(first + 200, "F4", head="noteheadHalf")
    paper.join(last[0], paper.mark("accidentalSharp", first + 175, paper.position("F4", 0)))
    held = paper.note(second, "F4", head="noteheadHalf")
    paper.note(second + 200, "F4", head="noteheadHalf")
    left, right = (paper.nodes[heads[0]].box for heads in (last, held))
    tie = paper.put("tie", Box(left.right, left.bottom + 4, right.left, left.bottom + 12))
    paper.join(last[0], tie)
    paper.join(held[0], tie)
    one, two = bars(read_score([paper.page()]))
    assert [pitch for _, pitch, _ in notes(one)] == ["C5", "F#4"]
    assert [pitch for _, pitch, _ in notes(two)] == ["F#4", "F4"]
    assert one.events[1].tones[0].tie_start
    assert two.events[0].tones[0].tie_stop


def test_key_and_clef_missing_on_one_system_are_carried() -> None:
    paper = Paper(systems=3)
    for system in range(3):
        if system != 1:
            paper.clef(system)
        paper.key(("F5", "C5") if system != 1 else ("F5",), system)
        for beat in range(4):
            paper.note(300 + 200 * beat, "C5", staff=system, up=False)
        paper.line(WIDTH - 2, system)
    score = read_score([paper.page()])
    assert {pitch for bar in bars(score) for _, pitch, _ in notes(bar)} == {"C#5"}
    assert [bar.key for bar in bars(score)] == [Key(2), None, None]
    assert [len(bar.clefs) for bar in bars(score)] == [1, 0, 0]
    assert [bar.new_system for bar in bars(score)] == [False, True, True]


def test_three_four_is_inferred_where_no_time_is_printed() -> None:
    paper = Paper()
    paper.clef()
    for bar in range(4):
        for beat in range(3):
            paper.note(200 + 240 * bar + 70 * beat, "G4")
        paper.line(420 + 240 * bar if bar < 3 else WIDTH)
    found = bars(read_score([paper.page()]))
    assert [bar.duration for bar in found] == [3, 3, 3, 3]
    assert found[0].time is not None
    assert (found[0].time.beats, found[0].time.beat_type, found[0].time.printed) == (3, 4, False)


def test_beamed_triplets_without_a_figure() -> None:
    paper = Paper(staves=2)
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.beam([paper.note(start + 200 * beat + 60 * i, "G4") for i in range(3)])
        paper.note(start + 200 * beat, "C3", staff=1)
    (bar,) = bars(read_score([paper.page()]))
    assert onsets(bar)[:4] == [0, 0, Fraction(1, 3), Fraction(2, 3)]
    triplets = [event for event in bar.events if event.time_modification == (3, 2)]
    assert len(triplets) == 12
    assert [mark.kind for event in triplets[:3] for mark in event.tuplets] == ["start", "stop"]
    assert bar.duration == 4


def test_missed_beam_level_is_restored_from_the_sum() -> None:
    paper = Paper(staves=2)
    (start,) = four_four(paper, bars=1)
    paper.beam([paper.note(start + 50 * i, "G4") for i in range(4)])  # sixteenths whose second beam was not found
    for beat in (1, 2, 3):
        paper.note(start + 220 * beat, "G4")
    for beat in range(4):
        paper.note(start + 220 * beat, "C3", staff=1)
    (bar,) = bars(read_score([paper.page()]))
    assert [onset for onset, _, _ in notes(bar, 1)] == quarters((0, 0.25, 0.5, 0.75, 1, 2, 3))


def test_missed_dot_is_restored_from_the_sum() -> None:
    paper = Paper()
    first, second = four_four(paper)
    for start in (first, second):
        paper.note(start, "G4")
        paper.note(start + 130, "A4", label="flag8thUp")
        paper.note(start + 200, "G4", head="noteheadHalf")
    heads = [index for index, node in enumerate(paper.nodes) if node.label == "noteheadFull"]
    paper.dot(heads[0])
    paper.nodes = [replace(node, score=0.9) for node in paper.nodes]  # a detector may miss a dot, a person would not
    one, two = bars(read_score([paper.page()]))
    assert notes(one) == notes(two) == [(0, "G4", Fraction(3, 2)), (Fraction(3, 2), "A4", Fraction(1, 2)), (2, "G4", 2)]
    assert two.events[0].dots == 1


def test_two_voices_on_a_staff() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(start + 200 * beat, "E5", up=True)
    for beat in (0, 2):
        paper.note(start + 200 * beat, "G4", up=False, head="noteheadHalf")
    (bar,) = bars(read_score([paper.page()]))
    upper = [event for event in bar.events if event.voice == 1]
    lower = [event for event in bar.events if event.voice == 2]
    assert [name(event) for event in upper] == ["E5"] * 4
    assert [(event.onset, event.duration) for event in lower] == [(0, 2), (2, 2)]


def test_relations_missing_from_the_graph_are_found_by_touch() -> None:
    paper = Paper()
    first, second = four_four(paper)
    for start in (first, second):
        paper.note(start, "G4", label="flag8thUp")
        paper.note(start + 100, "A4")
        paper.dot(paper.note(start + 200, "B4", "D5")[0])
        paper.note(start + 320, "C5")
    related = bars(read_score([paper.page()]))
    paper.edges.clear()
    touched = bars(read_score([paper.page()]))
    assert [notes(bar) for bar in touched] == [notes(bar) for bar in related]
    assert notes(touched[0])[0] == (0, "G4", Fraction(1, 2))


def test_one_bad_bar_moves_nothing_after_it_and_becomes_an_issue() -> None:
    paper = Paper()
    starts = four_four(paper, bars=3)
    paper.note(starts[1], "C5")  # three beats of the bar are missing
    for start in (starts[0], starts[2]):
        for beat in range(4):
            paper.note(start + 70 * beat, "G4")
    score = read_score([paper.page()])
    assert [bar.duration for bar in bars(score)] == [4, 4, 4]
    assert any(event.padding for event in bars(score)[1].events)
    assert onsets(bars(score)[2]) == [0, 1, 2, 3]
    assert {issue.measure for issue in score.issues} == {1}


def test_whole_rest_fills_its_bar_whatever_the_metre() -> None:
    paper = Paper(staves=2)
    for row in (0, 1):
        paper.clef(row)
        paper.time(3, 4, row)
    paper.line(WIDTH)
    for beat in range(3):
        paper.note(300 + 200 * beat, "C5", up=False)
    paper.rest("restWhole", 620, 1)
    (bar,) = bars(read_score([paper.page()]))
    rest = next(event for event in bar.events if event.staff == 2)
    assert (rest.measure_rest, rest.duration, rest.padding) == (True, 3, False)


def test_missed_barline_is_restored_from_the_sum() -> None:
    paper = Paper(systems=2)
    starts = four_four(paper, bars=3)
    for start in starts:
        for beat in range(4):
            paper.note(start + 70 * beat, "G4")
    paper.clef(1)
    for beat in range(8):
        paper.note(150 + 120 * beat, "G4", staff=1)
    paper.line(WIDTH, 1)
    score = read_score([paper.page()])
    assert [onsets(bar) for bar in bars(score)] == [[0, 1, 2, 3]] * 5


def test_a_line_beside_the_staves_is_the_edge_of_the_paper() -> None:
    paper = Paper()
    for start in four_four(paper):
        for beat in range(4):
            paper.note(start + 100 * beat, "C5")
    paper.line(WIDTH + 80)
    assert [onsets(bar) for bar in bars(read_score([paper.page()]))] == [quarters(range(4))] * 2


def test_an_f_clef_at_a_height_where_none_stands_is_none() -> None:
    paper = Paper()
    for start in four_four(paper):
        for beat in range(4):
            paper.note(start + 100 * beat, "C5")
    paper.mark("fClef", 420, 8, size=40)
    assert {pitch for bar in bars(read_score([paper.page()])) for _, pitch, _ in notes(bar)} == {"C5"}


def test_repeat_dots_turn_the_last_line() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(start + 150 * beat, "G4")
    for position in (3, 5):
        paper.mark("repeatDot", WIDTH - 14, position, size=6)
    (bar,) = bars(read_score([paper.page()]))
    assert bar.right.repeat == "backward"
    assert bar.left.repeat is None


def test_small_heads_are_grace_notes_outside_the_sum() -> None:
    paper = Paper()
    (start,) = four_four(paper, bars=1)
    paper.note(start - 5, "A4", small=True, label="flag8thUp")
    for beat in range(4):
        paper.note(start + 25 + 150 * beat, "G4")
    paper.edges[0] = replace(paper.edges[0], score=0.9)  # as a model relates them: people name small heads
    (bar,) = bars(read_score([paper.page()]))
    assert onsets(bar) == [0, 1, 2, 3]
    grace = [event for event in bar.events if event.grace]
    assert [name(event) for event in grace] == ["A4"]
    assert bar.events[0] == grace[0]


def test_the_same_page_gives_the_same_score_in_any_order_of_nodes() -> None:
    paper = Paper(staves=2)
    (start,) = four_four(paper, bars=1)
    for beat in range(4):
        paper.note(start + 200 * beat, "E5", "G5", up=False)
        paper.note(start + 200 * beat, "C3", staff=1)
    page = paper.page()
    paper.nodes.reverse()
    paper.edges.reverse()
    assert read_score([page]) == read_score([paper.page()])


def test_a_page_without_staves_gives_an_empty_score() -> None:
    assert read_score([]) == Score(parts=())
