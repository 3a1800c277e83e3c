"""Made-up music: dense keyboard writing and small ensembles with every clef, key and metre, from a seed.

It need not be beautiful; it must look like engraved music and be right: bars add up, and accidentals are printed where the key
and the bar ask for them. It supplies what archives of songs and quartets lack: chords, two voices on a staff, ledger lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from lxml import etree

from datasets.synthetic.events import (
    Clef,
    Event,
    Pitch,
    Setting,
    key_alteration,
    write_attributes,
    write_staff,
)
from datasets.synthetic.rhythm import METRES, Value, beats, fill
from datasets.synthetic.schema import make, wrap
from datasets.synthetic.slice import cut

CLEFS: Final = {
    ("G", "2", ""): 34, ("F", "4", ""): 22, ("C", "3", ""): 28, ("C", "4", ""): 26, ("C", "1", ""): 32, ("C", "2", ""): 30,
    ("F", "3", ""): 24, ("G", "2", "-1"): 27, ("G", "2", "1"): 41, ("F", "4", "-1"): 15,
}  # fmt: skip
"""Clefs and the height of the middle line under them: diatonic steps above C0."""
TREBLE: Final = ("G", "2", "")
BASS: Final = ("F", "4", "")
Ensemble = tuple[tuple[str, tuple[Clef, ...]], ...]
"""(name, clefs of its staves) of each part."""

ENSEMBLES: Final[tuple[Ensemble, ...]] = (
    (("Piano", (TREBLE, BASS)),),
    (("", (TREBLE, BASS)),),
    (("Voice", (TREBLE,)), ("Piano", (TREBLE, BASS))),
    (("Violin", (TREBLE,)), ("Violoncello", (BASS,)), ("Piano", (TREBLE, BASS))),
    (("Organ", (TREBLE, BASS)), ("Ped.", (BASS,))),
    (("Violino I", (TREBLE,)), ("Violino II", (TREBLE,)), ("Viola", (("C", "3", ""),)), ("Violoncello", (BASS,))),
    (
        ("S", (("C", "1", ""),)),
        ("A", (("C", "3", ""),)),
        ("T", (("C", "4", ""),)),
        ("B", (BASS,)),
        ("", (TREBLE, BASS)),
    ),
)
ENSEMBLE_WEIGHTS: Final = (8, 4, 2, 1, 1, 1, 1)
SOLO_SHARE: Final = 0.2
"""Scores for single instruments under any clef."""
BRACKETED: Final = 3  # parts that get a bracket in front
TEXTURES: Final = ("melody", "chords", "octaves", "broken", "scale", "repeated", "thirds")
TEXTURE_WEIGHTS: Final = (6, 7, 3, 5, 3, 3, 2)
REACH: Final = 9  # steps from the middle line to two ledger lines and a bit
FAR_REACH: Final = 15
VOICE_REACH: Final = 6  # of each of two voices from its own middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a score keeps from bar to bar."""

    calm: float
    chromatic: float
    second_voice: float
    tie: float
    reach: int
    beamed: bool
    clefs: tuple[Clef, ...]


def procedural_score(random: Random, bars: int | None = None) -> etree._Element:
    """A new <score-partwise> of `bars` bars (random: 8-40); the same seed gives the same score."""
    count = bars or random.randint(8, 40)
    ensemble = random.choices(ENSEMBLES, ENSEMBLE_WEIGHTS)[0]
    if random.random() < SOLO_SHARE:
        ensemble = (("", (random.choice(list(CLEFS)),)),)
    changes = _changes(random, count)
    names = wrap("part-list")
    root = wrap("score-partwise", names)
    root.set("version", "4.0")
    for index, (name, clefs) in enumerate(ensemble):
        identity = f"P{index + 1}"
        entry = make("score-part", attributes={"id": identity})
        entry.append(make("part-name", name))
        names.append(entry)
        root.append(_part(identity, _style(random, clefs), changes, random))
    if len(ensemble) >= BRACKETED:
        names.insert(0, _bracket("start"))
        names.append(_bracket("stop"))
    return cut(root, 0, count)  # drops ties that meet a rest


def _bracket(kind: str) -> etree._Element:
    group = make("part-group", attributes={"type": kind, "number": "1"})
    if kind == "start":
        group.extend((make("group-symbol", "bracket"), make("group-barline", "yes")))
    return group


def _style(random: Random, clefs: tuple[Clef, ...]) -> Style:
    if len(clefs) == 2 and random.random() < 0.2:
        clefs = random.choice(((TREBLE, TREBLE), (BASS, BASS)))
    return Style(
        calm=random.choice((0.05, 0.2, 0.4)),
        chromatic=random.choice((0.02, 0.08, 0.2)),
        second_voice=random.choice((0.0, 0.2, 0.6)),
        tie=random.choice((0.02, 0.06, 0.12)),
        reach=random.choice((REACH, REACH, FAR_REACH)),
        beamed=random.random() < 0.92,
        clefs=clefs,
    )


def _changes(random: Random, count: int) -> tuple[Setting, ...]:
    fifths = random.choice((*range(-7, 8), -4, -3, -2, -1, 0, 0, 1, 2, 3, 4))
    metre = _metre(random)
    rate = random.choice((0.0, 0.0, 0.04, 0.12))
    found = []
    for index in range(count):
        changed = index > 0 and random.random() < rate
        if changed and random.random() < 0.6:
            fifths = random.randint(-7, 7)
        elif changed:
            metre = _metre(random)
        found.append(Setting(fifths=fifths, metre=metre, changed=changed or index == 0))
    return tuple(found)


