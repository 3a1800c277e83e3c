"""`python -m training detector|evaluate|export ...`: makes the models; needs the training environment."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

# Read by OpenMP when torch is loaded. Threads that spin at a barrier while their partner waits for a shared CPU made a step
# nine times dearer.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add_detector(commands)
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


def _add_detector(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("detector", help="train a symbol detector")
    command.add_argument("recipe", type=Path, help="TOML file, see training/recipes")
    command.add_argument("--data", type=Path, required=True, help="folder that holds the recipe's folders of tiles")
    command.add_argument("--out", type=Path, required=True, help="folder for checkpoint, weights, log and recipe")
    command.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    command.add_argument("--from-weights", type=Path, help="start from the weights of an earlier run")
    command.add_argument("--minutes", type=float, help="another length than the recipe's")
    command.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    command.set_defaults(run=_detector)


def _detector(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from training.detector import train
    from training.recipe import read_recipe

    torch.set_num_threads(options.threads)
    recipe = read_recipe(options.recipe)
    if options.minutes:
        recipe = replace(recipe, minutes=options.minutes)
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.recipe, options.out / "recipe.toml")
    with (options.out / "log.jsonl").open("a") as log:

        def report(line: str) -> None:
            print(line, flush=True)
            print(line, file=log, flush=True)

        weights = train(
            recipe, options.data, options.out, report, resume=options.resume, weights=options.from_weights
        )
    print(weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
