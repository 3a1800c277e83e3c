"""`omr check`: what makes no sense, or is unlikely, in MusicXML files of any program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from omr.check import bars_to_check, check_score, ranked
from omr.errors import ExitCode, OmrError
from omr.files.read_musicxml import read_musicxml
from omr.rows import issue_row
from omr.score import Issue, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of one file."""

    source: str
    score: Score | None = None
    """None: the file could not be read."""
    issues: tuple[Issue, ...] = ()
    """The most harmful first."""
    code: ExitCode = ExitCode.OK
    message: str = ""
    """Why it could not be read."""

    def lines(self) -> Iterator[str]:
        """One line for each issue: file, part, bar, what, and its code."""
        for issue in self.issues:
            row = issue_row(issue, self.score or Score(parts=()))
            part = f"part {row['part']}, " if row["part"] else ""
            bar = f"bar {row['bar']}: " if row["bar"] is not None else ""
            yield f"{self.source}: {part}{bar}{issue.message} [{issue.code}]"

    def summary(self) -> str:
        """One line about the file."""
        parts = self.score.parts if self.score is not None else ()
        bars = max((len(part.measures) for part in parts), default=0)
        return f"{self.source}: {bars} {'bar' if bars == 1 else 'bars'}, {len(bars_to_check(self.issues))} to check"

    def row(self) -> dict[str, object]:
        """The same, ready for JSON."""
        score = self.score or Score(parts=())
        return {
            "file": self.source,
            "outcome": "ok" if self.code is ExitCode.OK else "failed",
            "code": int(self.code),
            "messages": [self.message] if self.message else [],
            "parts": len(score.parts),
            "bars": max((len(part.measures) for part in score.parts), default=0),
            "issues": [issue_row(issue, score) for issue in self.issues],
        }


def check_file(path: Path) -> Checked:
    """The issues of the MusicXML file at `path`; one that cannot be read says why."""
    try:
        score = read_musicxml(path)
        return Checked(source=str(path), score=score, issues=ranked(check_score(score)))
    except OmrError as error:
        return Checked(source=str(path), code=error.exit_code, message=str(error))
