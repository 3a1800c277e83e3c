"""What became of each input: the value that summaries, reports and exit codes are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from omr.errors import ExitCode, OmrError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one input, or of one page of it where pages are split."""

    source: str
    outputs: tuple[Path, ...] = ()
    code: ExitCode = ExitCode.OK
    """SOME_FAILED with outputs: some pages were left out."""
    messages: tuple[str, ...] = ()
    """What went wrong, one line each; empty when nothing did."""
    row: Mapping[str, object] = field(default_factory=dict)
    """What was recognised, as the report says it; empty when nothing was."""
    seconds: float = 0.0
    """Of computing, all stages and pages together."""
    skipped: bool = False
    """The output was there already."""

    @property
    def status(self) -> str:
        """ok, partial, failed or skipped."""
        if self.skipped:
            return "skipped"
        if self.code is ExitCode.OK:
            return "ok"
        return "partial" if self.outputs else "failed"

    @property
    def flagged(self) -> int:
        """Bars to check."""
        return self.number("flagged")

    def number(self, name: str) -> int:
        """A count of the row, 0 where it has none."""
        value = self.row.get(name, 0)
        return value if isinstance(value, int) else 0


def failed(source: str, error: OmrError) -> Outcome:
    return Outcome(source=source, code=error.exit_code, messages=(str(error),))
