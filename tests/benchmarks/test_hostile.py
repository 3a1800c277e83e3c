"""Hostile inputs are the same for the same seed, and each ends with a code it may end with; nothing else is left behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import hostile
from benchmarks.absurd_files import ABSURD
from omr.errors import NoStavesError, OmrError
from omr.page import read_pages
from omr.prepare import prepare

ENDLESS = "drawn in itself"
"""Keeps the PDF library busy for ever: only a page's time limit ends it."""
SLOW = ("content bomb", "long paper", "very wide", "very high")


def read(path: Path) -> int:
    """The exit code that reading and preparing the pages of `path` alone would lead to."""
    pages = failed = 0
    try:
        for page in read_pages(path):
            pages += 1
            try:
                prepare(page)
            except NoStavesError:
                failed += 1
    except OmrError as error:
        return error.exit_code
    return NoStavesError.exit_code if failed == pages else 0


@pytest.mark.parametrize("name", sorted(set(ABSURD) - {ENDLESS, *SLOW}))
def test_absurd_files(tmp_path: Path, name: str) -> None:
    data, codes = ABSURD[name]()
    path = tmp_path / "page"
    path.write_bytes(data)
    assert read(path) in codes


def test_damaged_files_give_pages_or_one_error(tmp_path: Path) -> None:
    seen = [
        read(path) in codes for path, codes in hostile.inputs(tmp_path, seed=3, count=120) if "mutated" in path.name
    ]
    assert len(seen) >= 60
    assert all(seen)


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    runs = [[(path.name, path.read_bytes()) for path, _ in hostile.inputs(tmp_path / run, 5, 12)] for run in "ab"]
    assert runs[0] == runs[1]
    assert runs[0] != [(path.name, path.read_bytes()) for path, _ in hostile.inputs(tmp_path / "c", 6, 12)]


def test_odd_names(tmp_path: Path) -> None:
    wanted = len(hostile.NAMES) + len(ABSURD)
    seen = [
        (path, read(path), codes)
        for path, codes in hostile.inputs(tmp_path, seed=1, count=2 * wanted)
        if path.parent.name == "names"
    ]
    assert len(seen) == len(hostile.NAMES)
    assert not [path for path, code, codes in seen if code not in codes]


def test_mutations_change_something() -> None:
    data = bytes(range(256)) * 4
    assert sum(hostile.mutate(data, np.random.default_rng(seed)) != data for seed in range(40)) >= 35
