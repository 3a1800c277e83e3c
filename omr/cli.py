"""The command `omr`: parses, calls, and turns errors into one line and an exit code.

Result paths go to stdout, everything else to stderr. The stages are imported when a command needs them, so that `--help` and
a wrong argument answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tqdm import tqdm

from omr import __version__
from omr.config import EDITIONS, FORMATS, PICTURES, Options, parse_formats, parse_pages, read_options
from omr.errors import Cancelled, ExitCode, InputError, OmrError, ResourceError
from omr.plan import Job, format_of, natural_key, page_total, plan

if TYPE_CHECKING:
    from omr.batch import Outcome
    from omr.models import Models

log = logging.getLogger("omr")

EXIT_CODES = """exit codes: 0 done; 1 wrong arguments; 2 input unreadable; 3 model or library missing; 4 output invalid;
5 permission; 6 no staves on any page; 8 encrypted; 9 wrong configuration; 11 some of several files or pages failed;
12 all of several files failed; 13 memory or disk full; 15 internal error; 130 interrupted"""


class _Parser(argparse.ArgumentParser):
    """Exits with ExitCode.USAGE where argparse would exit with 2, which here means an unreadable input."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: error: {message}\n")


class _Bar:
    """Progress on stderr: one unit a page."""

    def __init__(self, bar: tqdm[NoReturn]) -> None:
        self._bar = bar

    def stage(self, page: int, name: str) -> None:
        self._bar.set_postfix_str(f"page {page + 1}: {name}")

    def page_done(self, page: int) -> None:
        self._bar.update()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    _accept_any_file_name()
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO if options.verbose else logging.ERROR, format="omr: %(message)s", force=True)
    try:
        return int(options.run(options))
    except OmrError as error:
        _complain(error, traceback=options.verbose)
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return ExitCode.CANCELLED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains again when it exits
        return ExitCode.OK
    except Exception:  # the last resort: a fault of ours, told as such
        log.exception("internal error; please report the lines above together with the output of `omr doctor`")
        return ExitCode.INTERNAL


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="omr", description="Reads scanned pages of music.", epilog=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"scorewright {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for add in (_add_convert, _add_check, _add_evaluate, _add_models, _add_doctor):
        command = add(commands)
        command.add_argument("-v", "--verbose", action="store_true", help="tell more, with tracebacks")
    return parser


def _add_convert(commands: argparse._SubParsersAction[_Parser]) -> _Parser:
    command = commands.add_parser(
        "convert", help="page images or PDFs to MusicXML", description=_convert.__doc__, epilog=EXIT_CODES
    )
    command.set_defaults(run=_convert)
    command.add_argument("inputs", nargs="+", metavar="IN", type=Path, help="PDF, PNG, JPEG, TIFF, WEBP or BMP")
    command.add_argument(
        "-o", "--output", metavar="FILE|DIR", help="a file for one input, else a folder (default: beside it)"
    )
    command.add_argument("--format", metavar="LIST", help=f"comma-separated: {', '.join(FORMATS)} (default: musicxml)")
    command.add_argument("--pages", metavar="LIST", help="pages of each input, for instance 1-3,7 (default: all)")
    command.add_argument("--model", choices=EDITIONS, help="print (default) or hand: which models read the page")
    command.add_argument("--overlay", action="store_true", help="also write the page with what was found as PNG")
    command.add_argument("--preview", action="store_true", help="also write the result engraved as PNG")
    command.add_argument("--password", help="of an encrypted PDF")
    command.add_argument(
        "--config", metavar="FILE.toml", type=Path, help="defaults for format, model, overlay, preview"
    )
    command.add_argument("--report", metavar="FILE.json", type=Path, help="write what became of each file and page")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress bar, no summary")
    return command


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> _Parser:
    command = commands.add_parser(
        "check", help="what makes no sense in MusicXML files", description=_check.__doc__, epilog=EXIT_CODES
    )
    command.set_defaults(run=_check)
    command.add_argument("inputs", nargs="+", metavar="FILE", type=Path, help=".musicxml, .xml or .mxl, of any program")
    command.add_argument("--report", metavar="FILE.json", type=Path, help="write the issues of each file")
    command.add_argument("-q", "--quiet", action="store_true", help="no summary")
    return command


