"""Everything a linker of an edition is trained and judged on, made with one detector, in one folder.

    python -m training.linker_material print|hand --detector CARD.json --data DATA --out DIR

DATA holds `scores`, for the hand edition `muscima-pp` too. Files that are there already are kept, so that a broken run goes on;
`make linker` calls this, then the trainer and the exporter. Needs no torch.

true.gz      symbols as they are, for the simulated detector
found-*.gz   symbols as this detector finds them on pages it has not seen (of MUSCIMA++ on those it was trained on, too well;
             therefore also at sizes that it does not look at)
valid.gz     the same for pages that choose; valid-truth.gz their graphs as annotated (hand)
start.onnx   the linker in use, to begin with
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from omr.models import WEIGHTS, newest_card
from training import detected_pages, linker_pages

log = logging.getLogger(__name__)

SEED, HAND_SEED, VALID_SEED, TRUE_SEED, RARE_SEED = 901, 902, 909, 903, 904
"""No detector's tiles were made with these."""
PART: Final = 10  # draws in one file: what a broken run loses
DRAWS, HAND_DRAWS, VALID_DRAWS, TRUE_DRAWS, RARE_DRAWS = 120, 12, 10, 80, 12

SIZES: Final = ("0.87", "1.38")
"""Times its own at which a page of MUSCIMA++ is looked at once, to be seen as badly as a page that is new to the detector."""


def material(edition: str, detector: Path, data: Path, out: Path) -> None:
    """Make what is missing in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "start.onnx").exists():
        shutil.copy(newest_card(WEIGHTS, f"linker-{edition}").with_suffix(".onnx"), out / "start.onnx")
    for name, make, arguments in (_hand if edition == "hand" else _print)(detector, data):
        if (out / name).exists():
            log.info("%s is there", name)
        else:
            log.info("%s ...", name)
            make([arguments[0], str(out / name), *arguments[1:]])


Step = tuple[str, Callable[[Sequence[str]], int], list[str]]
"""(file, what makes it, its arguments: first the kind, then options)."""


def _print(detector: Path, data: Path) -> list[Step]:
    look, scores = ["--detector", str(detector)], ["--scores", str(data / "scores")]
    chosen = [*_draws(0, VALID_DRAWS, VALID_SEED), "--split", "valid"]
    return [
        ("true.gz", linker_pages.main, ["engraved", *scores, "--draws", str(TRUE_DRAWS), "--seed", str(TRUE_SEED)]),
        *_parts(look + scores, DRAWS, SEED),
        ("rare.gz", detected_pages.main, ["synthetic", *look, *scores, "--rare", *_draws(0, RARE_DRAWS, RARE_SEED)]),
        (
            "valid.gz",
            detected_pages.main,
            ["synthetic", *look, *scores, *chosen],
        ),
    ]


def _hand(detector: Path, data: Path) -> list[Step]:
    look, muscima = ["--detector", str(detector)], ["--data", str(data / "muscima-pp")]
    written = ["--scores", str(data / "scores"), "--hands", str(data / "muscima-pp")]
    return [
        ("true.gz", linker_pages.main, ["muscima", *muscima, "--split", "train"]),
        ("valid-truth.gz", linker_pages.main, ["muscima", *muscima, "--split", "valid", "--truth"]),
        ("valid.gz", detected_pages.main, ["muscima", *look, *muscima, "--split", "valid"]),
        ("found-muscima.gz", detected_pages.main, ["muscima", *look, *muscima, "--split", "train"]),
        *(
            (
                f"found-muscima-{size}.gz",
                detected_pages.main,
                ["muscima", *look, *muscima, "--split", "train", "--size", size],
            )
            for size in SIZES
        ),
        *_parts(look + written, HAND_DRAWS, HAND_SEED),
    ]


def _parts(options: list[str], draws: int, seed: int) -> list[Step]:
    return [
        (
            f"found-{first:03d}.gz",
            detected_pages.main,
            ["synthetic", *options, *_draws(first, min(PART, draws - first), seed)],
        )
        for first in range(0, draws, PART)
    ]


def _draws(first: int, count: int, seed: int) -> list[str]:
    return ["--first", str(first), "--draws", str(count), "--seed", str(seed)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make one edition's pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", choices=("print", "hand"))
    parser.add_argument("--detector", type=Path, required=True, help="card of the detector")
    parser.add_argument("--data", type=Path, required=True, help="folder of scores and muscima-pp")
    parser.add_argument("--out", type=Path, required=True, help="folder for the page files")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    material(options.edition, options.detector, options.data, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
