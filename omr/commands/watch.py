"""`omr watch`: convert what arrives in a folder."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from omr.commands.arguments import EXIT_CODES, Commands, Parser, positive
from omr.commands.convert import terminated_like_interrupted
from omr.commands.convert_options import add_limits, add_recognition, limits_of, options_of
from omr.errors import ExitCode


def add(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser(
        "watch", help="convert what arrives in a folder", description=watch.__doc__, epilog=EXIT_CODES
    )
    command.set_defaults(run=watch)
    command.add_argument("inbox", metavar="INBOX", type=Path, help="where scans arrive; links in it are left alone")
    command.add_argument("outbox", metavar="OUTBOX", type=Path, help="where results go; not within the inbox")
    command.add_argument(
        "--settle",
        metavar="S",
        type=positive(float),
        default=2.0,
        help="seconds a file must rest unchanged (default: 2)",
    )
    add_recognition(command)
    add_limits(command)
    command.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="of the lines on standard error"
    )
    command.add_argument("-q", "--quiet", action="store_true", help="no summary of each file")
    return command


def watch(arguments: argparse.Namespace) -> ExitCode:
    """Convert what arrives in INBOX into OUTBOX, once it is complete, until interrupted; restarts lose and repeat nothing."""
    from omr.commands.telling import Teller
    from omr.watch import Watched
    from omr.watch import watch as run

    folders = Watched(inbox=arguments.inbox, outbox=arguments.outbox, settle=arguments.settle)
    options = replace(options_of(arguments, None), pages=None)
    with terminated_like_interrupted(), Teller(quiet=arguments.quiet, bar=False) as teller:
        run(folders, options, limits_of(arguments), teller)
    return ExitCode.OK