def _add_evaluate(commands: argparse._SubParsersAction[_Parser]) -> _Parser:
    command = commands.add_parser("evaluate", help="score pages with known music", description=_evaluate.__doc__)
    command.set_defaults(run=_evaluate)
    command.add_argument("folder", metavar="PAGES_DIR", type=Path, help="pairs NAME.png and NAME.musicxml")
    command.add_argument("--model", choices=EDITIONS, default="print")
    command.add_argument("--report", metavar="FILE.json", type=Path, help="write all figures, page by page")
    return command


def _add_models(commands: argparse._SubParsersAction[_Parser]) -> _Parser:
    command = commands.add_parser("models", help="the models that are installed", description=_models.__doc__)
    command.set_defaults(run=_models)
    return command


def _add_doctor(commands: argparse._SubParsersAction[_Parser]) -> _Parser:
    command = commands.add_parser("doctor", help="check the installation", description=_doctor.__doc__)
    command.set_defaults(run=_doctor)
    command.add_argument(
        "--libraries", action="store_true", help="check only the system's libraries; silent when all is well"
    )
    return command


# Commands


def _convert(arguments: argparse.Namespace) -> ExitCode:
    """Convert each input to the formats asked for. One bad input does not stop the others."""
    options = _convert_options(arguments)
    from omr import batch

    jobs = plan(arguments.inputs, arguments.output, options.formats)
    totals = [_page_total(job, options) for job in jobs]
    models: Models | None = None
    outcomes: list[Outcome] = []
    with _progress(sum(total for total in totals if isinstance(total, int)), arguments.quiet) as bar:
        for job, total in zip(jobs, totals, strict=True):
            if isinstance(total, OmrError):
                outcome = batch.failed(job, total)
            else:
                models = models or _load(options)
                outcome = _attempt(job, options, models, _Bar(bar))
            outcomes.append(outcome)
            _tell(outcome, bar, quiet=arguments.quiet)
    if arguments.report is not None:
        _write_report(arguments.report, outcomes, models)
    return _joint_code([outcome.code for outcome in outcomes], done=any(outcome.outputs for outcome in outcomes))


def _convert_options(arguments: argparse.Namespace) -> Options:
    """Defaults, then the configuration file, then flags."""
    options = read_options(arguments.config) if arguments.config is not None else Options()
    named = format_of(arguments.output)
    if arguments.format is not None:
        options = replace(options, formats=parse_formats(arguments.format))
    elif named is not None:
        options = replace(options, formats=(named,))
    wanted = {picture for picture in PICTURES if getattr(arguments, picture)} | set(options.pictures)
    return replace(
        options,
        edition=arguments.model or options.edition,
        pictures=tuple(picture for picture in PICTURES if picture in wanted),
        pages=parse_pages(arguments.pages) if arguments.pages is not None else None,
        password=arguments.password,
    )


def _page_total(job: Job, options: Options) -> int | OmrError:
    """Number of pages, or why the input cannot be read: all bad inputs are known before the models are loaded."""
    try:
        return page_total(job, options)
    except OmrError as error:
        return error


def _load(options: Options) -> Models:
    from omr.models import load_models

    return load_models(options.edition)


def _attempt(job: Job, options: Options, models: Models, bar: _Bar) -> Outcome:
    """The outcome of one conversion, whatever happens in it, so that the other files are still converted."""
    from omr import batch

    try:
        return batch.convert(job, options, models, bar)
    except Cancelled:
        raise
    except OmrError as error:
        return batch.failed(job, error)
    except MemoryError:
        return batch.failed(job, ResourceError(f"{job.source}: needs more memory; convert fewer pages with --pages"))
    except Exception:
        log.exception("%s: internal error; please report the lines above", job.source)
        return batch.failed(job, OmrError(f"{job.source}: internal error; please report it with the output of -v"))


def _tell(outcome: Outcome, bar: tqdm[NoReturn], *, quiet: bool) -> None:
    """Result paths to stdout, failures and the summary to stderr."""
    bar.clear()
    for path in outcome.outputs:
        print(path, flush=True)
    for message in outcome.messages:
        _say(f"error: {message}")
    if outcome.outputs and not quiet:
        from omr.report import summary

        _say(summary(outcome))
    bar.refresh()


