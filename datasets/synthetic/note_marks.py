"""Signs on a single note: articulations, ornaments, grace notes, accidentals, dynamics, words.

Each function adds one sign to a note (a chord is given by its first note) and returns nothing. What changes only what is
printed, and so makes the music wrong, says so.
"""

from __future__ import annotations

import copy
from random import Random
from typing import Final

from lxml import etree

from datasets.synthetic.schema import (
    STEPS,
    add_in_order,
    add_notation,
    chord_of,
    direction,
    is_pitched,
    make,
    remove_all,
    wrap,
)

ARTICULATIONS: Final = ("staccato", "tenuto", "accent", "strong-accent", "staccatissimo", "spiccato")
ORNAMENTS: Final = ("trill-mark", "mordent", "inverted-mordent", "turn", "inverted-turn")
TECHNICAL: Final = ("up-bow", "down-bow", "harmonic")
PAUSES: Final = ("breath-mark", "caesura")
DYNAMICS: Final = (
    "p", "pp", "ppp", "pppp", "f", "ff", "fff", "mp", "mf", "sf", "sfp", "fp", "rf", "rfz", "sfz", "sffz", "fz", "n", "pf",
    "sfzp", "mp", "mf", "mp", "mf", "rfz", "n",
)  # fmt: skip
ACCIDENTALS: Final = {
    "1": "sharp",
    "-1": "flat",
    "2": "double-sharp",
    "-2": "flat-flat",
    "0": "natural",
}
EXPRESSIONS: Final = (
    "dolce", "cresc.", "dim.", "espr.", "legato", "sempre", "poco rit.", "a tempo", "cantabile", "leggiero", "marcato",
    "sotto voce", "ten.", "pizz.", "arco", "con brio", "simile", "m.d.", "m.g.", "accel.", "rall.", "poco a poco",
    "con fuoco", "tutti", "solo", "div.", "unis.", "con Ped.", "una corda", "Fine", "D.C. al Fine", "D.S.", "To Coda",
    "cres.", "R.H.", "L.H.", "mezzo voce", "cres - cen - do", "sempre stacc.", "loco", "poco", "più", "tr",
)  # fmt: skip
TEMPI: Final = (
    "Allegro", "Andante", "Adagio", "Presto", "Moderato", "Largo", "Vivace", "Allegretto", "Lento", "Tempo di Valse",
    "Più mosso", "Tempo I", "Maestoso", "Nicht schnell", "Slow March time",
)  # fmt: skip
SYLLABLES: Final = (
    "a", "la", "ri", "do", "men", "lie", "be", "the", "sun", "her", "zens", "trau", "nacht", "mon", "coeur", "fleur", "is",
    "love", "still", "wie", "ein", "der", "und", "qui", "mai", "sol", "ky", "ra", "sing", "ing",
)  # fmt: skip
NOTEHEADS: Final = ("x", "diamond", "slash", "cross")
"""Those that verovio draws; triangles are set by exchange.py."""
HARMONY_KINDS: Final = (
    ("major", ""),
    ("minor", "m"),
    ("dominant", "7"),
    ("diminished", "dim"),
    ("major-seventh", "maj7"),
)
RARE_VALUES: Final = (
    "breve", "whole", "half", "eighth", "16th", "32nd", "32nd", "32nd", "64th", "64th", "64th", "128th", "128th", "128th",
)  # fmt: skip
METRONOME_UNITS: Final = ("quarter", "half", "eighth")


def articulate(note: etree._Element, random: Random) -> None:
    for name in random.sample(ARTICULATIONS, random.choice((1, 1, 1, 2))):
        place = random.choice(("", "", "above", "below"))
        add_notation(note, make(name, attributes={"placement": place} if place else {}), "articulations")


def ornament(note: etree._Element, random: Random) -> None:
    add_notation(note, make(random.choice(ORNAMENTS)), "ornaments")
    if random.random() < 0.25:
        mark = make("accidental-mark", random.choice(("sharp", "flat", "natural")), {"placement": "above"})
        add_notation(note, mark, "ornaments")


