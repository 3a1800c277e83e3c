"""Errors as recognition makes them, put into right music: heads a step off, accidentals lost or invented, a clef or key read
wrong for a while, beams too many or too few, lost dots. The new objects are the wrong ones; all else is left as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from omr.files.spelling import spelled
from omr.score import Event, Key, Measure, Part, Pitch, Tone

SCALE: Final = "CDEFGAB"
ORDER_OF_SHARPS: Final = "FCGDAEB"
SIGNS: Final = {-1: "flat", 0: "natural", 1: "sharp"}
FLAGS: Final = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}
CLEF_STEPS: Final = 12  # from the bass to the treble clef

Heads = list[tuple[int, int]]
"""(place of the event in its bar, place of the tone in the event)."""


def with_pitch_errors(part: Part, share: float, chance: random.Random, only: str | None = None) -> Part:
    """`part` with an error of pitch in about `share` of its bars, of one kind or mixed; a wrong clef or key spoils several."""
    measures = list(part.measures)
    keys = _keys(part)
    for index in range(len(measures)):
        if chance.random() < share:
            kind = only or chance.choices(list(PITCH_ERRORS), [weight for weight, _ in PITCH_ERRORS.values()])[0]
            PITCH_ERRORS[kind][1](measures, index, keys, chance)
    return replace(part, measures=tuple(measures))


def with_rhythm_errors(part: Part, share: float, chance: random.Random, only: str | None = None) -> Part:
    """`part` with wrong lengths in about `share` of its bars, all of one kind or mixed."""
    measures = [
        _with_wrong_length(measure, chance, only) if chance.random() < share else measure for measure in part.measures
    ]
    return replace(part, measures=tuple(measures))


def key_alteration(step: str, fifths: int) -> int:
    """What the key signature does to `step`, semitones."""
    place = ORDER_OF_SHARPS.index(step)
    return int(place < fifths) - int(place >= 7 + fifths)


def _keys(part: Part) -> list[int]:
    found, fifths = [], 0
    for measure in part.measures:
        fifths = measure.key.fifths if isinstance(measure.key, Key) else fifths
        found.append(fifths)
    return found


def _heads(measure: Measure, wanted: Callable[[Tone], bool]) -> Heads:
    return [
        (place, head)
        for place, event in enumerate(measure.events)
        if not event.grace
        for head, tone in enumerate(event.tones)
        if tone.notehead is None and wanted(tone)
    ]


def _with_tone(measure: Measure, place: int, head: int, tone: Tone) -> Measure:
    event = measure.events[place]
    tones = (*event.tones[:head], tone, *event.tones[head + 1 :])
    ordered = tuple(sorted(tones, key=lambda each: _height(each.pitch)))
    return _with_event(measure, place, replace(event, tones=ordered))


def _with_event(measure: Measure, place: int, event: Event) -> Measure:
    return replace(measure, events=(*measure.events[:place], event, *measure.events[place + 1 :]))


def _height(pitch: Pitch) -> int:
    return 7 * pitch.octave + SCALE.index(pitch.step)


def _at(height: int, alter: int) -> Pitch:
    return Pitch(SCALE[height % 7], height // 7, alter)  # type: ignore[arg-type]


def _step(measures: list[Measure], index: int, keys: list[int], chance: random.Random) -> None:
    """One head, or now and then a whole chord, a step or two off."""
    heads = _heads(measures[index], lambda tone: True)
    if not heads:
        return
    place, head = chance.choice(heads)
    by = chance.choices((1, -1, 2, -2), (4, 4, 1, 1))[0]
    whole = chance.random() < 0.2
    event = measures[index].events[place]
    for each in range(len(event.tones)) if whole else [head]:
        tone = event.tones[each]
        height = _height(tone.pitch) + by
        alter = tone.pitch.alter if tone.accidental else key_alteration(SCALE[height % 7], keys[index])
        measures[index] = _with_tone(measures[index], place, each, replace(tone, pitch=_at(height, alter)))


def _lost(measures: list[Measure], index: int, keys: list[int], chance: random.Random) -> None:
    """An accidental that was not seen."""
    heads = _heads(
        measures[index], lambda tone: tone.pitch.alter != key_alteration(tone.pitch.step, keys[index]) or _sign(tone)
    )
    if heads:
        place, head = chance.choice(heads)
        step = measures[index].events[place].tones[head].pitch.step
        _respell(measures, index, (place, head), key_alteration(step, keys[index]), printed=False)


def _sign(tone: Tone) -> bool:
    return tone.accidental is not None


def _invented(measures: list[Measure], index: int, keys: list[int], chance: random.Random) -> None:
    """An accidental that is none, or another one."""
    heads = _heads(measures[index], lambda tone: True)
    if heads:
        place, head = chance.choice(heads)
        alter = measures[index].events[place].tones[head].pitch.alter
        _respell(measures, index, (place, head), chance.choice([a for a in SIGNS if a != alter]), printed=True)


def _respell(measures: list[Measure], index: int, where: tuple[int, int], alter: int, *, printed: bool) -> None:
    """The head gets `alter`, and so do those after it in the bar that had their alteration from it."""
    place, head = where
    event = measures[index].events[place]
    before = event.tones[head].pitch
    for later, head_there in _heads(measures[index], lambda tone: tone.pitch == before):
        other = measures[index].events[later]
        tone = other.tones[head_there]
        first = (later, head_there) == where
        follows = other.onset > event.onset and other.staff == event.staff and tone.accidental is None
        if (first or follows) and before.alter != alter:
            sign = SIGNS.get(alter) if printed else None
            changed = replace(tone, pitch=_at(_height(before), alter), accidental=sign if first else None)
            measures[index] = _with_tone(measures[index], later, head_there, changed)


def _wrong_clef(measures: list[Measure], index: int, keys: list[int], chance: random.Random) -> None:
    """Another clef for some bars of one staff."""
    _spoil(measures, index, keys, chance, by=chance.choice((CLEF_STEPS, -CLEF_STEPS)), sharps=0)


def _wrong_key(measures: list[Measure], index: int, keys: list[int], chance: random.Random) -> None:
    """A sharp or flat of the key signature lost or invented for some bars of one staff."""
    _spoil(measures, index, keys, chance, by=0, sharps=chance.choice((-1, 1)))


def _spoil(
    measures: list[Measure], index: int, keys: list[int], chance: random.Random, *, by: int, sharps: int
) -> None:
    staff = chance.choice(sorted({event.staff for event in measures[index].events}) or [1])
    for bar in range(index, min(len(measures), index + chance.randint(1, 5))):
        events = [
            _moved(event, by, keys[bar], keys[bar] + sharps) if event.staff == staff and not event.grace else event
            for event in measures[bar].events
        ]
        measures[bar] = replace(measures[bar], events=tuple(events))


def _moved(event: Event, by: int, key: int, fifths: int) -> Event:
    tones = []
    for tone in event.tones:
        height = _height(tone.pitch) + by
        usual = tone.pitch.alter == key_alteration(tone.pitch.step, key) and not tone.accidental
        alter = key_alteration(SCALE[height % 7], fifths) if usual else tone.pitch.alter
        pitch = _at(height, alter)
        tones.append(tone if pitch == tone.pitch else replace(tone, pitch=pitch))
    return replace(event, tones=tuple(tones))


def _with_wrong_length(measure: Measure, chance: random.Random, only: str | None) -> Measure:
    places = [
        place for place, event in enumerate(measure.events) if not (event.grace or event.measure_rest or event.padding)
    ]
    if not places:
        return measure
    place = chance.choice(places)
    kind = only or chance.choices(list(RHYTHM_ERRORS), [weight for weight, _ in RHYTHM_ERRORS.values()])[0]
    length = 1 if chance.random() < 0.6 else chance.randint(2, 4)
    shifts = chance.random() < 0.5
    return _stretched(measure, place, length, RHYTHM_ERRORS[kind][1], shifts=shifts)


def _stretched(measure: Measure, place: int, count: int, factor: Fraction, *, shifts: bool) -> Measure:
    """`count` events of the voice from `place` on last `factor` times as long; those after them follow on, or stay."""
    first = measure.events[place]
    events: list[Event] = []
    shift, left = Fraction(0), count
    for event in measure.events:
        if event.voice != first.voice or event.grace or event.onset < first.onset:
            events.append(event)
            continue
        duration = event.duration * factor if left > 0 else event.duration
        moves = shifts or factor > 1
        changed = _relooked(event, event.onset + (shift if moves else 0), duration)
        shift, left = shift + duration - event.duration, left - 1
        if changed.onset + changed.duration <= measure.duration:
            events.append(changed)
    return replace(measure, events=tuple(sorted(events, key=lambda event: (event.onset, event.staff, event.voice))))


def _relooked(event: Event, onset: Fraction, duration: Fraction) -> Event:
    """`event` as it would be printed with this length; itself where nothing changes."""
    if (onset, duration) == (event.onset, event.duration):
        return event
    changed = spelled(replace(event, onset=onset, duration=duration))
    flags = FLAGS.get(changed.type, 0)
    beams = (*event.beams, *(event.beams[-1:] * flags))[:flags] if event.beams else ()
    return replace(changed, beams=beams)


PITCH_ERRORS: Final = {
    "wrong step": (50, _step),
    "lost accidental": (22, _lost),
    "invented accidental": (16, _invented),
    "wrong clef": (3, _wrong_clef),
    "wrong key": (3, _wrong_key),
}
"""By name (how often among others, what it does)."""
RHYTHM_ERRORS: Final = {
    "halved": (45, Fraction(1, 2)),
    "doubled": (20, Fraction(2)),
    "a third lost": (25, Fraction(2, 3)),
    "dot invented": (10, Fraction(3, 2)),
}
"""By name (how often among others, times as long)."""
