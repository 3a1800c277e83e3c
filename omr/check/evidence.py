"""How much each sign speaks for an error: a table of weights learned from public-domain scores with errors put in.

A cell's weight is log(share among wrong notes / share among right ones), natural. The weights of a note's cells are joined by
a logistic regression, so the result is a probability for the share of errors it was fitted with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any, Final

from omr.check.pitch_signs import Cell, Signs
from omr.errors import ModelError

MODEL: Final = Path(__file__).parents[1] / "weights" / "likelihood-1.json"
OTHER: Final = "?"
"""Stands for every cell too rare to have a weight of its own."""
HUNDREDTHS: Final = 100
"""Weights are stored as whole hundredths."""


class Weights(dict[Cell, float]):
    """The weight of each cell; a cell is spelled only when it is first asked for."""

    def __init__(self, hundredths: Mapping[str, int]) -> None:
        super().__init__()
        self._hundredths = hundredths

    def __missing__(self, cell: Cell) -> float:
        weight = self._hundredths.get(name(cell), self._hundredths[OTHER]) / HUNDREDTHS
        self[cell] = weight
        return weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was learned about one kind of error."""

    tables: Mapping[str, Weights]
    """By point of view."""
    factors: Mapping[str, float]
    """Of each value of `values`."""
    bias: float
    threshold: float
    """Probability from which a note is worth a look."""

    def values(self, signs: Signs) -> dict[str, float]:
        """The weight of each point of view: the mean of its cells, 0 where nothing is to be seen."""
        found: dict[str, float] = {}
        for view, cells in signs.items():
            table = self.tables[view]
            if len(cells) == 1:
                found[view] = table[cells[0]]
            else:
                found[view] = sum([table[cell] for cell in cells]) / len(cells) if cells else 0.0
        return found

    def probability(self, values: Mapping[str, float]) -> float:
        """Of an error, given what `values` returned."""
        total = self.bias + sum([self.factors[view] * value for view, value in values.items()])
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))

    def reason(self, values: Mapping[str, float]) -> str:
        """The point of view that says most."""
        return max(sorted(values), key=lambda view: self.factors[view] * values[view])


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """What is likely in music."""

    pitch: Evidence
    rhythm: Evidence


def name(cell: Cell) -> str:
    """The cell as the tables spell it."""
    return ",".join(map(str, cell))


@cache
def likelihood() -> Likelihood:
    """The model beside the weights; raises ModelError when it is missing or damaged."""
    return read_likelihood(MODEL)


def read_likelihood(path: Path) -> Likelihood:
    """The model at `path`; raises ModelError when it is missing or damaged."""
    try:
        document = json.loads(path.read_text("utf-8"))
        return Likelihood(pitch=evidence_of(document["pitch"]), rhythm=evidence_of(document["rhythm"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: is no table of likelihoods ({error}); reinstall scorewright") from error


def evidence_of(row: Mapping[str, Any]) -> Evidence:
    """What a JSON object says; raises KeyError, TypeError or ValueError where something is missing or no number."""
    return Evidence(
        tables={view: Weights({OTHER: 0, **table}) for view, table in row["tables"].items()},
        factors={view: float(factor) for view, factor in row["factors"].items()},
        bias=float(row["bias"]),
        threshold=float(row["threshold"]),
    )
