"""`omr convert`: page images and PDFs to MusicXML and other formats."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from omr.commands.arguments import EXIT_CODES, Commands, Parser
from omr.commands.convert_options import add_options, options_of, output_of, settings_of
from omr.config import Options
from omr.errors import ExitCode, UsageError


def add(commands: Commands[Parser]) -> Parser:
    """The command's parser."""
    command = commands.add_parser(
        "convert", help="page images or PDFs to MusicXML", description=convert.__doc__, epilog=EXIT_CODES
    )
    command.set_defaults(run=convert)
    add_options(command)
    return command


def convert(arguments: argparse.Namespace) -> ExitCode:
    """Convert each input to the formats asked for. One bad input does not stop the others."""
    with tempfile.TemporaryDirectory(prefix="omr-") as spool:
        return _convert(arguments, Path(spool))


def _convert(arguments: argparse.Namespace, spool: Path) -> ExitCode:
    from omr.inputs import STANDARD_INPUT, find_inputs
    from omr.plan import plan

    output = output_of(arguments)
    if output is None and arguments.inputs == [STANDARD_INPUT]:
        output = STANDARD_INPUT
    options = options_of(arguments, output)
    inputs = find_inputs(arguments.inputs, recursive=arguments.recursive, spool=spool)
    to_standard_output = output == STANDARD_INPUT
    if to_standard_output:
        output = str(_spooled(options, spool))
    jobs = plan(inputs, output, options.formats, merge=arguments.merge)
    if arguments.dry_run:
        from omr.commands.dry_run import tell_plan

        return tell_plan(jobs, options)
    from omr.batch.run import Result, run
    from omr.commands.telling import Teller, joint_code, write_report

    teller = Teller(quiet=arguments.quiet, bar=not arguments.no_progress, results=not to_standard_output)
    result = Result(outcomes=())
    with terminated_like_interrupted(), teller:
        result = run(jobs, options, settings_of(arguments), teller)
    if to_standard_output:
        for path in (path for outcome in result.outcomes for path in outcome.outputs):
            sys.stdout.buffer.write(path.read_bytes())
            sys.stdout.buffer.flush()
    if arguments.report is not None:
        write_report(arguments.report, result)
    return joint_code(result.outcomes, strict=arguments.strict)


def _spooled(options: Options, spool: Path) -> Path:
    """The file that is written instead of standard output."""
    if len(options.formats) > 1 or options.pictures:
        raise UsageError("standard output takes one format and no picture; name a folder with -o")
    from omr.batch.names import SUFFIXES

    return spool / f"out{SUFFIXES[options.formats[0]]}"


@contextlib.contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does: workers stop, and the work stays for --resume."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
