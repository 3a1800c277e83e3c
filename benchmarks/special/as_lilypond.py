"""A piece as LilyPond's own source: bars of any length, nested tuplets and voices that change staves need no converter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks.special.piece import Bar, Member, Note, Piece, Tuplet, Voice

STEPS: Final = "cdefgab"
ALTERS: Final = {-2: "ff", -1: "f", 0: "", 1: "s", 2: "ss"}
KEYS: Final = ("cf", "gf", "df", "af", "ef", "bf", "f", "c", "g", "d", "a", "e", "b", "fs", "cs")
CLEFS: Final = {"G": "treble", "F": "bass"}
LINES: Final = {"regular": "|", "none": "", "light-light": "||", "light-heavy": "|."}
SIDES: Final = {"": "\\oneVoice", "up": "\\voiceOne", "down": "\\voiceTwo"}
HEAD: Final = r"""\language "english"
#(set-global-staff-size %s)
\header { tagline = ##f }
\paper { indent = 0 }
\layout { \context { \Score \numericTimeSignature \omit BarNumber } }
"""


def as_lilypond(piece: Piece, staff_size: float = 20) -> str:
    """Source without a version; `staff_size` is the height of a staff in points."""
    staves = [_staff(piece, number + 1) for number in range(len(piece.clefs))]
    group = "\\new PianoStaff <<\n%s\n>>" if len(staves) > 1 else "%s"
    return HEAD % f"{staff_size:g}" + "\\score {\n" + group % "\n".join(staves) + "\n}\n"


def _staff(piece: Piece, number: int) -> str:
    clef = CLEFS[piece.clefs[number - 1]]
    start = f"\\clef {clef} \\key {KEYS[piece.fifths + 7]} \\major"
    hidden = "" if piece.metred else " \\omit TimeSignature"
    most = max((voice.number for bar in piece.bars for voice in bar.voices if voice.staff == number), default=0)
    rows = [_frame(piece)] if number == 1 else []
    rows += [_voice(piece, number, voice) for voice in range(1, most + 1)]
    return f'\\new Staff = "{number}" \\with {{{hidden} }} <<\n{{ {start} }}\n' + "\n".join(rows) + "\n>>"


def _frame(piece: Piece) -> str:
    """Metres, lengths of bars, barlines and breaks."""
    words = []
    for index, bar in enumerate(piece.bars):
        if bar.metre is not None:
            words.append(f"\\time {bar.metre[0]}/{bar.metre[1]}")
        length = bar.length / 4
        words.append(f"\\set Timing.measureLength = #(ly:make-moment {length.numerator}/{length.denominator})")
        words.append(f"s1*{length.numerator}/{length.denominator}")
        after = piece.bars[index + 1] if index + 1 < len(piece.bars) else None
        words.append(f'\\bar "{_line(bar, after)}"' + (" \\break" if after is not None and after.new_line else ""))
    return "{ " + "\n  ".join(words) + " }"


def _line(bar: Bar, after: Bar | None) -> str:
    opens = after is not None and after.opens_repeat
    if bar.closes_repeat:
        return ":..:" if opens else ":|."
    return ".|:" if opens else LINES[bar.closing]


def _voice(piece: Piece, staff: int, number: int) -> str:
    words = ["\\autoBeamOff"]
    for bar in piece.bars:
        mine = next((voice for voice in bar.voices if (voice.staff, voice.number) == (staff, number)), None)
        words.append(_bar(bar, mine))
    return "\\new Voice { " + "\n  ".join(words) + " }"


def _bar(bar: Bar, voice: Voice | None) -> str:
    if voice is None:
        length = bar.length / 4
        return f"s1*{length.numerator}/{length.denominator}"
    side = SIDES[voice.stem]
    state = _State(voice.staff)
    text = f"{side} {_members(voice.members, state)}"
    return text if state.staff == voice.staff else f'{text} \\change Staff = "{voice.staff}"'


class _State:
    """The staff a voice has come to."""

    def __init__(self, staff: int) -> None:
        self.staff = staff


def _members(members: Sequence[Member], state: _State) -> str:
    return " ".join(_tuplet(one, state) if isinstance(one, Tuplet) else _note(one, state) for one in members)


def _tuplet(tuplet: Tuplet, state: _State) -> str:
    hide = "" if tuplet.shown else "\\once \\omit TupletNumber \\once \\omit TupletBracket "
    return f"{hide}\\tuplet {tuplet.actual}/{tuplet.normal} {{ {_members(tuplet.members, state)} }}"


def _note(note: Note, state: _State) -> str:
    length = f"{note.denominator}{'.' * note.dots}"
    if not note.pitches:
        return f"r{length}"
    change = f'\\change Staff = "{note.staff}" ' if note.staff != state.staff else ""
    state.staff = note.staff
    heads = " ".join(map(_name, note.pitches))
    text = f"<{heads}>" if len(note.pitches) > 1 else heads
    beam = {"begin": "[", "end": "]"}.get(note.beam, "")
    return f"{change}{_graces(note)}{text}{length}{beam}"


def _graces(note: Note) -> str:
    if not note.graces:
        return ""
    word = "\\slashedGrace" if note.slashed else "\\grace"
    if len(note.graces) == 1:
        return f"{word} {{ {_name(note.graces[0])}8 }} "
    names = [f"{_name(pitch)}16" for pitch in note.graces]
    names[0], names[-1] = f"{names[0]}[", f"{names[-1]}]"
    return f"{word} {{ {' '.join(names)} }} "


def _name(pitch: tuple[int, int]) -> str:
    height, alter = pitch
    octave = height // 7 - 3
    return STEPS[height % 7] + ALTERS[alter] + ("'" * octave if octave > 0 else "," * -octave)
