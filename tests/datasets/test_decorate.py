from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from lxml import etree

from datasets.synthetic.decorate import Decoration, decorate, finger
from datasets.synthetic.procedural import procedural_score
from omr.files.schema import schema_errors


@pytest.mark.parametrize("level", list(Decoration))
def test_decorated_scores_are_valid_musicxml(level: Decoration) -> None:
    for seed in range(3):
        decorated = decorate(procedural_score(Random(seed), 16), Random(seed), 0.5, level=level)
        assert schema_errors(decorated) == ()


def test_rare_symbols_appear_in_every_class() -> None:
    found: Counter[str] = Counter()
    for seed in range(14):
        decorated = decorate(procedural_score(Random(seed), 16), Random(seed), 0.6, level=Decoration.WILD)
        found.update(element.tag for element in decorated.iter("*"))
        found.update(element.text or "" for element in decorated.iter("type", "accidental", "sign"))
    rare = (
        "staccatissimo", "strong-accent", "trill-mark", "wavy-line", "mordent", "inverted-mordent", "turn", "inverted-turn",
        "tremolo", "fermata", "arpeggiate", "grace", "fingering", "up-bow", "down-bow", "harmonic", "breath-mark", "caesura",
        "glissando", "segno", "coda", "rehearsal", "metronome", "octave-shift", "pedal", "multiple-rest", "measure-repeat",
        "ending", "repeat", "notehead", "double-sharp", "flat-flat", "breve", "64th", "128th", "percussion",
        "sfzp", "rfz", "n",
    )  # fmt: skip
    assert [name for name in rare if not found[name]] == []


def test_true_decoration_keeps_pitches_durations_keys_and_metres() -> None:
    def music(root: etree._Element) -> list[tuple[str, ...]]:
        """Pitch, length and place of each note, and the keys and metres."""
        names = ("pitch/step", "pitch/alter", "pitch/octave", "duration", "type", "voice", "staff")
        notes = (note for note in root.iter("note") if note.find("grace") is None and note.find("rest") is None)
        declared = [tuple(str(text) for text in element.itertext()) for element in root.iter("key", "time")]
        return [tuple(note.findtext(name, "") for name in names) for note in notes] + declared

    root = procedural_score(Random(5), 20)
    decorated = decorate(root, Random(8), 0.5)
    assert len(list(decorated.iter("articulations"))) > 3
    emptied = len(list(decorated.iter("rest"))) - len(list(root.iter("rest")))
    if emptied == 0:
        assert music(decorated) == music(root)
    else:
        assert set(music(decorated)) <= set(music(root))


def test_the_same_seed_decorates_alike_and_leaves_the_source_alone() -> None:
    root = procedural_score(Random(1), 12)
    before = etree.tostring(root)
    first = etree.tostring(decorate(root, Random(3), 0.4, level=Decoration.WILD))
    assert first == etree.tostring(decorate(root, Random(3), 0.4, level=Decoration.WILD))
    assert first != etree.tostring(decorate(root, Random(4), 0.4, level=Decoration.WILD))
    assert etree.tostring(root) == before


def test_rare_pages_hold_more_of_the_rare_signs() -> None:
    def count(level: Decoration) -> int:
        roots = (decorate(procedural_score(Random(seed), 16), Random(seed), 0.5, level=level) for seed in range(6))
        rare = ("harmonic", "caesura", "segno", "glissando", "inverted-turn", "down-bow", "measure-repeat")
        return sum(element.tag in rare for root in roots for element in root.iter("*"))

    assert count(Decoration.RARE) > 1.3 * count(Decoration.WILD)


def test_a_teaching_edition_has_digits_at_its_notes_and_stays_valid() -> None:
    root = procedural_score(Random(2), 16)
    fingered = [finger(root, Random(seed)) for seed in range(6)]
    digits = [len(list(each.iter("fingering"))) for each in fingered]
    assert max(digits) > 100
    assert any((words.text or "").startswith("(") for each in fingered for words in each.iter("words"))
    assert all(schema_errors(each) == () for each in fingered)
    assert not list(root.iter("fingering"))
