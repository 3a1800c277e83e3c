"""Repair of the voices of one bar: no overlap inside a voice, nothing beyond the bar's end, no hole in a first voice.

Reading programs reject or silently shift bars whose voices do not add up, so each voice is made to fit here, and what was
changed becomes an Issue in the words that MuseScore uses: staff, bar, found, expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from omr.files.spelling import nominal_length, spelled
from omr.files.updated import updated
from omr.score import Event, Issue, Measure, NodeRef, Part, Pitch, Tone

VOICES_PER_STAFF = 4
ARTICULATIONS: Final = (
    "accent", "strong-accent", "staccato", "tenuto", "detached-legato", "staccatissimo", "spiccato", "breath-mark",
    "caesura", "stress", "unstress",
)  # fmt: skip
ORNAMENTS: Final = (
    "trill-mark", "turn", "inverted-turn", "mordent", "inverted-mordent", "delayed-turn", "shake", "schleifer",
)  # fmt: skip
_HIGHEST_OCTAVE = 9  # the schema allows 0-9


def repair_voices(part: Part, measure: Measure) -> tuple[Measure, tuple[Issue, ...]]:
    """`measure` with voices that fit, and what had to be changed."""
    issues: list[Issue] = []
    events = [_sane(part, measure, event) for event in measure.events]
    events = _without_overlaps(part, measure, events, issues)
    events = _within_bar(part, measure, events, issues)
    for staff in range(1, part.staves + 1):
        events.extend(_padding(part, measure, events, staff, issues))
    settled = [_settled(event, events) if event.grace else event for event in events]
    return updated(measure, events=tuple(sorted(settled, key=_order))), tuple(issues)


def ink_of(event: Event) -> tuple[NodeRef, ...]:
    """Everything `event` was read from."""
    return (*(node for tone in event.tones for node in tone.nodes), *event.nodes)


def bar_issue(code: str, message: str, part: Part, measure: Measure, nodes: Iterable[NodeRef] = ()) -> Issue:
    """A warning about one bar of one part."""
    return Issue(code=code, message=message, nodes=tuple(nodes), measure=measure.index, part=part.id)


def owning_staff(voice: int) -> int:
    """The staff whose voice this is, 1 = upper; its notes may be printed on another staff."""
    return (voice - 1) // VOICES_PER_STAFF + 1


def _order(event: Event) -> tuple[Fraction, int, int, bool]:
    return event.onset, event.staff, event.voice, event.grace is None


def _sane(part: Part, measure: Measure, event: Event) -> Event:
    """`event` within the ranges that the format knows."""
    duration = event.duration if event.duration > 0 else nominal_length(event.type, event.dots, event.time_modification)
    staff = min(max(event.staff, 1), part.staves)
    cleaned = updated(
        event,
        onset=max(event.onset, Fraction(0)),
        duration=Fraction(0) if event.grace else duration,
        voice=_sane_voice(part, event.voice, staff),
        staff=staff,
        tones=tuple(_sane_tone(tone) for tone in event.tones),
        measure_rest=event.measure_rest and not event.tones,
        articulations=tuple(name for name in dict.fromkeys(event.articulations) if name in ARTICULATIONS),
        ornaments=tuple(name for name in dict.fromkeys(event.ornaments) if name in ORNAMENTS),
        grace=event.grace if event.tones else None,
        padding=event.padding and not event.tones,
    )
    if cleaned.measure_rest:
        return updated(cleaned, onset=Fraction(0), duration=measure.duration)
    return spelled(cleaned)


def _sane_voice(part: Part, voice: int, staff: int) -> int:
    """`voice` when a staff of the part owns it, else the voice at its place among those of `staff`."""
    if 1 <= voice <= VOICES_PER_STAFF * part.staves:
        return voice
    return VOICES_PER_STAFF * (staff - 1) + (voice - 1) % VOICES_PER_STAFF + 1


def _sane_tone(tone: Tone) -> Tone:
    octave = min(max(tone.pitch.octave, 0), _HIGHEST_OCTAVE)
    return (
        tone if octave == tone.pitch.octave else updated(tone, pitch=Pitch(tone.pitch.step, octave, tone.pitch.alter))
    )


def _without_overlaps(part: Part, measure: Measure, events: Sequence[Event], issues: list[Issue]) -> list[Event]:
    """Each event where its voice is free: else in another voice of the staff, else at the cost of the event before it."""
    placed: list[Event] = []
    graces: dict[tuple[int, Fraction], list[Event]] = {}
    for grace in (event for event in events if event.grace):
        graces.setdefault((grace.voice, grace.onset), []).append(grace)
    latest: dict[int, Event] = {}
    sounding = sorted(
        (event for event in events if not event.grace), key=lambda event: (event.onset, event.measure_rest)
    )
    busy_voices = {event.voice for event in events if not (event.measure_rest or event.padding)}
    for event in sounding:
        if (event.measure_rest or event.padding) and event.voice in busy_voices and _collides(event, sounding):
            continue
        voice = _free_voice(event, latest, busy_voices)
        if voice is None:
            voice = event.voice
            _shorten(latest.pop(voice), event, placed)
        if voice != event.voice or (latest.get(voice) is None and _collides(event, placed)):
            message = f"notes of one voice overlapped in staff {event.staff}, bar {measure.number}"
            issues.append(bar_issue("voice-overlap", message, part, measure, ink_of(event)))
        latest[voice] = updated(event, voice=voice)
        placed.extend(updated(grace, voice=voice) for grace in graces.pop((event.voice, event.onset), ()))
        placed.append(latest[voice])
    return placed + [grace for group in graces.values() for grace in group]


def _settled(grace: Event, events: Iterable[Event]) -> Event:
    """`grace` at the onset of the next note of its voice, else of the last one in the bar.

    MuseScore 3 gives a grace note that no note of its voice follows to the next voice, on whatever staff that is.
    """
    onsets = sorted(event.onset for event in events if event.voice == grace.voice and event.tones and not event.grace)
    following = (onset for onset in onsets if onset >= grace.onset)
    return updated(grace, onset=next(following, onsets[-1] if onsets else grace.onset))


def _collides(event: Event, others: Iterable[Event]) -> bool:
    end = event.onset + event.duration
    return any(
        other is not event
        and other.voice == event.voice
        and not other.grace
        and other.onset < end
        and event.onset < other.onset + other.duration
        for other in others
    )


def _free_voice(event: Event, latest: dict[int, Event], busy_voices: set[int]) -> int | None:
    """The event's own voice when free at its onset, else another of the staff, preferring one without notes in this bar."""

    def free(voice: int) -> bool:
        before = latest.get(voice)
        return before is None or before.onset + before.duration <= event.onset

    if free(event.voice):
        return event.voice
    first = VOICES_PER_STAFF * ((event.voice - 1) // VOICES_PER_STAFF) + 1
    others = [voice for voice in range(first, first + VOICES_PER_STAFF) if free(voice)]
    return min(others, key=lambda voice: (voice in busy_voices, voice), default=None)


def _shorten(before: Event, event: Event, placed: list[Event]) -> None:
    """End `before` where `event` begins; one that begins with it gives way altogether."""
    placed.remove(before)
    if before.onset < event.onset:
        placed.append(spelled(updated(before, duration=event.onset - before.onset)))


def _within_bar(part: Part, measure: Measure, events: Sequence[Event], issues: list[Issue]) -> list[Event]:
    """Events cut at the bar's end; those that begin there or later are left out."""
    kept: list[Event] = []
    for event in events:
        end = event.onset + event.duration
        if end <= measure.duration:
            kept.append(event)
            continue
        place = f"staff {event.staff}, bar {measure.number}"
        message = f"voice too long: {place}, found {end}, expected {measure.duration} quarters"
        issues.append(bar_issue("bar-too-long", message, part, measure, ink_of(event)))
        if event.onset < measure.duration:
            kept.append(spelled(updated(event, duration=measure.duration - event.onset)))
    return [event for event in kept if event.onset + event.duration <= measure.duration]


def _padding(part: Part, measure: Measure, events: Sequence[Event], staff: int, issues: list[Issue]) -> list[Event]:
    """Silence for the holes in the first voice of `staff`; an Issue where no other voice of the staff sounds there."""
    first_voice = VOICES_PER_STAFF * (staff - 1) + 1
    own = {event.voice for event in events if first_voice <= event.voice < first_voice + VOICES_PER_STAFF}
    voice = min(own, default=first_voice)
    holes = _holes((event for event in events if event.voice == voice), measure.duration)
    anywhere = [event for event in events if event.staff == staff or event.voice in own]
    missing = sum((end - start for start, end in _holes(anywhere, measure.duration)), Fraction(0))
    if missing == measure.duration:
        issues.append(bar_issue("bar-empty", f"nothing was read in staff {staff}, bar {measure.number}", part, measure))
    elif missing:
        found = measure.duration - missing
        message = (
            f"incomplete bar: staff {staff}, bar {measure.number}, found {found}, expected {measure.duration} quarters"
        )
        issues.append(bar_issue("bar-too-short", message, part, measure))
    return [
        Event(onset=start, duration=end - start, type="quarter", voice=voice, staff=staff, padding=True)
        for start, end in holes
    ]


def _holes(events: Iterable[Event], end: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Stretches of the bar in which none of `events` lasts."""
    reached = Fraction(0)
    holes = []
    for event in sorted((event for event in events if not event.grace), key=lambda event: event.onset):
        if event.onset > reached:
            holes.append((reached, event.onset))
        reached = max(reached, event.onset + event.duration)
    if reached < end:
        holes.append((reached, end))
    return holes