def _metre(random: Random) -> tuple[str, str]:
    return random.choices(list(METRES), list(METRES.values()))[0]


def _part(identity: str, style: Style, settings: Sequence[Setting], random: Random) -> etree._Element:
    part = make("part", attributes={"id": identity})
    carried: dict[tuple[int, int], tuple[Pitch, ...]] = {}
    for index, setting in enumerate(settings):
        measure = make("measure", attributes={"number": str(index + 1)})
        if setting.changed:
            before = settings[index - 1] if index else None
            measure.append(write_attributes(setting, before, style.clefs, common=random.random() < 0.5))
        last = index + 1 == len(settings)
        for staff, clef in enumerate(style.clefs):
            middle = CLEFS[clef]
            voices = _voices(style, setting, middle, random)
            events = [
                _tied(voice, carried, (staff, number), style, random, open_end=not last and len(voices) == 1)
                for number, voice in enumerate(voices)
            ]
            write_staff(measure, staff, events, setting, alone=len(style.clefs) == 1)
        part.append(measure)
    return part


def _voices(style: Style, setting: Setting, middle: int, random: Random) -> list[list[Event]]:
    """One or two voices of a staff for one bar."""
    if random.random() >= style.second_voice:
        return [_voice(style, setting, middle + random.choice((-2, 0, 0, 2)), random)]
    near = replace(style, reach=VOICE_REACH)
    return [_voice(near, setting, middle + 4, random), _voice(near, setting, middle - 4, random)]


def _voice(style: Style, setting: Setting, center: int, random: Random) -> list[Event]:
    if random.random() < 0.04:
        length = sum(beats(setting.metre))
        return [Event(value=Value(onset=0, ticks=length, denominator=1, dots=0, rest=True), pitches=())]
    texture = random.choices(TEXTURES, TEXTURE_WEIGHTS)[0]
    height = center + random.randint(-5, 5)
    if style.reach == FAR_REACH and random.random() < 0.3:
        height = center + random.choice((-1, 1)) * random.randint(7, 13)
    step = random.choice((-1, 1))
    shape = _shape(texture, random)
    events = []
    for number, value in enumerate(fill(setting.metre, random, calm=style.calm, beamed=style.beamed)):
        if value.rest:
            events.append(Event(value=value, pitches=()))
            continue
        if texture == "scale":
            height += step
        elif texture not in ("repeated", "broken"):
            height += random.choice((-4, -3, -2, -1, -1, 0, 1, 1, 2, 3, 4))
        height = min(max(height, center - style.reach), center + style.reach - max(shape))
        base = height + shape[number % len(shape)] if texture == "broken" else height
        heights = [base] if texture == "broken" else [base + interval for interval in shape]
        events.append(Event(value=value, pitches=_altered(heights, setting.fifths, style.chromatic, random)))
        if texture == "chords" and random.random() < 0.5:
            shape = _shape(texture, random)
    return events


def _shape(texture: str, random: Random) -> list[int]:
    """Steps above the lowest note: the notes of a chord, or for a broken chord one after another."""
    if texture == "octaves":
        return random.choice(([0, 7], [0, 7], [0, 4, 7]))
    if texture == "thirds":
        return random.choice(([0, 2], [0, 5]))
    if texture == "broken":
        return random.choice(([0, 4, 2, 4], [0, 2, 4, 7], [0, 4, 7, 9], [0, 7, 4, 7], [7, 4, 2, 0], [0, 2, 4]))
    if texture in ("chords", "repeated"):
        size = random.choice((2, 2, 3, 3, 3, 4))
        shape = [0]
        while len(shape) < size and shape[-1] < 8:
            shape.append(shape[-1] + random.choice((1, 2, 2, 2, 3, 3, 4)))
        return shape
    return [0]


def _altered(heights: Sequence[int], fifths: int, chromatic: float, random: Random) -> tuple[Pitch, ...]:
    found = []
    for height in sorted(set(heights)):
        alter = key_alteration(height, fifths)
        if random.random() < chromatic:
            sign = random.choice((-1, 1))
            alter += -sign if abs(alter + sign) == 2 and random.random() < 0.8 else sign  # double signs are rare
        found.append((height, min(max(alter, -2), 2)))
    return tuple(found)


def _tied(
    events: Sequence[Event],
    carried: dict[tuple[int, int], tuple[Pitch, ...]],
    key: tuple[int, int],
    style: Style,
    random: Random,
    *,
    open_end: bool,
) -> list[Event]:
    """The events with some tied to the next one of the voice; `carried` hands a tie over the barline."""
    found = []
    pitches = carried.pop(key, ())
    for index, event in enumerate(events):
        if event.value.rest:
            pitches = ()
            found.append(event)
            continue
        joined = bool(pitches)
        sounding = pitches or event.pitches
        following = events[index + 1] if index + 1 < len(events) else None
        may = open_end if following is None else not following.value.rest
        tied = may and random.random() < style.tie
        found.append(Event(value=event.value, pitches=sounding, tied_from=joined, tied_to=tied))
        pitches = sounding if tied else ()
    if pitches:
        carried[key] = pitches
    return found