def _write_report(path: Path, outcomes: Sequence[Outcome], models: Models | None) -> None:
    from omr.atomic import write_all
    from omr.report import card_row, report_row

    report = {
        "scorewright": __version__,
        "models": [card_row(card) for card in models.cards] if models is not None else [],
        "precision": models.precision if models is not None else None,
        "files": [report_row(outcome) for outcome in outcomes],
    }
    write_all([(path, (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode())])


def _joint_code(codes: Sequence[ExitCode], *, done: bool) -> ExitCode:
    """The code of a single file; of several: all done, some failed, or, when nothing was done, all failed."""
    failures = [code for code in codes if code is not ExitCode.OK]
    if len(codes) == 1 or not failures:
        return failures[0] if failures else ExitCode.OK
    return ExitCode.SOME_FAILED if done else ExitCode.ALL_FAILED


def _check(arguments: argparse.Namespace) -> ExitCode:
    """Print what makes no sense or is unlikely in MusicXML files, the most harmful first; finding something is no failure."""
    from omr.atomic import write_all
    from omr.checking import Checked, check_file

    found: list[Checked] = []
    for path in sorted(dict.fromkeys(arguments.inputs), key=natural_key):
        checked = check_file(path)
        found.append(checked)
        for line in checked.lines():
            print(line, flush=True)
        if checked.message:
            _say(f"error: {checked.message}")
        elif not arguments.quiet:
            _say(checked.summary())
    if arguments.report is not None:
        rows = {"scorewright": __version__, "files": [checked.row() for checked in found]}
        write_all([(arguments.report, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode())])
    return _joint_code([checked.code for checked in found], done=any(checked.score is not None for checked in found))


def _evaluate(arguments: argparse.Namespace) -> ExitCode:
    """Convert pages whose music is known and score the result."""
    from omr.atomic import write_all
    from omr.evaluation import evaluate_folder
    from omr.models import load_models

    if not arguments.folder.is_dir():
        raise InputError(f"{arguments.folder}: no such folder; name one with pairs NAME.png and NAME.musicxml")
    evaluation = evaluate_folder(arguments.folder, load_models(arguments.model))
    print(evaluation.table())
    if arguments.report is not None:
        write_all([(arguments.report, evaluation.json())])
    return ExitCode.OK


def _models(arguments: argparse.Namespace) -> ExitCode:
    """List the installed models: what each was trained from, its licence, its figures."""
    from omr.doctor import model_lines

    for line in model_lines():
        print(line)
    return ExitCode.OK


def _doctor(arguments: argparse.Namespace) -> ExitCode:
    """Check system libraries, versions, model files and a tiny page end to end."""
    from omr.doctor import examine, missing_libraries

    missing = missing_libraries()
    for library, package in missing:
        _say(f"error: {library} is missing; install it, on Debian: apt-get install {package}")
    if missing:
        return ExitCode.MISSING_DEPENDENCY
    if arguments.libraries:
        return ExitCode.OK
    healthy = True
    for finding in examine():
        print(f"{'ok  ' if finding.good else 'BAD '} {finding.name}: {finding.text}", flush=True)
        healthy = healthy and finding.good
    return ExitCode.OK if healthy else ExitCode.MISSING_DEPENDENCY


# Speaking


def _accept_any_file_name() -> None:
    """File names need not be valid text: print them as the bytes they are."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="surrogateescape")


@contextlib.contextmanager
def _progress(total: int, quiet: bool) -> Iterator[tqdm[NoReturn]]:
    bar: tqdm[NoReturn]
    shown = None if not quiet else True  # None: only on a terminal
    with tqdm(total=total, unit="page", file=sys.stderr, disable=shown, leave=False, dynamic_ncols=True) as bar:
        yield bar


def _say(text: str) -> None:
    print(f"omr: {text}", file=sys.stderr, flush=True)


def _complain(error: OmrError, *, traceback: bool) -> None:
    _say(f"error: {error}")
    if traceback:
        log.info("where it happened", exc_info=error)


if __name__ == "__main__":
    sys.exit(main())
