"""`python -m training.likelihood --scores FOLDER`: what is likely in music, learned from CC0 scores with errors put in.

Half of the training works fill the tables of weights (omr.check.evidence), the other half fit how the points of view are joined
and the threshold, so that neither judges what it was made from. Works of the valid split give the figures of the card. Needs
no torch; reads MusicXML only.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import minimize

from datasets.split import Split
from datasets.synthetic.sources import Source, SourceError, find_sources, read_source
from omr.atomic import write_all
from omr.check.evidence import HUNDREDTHS, OTHER, Evidence, Weights, evidence_of, name
from omr.check.lines import lines_of
from omr.check.pitch_signs import Signs, pitch_signs
from omr.check.rhythm_signs import rhythm_signs
from omr.errors import InputError
from omr.files.read_musicxml import parse_musicxml
from omr.score import Part
from training.wrong_notes import PITCH_ERRORS, RHYTHM_ERRORS, with_pitch_errors, with_rhythm_errors

LICENCE: Final = "CC0-1.0"
ERRORS: Final = 0.1  # of the bars get one
FEWEST: Final = 40  # occurrences of a cell that has a weight of its own
SMOOTHING: Final = 8.0  # occurrences that a cell is supposed to have had among right and wrong notes alike
FLAGGED: Final = 0.02  # share of right bars that may be pointed at, for each kind
PENALTY: Final = 1.0

Seen = tuple[int, Signs, bool]
"""(bar, signs, whether the note is wrong)."""
Damage = Callable[[Part, float, random.Random, str | None], Part]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of error: how it is made, how its signs are read."""

    name: str
    errors: tuple[str, ...]
    damage: Damage
    see: Callable[[Part, Part], Iterator[Seen]]


def see_pitch(part: Part, right: Part) -> Iterator[Seen]:
    """Every head of `part`; wrong where `right` lacks it."""
    known = {id(tone) for measure in right.measures for event in measure.events for tone in event.tones}
    for bar, head, signs in pitch_signs(lines_of(part)):
        yield bar.measure.index, signs, id(head.tone) not in known


def see_rhythm(part: Part, right: Part) -> Iterator[Seen]:
    """Every event of `part`; wrong where `right` lacks it."""
    known = {id(event) for measure in right.measures for event in measure.events}
    for bar, chord, signs in rhythm_signs(lines_of(part)):
        yield bar.measure.index, signs, id(chord.event) not in known


KINDS: Final = (
    Kind(name="pitch", errors=tuple(PITCH_ERRORS), damage=with_pitch_errors, see=see_pitch),
    Kind(name="rhythm", errors=tuple(RHYTHM_ERRORS), damage=with_rhythm_errors, see=see_rhythm),
)


