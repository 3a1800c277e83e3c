"""How many bars have their five best readings proven quickly: `python -m benchmarks.kbest PAGES`.

A proof is a complete search up to the price of the fifth (omr/reading/complete.py); the tests hold it against trying all.
Counted are the bars for which it takes at most SECONDS of processor time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from omr.models import Models, load_models
from omr.page import read_pages
from omr.pipeline import recognise_page
from omr.reading import ReadPage, read

SECONDS: Final = 0.05
PAGES: Final = 8


def main() -> None:
    """Read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    pictures = sorted(parser.parse_args().pages.glob("*.png"))
    print(json.dumps({"kbest_exact_share": kbest_share(pictures, load_models("print"))}))


def kbest_share(pictures: list[Path], models: Models) -> float | None:
    """Share of the bars of PAGES pictures spread over `pictures` whose best readings are proven in time; None without bars."""
    chosen = pictures[:: max(1, len(pictures) // PAGES)][:PAGES]
    proven = [quick for path in chosen for quick in _proofs(_reading(path, models))]
    return round(sum(proven) / len(proven), 4) if proven else None


def _reading(path: Path, models: Models) -> ReadPage:
    return recognise_page(next(iter(read_pages(path))), models).reading


def _proofs(page: ReadPage) -> Iterable[bool]:
    reading = read((page,))
    for number, bar in enumerate(reading.bars):
        if bar.ink.columns:
            start = time.process_time()
            ranked = reading.alternatives(number)
            yield ranked.proven and time.process_time() - start <= SECONDS


if __name__ == "__main__":
    main()
