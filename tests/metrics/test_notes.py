"""The note scores are those of a hand count, and of the reference scorer's printed line."""

from __future__ import annotations

import re

import pytest

from omr.metrics.notes import NoteCounts, read_bars, score_notes, total

HEAD = '<score-partwise><part-list><score-part id="P1"><part-name/></score-part></part-list><part id="P1">'


def note(step: str, duration: int = 1, *, chord: bool = False) -> str:
    mark = "<chord/>" if chord else ""
    return f"<note>{mark}<pitch><step>{step}</step><octave>4</octave></pitch><duration>{duration}</duration></note>"


def document(*bars: str) -> bytes:
    start = "<attributes><divisions>1</divisions></attributes>"
    inside = "".join(f'<measure number="{i}">{start if i == 1 else ""}{bar}</measure>' for i, bar in enumerate(bars, 1))
    return f"{HEAD}{inside}</part></score-partwise>".encode()


SCALE = tuple(note(step) * 2 + note(step, 2) for step in "CDEFGAB")
FIELDS = ("truth_notes", "found_notes", "pitch", "pitch_onset", "pitch_onset_duration", "truth_bars", "exact_bars")


def counts(truth: bytes, found: bytes) -> dict[str, int]:
    scored = score_notes(read_bars(truth), read_bars(found))
    return {name: getattr(scored, name) for name in FIELDS}


def test_the_truth_itself_is_perfect() -> None:
    scored = score_notes(read_bars(document(*SCALE)), read_bars(document(*SCALE)))
    assert (scored.pitch_f1, scored.pitch_onset_f1, scored.pitch_onset_duration_f1, scored.exact_share) == (1, 1, 1, 1)


def test_a_lost_bar_costs_its_own_notes_only() -> None:
    assert counts(document(*SCALE), document(*SCALE[:3], *SCALE[4:])) == dict(
        zip(FIELDS, (21, 18, 18, 18, 18, 7, 6), strict=True)
    )


def test_wrong_pitch_onset_and_duration_are_told_apart() -> None:
    truth = document(note("C", 2) + note("E", 2))
    assert counts(truth, document(note("C", 1) + note("E", 2))) == dict(zip(FIELDS, (2, 2, 2, 1, 0, 1, 0), strict=True))
    assert counts(truth, document(note("C", 2) + note("E", 1))) == dict(zip(FIELDS, (2, 2, 2, 2, 1, 1, 0), strict=True))
    assert counts(truth, document(note("C", 2) + note("D", 2))) == dict(zip(FIELDS, (2, 2, 1, 1, 1, 1, 0), strict=True))


def test_chords_backup_and_grace_notes_are_placed() -> None:
    voice = "<backup><duration>2</duration></backup>" + note("G", 2)
    grace = "<note><grace/><pitch><step>B</step><octave>4</octave></pitch></note>"
    (bar,) = read_bars(document(grace + note("C", 1) + note("E", 1, chord=True) + note("D", 1) + voice))
    assert [(int(one.onset), one.pitch, int(one.duration)) for one in bar] == [
        (0, 60, 1),
        (0, 64, 1),
        (1, 62, 1),
        (0, 67, 2),
    ]


def test_nothing_found_scores_nothing() -> None:
    scored = score_notes(read_bars(document(*SCALE)), ())
    assert (scored.pitch_f1, scored.exact_share, scored.truth_notes, scored.truth_bars) == (0, 0, 21, 7)


def test_counts_of_pages_add_up() -> None:
    one = score_notes(read_bars(document(*SCALE)), read_bars(document(*SCALE[:2])))
    assert total([one, one]) == one + one
    assert (one + one).pitch_f1 == pytest.approx(one.pitch_f1)
    assert total([]) == NoteCounts()


REFERENCE = "gt_notes=21 pred_notes=18 gt_meas=7 pred_meas=6 pitchF1=0.923 pitch+onsetF1=0.923 pitch+onset+durF1=0.923"
"""Printed by the reference scorer for the scale with its fourth bar lost."""


def test_the_reference_line_is_reproduced() -> None:
    scored = score_notes(read_bars(document(*SCALE)), read_bars(document(*SCALE[:3], *SCALE[4:])))
    values = [float(text) for text in re.findall(r"=([\d.]+)", REFERENCE)]
    ours = [scored.truth_notes, scored.found_notes, scored.truth_bars, scored.found_bars]
    ours += [scored.pitch_f1, scored.pitch_onset_f1, scored.pitch_onset_duration_f1]
    assert [round(value, 3) for value in ours] == values
