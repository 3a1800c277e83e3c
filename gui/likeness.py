"""How a bar goes with the rest of its piece: music repeats itself, and two bars seldom are misread alike.

A bar that is found again note for note was hardly read wrong; one that differs from another by a note or two may well have
been. Accidentals that change nothing, and a step that sounds in two alterations at once, tell of an accidental missed or
made up before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple, TypeVar

from omr.memory import found_in
from omr.reading.pitches import key_alter
from omr.score import Event, Measure, Part, Score

NEAR: Final = 40  # bars before and after among which a like one is looked for
LIKE: Final = 0.5  # share of notes two bars must have in common to be compared
FEW: Final = 3  # notes; bars with fewer are alike by chance

H = TypeVar("H", bound=Hashable)
Sound = tuple[Fraction, int, int, Fraction]
"""(onset, diatonic step with its octave, alteration, length), quarter notes."""


class Likeness(NamedTuple):
    """Of one bar."""

    twin: float
    """1 where another bar of the piece has the same notes, else 0."""
    parallel: float
    """Share of notes in common with the bar most like it, where they are not the same; 0 below LIKE."""
    rhythm: float
    """1 where another bar has the same onsets and lengths, else 0."""
    idle: int
    """Accidentals that change nothing and remind of nothing."""
    clash: int
    """Steps that sound in two alterations in the same moment."""
    hands: float
    """Share of the staves whose notes are those of the same staff in another bar."""
    rare: float
    """Share of the beats of its staves with a rhythm that no other bar has on any beat."""
    strange: int
    """Notes altered as no note of that step is in the bars around."""


def likeness(score: Score) -> tuple[Likeness, ...]:
    """The likeness of each bar of a score, by its index."""
    count = len(score.parts[0].measures) if score.parts else 0
    bars = [_bar([part.measures[index] for part in score.parts]) for index in range(count)]
    names: dict[Sound, int] = {}
    numbered = [frozenset([names.setdefault(sound, len(names)) for sound in bar]) for bar in bars]
    sounds = Counter(_frozen(bar) for bar in bars)
    rhythms = [_frozen(Counter((onset, length) for onset, _, _, length in bar.elements())) for bar in bars]
    usual = Counter(rhythms)
    idle = _idle(score.parts)
    hands, rare = _hands(score.parts, count), _rare(score.parts, count)
    found = []
    for index, bar in enumerate(bars):
        many = bar.total() >= FEW
        twin = many and sounds[_frozen(bar)] > 1
        found.append(
            Likeness(
                twin=float(twin),
                parallel=0.0 if twin or not many else _most_like(numbered, index),
                rhythm=float(many and usual[rhythms[index]] > 1),
                idle=idle.get(index, 0),
                clash=_clashes(bar),
                hands=hands[index],
                rare=rare[index],
                strange=_strange(bars, index),
            )
        )
    return tuple(found)


def _bar(measures: Sequence[Measure]) -> Counter[Sound]:
    total: Counter[Sound] = Counter()
    for measure in measures:
        total.update(found_in(measure, "sounds", partial(_sounds, measure)))
    return total


def _sounds(measure: Measure) -> tuple[Sound, ...]:
    return tuple(sound for _, sound in _events(measure))


def _events(measure: Measure) -> Iterator[tuple[Event, Sound]]:
    """Each sound with the chord it belongs to; grace notes left out."""
    for event in measure.events:
        for tone in event.tones if event.grace is None else ():
            step = "CDEFGAB".index(tone.pitch.step) + 7 * tone.pitch.octave
            yield event, (event.onset, step, tone.pitch.alter, event.duration)


def _frozen(bar: Mapping[H, int]) -> frozenset[tuple[H, int]]:
    return frozenset(bar.items())


def _most_like(bars: Sequence[frozenset[int]], index: int) -> float:
    own = bars[index]
    best = 0.0
    for other in bars[max(0, index - NEAR) : index + NEAR + 1]:
        size = max(len(own), len(other))
        if other != own and min(len(own), len(other)) > best * size:
            best = max(best, len(own & other) / size)
    return best if best >= LIKE else 0.0


def _hands(parts: Sequence[Part], count: int) -> Sequence[float]:
    """By bar the share of its sounding staves whose notes are found again on that staff in another bar."""
    seen: Counter[object] = Counter()
    staves: list[list[object]] = [[] for _ in range(count)]
    for place, part in enumerate(parts):
        for measure in part.measures:
            for staff in range(1, part.staves + 1):
                notes = found_in(measure, ("hand", staff), partial(_hand, measure, staff))
                if notes:
                    staves[measure.index].append((place, staff, notes))
    seen.update(key for own in staves for key in own)
    return [sum(seen[key] > 1 for key in own) / len(own) if own else 1.0 for own in staves]


def _hand(measure: Measure, staff: int) -> frozenset[tuple[Sound, int]]:
    return _frozen(Counter(sound for event, sound in _events(measure) if event.staff == staff))


def _rare(parts: Sequence[Part], count: int) -> Sequence[float]:
    """By bar the share of its beats, staff by staff, whose rhythm no other bar has."""
    bars: list[list[object]] = [[] for _ in range(count)]
    for part in parts:
        for measure in part.measures:
            bars[measure.index].extend(found_in(measure, "beats", partial(_beats, measure)))
    seen: Counter[object] = Counter(beat for own in bars for beat in set(own))
    return [sum(seen[beat] == 1 for beat in own) / len(own) if own else 0.0 for own in bars]


def _beats(measure: Measure) -> tuple[object, ...]:
    """What begins in each quarter of each staff: (onset within it, length) of every sound."""
    found: dict[tuple[int, int], set[tuple[Fraction, Fraction]]] = {}
    for event, (onset, _, _, length) in _events(measure):
        found.setdefault((event.staff, int(onset)), set()).add((onset % 1, length))
    return tuple(frozenset(beat) for beat in found.values())


def _strange(bars: Sequence[Counter[Sound]], index: int) -> int:
    around = {
        (step % 7, alter)
        for place in range(max(0, index - NEAR), min(len(bars), index + NEAR + 1))
        if place != index
        for _, step, alter, _ in bars[place]
    }
    return sum((step % 7, alter) not in around for _, step, alter, _ in bars[index])


def _clashes(bar: Iterable[Sound]) -> int:
    """Steps of any octave in two alterations at one onset."""
    heard: dict[tuple[Fraction, int], set[int]] = {}
    for onset, step, alter, _ in bar:
        heard.setdefault((onset, step % 7), set()).add(alter)
    return sum(len(alters) > 1 for alters in heard.values())


def _idle(parts: Sequence[Part]) -> Mapping[int, int]:
    """By bar the accidentals before notes that would sound the same without them, and did so all through the bar before."""
    found: Counter[int] = Counter()
    for part in parts:
        fifths = 0
        before: set[tuple[int, int]] = set()  # (step, alteration) of the bar before
        for measure in part.measures:
            fifths = measure.key.fifths if measure.key is not None else fifths
            scope: dict[tuple[int, int], int] = {}  # (staff, step) -> alteration
            sounded: set[tuple[int, int]] = set()
            for event in sorted(measure.events, key=lambda event: event.onset):
                for tone in event.tones:
                    step = "CDEFGAB".index(tone.pitch.step) + 7 * tone.pitch.octave
                    holds = scope.get((event.staff, step), key_alter(step, fifths))
                    others = {alter for own, alter in before | sounded if own == step % 7}
                    if tone.accidental is not None and holds == tone.pitch.alter and others <= {holds}:
                        found[measure.index] += 1
                    if tone.accidental is not None:
                        scope[event.staff, step] = tone.pitch.alter
                    sounded.add((step % 7, tone.pitch.alter))
            before = sounded
    return found
