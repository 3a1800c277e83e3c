"""Repair of what spans several events of a part: ties, slurs, tuplets, and the directions with two ends.

Each end must find its partner, in the order of time; an end without one is dropped with an Issue, because readers draw a
dangling start to the end of the piece.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import accumulate

from omr.files.gate_voices import bar_issue
from omr.files.spanners import slur_numbers
from omr.files.updated import updated
from omr.memory import found_in
from omr.score import Direction, Event, Issue, Measure, Part, SlurMark, Tone, TupletMark

_Place = tuple[int, int]  # measure, event
_TonePlace = tuple[int, int, int]  # measure, event, tone


@dataclass(frozen=True, kw_only=True)
class _Sounding:
    """A tone with its times from the start of the part."""

    place: _TonePlace
    start: Fraction
    end: Fraction
    event: Event
    tone: Tone


def repair_ties(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    """`part` with ties that join equal pitches, the second beginning where the first ends."""
    begins = tuple(accumulate((measure.duration for measure in part.measures), initial=Fraction(0)))
    tied = tuple(
        _sounding(begins[m], measure, m, e, t)
        for m, measure in enumerate(part.measures)
        for e, t in found_in(measure, "tied", partial(_tied, measure))
    )
    starts: set[_TonePlace] = set()
    stops: set[_TonePlace] = set()
    for sounding in tied:
        if sounding.tone.tie_start:
            partners = _beginning(part, begins, sounding)
            partner = _tie_partner(sounding, [other for other in partners if other.place not in stops])
            if partner is not None:
                starts.add(sounding.place)
                stops.add(partner.place)
    issues = tuple(
        bar_issue(
            "tie-dangling", "a tie has no second note of the same pitch", part, part.measures[s.place[0]], s.tone.nodes
        )
        for s in tied
        if (s.tone.tie_start and s.place not in starts) or (s.tone.tie_stop and s.place not in stops)
    )
    touched = {sounding.place[0] for sounding in tied} | {place[0] for place in stops}
    return _with_tones(part, touched, starts, stops), issues


def _tied(measure: Measure) -> tuple[tuple[int, int], ...]:
    """(event, tone) of each tone with a tie."""
    return tuple(
        (e, t)
        for e, event in enumerate(measure.events)
        for t, tone in enumerate(event.tones)
        if tone.tie_start or tone.tie_stop
    )


def _tones_by_time(measure: Measure) -> Mapping[tuple[str, int, Fraction], tuple[tuple[int, int], ...]]:
    """(event, tone) by step, octave and onset."""
    found: dict[tuple[str, int, Fraction], tuple[tuple[int, int], ...]] = {}
    for e, event in enumerate(measure.events):
        for t, tone in enumerate(event.tones):
            slot = tone.pitch.step, tone.pitch.octave, event.onset
            found[slot] = (*found.get(slot, ()), (e, t))
    return found


def _sounding(begin: Fraction, measure: Measure, m: int, e: int, t: int) -> _Sounding:
    event = measure.events[e]
    start = begin + event.onset
    return _Sounding(place=(m, e, t), start=start, end=start + event.duration, event=event, tone=event.tones[t])


def _beginning(part: Part, begins: Sequence[Fraction], first: _Sounding) -> list[_Sounding]:
    """The tones of the same step that begin when `first` ends, in order."""
    found: list[_Sounding] = []
    for m in range(first.place[0], len(part.measures)):
        if begins[m] > first.end:
            break
        measure, pitch = part.measures[m], first.tone.pitch
        known = found_in(measure, "tones", partial(_tones_by_time, measure))
        places = known.get((pitch.step, pitch.octave, first.end - begins[m]), ())
        found.extend(_sounding(begins[m], measure, m, e, t) for e, t in places)
    return found


def _tie_partner(first: _Sounding, candidates: list[_Sounding]) -> _Sounding | None:
    fitting = [
        other
        for other in candidates
        if (other.place > first.place or (first.event.grace and not other.event.grace))
        and other.tone.pitch.alter == first.tone.pitch.alter
    ]

    def preference(other: _Sounding) -> tuple[bool, bool, bool, _TonePlace]:
        return (
            not other.tone.tie_stop,
            other.event.voice != first.event.voice,
            other.event.staff != first.event.staff,
            other.place,
        )

    return min(fitting, key=preference, default=None)


def _with_tones(part: Part, touched: Collection[int], starts: set[_TonePlace], stops: set[_TonePlace]) -> Part:
    def tone_at(place: _TonePlace, tone: Tone) -> Tone:
        return updated(tone, tie_start=place in starts, tie_stop=place in stops)

    def event_at(place: _Place, event: Event) -> Event:
        return updated(event, tones=tuple([tone_at((*place, t), tone) for t, tone in enumerate(event.tones)]))

    return _mapped(part, touched, event_at)


def _mapped(part: Part, touched: Collection[int], change: Callable[[_Place, Event], Event]) -> Part:
    """The part with the events of some of its measures changed."""
    measures = [_changed(m, measure, change) if m in touched else measure for m, measure in enumerate(part.measures)]
    return updated(part, measures=tuple(measures))


def _changed(place: int, measure: Measure, change: Callable[[_Place, Event], Event]) -> Measure:
    """The measure with its events changed; itself where none is."""
    return updated(measure, events=tuple([change((place, e), event) for e, event in enumerate(measure.events)]))


def repair_slurs(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    """`part` with slurs of one start and one later stop each, at most 16 at a time."""
    ends: dict[str, dict[str, _Place]] = {}
    slurred = [m for m, measure in enumerate(part.measures) if found_in(measure, "slurs", partial(_has_slurs, measure))]
    for m in slurred:
        for e, event in enumerate(part.measures[m].events):
            for mark in event.slurs:
                ends.setdefault(mark.key, {}).setdefault(mark.kind, (m, e))
    whole = {key: sorted(places.values()) for key, places in ends.items() if len(set(places.values())) == 2}
    kept = _with_slurs(part, slurred, whole)
    numbered = slur_numbers(kept)
    kept = _with_slurs(kept, slurred, {key: places for key, places in whole.items() if key in numbered})
    issues = tuple(
        bar_issue("slur-dangling", "a slur could not be written: one of its ends is missing", part, part.measures[m])
        for key, places in sorted(ends.items())
        if key not in numbered
        for m, _ in [min(places.values())]
    )
    return kept, issues


def _has_slurs(measure: Measure) -> bool:
    return any(event.slurs for event in measure.events)


def _with_slurs(part: Part, slurred: Collection[int], ends: Mapping[str, list[_Place]]) -> Part:
    """`part` with exactly the slurs of `ends`: key -> places of start and stop."""
    marks: dict[_Place, list[SlurMark]] = {}
    for key, (first, last) in sorted(ends.items()):
        marks.setdefault(first, []).append(SlurMark(kind="start", key=key))
        marks.setdefault(last, []).append(SlurMark(kind="stop", key=key))

    def event_at(place: _Place, event: Event) -> Event:
        return updated(event, slurs=tuple(marks.get(place, ())))

    return _mapped(part, frozenset(slurred), event_at)


def _has_tuplets(measure: Measure) -> bool:
    return any(event.tuplets for event in measure.events)


def repair_tuplets(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    """`part` with tuplet marks in pairs within a voice of a bar, on events that have a ratio."""
    kept: dict[_Place, list[TupletMark]] = {}
    issues: list[Issue] = []
    touched: set[int] = set()
    for m, measure in enumerate(part.measures):
        if not found_in(measure, "tuplets", partial(_has_tuplets, measure)):
            continue
        touched.add(m)
        opened: dict[tuple[int, int], tuple[_Place, TupletMark]] = {}
        dropped = 0
        for e, event in sorted(enumerate(measure.events), key=lambda item: (item[1].onset, item[0])):
            for mark in sorted(event.tuplets, key=lambda mark: mark.kind == "start"):
                slot = (event.voice, mark.number)
                if event.time_modification is None or (mark.kind == "stop" and slot not in opened):
                    dropped += 1
                elif mark.kind == "start":
                    dropped += slot in opened
                    opened[slot] = ((m, e), mark)
                else:
                    place, start = opened.pop(slot)
                    kept.setdefault(place, []).append(start)
                    kept.setdefault((m, e), []).append(mark)
        if dropped + len(opened):
            issues.append(bar_issue("tuplet-dangling", "a tuplet lacks its first or last note", part, measure))
    change = partial(_with_marks, kept)
    return _mapped(part, touched, change), tuple(issues)


def _with_marks(kept: Mapping[_Place, list[TupletMark]], place: _Place, event: Event) -> Event:
    return updated(event, tuplets=tuple(kept.get(place, ())))


_TWO_ENDED: Mapping[str, tuple[str, ...]] = {
    "wedge": ("crescendo", "diminuendo"),
    "octave-shift": ("up", "down"),
    "pedal": ("start",),
}
"""Kinds of direction with two ends, and the first words of their starting values."""


def repair_directions(part: Part) -> tuple[Part, tuple[Issue, ...]]:
    """`part` with directions inside their bars, hairpins, octave lines and pedals closed once opened, one a staff at a time."""
    bars = [
        [_sane_direction(part, measure, direction) for direction in measure.directions] for measure in part.measures
    ]
    bars = [sorted((d for d in bar if d.kind != "words" or d.value.strip()), key=_direction_order) for bar in bars]
    dropped: set[tuple[int, int]] = set()
    opened: dict[tuple[str, int], tuple[int, int]] = {}
    for m, bar in enumerate(bars):
        for d, direction in enumerate(bar):
            if direction.kind not in _TWO_ENDED:
                continue
            slot = (direction.kind, direction.staff)
            role = _role(direction)
            if role == "start":
                dropped.update({opened[slot]} if slot in opened else ())
                opened[slot] = (m, d)
            elif slot not in opened:
                dropped.add((m, d))
            elif role == "stop":
                del opened[slot]
    dropped.update(opened.values())
    measures = tuple(
        updated(measure, directions=tuple(direction for d, direction in enumerate(bars[m]) if (m, d) not in dropped))
        for m, measure in enumerate(part.measures)
    )
    issues = tuple(
        bar_issue(
            "direction-dangling", f"a {bars[m][d].kind} lacks one of its ends", part, part.measures[m], bars[m][d].nodes
        )
        for m, d in sorted(dropped)
    )
    return updated(part, measures=measures), issues


def _sane_direction(part: Part, measure: Measure, direction: Direction) -> Direction:
    return updated(
        direction,
        onset=min(max(direction.onset, Fraction(0)), measure.duration),
        staff=min(max(direction.staff, 1), part.staves),
    )


def _role(direction: Direction) -> str:
    first_word = direction.value.partition(" ")[0]
    if first_word in _TWO_ENDED[direction.kind]:
        return "start"
    return "change" if first_word == "change" else "stop"


def _direction_order(direction: Direction) -> tuple[Fraction, int, bool]:
    return direction.onset, direction.staff, direction.kind in _TWO_ENDED and _role(direction) != "stop"