def read_works(scores: Path, split: Split, most: int, cache: Path | None = None) -> list[tuple[Part, ...]]:
    """The parts of each of at most `most` CC0 works of a split, evenly taken; what cannot be read is left out."""
    sources = [each for each in find_sources(scores, cache=cache) if _usable(each, split)]
    works: list[tuple[Part, ...]] = []
    for source in sources[:: max(1, len(sources) // most)][:most]:
        try:
            works.append(parse_musicxml(read_source(source, cache=cache), source.id).parts)
        except (InputError, SourceError) as error:
            print(error, file=sys.stderr)
    return works


def _usable(source: Source, split: Split) -> bool:
    return source.split == split and source.licence == LICENCE and source.format == "musicxml"


def learn(kind: Kind, works: Sequence[Sequence[Part]], seed: int) -> dict[str, object]:
    """Tables, factors, bias and threshold of one kind of error."""
    counted, fitted_to = [[part for work in works[half::2] for part in work] for half in (0, 1)]
    tables = _tables(_damaged(kind, counted, seed))
    unfitted = Evidence(
        tables={view: Weights(table) for view, table in tables.items()}, factors={}, bias=0.0, threshold=1.0
    )
    factors, bias = _fit(unfitted, _damaged(kind, fitted_to, seed + 1))
    fitted = Evidence(tables=unfitted.tables, factors=factors, bias=bias, threshold=1.0)
    tops = _tops(fitted, kind, [part for part in fitted_to if part.staves > 1] or fitted_to)
    return {
        "bias": round(bias, 4),
        "threshold": round(float(np.quantile(tops, 1 - FLAGGED)), 4),
        "factors": {view: round(factor, 4) for view, factor in factors.items()},
        "tables": tables,
    }


def _damaged(kind: Kind, parts: Iterable[Part], seed: int, only: str | None = None) -> Iterator[Seen]:
    for number, part in enumerate(parts):
        yield from kind.see(kind.damage(part, ERRORS, random.Random(f"{seed}/{number}"), only), part)


def _tables(seen: Iterable[Seen]) -> dict[str, dict[str, int]]:
    """Weights of the cells in hundredths."""
    counts: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for _, signs, wrong in seen:
        for view, cells in signs.items():
            counts[view][wrong].update(map(name, cells))
    return {view: _table(right, wrong) for view, (right, wrong) in sorted(counts.items())}


def _table(right: Counter[str], wrong: Counter[str]) -> dict[str, int]:
    merged = Counter(right) + Counter(wrong)
    rare = [cell for cell, count in merged.items() if count < FEWEST]
    for counter in (right, wrong):
        counter[OTHER] = sum(counter.pop(cell, 0) for cell in rare)
    rights, wrongs = right.total(), wrong.total()
    weights = {}
    for cell in sorted({*right, *wrong}):
        usual = SMOOTHING * (right[cell] + wrong[cell]) / (rights + wrongs)
        share, other = ((wrong[cell] + usual) / (wrongs + SMOOTHING), (right[cell] + usual) / (rights + SMOOTHING))
        weights[cell] = round(HUNDREDTHS * log(share / other)) if share and other else 0
    return weights


def _fit(evidence: Evidence, seen: Iterable[Seen]) -> tuple[dict[str, float], float]:
    """Factors of the points of view and the bias: logistic regression."""
    rows, labels = [], []
    views: list[str] = []
    for _, signs, wrong in seen:
        values = evidence.values(signs)
        views = views or list(values)
        rows.append([values[view] for view in views])
        labels.append(wrong)
    x = np.column_stack([np.array(rows), np.ones(len(rows))])
    sign = np.where(labels, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ weights)
        slope = -sign / (1 + np.exp(np.clip(margin, -30, 30)))
        penalty = PENALTY * np.append(weights[:-1], 0.0)
        return float(np.logaddexp(0, -margin).sum() + 0.5 * penalty @ weights), x.T @ slope + penalty

    bounds = [(0.0, None)] * (x.shape[1] - 1) + [(None, None)]  # nothing that speaks for an error may clear a note
    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return dict(zip(views, map(float, found[:-1]), strict=True)), float(found[-1])


def _bars(evidence: Evidence, seen: Iterable[Seen]) -> dict[int, tuple[float, bool]]:
    """By bar of a part (the likeliest error, whether there is one)."""
    found: dict[int, tuple[float, bool]] = {}
    for bar, signs, wrong in seen:
        before, known = found.get(bar, (0.0, False))
        found[bar] = max(before, evidence.probability(evidence.values(signs))), known or wrong
    return found


def _tops(evidence: Evidence, kind: Kind, parts: Iterable[Part]) -> list[float]:
    """The likeliest error of each bar of right music."""
    return [top for part in parts for top, _ in _bars(evidence, kind.see(part, part)).values()]


def figures(kind: Kind, evidence: Evidence, parts: Sequence[Part], seed: int) -> dict[str, object]:
    """How a kind does on other works: shares of bars pointed at, and how well wrong bars are told from right ones."""
    clean = np.array(_tops(evidence, kind, parts))
    found: dict[str, object] = {"bars": len(clean), "flagged_of_right_bars": _share(clean, evidence)}
    keyboard = [part for part in parts if part.staves > 1]
    if keyboard:
        found["flagged_of_right_keyboard_bars"] = _share(np.array(_tops(evidence, kind, keyboard)), evidence)
    for error in kind.errors:
        bars = [
            bar
            for number, part in enumerate(parts)
            for bar in _bars(evidence, _damaged(kind, [part], seed + number, error)).values()
        ]
        wrong = np.array([top for top, is_wrong in bars if is_wrong])
        if len(wrong):
            found[error] = {"flagged": _share(wrong, evidence), "auc_of_bars": round(_auc(wrong, clean), 3)}
    return found


def _share(tops: np.ndarray, evidence: Evidence) -> float:
    return round(float(np.mean(tops >= evidence.threshold)), 4)


def _auc(high: np.ndarray, low: np.ndarray) -> float:
    """Chance that one of `high` exceeds one of `low`."""
    ordered = np.sort(low)
    below, upto = np.searchsorted(ordered, high, "left"), np.searchsorted(ordered, high, "right")
    return float(((below + upto) / 2).mean() / len(low))


def train(scores: Path, out: Path, *, most: int, seed: int, cache: Path | None = None) -> dict[str, object]:
    """Writes the model with its card inside; returns the card."""
    works = read_works(scores, "train", most, cache)
    others = [part for work in read_works(scores, "valid", most, cache) for part in work]
    if not works or not others:
        raise SourceError(
            f"{scores}: no {LICENCE} MusicXML of the splits train and valid; give the folder of OpenScore"
        )
    models = {kind.name: learn(kind, works, seed) for kind in KINDS}
    shown = {kind.name: figures(kind, evidence_of(models[kind.name]), others, seed + 2) for kind in KINDS}
    card: dict[str, object] = {
        "name": "likelihood",
        "version": "1",
        "data": ["OpenScore Lieder (CC0-1.0)", "OpenScore String Quartets (CC0-1.0)"],
        "licence": LICENCE,
        "recipe": {"works": len(works), "bars_with_errors": ERRORS, "flagged_of_right_bars": FLAGGED, "seed": seed},
        "figures": shown,
    }
    write_all([(out, (json.dumps(card | models, ensure_ascii=False, separators=(",", ":")) + "\n").encode())])
    return card


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.likelihood", description=__doc__)
    parser.add_argument("--scores", type=Path, required=True, help="folder with the archives of OpenScore")
    parser.add_argument("--out", type=Path, required=True, help="file to write, such as omr/weights/likelihood-1.json")
    parser.add_argument("--works", type=int, default=260, help="works learned from at most (default 260)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same model (default 1)")
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(train(options.scores, options.out, most=options.works, seed=options.seed), indent=1))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
