"""Making pages goes on when the engraver takes its process down with it, or keeps it for ever."""

from __future__ import annotations

import os
import time

import pytest

from datasets import draws
from datasets.draws import run_draws


def _aborting(index: int) -> int:
    if index in (2, 3):
        os._exit(1)
    return 10 * index


def _endless(index: int) -> int:
    while index == 1:
        time.sleep(1)
    return 10 * index


def test_a_draw_that_aborts_costs_only_itself() -> None:
    assert list(run_draws(_aborting, range(7), 1)) == [0, 10, 40, 50, 60]


def test_a_draw_that_does_not_end_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "LONGEST", 1)
    assert list(run_draws(_endless, range(3), 1)) == [0, 20]
