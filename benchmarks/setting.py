"""What the `show-...` commands are told: where things are, and whether all pages are seen."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks.data_folder import cache_folder, data_folder


def parser(description: str | None, *, report: str, quick: str) -> argparse.ArgumentParser:
    """The options every report takes (data, cache, report, quick); QUICK=1 in the environment is --quick."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--data", type=Path, default=data_folder(), help="printed-scans, scores, muscima-pp ...")
    options.add_argument("--cache", type=Path, default=cache_folder(), help="keeps the engraved pages")
    options.add_argument("--report", type=Path, default=Path(report), help="folder for what the figures came from")
    wanted = os.environ.get("QUICK", "") not in ("", "0")
    options.add_argument("--quick", action="store_true", default=wanted, help=f"{quick} (QUICK=1)")
    return options
