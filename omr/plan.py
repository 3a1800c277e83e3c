"""Which input becomes which output: natural order, no two inputs with one output."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omr.config import Format, Options
from omr.errors import UsageError
from omr.page import choose_pages, count_pages

FORMAT_OF: Final[dict[str, Format]] = {
    ".musicxml": "musicxml", ".xml": "musicxml", ".mxl": "mxl", ".mid": "midi", ".midi": "midi", ".mung": "mung",
}  # fmt: skip
"""What `-o NAME.suffix` asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One input and where its outputs go."""

    source: Path
    stem: Path
    """Output path less its suffix."""
    file: Path | None = None
    """The one output, when the user named it."""


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts p2 before p10."""
    pieces = re.split(r"(\d+)", str(path))
    return tuple((1, int(piece), "") if piece.isdecimal() else (0, 0, piece.casefold()) for piece in pieces if piece)


def plan(sources: Iterable[Path], output: str | None, formats: Sequence[Format]) -> tuple[Job, ...]:
    """One job for each input, in natural order, no two with the same output; raises UsageError."""
    ordered = sorted(dict.fromkeys(sources), key=lambda path: (natural_key(path), str(path)))
    if output is not None and _names_file(output):
        if len(ordered) > 1:
            raise UsageError(
                f"-o {output} names one file, but {len(ordered)} inputs are given; name a folder with a / at its end"
            )
        if len(formats) > 1:
            raise UsageError(f"-o {output} names one file, but {len(formats)} formats are asked for; name a folder")
        file = Path(output)
        return (Job(source=ordered[0], stem=file.with_suffix(""), file=file),)
    stems = [(Path(output) if output is not None else path.parent) / path.stem for path in ordered]
    shared = Counter(stems)
    unique = [
        stem.with_name(path.name) if shared[stem] > 1 else stem for path, stem in zip(ordered, stems, strict=True)
    ]
    return tuple(Job(source=path, stem=stem) for path, stem in zip(ordered, _numbered(unique), strict=True))


def format_of(output: str | None) -> Format | None:
    """The format that the name of the output asks for, None when it names a folder; raises UsageError."""
    if output is None or not _names_file(output):
        return None
    suffix = Path(output).suffix.lower()
    if suffix not in FORMAT_OF:
        known = ", ".join(sorted(FORMAT_OF))
        raise UsageError(
            f"-o {output}: no format has the suffix {suffix}; known are {known}; a folder's name ends with /"
        )
    return FORMAT_OF[suffix]


def _names_file(output: str) -> bool:
    return not output.endswith(("/", os.sep)) and not Path(output).is_dir() and bool(Path(output).suffix)


def _numbered(stems: Iterable[Path]) -> Iterator[Path]:
    used: Counter[Path] = Counter()
    for stem in stems:
        used[stem] += 1
        yield stem if used[stem] == 1 else stem.with_name(f"{stem.name}-{used[stem]}")


def page_total(job: Job, options: Options) -> int:
    """Number of pages that `job` will read; raises OmrError."""
    count = count_pages(job.source, password=options.password)
    return len(choose_pages(job.source, count, options.pages))
