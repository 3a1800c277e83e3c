"""`omr evaluate`, `omr models` and `omr doctor`."""

from __future__ import annotations

import argparse
from pathlib import Path

from omr.commands.arguments import Commands, Parser
from omr.commands.speech import result, say
from omr.config import EDITIONS, PRECISIONS
from omr.errors import ExitCode, InputError


def add_evaluate(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser("evaluate", help="score pages with known music", description=evaluate.__doc__)
    command.set_defaults(run=evaluate)
    command.add_argument("folder", metavar="PAGES_DIR", type=Path, help="pairs NAME.png and NAME.musicxml")
    command.add_argument("--model", choices=EDITIONS, default="print")
    command.add_argument("--precision", choices=PRECISIONS, default="auto", help="of the detector's arithmetic")
    command.add_argument("--thorough", action="store_true", help="as in omr convert: look at each page four times more")
    command.add_argument("--report", metavar="FILE.json", type=Path, help="write all figures, page by page")
    return command


def add_models(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser("models", help="the models that are installed", description=models.__doc__)
    command.set_defaults(run=models)
    return command


def add_doctor(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser("doctor", help="check the installation", description=doctor.__doc__)
    command.set_defaults(run=doctor)
    command.add_argument(
        "--libraries", action="store_true", help="check only the system's libraries; silent when all is well"
    )
    return command


def evaluate(arguments: argparse.Namespace) -> ExitCode:
    """Convert pages whose music is known and score the result."""
    from omr.atomic import write_all
    from omr.evaluation import evaluate_folder
    from omr.models import load_models

    if not arguments.folder.is_dir():
        raise InputError(f"{arguments.folder}: no such folder; name one with pairs NAME.png and NAME.musicxml")
    evaluation = evaluate_folder(
        arguments.folder, load_models(arguments.model, precision=arguments.precision), thorough=arguments.thorough
    )
    result(evaluation.table())
    if arguments.report is not None:
        write_all([(arguments.report, evaluation.json())])
    return ExitCode.OK


def models(arguments: argparse.Namespace) -> ExitCode:
    """List the installed models: what each was trained from, its licence, its figures."""
    from omr.doctor import model_lines

    for line in model_lines():
        result(line)
    return ExitCode.OK


def doctor(arguments: argparse.Namespace) -> ExitCode:
    """Check system libraries, versions, model files and a tiny page end to end."""
    from omr.doctor import examine, missing_libraries

    missing = missing_libraries()
    for library, package in missing:
        say(f"{library} is missing; install it, on Debian: apt-get install {package}", level="error")
    if missing:
        return ExitCode.MISSING_DEPENDENCY
    if arguments.libraries:
        return ExitCode.OK
    healthy = True
    for finding in examine():
        result(f"{'ok  ' if finding.good else 'BAD '} {finding.name}: {finding.text}")
        healthy = healthy and finding.good
    return ExitCode.OK if healthy else ExitCode.MISSING_DEPENDENCY
