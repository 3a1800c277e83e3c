"""The table of likelihoods is learned from music with errors put in: the errors are those meant, all else stays as it was."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from datasets.synthetic.sources import SourceError
from omr.check.evidence import evidence_of
from omr.files.read_musicxml import read_musicxml
from omr.score import Part
from training.likelihood import KINDS, Kind, _auc, figures, learn, train
from training.wrong_notes import PITCH_ERRORS, RHYTHM_ERRORS, with_pitch_errors, with_rhythm_errors

EXAMPLE = Path(__file__).parents[2] / "examples" / "menuet.musicxml"


@pytest.fixture(scope="module")
def part() -> Part:
    return read_musicxml(EXAMPLE).parts[0]


def pitches(part: Part) -> list[object]:
    return [tone.pitch for bar in part.measures for event in bar.events for tone in event.tones]


def times(part: Part) -> list[object]:
    return [(event.onset, event.duration) for bar in part.measures for event in bar.events]


@pytest.mark.parametrize("error", PITCH_ERRORS)
def test_errors_of_pitch_change_pitches_only(part: Part, error: str) -> None:
    wrong = with_pitch_errors(part, 1.0, random.Random(3), error)
    assert pitches(wrong) != pitches(part)
    assert times(wrong) == times(part)
    assert with_pitch_errors(part, 0.0, random.Random(3), error) == part


@pytest.mark.parametrize("error", RHYTHM_ERRORS)
def test_errors_of_rhythm_change_lengths_and_stay_in_the_bar(part: Part, error: str) -> None:
    wrong = with_rhythm_errors(part, 1.0, random.Random(3), error)
    assert times(wrong) != times(part)
    assert set(pitches(wrong)) <= set(pitches(part))
    assert all(e.onset + e.duration <= bar.duration for bar in wrong.measures for e in bar.events)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_only_what_was_changed_counts_as_wrong(part: Part, kind: Kind) -> None:
    assert not any(wrong for _, _, wrong in kind.see(part, part))
    damaged = kind.damage(part, 1.0, random.Random(5), None)
    share = [wrong for _, _, wrong in kind.see(damaged, part)]
    assert 0 < sum(share) < len(share) / 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_learned_tells_wrong_bars_from_right_ones(part: Part, kind: Kind) -> None:
    model = learn(kind, [[part]] * 6, seed=1)
    assert json.dumps(model) == json.dumps(learn(kind, [[part]] * 6, seed=1))
    found = figures(kind, evidence_of(model), [part] * 3, seed=9)
    errors = [found[error] for error in kind.errors if error in found]
    assert max(row["auc_of_bars"] for row in errors) > 0.8  # type: ignore[index]


def test_the_area_under_the_curve() -> None:
    import numpy as np

    assert _auc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1.0
    assert _auc(np.array([1.0]), np.array([0.0, 2.0])) == 0.5
    assert _auc(np.array([1.0]), np.array([1.0])) == 0.5


def test_a_folder_without_public_domain_scores_is_refused(tmp_path: Path) -> None:
    (tmp_path / "menuet.musicxml").write_bytes(EXAMPLE.read_bytes())
    with pytest.raises(SourceError, match="CC0"):
        train(tmp_path, tmp_path / "out.json", most=3, seed=1)
    assert not (tmp_path / "out.json").exists()
