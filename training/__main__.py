"""`python -m training detector|blend|export|evaluate ...`: makes the detector; needs the training environment."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

# Read by OpenMP when torch is loaded. Threads that spin at a barrier while their partner waits for a shared CPU made a step
# nine times dearer.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

from training.checkpoint import CheckpointError
from training.export import ExportError
from training.recipe import RecipeError

Commands = Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for add in (_add_detector, _add_blend, _add_export, _add_evaluate):
        add(commands)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        options.run(options)
    except (CheckpointError, ExportError, RecipeError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _add_detector(commands: Commands) -> None:
    command = _command(commands, "detector", _detector, "train a symbol detector")
    command.add_argument("recipe", type=Path, help="TOML file, see training/recipes")
    command.add_argument("--data", type=Path, required=True, help="folder that holds the recipe's folders of tiles")
    command.add_argument("--out", type=Path, required=True, help="folder for checkpoint, weights, log and recipe")
    command.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    command.add_argument(
        "--from-weights",
        type=Path,
        help="start from a run's weights.pt, or from the card of a detector such as omr/weights/detector-print-7.json",
    )
    command.add_argument("--minutes", type=float, help="another length than the recipe's")


def _add_blend(commands: Commands) -> None:
    command = _command(commands, "blend", _blend, "average a trained detector with the one it started from")
    command.add_argument("weights", type=Path, help="weights.pt of a run")
    command.add_argument("--begun", type=Path, required=True, help="what the run's --from-weights named")
    command.add_argument("--data", type=Path, required=True, help="folder that holds the recipe's folders of tiles")
    command.add_argument("--share", type=float, default=0.5, help="of the trained one, 0-1 (default 0.5)")
    command.add_argument("--out", type=Path, required=True, help="file for the averaged weights")


def _add_export(commands: Commands) -> None:
    command = _command(commands, "export", _export, "write a trained detector as ONNX with its card")
    command.add_argument("weights", type=Path, help="weights.pt or checkpoint.pt of a run")
    command.add_argument("--tiles", type=Path, required=True, help="folder of tiles to compare and measure on")
    command.add_argument("--out", type=Path, required=True, help="folder for the two files, such as omr/weights")
    command.add_argument("--version", default="1", help="of the model (default 1)")
    command.add_argument("--most", type=int, default=60, help="validation tiles measured for the card (default 60)")


def _add_evaluate(commands: Commands) -> None:
    command = _command(commands, "evaluate", _evaluate, "average precision of an exported detector")
    command.add_argument("card", type=Path, help="card of the detector, such as omr/weights/detector-print-1.json")
    command.add_argument("--tiles", type=Path, help="folder of tiles")
    command.add_argument("--muscima", type=Path, help="folder of MUSCIMA++ instead: whole pages")
    command.add_argument("--split", default="valid", choices=("train", "valid", "test"), help="default valid")
    command.add_argument("--without-lines", action="store_true", help="MUSCIMA++ pages without staff lines")
    command.add_argument("--most", type=int, default=400, help="tiles or pages at most (default 400)")


def _command(commands: Commands, name: str, run: object, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    command.set_defaults(run=run)
    return command


def _detector(options: argparse.Namespace) -> None:
    from training.detector import train
    from training.recipe import read_recipe

    recipe = read_recipe(options.recipe)
    if options.minutes:
        recipe = replace(recipe, minutes=options.minutes)
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.recipe, options.out / "recipe.toml")
    with (options.out / "log.jsonl").open("a") as log:

        def report(line: str) -> None:
            print(line, flush=True)
            print(line, file=log, flush=True)

        print(train(recipe, options.data, options.out, report, resume=options.resume, weights=options.from_weights))


def _blend(options: argparse.Namespace) -> None:
    from training.blend import blend

    print(blend(options.weights, options.begun, options.data, options.share, options.out))


def _export(options: argparse.Namespace) -> None:
    from omr.models import Detector
    from training.calibrate import calibration
    from training.evaluate import best_thresholds, figures, on_tiles
    from training.export import Measured, export_detector
    from training.network import load_average
    from training.tiles import list_tiles, read_tile

    tiles = list_tiles([options.tiles], "valid")
    if not tiles:
        raise FileNotFoundError(
            f"{options.tiles}: no tiles in images/valid; make some with python -m datasets ... --split valid"
        )
    model, recipe, counts = load_average(options.weights)
    images = [read_tile(path).image for path in tiles[:: max(1, len(tiles) // 12)][:12]]

    def measured(detector: Detector) -> Measured:
        findings = on_tiles(detector, options.tiles, "valid", options.most)
        return Measured(
            figures=figures(findings), thresholds=best_thresholds(findings), calibration=calibration(findings)
        )

    print(export_detector(model, recipe, images, options.out, options.version, counts, measured))


def _evaluate(options: argparse.Namespace) -> None:
    from omr.models import load_detector
    from training.evaluate import figures, on_muscima, on_tiles

    detector = load_detector(options.card)
    if options.muscima:
        found = on_muscima(detector, options.muscima, options.split, not options.without_lines, options.most)
    else:
        found = on_tiles(detector, options.tiles, options.split, options.most)
    print(json.dumps(figures(found), indent=1))


if __name__ == "__main__":
    sys.exit(main())
