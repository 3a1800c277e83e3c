"""Random but lawful scores that use everything the writer knows: what the round trip and the property tests run on.

The generator fills bars the way music does: a voice is a row of notes, chords, rests and triplets that add up to the bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Literal

from omr.score import (
    Barline,
    Clef,
    ClefChange,
    Direction,
    Event,
    Key,
    Measure,
    NoteType,
    Part,
    Pitch,
    Score,
    SlurMark,
    StemDirection,
    Time,
    Tone,
    TupletMark,
)

STEPS: tuple[Literal["C", "D", "E", "F", "G", "A", "B"], ...] = ("C", "D", "E", "F", "G", "A", "B")
LENGTHS: tuple[tuple[Fraction, NoteType, int], ...] = (
    (Fraction(4), "whole", 0),
    (Fraction(3), "half", 1),
    (Fraction(2), "half", 0),
    (Fraction(3, 2), "quarter", 1),
    (Fraction(1), "quarter", 0),
    (Fraction(3, 4), "eighth", 1),
    (Fraction(1, 2), "eighth", 0),
    (Fraction(1, 4), "16th", 0),
    (Fraction(1, 8), "32nd", 0),
)
SIGNS: tuple[tuple[int, Literal["sharp", "flat", "natural"] | None], ...] = (
    (0, None),
    (0, None),
    (0, "natural"),
    (1, "sharp"),
    (1, None),
    (-1, "flat"),
)
METRES = ((4, 4), (3, 4), (2, 4), (6, 8), (2, 2), (9, 8), (3, 8), (5, 4))
TRIPLET = (3, 2)


def varied_score(random: Random) -> Score:
    """A score of one to three parts and one to six bars; the same state of `random` gives the same score."""
    bars = random.randint(1, 6)
    beats, beat_type = random.choice(METRES)
    time = Time(beats=beats, beat_type=beat_type, printed=random.random() < 0.8)
    pick_up = random.choice((Fraction(1), Fraction(1, 2))) if random.random() < 0.3 else None
    barlines = [_barlines(random, index, bars) for index in range(bars)]
    breaks = [random.choice(("", "", "system", "page")) for _ in range(bars)]
    parts = tuple(
        _part(random, number, bars=bars, time=time, pick_up=pick_up, barlines=barlines, breaks=breaks)
        for number in range(1, random.randint(1, 3) + 1)
    )
    return Score(parts=parts, title=random.choice((None, "Étude & <Fantaisie>")))


def _part(
    random: Random,
    number: int,
    *,
    bars: int,
    time: Time,
    pick_up: Fraction | None,
    barlines: Sequence[tuple[Barline, Barline]],
    breaks: Sequence[str],
) -> Part:
    staves = random.choice((1, 1, 2))
    measures = []
    for index in range(bars):
        short = index == 0 and pick_up is not None
        duration = pick_up if short and pick_up else time.length
        left, right = barlines[index]
        measures.append(
            Measure(
                index=index,
                number=str(index if pick_up else index + 1),
                duration=duration,
                events=_events(random, staves, duration),
                clefs=_clefs(random, staves, duration, first=index == 0),
                key=Key(random.randint(-6, 6)) if index == 0 or random.random() < 0.1 else None,
                time=time if index == 0 else None,
                left=left,
                right=right,
                directions=_directions(random, staves, duration),
                new_system=breaks[index] == "system",
                new_page=breaks[index] == "page",
                implicit=short,
            )
        )
    tied = tuple(measures)
    return _with_ties(
        random, Part(id=f"P{number}", name=f"Part {number}", staves=staves, measures=tied, group="bracket")
    )


def _barlines(random: Random, index: int, bars: int) -> tuple[Barline, Barline]:
    left = Barline(style="heavy-light", repeat="forward") if index and random.random() < 0.15 else Barline()
    if index == bars - 1:
        return left, Barline(style="light-heavy")
    kind = random.random()
    if kind < 0.15:
        return left, Barline(style="light-heavy", repeat="backward")
    return left, Barline(style="light-light") if kind < 0.3 else Barline()


def _clefs(random: Random, staves: int, duration: Fraction, *, first: bool) -> tuple[ClefChange, ...]:
    choices = (
        Clef(sign="G", line=2),
        Clef(sign="F", line=4),
        Clef(sign="C", line=3),
        Clef(sign="C", line=4),
        Clef(sign="G", line=2, octave_change=-1),
    )
    changes = [
        ClefChange(onset=Fraction(0), staff=staff, clef=random.choice(choices))
        for staff in range(1, staves + 1)
        if first
    ]
    if random.random() < 0.3:
        onset = random.choice([place for place in (Fraction(1), Fraction(1, 2), duration) if place <= duration])
        changes.append(ClefChange(onset=onset, staff=random.randint(1, staves), clef=random.choice(choices)))
    return tuple(changes)


def _directions(random: Random, staves: int, duration: Fraction) -> tuple[Direction, ...]:
    if random.random() < 0.6:
        return ()
    staff = random.randint(1, staves)
    return (
        Direction(onset=Fraction(0), staff=staff, kind="wedge", value=random.choice(("crescendo", "diminuendo"))),
        Direction(onset=duration, staff=staff, kind="wedge", value="stop"),
        Direction(onset=Fraction(1, 2), staff=staff, kind="dynamics", value=random.choice(("p", "mf", "sfz"))),
        Direction(onset=Fraction(0), staff=staff, kind="words", value="dolce", above=True),
    )


def _events(random: Random, staves: int, duration: Fraction) -> tuple[Event, ...]:
    events: list[Event] = []
    for staff in range(1, staves + 1):
        for offset in range(random.choice((1, 1, 2, 3))):
            events.extend(_voice(random, staves, duration, 4 * staff - 3 + offset))
    return tuple(sorted(events, key=lambda event: (event.onset, event.staff, event.voice)))


def _voice(random: Random, staves: int, duration: Fraction, voice: int) -> list[Event]:
    staff = (voice - 1) // 4 + 1
    if random.random() < 0.1:
        rest = Event(onset=Fraction(0), duration=duration, type="whole", voice=voice, staff=staff, measure_rest=True)
        return [rest]
    events: list[Event] = []
    place = Fraction(0)
    while place < duration:
        room = duration - place
        if room >= 1 and place.denominator == 1 and random.random() < 0.15:
            made = _triplet(random, place, voice, staff)
        else:
            fitting = [look for look in LENGTHS if look[0] <= room]
            length, note_type, dots = random.choice(fitting)
            made = [_event(random, place, length, note_type, dots=dots, voice=voice, staff=staff)]
            made = _with_grace(random, made)
        if (
            staves > 1 and not made[0].grace and random.random() < 0.1
        ):  # MuseScore 3 takes a grace note back to its staff
            crossed = random.randint(1, staves)
            made = [replace(event, staff=crossed) if event.tones else event for event in made]
        events.extend(made)
        place = made[-1].onset + made[-1].duration
    return _with_slur(random, events)


def _event(
    random: Random, onset: Fraction, length: Fraction, note_type: NoteType, *, dots: int = 0, voice: int, staff: int
) -> Event:
    kind = random.random()
    heads = 0 if kind < 0.15 else random.choice((1, 1, 1, 2, 3))
    stems: tuple[StemDirection | None, ...] = ("up", "down", None)
    return Event(
        onset=onset,
        duration=length,
        type=note_type,
        dots=dots,
        tones=_tones(random, heads),
        voice=voice,
        staff=staff,
        stem=random.choice(stems) if heads and note_type not in ("whole", "breve") else None,
        padding=kind < 0.05,
        articulations=("staccato",) if heads and random.random() < 0.1 else (),
        ornaments=("trill-mark",) if heads and random.random() < 0.05 else (),
        fermata=heads > 0 and random.random() < 0.05,
        arpeggiate=heads > 1 and random.random() < 0.1,
        nodes=((0, random.randint(0, 500)),),
    )


def _tones(random: Random, heads: int) -> tuple[Tone, ...]:
    places = sorted(random.sample(range(21, 42), heads))
    tones = []
    for place in places:
        alter, sign = random.choice(SIGNS)
        pitch = Pitch(STEPS[place % 7], place // 7, alter)
        tones.append(Tone(pitch=pitch, accidental=sign, nodes=((0, random.randint(501, 1000)),)))
    return tuple(tones)


def _triplet(random: Random, onset: Fraction, voice: int, staff: int) -> list[Event]:
    third = Fraction(1, 3)
    made = [
        replace(
            _event(random, onset + third * number, third, "eighth", voice=voice, staff=staff),
            time_modification=TRIPLET,
            padding=False,
        )
        for number in range(3)
    ]
    made[0] = replace(made[0], tuplets=(TupletMark(kind="start", bracket=random.random() < 0.5),))
    made[2] = replace(made[2], tuplets=(TupletMark(kind="stop"),))
    return made


def _with_grace(random: Random, events: list[Event]) -> list[Event]:
    main = events[0]
    if not main.tones or random.random() > 0.1:
        return events
    grace = Event(
        onset=main.onset,
        duration=Fraction(0),
        type="eighth",
        tones=_tones(random, 1),
        voice=main.voice,
        staff=main.staff,
        grace=random.choice(("plain", "slashed")),
    )
    return [grace, main]


def _with_slur(random: Random, events: list[Event]) -> list[Event]:
    sung = [index for index, event in enumerate(events) if event.tones and not event.grace]
    if len(sung) < 2 or random.random() < 0.5:
        return events
    first, last = sorted(random.sample(sung, 2))
    key = f"slur {random.random()}"
    events[first] = replace(events[first], slurs=(SlurMark(kind="start", key=key),))
    events[last] = replace(events[last], slurs=(SlurMark(kind="stop", key=key),))
    return events


def _with_ties(random: Random, part: Part) -> Part:
    """Some neighbouring notes of a voice made equal and tied, across barlines too."""
    bars = [list(measure.events) for measure in part.measures]
    rows: dict[int, list[tuple[int, int]]] = {}
    for m, events in enumerate(bars):
        for e, event in enumerate(events):
            if not event.grace:
                rows.setdefault(event.voice, []).append((m, e))
    starts = [sum((m.duration for m in part.measures[:index]), Fraction(0)) for index in range(len(bars))]
    for row in rows.values():
        for (m1, e1), (m2, e2) in pairwise(row):
            first, second = bars[m1][e1], bars[m2][e2]
            touching = starts[m1] + first.onset + first.duration == starts[m2] + second.onset
            if touching and first.tones and second.tones and random.random() < 0.1:
                bars[m1][e1] = replace(first, tones=tuple(replace(tone, tie_start=True) for tone in first.tones))
                tied = tuple(replace(tone, tie_start=False, tie_stop=True) for tone in first.tones)
                bars[m2][e2] = replace(second, tones=tied)
    measures = tuple(replace(m, events=tuple(events)) for m, events in zip(part.measures, bars, strict=True))
    return replace(part, measures=measures)
