"""Where the data of the benchmarks lies: SCOREWRIGHT_DATA, by default a `shared/data` folder beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_folder() -> Path:
    """The folder that holds scores, printed-scans, handwritten-debussy and muscima-pp."""
    return Path(os.environ.get("SCOREWRIGHT_DATA") or BESIDE)


def scores_folder() -> Path:
    """The folder of score archives."""
    return data_folder() / "scores"


def cache_folder() -> Path:
    """Where pages that take long to make are kept: SCOREWRIGHT_CACHE, by default in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("SCOREWRIGHT_CACHE") or Path(base) / "scorewright")
