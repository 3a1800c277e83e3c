"""`python -m datasets synthetic|muscima`: labelled tiles for the detector on disk."""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from datasets.draws import run_draws
from datasets.muscima import MuscimaError, StaffLines, samples
from datasets.synthetic import musescore
from datasets.synthetic.degrade import degrade
from datasets.synthetic.generate import Plan, generate
from datasets.synthetic.handwriting import read_hands
from datasets.synthetic.sources import SourceError, find_sources
from datasets.yolo import write_description, write_tiles

log = logging.getLogger(__name__)

PALEST_LINES = 150  # grey value of lines ruled on music paper


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m datasets", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    synthetic = kinds.add_parser("synthetic", help="engrave pages and cut them into tiles")
    synthetic.add_argument(
        "--scores", type=Path, help="folder of MusicXML, mxl, kern or tar archives (none: music is made up)"
    )
    synthetic.add_argument("--engraver", choices=("verovio", "musescore"), default="verovio", help="default verovio")
    synthetic.add_argument(
        "--hands", type=Path, help="folder of MUSCIMA++: write the pages in its hands (hand edition only)"
    )
    synthetic.add_argument("--rare", action="store_true", help="pages full of signs of which scores hold very few")
    synthetic.add_argument("--out", type=Path, required=True, help="folder for images, labels and data.yaml")
    synthetic.add_argument("--first", type=int, default=0, help="first draw (default 0)")
    synthetic.add_argument("--draws", type=int, default=600, help="draws of one or two pages each (default 600)")
    synthetic.add_argument("--seed", type=int, default=1, help="the same seed gives the same pages (default 1)")
    synthetic.add_argument("--split", choices=("train", "valid"), default="train")
    synthetic.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    written = kinds.add_parser("muscima", help="paint MUSCIMA++ pages and cut them into tiles (hand edition only)")
    written.add_argument("--folder", type=Path, required=True, help="folder of MUSCIMA++ v2.0")
    written.add_argument("--out", type=Path, required=True, help="folder for images, labels and data.yaml")
    written.add_argument("--seed", type=int, default=1, help="the same seed gives the same tiles (default 1)")
    written.add_argument("--split", choices=("train", "valid"), default="train")
    written.add_argument("--copies", type=int, default=1, help="times a page is worn and cut anew (default 1)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return _written(options) if options.kind == "muscima" else _synthetic(options)
    except (SourceError, MuscimaError) as error:
        log.error("%s", error)
        return 2


def _written(options: argparse.Namespace) -> int:
    """Tiles of the handwritten pages, every second copy as clean as it was scanned, every third without staff lines.

    Half the worn pages are on paper ruled paler than the ink. Test pages are never cut.
    """
    write_description(options.out)
    tiles = 0
    for copy in range(options.copies):
        lines = StaffLines.KEPT if copy % 3 < 2 else StaffLines.REMOVED
        ruled = partial(_ruled, options.seed, copy)
        for index, page in enumerate(samples(options.folder, options.split, lines, ruled=ruled)):
            noise = np.random.default_rng([options.seed, copy, index])
            pale = ruled(index) > 0
            image = page.image if copy % 2 else degrade(page.image, noise, staff_space=page.staff_space, pale=pale)
            worn = replace(page, name=f"{page.name}-{copy}", image=image)
            tiles += write_tiles(worn, options.out, options.split, random.Random(f"{options.seed}/{copy}/{index}"))
        log.info("copy %d, %d tiles", copy + 1, tiles)
    return 0


def _ruled(seed: int, copy: int, index: int) -> int:
    """Grey value of the staff lines of a page's copy."""
    chance = random.Random(f"ruled/{seed}/{copy}/{index}")
    return 0 if copy % 2 or chance.random() < 0.5 else chance.randint(1, PALEST_LINES)


def _synthetic(options: argparse.Namespace) -> int:
    """Tiles of engraved pages."""
    plan = _plan(options)
    write_description(options.out)
    indices = range(options.first, options.first + options.draws)
    done = tiles = 0
    for count in run_draws(partial(_draw, plan, options.out, options.split), indices, options.jobs):
        done, tiles = done + 1, tiles + count
        if done % 50 == 0 or done == options.draws:
            log.info("%d draws, %d tiles", done, tiles)
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    scores: Path | None = options.scores
    split: str = options.split
    plan = Plan(sources=(), seed=options.seed, rare=options.rare, engraver=options.engraver, hands=options.hands)
    if plan.hands is not None:
        if plan.engraver != "verovio":
            raise SourceError("--hands needs --engraver verovio")
        read_hands(plan.hands)  # once, before the processes part
    if plan.engraver == "musescore" and not musescore.installed():
        raise SourceError("MuseScore is not installed: apt-get install musescore3")
    if scores is None:
        return plan
    sources = tuple(source for source in find_sources(scores) if source.split == split)
    if not sources:
        raise SourceError(f"{scores}: no score falls into the split {split!r}; give a larger folder")
    return replace(plan, sources=sources)


def _draw(plan: Plan, out: Path, split: str, index: int) -> int:
    cv2.setNumThreads(1)
    chance = random.Random(f"tiles/{plan.seed}/{index}")
    return sum(write_tiles(sample, out, split, chance) for sample in generate(plan, index))


if __name__ == "__main__":
    sys.exit(main())
