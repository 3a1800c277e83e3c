"""The options of `omr convert`, and what they mean."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from omr.batch.settings import GIGABYTE, Existing, Settings
from omr.commands.arguments import positive
from omr.config import (
    DEVICES,
    EDITIONS,
    FORMATS,
    KEYS,
    PICTURES,
    PRECISIONS,
    SPLITS,
    Options,
    parse_dpi,
    parse_formats,
    parse_pages,
    read_options,
)
from omr.errors import UsageError
from omr.plan import format_of, names_file


def add_options(command: argparse.ArgumentParser) -> None:
    """Everything `convert` understands, in the groups of its help."""
    command.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="PDF, PNG, JPEG, TIFF, WEBP, BMP; a folder, a pattern, or - (standard input)",
    )
    add_recognition(command)
    _add_outputs(command)
    _add_run(command)
    _add_messages(command)


def add_recognition(command: argparse.ArgumentParser) -> None:
    """What is read and what is made of it; `watch` has these options too."""
    group = command.add_argument_group("what to make")
    group.add_argument("--format", metavar="LIST", help=f"comma-separated: {', '.join(FORMATS)} (default: musicxml)")
    group.add_argument("--model", choices=EDITIONS, help="print (default) or hand: which models read the page")
    group.add_argument("--device", choices=DEVICES, help="what the models compute on: cpu (default), gpu, or auto")
    group.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="of the detector's arithmetic: auto (default) is bf16 for print where the processor computes in it, else f32",
    )
    group.add_argument(
        "--thorough",
        action="store_true",
        help="look at each page four times more, and take what three of these say against the first; about five times the time",
    )
    group.add_argument(
        "--dpi", metavar="N", help="draw PDF pages at N dots an inch (default: 300, small pages at more)"
    )
    group.add_argument("--split", choices=SPLITS, help="one result a page or a movement instead of one an input")
    group.add_argument("--pages", metavar="LIST", help="pages of each input, for instance 1-3,7 (default: all)")
    group.add_argument("--overlay", action="store_true", help="also write the page with what was found as PNG")
    group.add_argument("--preview", action="store_true", help="also write the result engraved as PNG")
    group.add_argument("--password", help="of an encrypted PDF")
    group.add_argument("--config", metavar="FILE.toml", type=Path, help=f"defaults for {', '.join(KEYS)}")


def add_limits(command: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Workers and their limits; `watch` has these options too."""
    group = command.add_argument_group("how to run")
    group.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=positive(int),
        help="worker processes (default: one a core); the result is the same",
    )
    group.add_argument(
        "--timeout-page",
        metavar="S",
        type=positive(float),
        default=300.0,
        help="give a page up after S seconds (default: 300)",
    )
    group.add_argument(
        "--max-memory",
        metavar="GB",
        type=positive(float),
        default=3.0,
        help="give a page up that needs more (default: 3)",
    )
    group.add_argument("--offline", action="store_true", help="refuse any connection; nothing ever needs one")
    return group


def _add_outputs(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("where it goes")
    group.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="a file for one result, a folder (with / at its end), - for standard output",
    )
    group.add_argument("-O", "--output-folder", metavar="DIR", help="a folder, whatever its name looks like")
    group.add_argument("--merge", action="store_true", help="all inputs are pages of one score")
    group.add_argument("-r", "--recursive", action="store_true", help="folders within folders too; the tree is kept")
    existing = group.add_mutually_exclusive_group()
    existing.add_argument("--overwrite", action="store_true", help="replace outputs that are there (default)")
    existing.add_argument("-n", "--no-overwrite", action="store_true", help="fail where an output is there already")
    existing.add_argument("--skip-existing", action="store_true", help="leave inputs whose outputs are there already")


def _add_run(command: argparse.ArgumentParser) -> None:
    group = add_limits(command)
    group.add_argument(
        "--cluster",
        metavar="WHERE",
        help="a Dask scheduler's address, or local:N workers; inputs and -o may be s3://...",
    )
    group.add_argument(
        "--resume", action="store_true", help="go on where an interrupted run of the same command stopped"
    )
    group.add_argument("--on-error", choices=("continue", "stop"), default="continue", help="after an input that fails")
    group.add_argument("--strict", action="store_true", help="exit with 10 when bars are to be checked")
    group.add_argument("--dry-run", action="store_true", help="only say what would be written")


def _add_messages(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("what to tell")
    group.add_argument("--report", metavar="FILE", type=Path, help="what became of each file and page: .json or .csv")
    group.add_argument("--log-format", choices=("text", "json"), default="text", help="of the lines on standard error")
    group.add_argument("-q", "--quiet", action="store_true", help="no progress bar, no summary")
    group.add_argument("--no-progress", action="store_true", help="no progress bar")


def output_of(arguments: argparse.Namespace) -> str | None:
    """What -o or -O names; a folder ends with /. Raises UsageError."""
    if arguments.output is not None and arguments.output_folder is not None:
        raise UsageError("-o and -O name two places; give one of them")
    if arguments.output_folder is not None:
        return str(arguments.output_folder).rstrip("/") + "/"
    return None if arguments.output is None else str(arguments.output)


def options_of(arguments: argparse.Namespace, output: str | None) -> Options:
    """Defaults, then the configuration file, then flags; raises UsageError, ConfigError."""
    options = read_options(arguments.config) if arguments.config is not None else Options()
    named = format_of(output) if output != "-" else None
    if arguments.format is not None:
        options = replace(options, formats=parse_formats(arguments.format))
    elif named is not None:
        options = replace(options, formats=(named,))
    if arguments.split and output is not None and (output == "-" or names_file(output)):
        raise UsageError(f"-o {output} names one file, but --split makes several; name a folder with a / at its end")
    wanted = {picture for picture in PICTURES if getattr(arguments, picture)} | set(options.pictures)
    return replace(
        options,
        edition=arguments.model or options.edition,
        device=arguments.device or options.device,
        precision=arguments.precision or options.precision,
        thorough=arguments.thorough,
        dpi=parse_dpi(arguments.dpi) if arguments.dpi is not None else options.dpi,
        pictures=tuple(picture for picture in PICTURES if picture in wanted),
        pages=parse_pages(arguments.pages) if arguments.pages is not None else None,
        password=arguments.password,
        split=arguments.split,
    )


def settings_of(arguments: argparse.Namespace) -> Settings:
    existing: Existing = "refuse" if arguments.no_overwrite else "skip" if arguments.skip_existing else "overwrite"
    return replace(limits_of(arguments), existing=existing, resume=arguments.resume, stop=arguments.on_error == "stop")


def limits_of(arguments: argparse.Namespace) -> Settings:
    return Settings(
        workers=arguments.jobs,
        page_seconds=arguments.timeout_page,
        page_bytes=arguments.max_memory * GIGABYTE,
        offline=arguments.offline,
    )
