from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from lxml import etree

from datasets.synthetic.events import key_alteration
from datasets.synthetic.procedural import procedural_score
from datasets.synthetic.rhythm import QUARTER, beats, fill
from datasets.synthetic.schema import STEPS

SIGNS = {"flat-flat": -2, "flat": -1, "natural": 0, "sharp": 1, "double-sharp": 2}
SEEDS = range(6)


def _height(note: etree._Element) -> int:
    return STEPS.index(note.findtext("pitch/step", "")) + 7 * int(note.findtext("pitch/octave", "0"))


def _timed(measure: etree._Element) -> list[tuple[int, etree._Element]]:
    """The notes of a bar with their onsets, in order of time."""
    now = last = 0
    found = []
    for element in measure:
        length = int(element.findtext("duration", "0"))
        if element.tag == "backup":
            now -= length
        elif element.tag == "note":
            if element.find("chord") is None:
                last, now = now, now + length
            found.append((last, element))
    return sorted(found, key=lambda item: item[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_voice_fills_every_bar(seed: int) -> None:
    for part in procedural_score(Random(seed), 12).findall("part"):
        metre = ("4", "4")
        for measure in part:
            time = measure.find("attributes/time")
            if time is not None:
                metre = (time.findtext("beats", ""), time.findtext("beat-type", ""))
            sums: Counter[str] = Counter()
            for note in measure.findall("note"):
                if note.find("chord") is None:
                    sums[note.findtext("voice", "")] += int(note.findtext("duration", "0"))
            assert set(sums.values()) == {sum(beats(metre))}
            assert sum(beats(metre)) == QUARTER * 4 * int(metre[0]) // int(metre[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_key_and_printed_accidentals_give_the_pitches(seed: int) -> None:
    for part in procedural_score(Random(seed), 12).findall("part"):
        fifths = 0
        for measure in part:
            fifths = int(measure.findtext("attributes/key/fifths", str(fifths)))
            inforce: dict[tuple[str, int], int] = {}
            for _, note in _timed(measure):
                if note.find("pitch") is None or any(tie.get("type") == "stop" for tie in note.findall("tie")):
                    continue
                place = note.findtext("staff", "1"), _height(note)
                sign = note.findtext("accidental")
                if sign:
                    inforce[place] = SIGNS[sign]
                read = inforce.get(place, key_alteration(place[1], fifths))
                assert read == int(note.findtext("pitch/alter", "0"))


def test_ties_begin_and_end_on_the_same_pitch() -> None:
    tied = 0
    for seed in SEEDS:
        for part in procedural_score(Random(seed), 12).findall("part"):
            kinds = Counter(element.get("type", "") for element in part.iter("tied"))
            assert kinds["start"] == kinds["stop"]
            tied += kinds["start"]
    assert tied > 20


def test_beams_begin_and_end() -> None:
    for seed in range(20):
        open_levels: set[int] = set()
        for value in fill(("4", "4"), Random(seed), calm=0.1, beamed=True):
            for level, word in enumerate(value.beams):
                assert (word in ("end", "continue")) == (level in open_levels)
                if word == "begin":
                    open_levels.add(level)
                elif word == "end":
                    open_levels.discard(level)
        assert not open_levels


def test_the_same_seed_gives_the_same_score() -> None:
    first, again, other = (etree.tostring(procedural_score(Random(seed), 8)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_all_clefs_keys_and_values_come_up() -> None:
    found: Counter[str] = Counter()
    for seed in range(30):
        root = procedural_score(Random(seed), 8)
        found.update(f"{clef.findtext('sign')}{clef.findtext('line')}" for clef in root.iter("clef"))
        found.update(element.text or "" for element in root.iter("type", "beats", "accidental"))
    wanted = (
        "G2",
        "F4",
        "C3",
        "half",
        "quarter",
        "eighth",
        "16th",
        "32nd",
        "64th",
        "whole",
        "double-sharp",
        "flat-flat",
    )
    assert [name for name in wanted if not found[name]] == []
