"""Errors put into music are found oftener than music without errors is pointed at."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from omr.check import check_score
from omr.check.evidence import MODEL, likelihood, read_likelihood
from omr.check.lines import lines_of
from omr.check.pitch_signs import pitch_signs
from omr.check.rhythm_signs import rhythm_signs
from omr.check.unlikely import REASONS
from omr.errors import ModelError
from omr.files.read_musicxml import read_musicxml
from omr.score import Clef, ClefChange, Event, Measure, Pitch, Score

EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.musicxml"
HEAVIEST = 200_000  # bytes of the model
BARS = range(2, 30, 4)


@pytest.fixture(scope="module")
def music() -> Score:
    return read_musicxml(EXAMPLE)


def unlikely(score: Score) -> set[tuple[str, int | None]]:
    found = check_score(score)
    return {(issue.code, issue.measure) for issue in found if issue.code in ("note-unlikely", "rhythm-unlikely")}


def with_bar(score: Score, bar: int, events: tuple[Event, ...]) -> Score:
    (part,) = score.parts
    measures = list(part.measures)
    measures[bar] = replace(measures[bar], events=events)
    return replace(score, parts=(replace(part, measures=tuple(measures)),))


def moved(event: Event, *, steps: int = 0, alter: int = 0) -> Event:
    def elsewhere(pitch: Pitch) -> Pitch:
        height = 7 * pitch.octave + "CDEFGAB".index(pitch.step) + steps
        return Pitch("CDEFGAB"[height % 7], height // 7, pitch.alter + alter)  # type: ignore[arg-type]

    return replace(event, tones=tuple(replace(tone, pitch=elsewhere(tone.pitch)) for tone in event.tones))


def changed(score: Score, bar: int, kind: str) -> Score:
    """`score` with an error of a kind in one bar."""
    events = score.parts[0].measures[bar].events
    middle = next(i for i, event in enumerate(events) if event.tones and event.staff == 1 and event.onset > 0)
    event = events[middle]
    if kind == "clef":
        return with_bar(score, bar, tuple(moved(e, steps=12) if e.staff == 2 else e for e in events))
    wrong = {
        "accidental": moved(event, alter=-1),
        "halved": replace(event, duration=event.duration / 2, type="16th"),
        "triplet": replace(event, duration=event.duration * Fraction(2, 3), time_modification=(3, 2)),
    }[kind]
    return with_bar(score, bar, (*events[:middle], wrong, *events[middle + 1 :]))


@pytest.mark.parametrize(
    ("kind", "code", "share"),
    [
        ("clef", "note-unlikely", 0.5),
        ("accidental", "note-unlikely", 0.3),
        ("halved", "rhythm-unlikely", 0.8),
        ("triplet", "rhythm-unlikely", 0.8),
    ],
)
def test_an_error_is_found(music: Score, kind: str, code: str, share: float) -> None:
    before = unlikely(music)
    assert len(before) <= 2
    found = [(code, bar) in unlikely(changed(music, bar, kind)) - before for bar in BARS]
    assert sum(found) >= share * len(found)


def test_only_heads_with_a_pitch_count(music: Score) -> None:
    (part,) = music.parts
    first = part.measures[0]
    clef = tuple(ClefChange(onset=Fraction(0), staff=s, clef=Clef(sign="percussion", line=3)) for s in (1, 2))
    drums = replace(part, measures=(replace(first, clefs=clef), *part.measures[1:]))
    assert not list(pitch_signs(lines_of(drums)))
    assert list(rhythm_signs(lines_of(drums)))


def test_the_model_is_light_says_what_it_is_made_of_and_fits_the_views(music: Score) -> None:
    assert MODEL.stat().st_size < HEAVIEST
    bars = lines_of(music.parts[0])
    for evidence, seen in ((likelihood().pitch, pitch_signs(bars)), (likelihood().rhythm, rhythm_signs(bars))):
        _, _, signs = next(iter(seen))
        assert set(signs) == set(evidence.tables) <= set(REASONS)
        assert 0 < evidence.threshold < 1


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"pitch": {}, "rhythm": {}}'])
def test_a_damaged_model_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "likelihood.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match="reinstall"):
        read_likelihood(path)


def test_a_score_without_notes_has_nothing_unlikely() -> None:
    bar = Measure(index=0, number="1", duration=Fraction(4))
    part = replace(read_musicxml(EXAMPLE).parts[0], measures=(bar,))
    assert not unlikely(Score(parts=(part,)))
