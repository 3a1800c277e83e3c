"""Notes and lengths that music seldom has where they stand: one issue for each staff of a bar, naming the least likely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from omr.check.bars import bar_issue
from omr.check.evidence import Evidence, likelihood
from omr.check.lines import Bar, Chord, Head, lines_of
from omr.check.pitch_signs import Signs, pitch_signs
from omr.check.rhythm_signs import rhythm_signs
from omr.score import Issue, NodeRef, Part, Score

SIGNS: Final = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
REASONS: Final = {
    "degree": "foreign to the key",
    "before": "an unusual step from the note before it",
    "after": "an unusual step to the note after it",
    "pair": "discordant with what sounds with it",
    "alteration": "altered otherwise nearby",
    "accidental": "an odd accidental",
    "twin": "a bar like this one has another note",
    "height": "far from the notes around it",
    "position": "far from its staff",
    "beat": "an unusual length at this place of the beat",
    "follow": "an unusual length beside its neighbours",
    "joins": "its voice stops or begins without a rest",
    "seen": "no such rhythm elsewhere",
}
"""By point of view."""
CLEF_HEADS: Final = 4
CLEF_SHARE: Final = 0.5  # of the heads of a bar's staff: when so many are unlikely, the clef may be wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    probability: float
    name: str
    reason: str
    nodes: tuple[NodeRef, ...]


def check_likelihood(score: Score) -> Iterator[Issue]:
    """Unlikely notes and lengths, part by part; raises ModelError when the table of likelihoods is missing or damaged."""
    model = likelihood()
    for part in score.parts:
        bars = lines_of(part)
        yield from _unlikely_notes(part, bars, model.pitch)
        yield from _unlikely_lengths(part, bars, model.rhythm)


def _unlikely_notes(part: Part, bars: Sequence[Bar], evidence: Evidence) -> Iterator[Issue]:
    for bar, staff, found, heads in _doubts(evidence, pitch_signs(bars)):
        many = heads >= CLEF_HEADS and len(found) >= CLEF_SHARE * heads
        yield _issue("note-unlikely", part, bar, staff, found, "; is the clef right?" if many else "")


def _unlikely_lengths(part: Part, bars: Sequence[Bar], evidence: Evidence) -> Iterator[Issue]:
    for bar, staff, found, _ in _doubts(evidence, rhythm_signs(bars)):
        yield _issue("rhythm-unlikely", part, bar, staff, found, "")


def _doubts(
    evidence: Evidence, seen: Iterator[tuple[Bar, Head, Signs]] | Iterator[tuple[Bar, Chord, Signs]]
) -> Iterator[tuple[Bar, int, list[_Doubt], int]]:
    """(bar, staff, its unlikely notes, number of its notes) of each staff of a bar that has unlikely ones."""
    found: dict[tuple[int, int], list[_Doubt]] = defaultdict(list)
    totals: dict[tuple[int, int], int] = defaultdict(int)
    bars: dict[int, Bar] = {}
    for bar, item, signs in seen:
        chord = item.chord if isinstance(item, Head) else item
        key = bar.measure.index, chord.event.staff
        totals[key] += 1
        bars[bar.measure.index] = bar
        values = evidence.values(signs)
        probability = evidence.probability(values)
        if probability >= evidence.threshold:
            reason = REASONS[evidence.reason(values)]
            found[key].append(_Doubt(probability=probability, name=_name(item), reason=reason, nodes=_ink(item)))
    for (index, staff), doubts in sorted(found.items()):
        yield bars[index], staff, doubts, totals[index, staff]


def _issue(code: str, part: Part, bar: Bar, staff: int, found: Sequence[_Doubt], remark: str) -> Issue:
    worst = max(found, key=lambda doubt: doubt.probability)
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    message = f"unlikely: {worst.name}{more} in staff {staff}, bar {bar.measure.number}: {worst.reason}{remark}"
    nodes = tuple(dict.fromkeys(node for doubt in found for node in doubt.nodes))
    return replace(bar_issue(code, message, part, bar.measure, nodes), probability=round(worst.probability, 3))


def _name(item: Head | Chord) -> str:
    if isinstance(item, Head):
        pitch = item.tone.pitch
        return f"{pitch.step}{SIGNS.get(pitch.alter, '')}{pitch.octave}"
    event = item.event
    return f"{'dotted ' * event.dots}{event.type}{' rest' if event.is_rest else ''}"


def _ink(item: Head | Chord) -> tuple[NodeRef, ...]:
    if isinstance(item, Head):
        return item.tone.nodes
    return (*(node for tone in item.event.tones for node in tone.nodes), *item.event.nodes)
