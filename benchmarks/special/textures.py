"""Music for empty bars: one texture a piece, mixed with plain beats so that the rare thing must be told from the usual.

Pitches wander at random inside the range of their voice. Two voices of a staff never cross.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Final, Literal

from benchmarks.special.figures import parsed
from benchmarks.special.frames import Frame
from benchmarks.special.piece import Member, Note, Pitch, StemSide, Tuplet, Voice, sounding
from datasets.synthetic.events import key_alteration

Texture = Literal[
    "plain", "cross-staff", "many voices", "unmarked tuplets", "odd tuplets", "nested tuplets", "duplets", "grace notes",
    "seconds and unisons",
]  # fmt: skip
TEXTURES: Final[tuple[Texture, ...]] = (
    "cross-staff", "many voices", "unmarked tuplets", "odd tuplets", "nested tuplets", "duplets", "grace notes",
    "seconds and unisons",
)  # fmt: skip
TWO_STAVES: Final = frozenset(("cross-staff", "many voices"))
MIDDLES: Final = {"G": 34, "F": 22}
"""Diatonic steps above C0 of the middle line."""
REACH: Final = 6  # steps of a voice from its middle
BETWEEN: Final = 28  # middle C: what is lower stands on the lower staff
Table = Mapping[Fraction, tuple[str, ...]]
HALF, ONE, DOTTED, TWO = Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2)

PLAIN: Final[Table] = {
    HALF: ("8", "16 16", "8"),
    ONE: ("4", "8 8", "8 8", "16 16 16 16", "8. 16", "8 16 16", "r8 8", "4", "r4"),
    DOTTED: ("4.", "8 8 8", "4 8", "8 8 8", "8 16 16 8", "r8 8 8"),
    TWO: ("2", "4. 8", "4 8 8", "8 8 8 8"),
}
CALM: Final[Table] = {HALF: ("8",), ONE: ("4", "4", "8 8"), DOTTED: ("4.", "4 8"), TWO: ("2", "2", "4 4")}
TRIPLETS: Final[Table] = {**PLAIN, ONE: ("3:2(8 8 8)",), TWO: ("3:2(8 8 8) / 3:2(8 8 8)", "4 3:2(8 8 8)")}
SEXTUPLETS: Final[Table] = {**PLAIN, ONE: ("6:4(16 16 16 16 16 16)",), TWO: ("6:4(16 16 16 16 16 16) 4", "2")}
ODD: Final[Table] = {
    **PLAIN,
    ONE: ("5:4(16 16 16 16 16)", "6:4(16 16 16 16 16 16)", "7:4(16 16 16 16 16 16 16)", "3:2(r8 8 8)", "3:2(8 8 8)"),
    TWO: ("5:4(8 8 8 8 8)", "6:4(8 8 8 8 8 8)", "7:4(8 8 8 8 8 8 8)", "3:2(4 4 4)"),
}
NESTED: Final[Table] = {
    **PLAIN,
    ONE: ("3:2(8 8 3:2(16 16 16))", "3:2(3:2(16 16 16) 8 8)", "3:2(8 3:2(16 16 16) 8)"),
    TWO: ("3:2(4 4 3:2(8 8 8))", "5:4(8 8 3:2(8 8 8) 8)", "3:2(4 3:2(8 8 8) 4)"),
}
NESTED_WITHIN: Final[Table] = {**NESTED, ONE: NESTED[ONE][2:]}
"""verovio draws one beam over two tuplets where the first ends with another inside it, one figure where two begin at once."""
DUPLETS: Final[Table] = {**PLAIN, DOTTED: ("2:3(8 8)", "2:3(8 8)", "4:3(8 8 8 8)", "2:3(r8 8)")}
RUNNING: Final[Table] = {
    **PLAIN, ONE: ("8 8", "16 16 16 16"), TWO: ("8 8 8 8", "16 16 16 16 / 16 16 16 16"), DOTTED: ("8 8 8",),
}  # fmt: skip
SPECIAL: Final[Mapping[str, Table]] = {"odd tuplets": ODD, "nested tuplets": NESTED, "duplets": DUPLETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a piece keeps from bar to bar."""

    texture: Texture
    clefs: tuple[Literal["G", "F"], ...]
    fifths: int
    chromatic: bool
    """Whether accidentals are printed."""
    leading_graces: bool
    """Whether a bar may begin with grace notes: LilyPond draws its line twice."""
    table: Table
    """The rhythms of the texture."""
    figured: int
    """Bars with figures at the head of a piece of unmarked tuplets."""


