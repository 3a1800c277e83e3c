"""The gate before a file: a score is repaired until programs that read MusicXML take it as it is meant.

A broken bar is kept at its right length and marked, never dropped; every repair is an Issue. A score that passed the gate
passes it again unchanged.
"""

from __future__ import annotations

from omr.files.gate_bars import repair_endings, repair_frame
from omr.files.gate_spans import repair_directions, repair_slurs, repair_ties, repair_tuplets
from omr.files.gate_voices import repair_voices
from omr.files.updated import updated
from omr.memory import recalled
from omr.score import Issue, Measure, Part, Score


def repair(score: Score) -> tuple[Score, tuple[Issue, ...]]:
    """(`score` without what breaks the rules of MusicXML, what was changed); the score carries those not yet known."""
    parts, issues = repair_frame(score.parts)
    repaired: list[Part] = []
    for part in parts:
        sound, found = _repair_part(part)
        repaired.append(sound)
        issues = (*issues, *found)
    known = {(issue.code, issue.measure, issue.part) for issue in score.issues}
    added = tuple(issue for issue in issues if (issue.code, issue.measure, issue.part) not in known)
    return updated(score, parts=tuple(repaired), issues=(*score.issues, *added)), issues


def _repair_part(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    bars = [_sound_voices(part, measure) for measure in part.measures]
    issues = tuple(issue for _, found in bars for issue in found)
    part = updated(part, measures=tuple(measure for measure, _ in bars))
    for step in (repair_tuplets, repair_ties, repair_slurs, repair_directions, repair_endings):
        part, found = step(part)
        issues = (*issues, *found)
    return part, issues


def _sound_voices(part: Part, measure: Measure) -> tuple[Measure, tuple[Issue, ...]]:
    return recalled((measure,), (part.id, part.staves), lambda: repair_voices(part, measure))
