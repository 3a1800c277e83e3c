"""What `omr convert` tells while it runs and when it is over: results, one line an input, a bar, a report, an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from tqdm import tqdm

from omr.batch.outcome import Outcome
from omr.batch.run import Result
from omr.commands.speech import result, say
from omr.errors import ExitCode, UsageError


class Teller:
    """Result paths to standard output; failures, summaries and a bar of pages to standard error.

    The bar is shown on a terminal only and says pages, rate, time left and bars to check.
    """

    def __init__(self, *, quiet: bool, bar: bool, results: bool = True) -> None:
        self._quiet = quiet
        self._results = results
        self._flagged = 0
        hidden = None if bar and not quiet else True  # None: only on a terminal
        self._bar: tqdm[NoReturn] = tqdm(total=0, unit="page", disable=hidden, leave=False, dynamic_ncols=True)

    def __enter__(self) -> Teller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def planned(self, pages: int) -> None:
        """So many pages are to be recognised."""
        self._bar.reset(total=pages)

    def page_done(self) -> None:
        """A page came to an end."""
        self._bar.update()

    def finished(self, outcome: Outcome) -> None:
        """Tells the outcome of an input."""
        from omr.report import progress_fields, summary

        self._bar.clear()
        for path in outcome.outputs if self._results and not outcome.skipped else ():
            result(path)
        for message in outcome.messages:
            say(message, level="error", fields={"file": outcome.source, "code": int(outcome.code)})
        if (outcome.outputs or outcome.skipped) and not self._quiet:
            say(summary(outcome), fields=dict(progress_fields(outcome)))
        self._flagged += outcome.flagged
        self._bar.set_postfix_str(f"{self._flagged} bars to check", refresh=False)
        self._bar.refresh()


def write_report(path: Path, result: Result) -> None:
    """JSON, or CSV where the name ends so; raises UsageError for another ending and what write_all raises."""
    from omr.atomic import write_all
    from omr.report import csv_report, json_report

    write = {".csv": csv_report, ".json": json_report}.get(path.suffix.lower())
    if write is None:
        raise UsageError(f"--report {path}: the name must end with .json or .csv")
    write_all([(path, write(result.outcomes, result.cards, result.precision))])


def joint_code(outcomes: Sequence[Outcome], *, strict: bool = False) -> ExitCode:
    """The code of a single file; of several: all done, some failed, or, when nothing was done, all failed."""
    failures = [outcome.code for outcome in outcomes if outcome.code is not ExitCode.OK]
    if failures:
        if len(outcomes) == 1:
            return failures[0]
        done = any(outcome.outputs for outcome in outcomes)
        return ExitCode.SOME_FAILED if done else ExitCode.ALL_FAILED
    if outcomes and all(outcome.skipped for outcome in outcomes):
        return ExitCode.NOTHING_TO_DO
    return ExitCode.FLAGGED if strict and any(outcome.flagged for outcome in outcomes) else ExitCode.OK