def voices_of(frame: Frame, index: int, setting: Setting, random: Random) -> tuple[Voice, ...]:
    """The music of bar `index`."""
    if setting.texture == "cross-staff" and random.random() < 0.75:
        voices = _crossing(frame, random)
    elif setting.texture in ("many voices", "seconds and unisons"):
        voices = _polyphony(frame, setting, random)
    else:
        voices = _homophony(frame, index, setting, random)
    made = tuple(_in_key(voice, setting.fifths) for voice in voices)
    return _chromatic(made, random) if setting.chromatic and random.random() < 0.4 else made


def _homophony(frame: Frame, index: int, setting: Setting, random: Random) -> tuple[Voice, ...]:
    """One voice a staff, the texture in one of them or both."""
    found = []
    leading = random.randrange(len(setting.clefs))
    for staff, clef in enumerate(setting.clefs):
        table = setting.table if staff == leading or random.random() < 0.2 else CALM
        everywhere = setting.texture == "unmarked tuplets" and table is setting.table
        members = _filled(frame.beats, table, random, plain=0.0 if everywhere else 0.35)
        if setting.texture == "unmarked tuplets" and index >= setting.figured:
            members = tuple(_hidden(member) for member in members)
        members = _pitched(members, MIDDLES[clef], staff + 1, random, chords=0.25)
        if setting.texture == "grace notes":
            members = _graced(members, random, leading=setting.leading_graces and index > 0)
        found.append(Voice(staff=staff + 1, number=1, members=members))
    return tuple(found)


def _filled(beats: Sequence[Fraction], table: Table, random: Random, *, plain: float) -> tuple[Member, ...]:
    """Beats filled one by one or by twos; `plain` is the share of beats without anything special."""
    found: list[Member] = []
    place = 0
    while place < len(beats):
        two = beats[place : place + 2] == (ONE, ONE) and random.random() < 0.35
        length = TWO if two else beats[place]
        source = PLAIN if random.random() < plain else table
        found.extend(parsed(random.choice(source.get(length) or PLAIN[length])))
        place += 2 if two else 1
    return tuple(found)


def _hidden(member: Member) -> Member:
    return replace(member, shown=False) if isinstance(member, Tuplet) else member


def _each(members: Sequence[Member], change: Callable[[Note], Note]) -> tuple[Member, ...]:
    """The members with every note changed, from left to right."""
    return tuple(
        replace(member, members=_each(member.members, change)) if isinstance(member, Tuplet) else change(member)
        for member in members
    )


def _pitched(
    members: Sequence[Member], middle: int, staff: int, random: Random, *, chords: float, stem: StemSide = ""
) -> tuple[Member, ...]:
    """The members with pitches around `middle`; `chords` is the share of chords."""
    height = middle + random.randint(-3, 3)

    def change(note: Note) -> Note:
        nonlocal height
        note = replace(note, staff=staff, stem=stem)
        if not note.pitches:
            return note
        height = min(max(height + random.choice((-3, -2, -1, -1, 1, 1, 2, 3)), middle - REACH), middle + REACH - 2)
        heights = [height]
        while random.random() < chords and len(heights) < 3:
            heights.append(heights[-1] + random.choice((2, 2, 3)))
        return replace(note, pitches=tuple((one, 0) for one in heights))

    return _each(members, change)


def _graced(members: Sequence[Member], random: Random, *, leading: bool) -> tuple[Member, ...]:
    """Some notes with one to three grace notes before them."""
    first = True

    def change(note: Note) -> Note:
        nonlocal first
        may = leading or not first
        first = False
        if not note.pitches or not may or random.random() > 0.3 or note.denominator > 8:
            return note
        top = note.pitches[-1][0]
        run = random.choice(((1,), (-1,), (2,), (-2, -1), (2, 1), (-3, -2, -1)))
        return replace(
            note, graces=tuple((top + step, 0) for step in run), slashed=len(run) == 1 and random.random() < 0.6
        )

    return _each(members, change)


