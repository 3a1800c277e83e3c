"""What outputs are called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from omr.config import Format, Options
from omr.errors import OutputExistsError
from omr.plan import Document

SUFFIXES: Final[dict[Format, str]] = {
    "musicxml": ".musicxml", "mxl": ".mxl", "midi": ".mid", "mei": ".mei", "pdf": ".pdf", "mung": ".mung.xml",
    "project": ".omr",
}  # fmt: skip


def with_ending(stem: Path, ending: str) -> Path:
    """`stem` with `ending` after its name, dots and all."""
    return stem.with_name(stem.name + ending)


def first_outputs(document: Document, options: Options) -> tuple[Path, ...]:
    """One output of each format, the first where a format has several: all there means that there is nothing to do."""
    if document.job.file is not None:
        return (document.job.file,)
    return tuple(with_ending(document.stem, _first(document, options, wanted)) for wanted in options.formats)


def refuse_existing(paths: tuple[Path, ...]) -> None:
    """Raises OutputExistsError for the first that is there."""
    for path in paths:
        if path.exists():
            raise OutputExistsError(
                f"{path}: is there already and --no-overwrite was given; name another folder with -o"
            )


def _first(document: Document, options: Options, wanted: Format) -> str:
    if wanted == "mung":
        several = len(document.pages) > 1
        return (f"-p{document.pages[0].position + 1}" if several else "") + SUFFIXES[wanted]
    return SUFFIXES[wanted]