def tremolo(note: etree._Element, random: Random) -> None:
    add_notation(note, make("tremolo", str(random.choice((1, 2, 3, 3))), {"type": "single"}), "ornaments")


def fermata(note: etree._Element, random: Random) -> None:
    upright = random.random() < 0.7
    add_notation(note, make("fermata", attributes={"type": "upright" if upright else "inverted"}))


def arpeggio(note: etree._Element, random: Random) -> None:
    for member in chord_of(note):
        add_notation(member, make("arpeggiate"))


def technique(note: etree._Element, random: Random) -> None:
    add_notation(note, make(random.choice(TECHNICAL)), "technical")


def fingering(note: etree._Element, random: Random) -> None:
    for _ in chord_of(note)[:3]:
        add_notation(note, make("fingering", str(random.randint(1, 5))), "technical")


def bar_number(note: etree._Element, random: Random) -> None:
    """A number in brackets as teaching editions count their bars."""
    content = make("words", f"({random.randint(1, 40) * 5})", {"font-weight": "bold", "font-size": "14"})
    note.addprevious(direction(content, note, random.choice(("below", "below", "above"))))


def pause(note: etree._Element, random: Random) -> None:
    add_notation(note, make(random.choice(PAUSES)), "articulations")


def accidental(note: etree._Element, random: Random) -> None:
    """Print the accidental the note has anyway, at times in parentheses: a reminder, the music stays."""
    if not is_pitched(note) or note.find("accidental") is not None:
        return
    name = ACCIDENTALS.get(note.findtext("pitch/alter", "0").strip())
    if name:
        cautionary = {"cautionary": "yes", "parentheses": "yes"} if random.random() < 0.5 else {}
        add_in_order(note, make("accidental", name, cautionary))


def any_accidental(note: etree._Element, random: Random) -> None:
    """Print accidentals at random on a whole chord; the music is wrong then."""
    names = random.choices(list(ACCIDENTALS.values()), (4, 4, 3, 3, 3), k=8)
    for member, name in zip(chord_of(note), names):
        remove_all(member, "accidental")
        if is_pitched(member):
            enclosed = {"parentheses": "yes"} if random.random() < 0.15 else {}
            add_in_order(member, make("accidental", name, enclosed))


def graces(note: etree._Element, random: Random) -> None:
    """Put one to four grace notes before the note, alone with a slash or without, or beamed."""
    count = random.choice((1, 1, 1, 2, 2, 3, 4))
    kind = random.choice(("eighth", "eighth", "16th")) if count == 1 else random.choice(("16th", "eighth", "32nd"))
    slash = count == 1 and random.random() < 0.6
    steps = random.choice((-1, 1))
    for index in range(count):
        grace = _grace(note, kind, steps * (count - index), slash=slash)
        if count > 1:
            place = "begin" if index == 0 else "end" if index == count - 1 else "continue"
            for beam in range({"eighth": 1, "16th": 2, "32nd": 3}[kind]):
                add_in_order(grace, make("beam", place, {"number": str(beam + 1)}))
        note.addprevious(grace)


def _grace(note: etree._Element, kind: str, steps: int, *, slash: bool) -> etree._Element:
    made = wrap("note", make("grace", attributes={"slash": "yes"} if slash else {}), _moved(note, steps))
    for tag in ("voice", "staff"):
        text = note.findtext(tag)
        if text:
            add_in_order(made, make(tag, text))
    add_in_order(made, make("type", kind))
    return made


