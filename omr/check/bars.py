"""Bars that do not add up: too short, too long, empty, of another length than their metre, with voices that overlap.

Silence added to fill a bar counts as missing. A bar shorter than its metre is right where it is a pick-up, or one of two halves
that a barline divides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from omr.score import Event, Issue, Measure, NodeRef, Part, Score

VOICES_PER_STAFF = 4
DIVISIONS = ("light-light", "light-heavy", "heavy-light", "heavy-heavy")
"""Barlines that end a section: the next may begin with a pick-up."""
LOWEST_OCTAVE, HIGHEST_OCTAVE = 0, 8  # of a piano


def check_bars(score: Score) -> Iterator[Issue]:
    """What does not add up, part by part in the order of the bars."""
    yield from _check_bar_counts(score)
    for part in score.parts:
        expected: Fraction | None = None
        for place, measure in enumerate(part.measures):
            expected = measure.time.length if measure.time else expected
            yield from _check_length(part, place, expected)
            for staff in range(1, part.staves + 1):
                yield from _check_staff(part, measure, staff)
            yield from _check_voices(part, measure)
            yield from _check_pitches(part, measure)


def bar_issue(code: str, message: str, part: Part, measure: Measure, nodes: tuple[NodeRef, ...]) -> Issue:
    return Issue(code=code, message=message, nodes=nodes, measure=measure.index, part=part.id)


def _check_bar_counts(score: Score) -> Iterator[Issue]:
    most = max((len(part.measures) for part in score.parts), default=0)
    for part in score.parts:
        if len(part.measures) < most:
            message = f"part {part.name or part.id} has {len(part.measures)} of {most} bars"
            yield Issue(code="bar-missing", message=message, severity="error", part=part.id)


def _check_length(part: Part, place: int, expected: Fraction | None) -> Iterator[Issue]:
    measure = part.measures[place]
    uncounted = measure.implicit or measure.multi_rest or expected is None
    if not uncounted and measure.duration != expected and not _is_share(part.measures, place, expected):
        message = f"bar {measure.number} lasts {measure.duration} quarters, its time signature says {expected}"
        yield bar_issue("bar-irregular", message, part, measure, ())


def _is_share(measures: Sequence[Measure], place: int, expected: Fraction | None) -> bool:
    """Whether a bar is too short because it is a pick-up, what a pick-up leaves, or one of two halves."""
    measure = measures[place]
    if expected is None or measure.duration > expected:
        return False
    beside = [measures[i] for i in (place - 1, place + 1, 0) if 0 <= i < len(measures) and i != place]
    before = measures[place - 1].right if place else None
    return (
        before is None
        or any(other.duration + measure.duration == expected for other in beside)
        or any(line.repeat or line.style in DIVISIONS for line in (before, measure.left, measure.right))
    )


def _check_staff(part: Part, measure: Measure, staff: int) -> Iterator[Issue]:
    """Whether the voices of `staff` together fill the bar."""
    own = [event for event in measure.events if staff in (event.staff, _owner(event)) and not event.padding]
    found = _covered(own, measure.duration)
    place = f"staff {staff}, bar {measure.number}"
    if not found:
        yield bar_issue("bar-empty", f"nothing was read in {place}", part, measure, ())
    elif found < measure.duration:
        message = f"incomplete bar: {place}, found {found}, expected {measure.duration} quarters"
        yield bar_issue("bar-too-short", message, part, measure, _ink(own))


def _owner(event: Event) -> int:
    return (event.voice - 1) // VOICES_PER_STAFF + 1


def _covered(events: Iterable[Event], end: Fraction) -> Fraction:
    """Quarter notes of the bar in which at least one of `events` lasts."""
    reached = covered = Fraction(0)
    for event in sorted(events, key=lambda event: event.onset):
        start, stop = max(event.onset, reached), min(event.onset + event.duration, end)
        covered += max(stop - start, Fraction(0))
        reached = max(reached, stop)
    return covered


def _check_voices(part: Part, measure: Measure) -> Iterator[Issue]:
    """Notes beyond the bar's end, and notes of one voice that overlap."""
    reached: dict[int, Fraction] = {}
    for event in sorted(measure.events, key=lambda event: (event.onset, event.voice)):
        end = event.onset + event.duration
        if end > measure.duration:
            place = f"staff {event.staff}, bar {measure.number}"
            message = f"voice too long: {place}, found {end}, expected {measure.duration} quarters"
            yield bar_issue("bar-too-long", message, part, measure, _ink([event]))
        if event.grace is None and event.onset < reached.get(event.voice, Fraction(0)):
            message = f"notes of voice {event.voice} overlap in bar {measure.number}"
            yield bar_issue("voice-overlap", message, part, measure, _ink([event]))
        reached[event.voice] = max(end, reached.get(event.voice, Fraction(0)))


def _check_pitches(part: Part, measure: Measure) -> Iterator[Issue]:
    for event in measure.events:
        for tone in event.tones:
            if not LOWEST_OCTAVE <= tone.pitch.octave <= HIGHEST_OCTAVE:
                message = (
                    f"{tone.pitch.step}{tone.pitch.octave} in bar {measure.number} is out of reach: is the clef right?"
                )
                yield bar_issue("pitch-unlikely", message, part, measure, tone.nodes)


def _ink(events: Iterable[Event]) -> tuple[NodeRef, ...]:
    found: list[NodeRef] = []
    for event in events:
        for tone in event.tones:
            found.extend(tone.nodes)
        found.extend(event.nodes)
    return tuple(found)
