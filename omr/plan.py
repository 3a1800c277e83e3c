"""Which input becomes which output: natural order, no two inputs with one output."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omr.config import Format
from omr.errors import UsageError
from omr.inputs import Input

FORMAT_OF: Final[dict[str, Format]] = {
    ".musicxml": "musicxml", ".xml": "musicxml", ".mxl": "mxl", ".mid": "midi", ".midi": "midi", ".mei": "mei",
    ".pdf": "pdf", ".mung": "mung", ".omr": "project",
}  # fmt: skip
"""What `-o NAME.suffix` asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One input, or several that are one document, and where the outputs go."""

    sources: tuple[Path, ...]
    stem: Path
    """Output path less its suffix."""
    file: Path | None = None
    """The one output, when the user named it."""

    @property
    def name(self) -> str:
        """For messages and reports."""
        return str(self.sources[0]) if len(self.sources) == 1 else f"{self.sources[0]} and {len(self.sources) - 1} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A page of a document."""

    source: Path
    number: int
    """In its file, 1 = first."""
    position: int
    """In the document, 0 = first; of a single file its number less one."""

    @property
    def what(self) -> str:
        return f"{self.source}: page {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Pages that are read together and written to one place."""

    job: Job
    stem: Path
    pages: tuple[SourcePage, ...]
    name: str


def plan(
    inputs: Iterable[Input], output: str | None, formats: Sequence[Format], *, merge: bool = False
) -> tuple[Job, ...]:
    """One job for each input in the order given, or one for all of them, no two with the same output.

    Raises UsageError.
    """
    found = tuple(inputs)
    if output is not None and names_file(output):
        if len(found) > 1 and not merge:
            raise UsageError(
                f"-o {output} names one file, but {len(found)} inputs are given; name a folder with a / at its end, "
                "or give --merge"
            )
        if len(formats) > 1:
            raise UsageError(f"-o {output} names one file, but {len(formats)} formats are asked for; name a folder")
        file = Path(output)
        return (Job(sources=tuple(one.path for one in found), stem=file.with_suffix(""), file=file),)
    if merge:
        first = found[0].path
        return (Job(sources=tuple(one.path for one in found), stem=_folder(found[0], output) / first.stem),)
    stems = [_folder(one, output) / one.path.stem for one in found]
    shared = Counter(stems)
    unique = [
        stem.with_name(one.path.name) if shared[stem] > 1 else stem for one, stem in zip(found, stems, strict=True)
    ]
    return tuple(Job(sources=(one.path,), stem=stem) for one, stem in zip(found, _numbered(unique), strict=True))


def documents(job: Job, numbers: Sequence[Sequence[int]], *, each_page: bool) -> tuple[Document, ...]:
    """What `job` becomes, given the page numbers wanted of each of its sources: one document, or one for each page."""
    single = len(job.sources) == 1
    pages: list[SourcePage] = []
    for source, wanted in zip(job.sources, numbers, strict=True):
        for number in wanted:
            pages.append(SourcePage(source=source, number=number, position=number - 1 if single else len(pages)))
    if not each_page:
        return (Document(job=job, stem=job.stem, pages=tuple(pages), name=job.name),)
    return tuple(
        Document(
            job=job, stem=job.stem.with_name(f"{job.stem.name}-p{page.position + 1}"), pages=(page,), name=page.what
        )
        for page in pages
    )


def format_of(output: str | None) -> Format | None:
    """The format that the name of the output asks for, None when it names a folder; raises UsageError."""
    if output is None or not names_file(output):
        return None
    suffix = Path(output).suffix.lower()
    if suffix not in FORMAT_OF:
        known = ", ".join(sorted(FORMAT_OF))
        raise UsageError(
            f"-o {output}: no format has the suffix {suffix}; known are {known}; a folder's name ends with /"
        )
    return FORMAT_OF[suffix]


def names_file(output: str) -> bool:
    """Whether `-o output` means a file rather than a folder."""
    return not output.endswith(("/", os.sep)) and not Path(output).is_dir() and bool(Path(output).suffix)


def _folder(one: Input, output: str | None) -> Path:
    return one.path.parent if output is None else Path(output) / one.below


def _numbered(stems: Iterable[Path]) -> Iterator[Path]:
    used: Counter[Path] = Counter()
    for stem in stems:
        used[stem] += 1
        yield stem if used[stem] == 1 else stem.with_name(f"{stem.name}-{used[stem]}")
