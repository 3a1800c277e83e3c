"""A document on its way through the workers: what is waiting, what is kept, what failed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omr.batch.kept import Kept
from omr.batch.names import refuse_existing
from omr.batch.outcome import Outcome, failed
from omr.batch.work_folder import WorkFolder
from omr.errors import ExitCode, OmrError, ResourceError
from omr.plan import Document, SourcePage


@dataclass(slots=True)
class OpenDocument:
    """State of one document; `outcome` is set when it is over."""

    document: Document
    work: WorkFolder | None = None
    waiting: deque[SourcePage] = field(default_factory=deque)
    computing: int = 0
    finishing: bool = False
    errors: dict[int, OmrError] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def work_folder(self) -> WorkFolder:
        """The folder of a document that was begun."""
        if self.work is None:
            raise ValueError("this document was not begun")
        return self.work

    @property
    def recognised(self) -> bool:
        """Whether no page is waiting or with a worker."""
        return self.work is not None and not self.waiting and not self.computing

    def kept(self) -> tuple[Kept, ...]:
        """Every page as it lies in the work folder."""
        return tuple(self._kept(page) for page in self.document.pages if page.position not in self.errors)

    def _kept(self, page: SourcePage) -> Kept:
        if self.work is not None and self.work.page(page.position).exists():
            return Kept(page=page, path=self.work.page(page.position))
        return Kept(page=page, empty=True)

    def messages(self) -> tuple[str, ...]:
        return tuple(str(error) for _, error in sorted(self.errors.items(), key=lambda item: item[0]))

    def succeed(self, result: dict[str, Any], *, refuse: bool) -> None:
        """Hands the finished files over; raises OmrError, also where one is there already and `refuse` is set."""
        if refuse:
            refuse_existing(tuple(Path(file["path"]) for file in result["files"].values()))
        row = result["row"] | {"pages": sorted([*result["row"]["pages"], *self._failed_pages()], key=_page_number)}
        paths = self.work_folder.hand_over({**result, "row": row, "messages": self.messages()})
        self.finish(paths, row, self.messages())

    def finish(self, paths: tuple[Any, ...], row: dict[str, Any], messages: tuple[str, ...]) -> None:
        """Ends with outputs in place; the lock is given back, what was done stays known until the run ends."""
        self.outcome = Outcome(
            source=self.document.name,
            outputs=paths,
            code=ExitCode.SOME_FAILED if messages else ExitCode.OK,
            messages=messages,
            row=row,
            seconds=sum(row.get("seconds_by_stage", {}).values()),
        )
        if self.work is not None:
            self.work.leave()

    def fail(self, error: OmrError | None = None) -> None:
        """Ends without outputs, for `error` or the first error of its pages; pages are kept where the disk was full."""
        found = [each for _, each in sorted(self.errors.items(), key=lambda item: item[0])] + ([error] if error else [])
        first = failed(self.document.name, found[0])
        self.outcome = Outcome(source=first.source, code=first.code, messages=tuple(dict.fromkeys(map(str, found))))
        if self.work is None:
            return
        if isinstance(error, ResourceError) and any(kept.path for kept in self.kept()):
            self.work.leave()
            self.work = None
        else:
            self.work.remove()
            self.work = None

    def _failed_pages(self) -> Iterator[dict[str, object]]:
        for position, error in self.errors.items():
            message = str(error)
            yield {"page": position + 1, "outcome": "failed", "code": int(error.exit_code), "message": message}


def _page_number(row: dict[str, Any]) -> int:
    return int(row["page"])
