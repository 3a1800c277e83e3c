"""`omr convert --dry-run`: what would be written, without reading a page."""

from __future__ import annotations

from collections.abc import Sequence

from omr.batch.names import SUFFIXES, with_ending
from omr.commands.speech import result, say
from omr.config import Options
from omr.errors import ExitCode
from omr.plan import Job


def tell_plan(jobs: Sequence[Job], options: Options) -> ExitCode:
    """One line an input and format; names of split results have their number in place of N."""
    part = {"page": "-pN", "movement": "-mN", None: ""}[options.split]
    missing = [source for job in jobs for source in job.sources if not source.exists()]
    for job in jobs:
        for wanted in options.formats:
            place = job.file or with_ending(job.stem, part + SUFFIXES[wanted])
            there = " (is there already)" if place.exists() else ""
            result(f"{job.name} -> {place}{there}")
    for source in missing:
        say(f"{source}: no such file; check the name and the folder", level="error")
    return ExitCode.OK if not missing else ExitCode.INPUT if len(jobs) == 1 else ExitCode.SOME_FAILED
