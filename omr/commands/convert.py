"""`omr convert`: page images and PDFs to MusicXML and other formats."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from omr.commands.arguments import EXIT_CODES, Commands, Parser
from omr.commands.convert_options import add_options, options_of, output_of, settings_of
from omr.config import Options
from omr.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from omr.batch.progress import Watcher
    from omr.batch.run import Result
    from omr.plan import Job


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
    from omr.addresses import address_of
    from omr.commands.publishing import Publisher
    from omr.inputs import STANDARD_INPUT, find_inputs
    from omr.plan import names_file, plan

    output = output_of(arguments)
    if output is None and arguments.inputs == [STANDARD_INPUT]:
        output = STANDARD_INPUT
    options = options_of(arguments, output)
    inputs = find_inputs(arguments.inputs, recursive=arguments.recursive, spool=spool)
    to_standard_output = output == STANDARD_INPUT
    elsewhere = address_of(output or "")
    if elsewhere is not None:
        output = str(spool / "out" / elsewhere.rsplit("/", 1)[-1]) if names_file(elsewhere) else f"{spool / 'out'}/"
    if to_standard_output:
        output = str(_spooled(options, spool))
    jobs = plan(inputs, output, options.formats, merge=arguments.merge)
    if arguments.dry_run:
        from omr.commands.dry_run import tell_plan

        return tell_plan(jobs, options)
    from omr.commands.telling import Teller, joint_code, write_report

    teller = Teller(quiet=arguments.quiet, bar=not arguments.no_progress, results=not to_standard_output)
    watcher: Watcher = teller if elsewhere is None else Publisher(teller, spool / "out", elsewhere)
    with terminated_like_interrupted(), teller:
        result = _run(arguments, jobs, options, watcher)
    if to_standard_output:
        for path in (path for outcome in result.outcomes for path in outcome.outputs):
            sys.stdout.buffer.write(path.read_bytes())
            sys.stdout.buffer.flush()
    if arguments.report is not None:
        write_report(arguments.report, result)
    return joint_code(result.outcomes, strict=arguments.strict)


def _run(arguments: argparse.Namespace, jobs: Sequence[Job], options: Options, watcher: Watcher) -> Result:
    """On this machine, or on the cluster that was named."""
    settings = settings_of(arguments)
    if arguments.cluster is None:
        from omr.batch.run import run

        return run(jobs, options, settings, watcher)
    if arguments.offline:
        raise UsageError("--offline and --cluster contradict each other; give one of them")
    from omr.batch.run import run_on
    from omr.cluster import cluster_pool

    with cluster_pool(arguments.cluster, settings) as pool:
        settled = replace(options, precision=pool.precision(options.precision, options.edition))
        return run_on(pool, jobs, settled, settings, watcher)


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