def _polyphony(frame: Frame, setting: Setting, random: Random) -> tuple[Voice, ...]:
    """Two voices on one staff or on each; close to each other where seconds and unisons are wanted."""
    close = setting.texture == "seconds and unisons"
    single = random.randrange(len(setting.clefs) + 1)
    found: list[Voice] = []
    for staff, clef in enumerate(setting.clefs):
        middle = MIDDLES[clef]
        if staff == single and len(setting.clefs) > 1:
            members = _pitched(_filled(frame.beats, CALM, random, plain=0.5), middle, staff + 1, random, chords=0.3)
            found.append(Voice(staff=staff + 1, number=1, members=members))
            continue
        tables = [PLAIN, CALM] if random.random() < 0.6 else [CALM, PLAIN]
        rows = [_filled(frame.beats, table, random, plain=0.0) for table in tables]
        upper = _pitched(
            rows[0], middle + (1 if close else 4), staff + 1, random, chords=0.0 if close else 0.2, stem="up"
        )
        lower = _below(upper, rows[1], middle - 4, staff + 1, random, close=close)
        found.append(Voice(staff=staff + 1, number=1, members=upper, stem="up"))
        found.append(Voice(staff=staff + 1, number=2, members=lower, stem="down"))
    return tuple(found)


def _below(
    upper: Sequence[Member], members: Sequence[Member], middle: int, staff: int, random: Random, *, close: bool
) -> tuple[Member, ...]:
    """A voice that never rises above `upper`: by chance in its own range, or close to it."""
    above = [
        (entry.onset, entry.onset + entry.length, entry.note.pitches[0][0])
        for entry in sounding(upper)
        if entry.note.pitches
    ]
    times = iter([(entry.onset, entry.onset + entry.length) for entry in sounding(members)])

    def change(note: Note) -> Note:
        start, end = next(times)
        note = replace(note, staff=staff, stem="down")
        if not note.pitches:
            return note
        ceiling = min([height for begin, stop, height in above if begin < end and start < stop], default=middle + 4)
        gap = random.choice((0, 1, 1, 2)) if close else random.randint(2, 5)
        return replace(note, pitches=((min(ceiling - gap, middle + 6), 0),))

    return _each(members, change)


def _crossing(frame: Frame, random: Random) -> tuple[Voice, ...]:
    """A voice that runs through both staves, over or under a calm one on the staff that is not its home."""
    home = random.choice((1, 1, 2))
    members = _filled(frame.beats, RUNNING, random, plain=0.0)
    low, high = random.randint(18, 22), random.randint(33, 38)
    height, step = random.choice((low, high)), 0
    stem: StemSide = random.choice(("", "up")) if home == 1 else random.choice(("", "down"))

    def change(note: Note) -> Note:
        nonlocal height, step
        if not note.pitches:
            return replace(note, staff=home)
        if not low < height < high:
            step = random.choice((3, 4, 5)) * (1 if height <= low else -1)
        made = replace(note, pitches=((height, 0),), staff=1 if height >= BETWEEN else 2, stem=stem)
        height += step
        return made

    running = Voice(staff=home, number=1, members=_each(members, change), stem=stem)
    other = 3 - home
    middle, side = (14, "down") if other == 2 else (41, "up")
    calm = _pitched(_filled(frame.beats, CALM, random, plain=0.0), middle, other, random, chords=0.0, stem=side)  # type: ignore[arg-type]
    second = Voice(staff=other, number=1, members=calm, stem=side)  # type: ignore[arg-type]
    return (running, second) if home == 1 else (second, running)


def _in_key(voice: Voice, fifths: int) -> Voice:
    def change(note: Note) -> Note:
        def keyed(pitch: Pitch) -> Pitch:
            return pitch[0], key_alteration(pitch[0], fifths)

        return replace(note, pitches=tuple(map(keyed, note.pitches)), graces=tuple(map(keyed, note.graces)))

    return replace(voice, members=_each(voice.members, change))


def _chromatic(voices: Sequence[Voice], random: Random) -> tuple[Voice, ...]:
    """One height of one staff raised or lowered through the bar; of several voices on a staff none is."""
    alone = [voice for voice in voices if sum(other.staff == voice.staff for other in voices) == 1]
    heights = sorted({pitch for voice in alone for entry in sounding(voice.members) for pitch in entry.note.pitches})
    if not heights:
        return tuple(voices)
    height, alter = random.choice(heights)
    other = alter - 1 if alter > 0 else alter + 1 if alter < 0 else random.choice((-1, 1))
    return tuple(_altered(voice, height, other) if voice in alone else voice for voice in voices)


def _altered(voice: Voice, height: int, alter: int) -> Voice:
    printed = False

    def change(note: Note) -> Note:
        nonlocal printed
        if all(one != height for one, _ in note.pitches):
            return note
        shown = () if printed else (height,)
        printed = True
        pitches = tuple((one, alter if one == height else own) for one, own in note.pitches)
        return replace(note, pitches=pitches, accidentals=shown)

    return replace(voice, members=_each(voice.members, change))