def _moved(note: etree._Element, steps: int) -> etree._Element:
    """The pitch of `note` moved by diatonic steps, unaltered."""
    height = STEPS.index(note.findtext("pitch/step", "C")) + 7 * int(note.findtext("pitch/octave", "4")) + steps
    height = min(max(height, 7), 7 * 8)
    return wrap("pitch", make("step", STEPS[height % 7]), make("octave", str(height // 7)))


def dynamic(note: etree._Element, random: Random) -> None:
    content = wrap("dynamics", make(random.choice(DYNAMICS)))
    note.addprevious(direction(content, note, random.choice(("below", "below", "above"))))


def expression(note: etree._Element, random: Random) -> None:
    content = make("words", random.choice(EXPRESSIONS), {"font-style": random.choice(("italic", "italic", "normal"))})
    note.addprevious(direction(content, note, random.choice(("below", "above"))))


def tempo(note: etree._Element, random: Random) -> None:
    made = direction(make("words", random.choice(TEMPI), {"font-weight": "bold"}), note, "above")
    if random.random() < 0.5:
        metronome = wrap("metronome", make("beat-unit", random.choice(METRONOME_UNITS)))
        if random.random() < 0.3:
            metronome.append(make("beat-unit-dot"))
        metronome.append(make("per-minute", str(random.randint(40, 200))))
        made.insert(1, wrap("direction-type", metronome))
    note.addprevious(made)


def rehearsal(note: etree._Element, random: Random) -> None:
    text = random.choice((random.choice("ABCDEFGH"), str(random.randint(1, 60))))
    note.addprevious(direction(make("rehearsal", text, {"enclosure": "square"}), note, "above"))


def sign(note: etree._Element, random: Random) -> None:
    note.addprevious(direction(make(random.choice(("segno", "coda"))), note, "above"))


def harmony(note: etree._Element, random: Random) -> None:
    kind, text = random.choice(HARMONY_KINDS)
    root = wrap("root", make("root-step", random.choice(STEPS)))
    if random.random() < 0.3:
        root.append(make("root-alter", random.choice(("1", "-1"))))
    note.addprevious(wrap("harmony", root, make("kind", kind, {"text": text} if text else {})))


def syllable(note: etree._Element, random: Random) -> None:
    if note.find("lyric") is None:
        syllabic = random.choice(("single", "begin", "middle", "end"))
        lyric = make("lyric", attributes={"number": "1"})
        lyric.extend((make("syllabic", syllabic), make("text", random.choice(SYLLABLES))))
        add_in_order(note, lyric)


def notehead(note: etree._Element, random: Random) -> None:
    shape = random.choice(NOTEHEADS)
    for member in chord_of(note):
        remove_all(member, "notehead")
        add_in_order(member, make("notehead", shape))


def small(note: etree._Element, random: Random) -> None:
    for member in chord_of(note):
        kind = member.find("type")
        if kind is not None:
            kind.set("size", "cue")


def stacked(note: etree._Element, random: Random) -> None:
    """Add notes to the chord, seconds among them; the music is wrong then."""
    if not is_pitched(note):
        return
    last = chord_of(note)[-1]
    height = 0
    for _ in range(random.choice((1, 2, 2, 3))):
        height += random.choice((1, 2, 2, 3, 5))
        added = copy.deepcopy(note)
        remove_all(added, "notations", "lyric", "accidental", "tie", "beam", "pitch")
        added.insert(0, make("chord"))
        add_in_order(added, _moved(note, height))
        last.addnext(added)
        last = added


def far(note: etree._Element, random: Random) -> None:
    """Move a chord by an octave or two, for ledger lines; the music is wrong then."""
    octaves = random.choice((-2, -1, 1, 2))
    for member in chord_of(note):
        octave = member.find("pitch/octave")
        if octave is not None:
            octave.text = str(min(max(int(octave.text or "4") + octaves, 1), 8))


def retimed(note: etree._Element, random: Random) -> None:
    """Print another note value, dots at times; the music is wrong then."""
    if note.find("beam") is not None:
        return
    value = random.choice(RARE_VALUES)
    dots = random.choice((0, 0, 1, 1, 2))
    for member in chord_of(note):
        rest = member.find("rest")
        if rest is not None and "measure" in rest.attrib:
            del rest.attrib["measure"]
        remove_all(member, "type", "dot")
        add_in_order(member, make("type", value))
        for _ in range(dots):
            add_in_order(member, make("dot"))
