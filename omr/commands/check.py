"""`omr check`: what makes no sense in MusicXML files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from omr import __version__
from omr.commands.arguments import EXIT_CODES, Commands, Parser
from omr.commands.speech import result, say
from omr.errors import ExitCode


def add(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser(
        "check", help="what makes no sense in MusicXML files", description=check.__doc__, epilog=EXIT_CODES
    )
    command.set_defaults(run=check)
    command.add_argument("inputs", nargs="+", metavar="FILE", type=Path, help=".musicxml, .xml or .mxl, of any program")
    command.add_argument("--report", metavar="FILE.json", type=Path, help="write the issues of each file")
    command.add_argument("-q", "--quiet", action="store_true", help="no summary")
    return command


def check(arguments: argparse.Namespace) -> ExitCode:
    """Print what makes no sense or is unlikely in MusicXML files, the most harmful first; finding something is no failure."""
    from omr.atomic import write_all
    from omr.checking import Checked, check_file
    from omr.inputs import natural_key

    found: list[Checked] = []
    for path in sorted(dict.fromkeys(arguments.inputs), key=natural_key):
        checked = check_file(path)
        found.append(checked)
        for line in checked.lines():
            result(line)
        if checked.message:
            say(checked.message, level="error")
        elif not arguments.quiet:
            say(checked.summary())
    if arguments.report is not None:
        rows = {"scorewright": __version__, "files": [checked.row() for checked in found]}
        write_all([(arguments.report, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode())])
    return _joint([checked.code for checked in found])


def _joint(codes: Sequence[ExitCode]) -> ExitCode:
    failures = [code for code in codes if code is not ExitCode.OK]
    if len(codes) == 1 or not failures:
        return failures[0] if failures else ExitCode.OK
    return ExitCode.SOME_FAILED if len(failures) < len(codes) else ExitCode.ALL_FAILED
