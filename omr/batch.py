"""Converting files: one input, its outputs, one outcome; nothing is written before everything of an input is ready."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omr.atomic import write_all
from omr.config import Format, Options
from omr.errors import ExitCode, InputError, OmrError
from omr.files.convert import to_midi
from omr.files.mung import to_mung
from omr.files.musicxml import to_musicxml
from omr.files.mxl import to_mxl
from omr.files.preview import engrave_preview
from omr.models import Models
from omr.overlay import draw_overlay
from omr.page import PageImage, choose_pages, count_pages, read_pages
from omr.pipeline import Recognition, recognise_document
from omr.plan import Job
from omr.prepare import turned
from omr.progress import SILENT, Progress

SUFFIXES: Final[dict[Format, str]] = {"musicxml": ".musicxml", "mxl": ".mxl", "midi": ".mid", "mung": ".mung.xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one input."""

    source: str
    outputs: tuple[Path, ...] = ()
    code: ExitCode = ExitCode.OK
    """SOME_FAILED with outputs: damaged pages were left out."""
    messages: tuple[str, ...] = ()
    """What went wrong, one line each; empty when nothing did."""
    recognition: Recognition | None = None
    seconds: float = 0.0
    """Wall time of the whole conversion."""


def convert(job: Job, options: Options, models: Models, progress: Progress = SILENT) -> Outcome:
    """Converts one input and writes its outputs, all or none; raises OmrError.

    Damaged pages are left out as long as another one can be read.
    """
    start = time.perf_counter()
    damaged: list[InputError] = []
    recognition = recognise_document(_readable_pages(job, options, damaged), models, progress)
    contents = [*_documents(job, options, recognition), *_pictures(job, options, recognition)]
    return Outcome(
        source=str(job.source),
        outputs=write_all(contents),
        code=ExitCode.SOME_FAILED if damaged else ExitCode.OK,
        messages=tuple(str(error) for error in damaged),
        recognition=recognition,
        seconds=time.perf_counter() - start,
    )


def failed(job: Job, error: OmrError) -> Outcome:
    return Outcome(source=str(job.source), code=error.exit_code, messages=(str(error),))


def _readable_pages(job: Job, options: Options, damaged: list[InputError]) -> Iterator[PageImage]:
    """The pages asked for, one by one; what is wrong with those that cannot be read goes to `damaged`.

    Raises InputError when none can be read.
    """
    count = count_pages(job.source, password=options.password)
    indexes = choose_pages(job.source, count, options.pages)
    for index in indexes:
        try:
            yield from read_pages(job.source, pages=[index + 1], password=options.password)
        except InputError as error:
            damaged.append(error)
    if len(damaged) == len(indexes):
        raise damaged[0]


def _documents(job: Job, options: Options, recognition: Recognition) -> Iterator[tuple[Path, bytes]]:
    """(path, content) of the files in the formats asked for."""
    musicxml = to_musicxml(recognition.score)
    for wanted in options.formats:
        path = job.file or _with_ending(job.stem, SUFFIXES[wanted])
        if wanted == "musicxml":
            yield path, musicxml
        elif wanted == "mxl":
            yield path, to_mxl(musicxml, job.stem.name)
        elif wanted == "midi":
            yield path, to_midi(musicxml)
        else:
            ending = job.file.suffix if job.file is not None else SUFFIXES["mung"]
            for page, place in zip(recognition.pages, _page_paths(job.stem, ending, recognition), strict=True):
                yield place, to_mung(page.graph, place.name.removesuffix(ending))


def _pictures(job: Job, options: Options, recognition: Recognition) -> Iterator[tuple[Path, bytes]]:
    """(path, content) of the PNG files asked for: pages are read again rather than all kept in memory."""
    if "overlay" in options.pictures:
        numbers = [page.index + 1 for page in recognition.pages]
        images = read_pages(job.source, pages=numbers, password=options.password)
        places = _page_paths(job.stem, ".overlay.png", recognition)
        for image, page, place in zip(images, recognition.pages, places, strict=True):
            yield place, draw_overlay(turned(image, page.turns).pixels, page.graph, page.staves)
    if "preview" in options.pictures:
        sheets = engrave_preview(to_musicxml(recognition.score))
        for number, sheet in enumerate(sheets, start=1):
            ending = ".preview.png" if len(sheets) == 1 else f".preview-{number}.png"
            yield _with_ending(job.stem, ending), sheet


def _with_ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _page_paths(stem: Path, ending: str, recognition: Recognition) -> list[Path]:
    """One path for each page with staves; where there are several, with -p and the page's number."""
    if len(recognition.pages) == 1:
        return [_with_ending(stem, ending)]
    return [_with_ending(stem, f"-p{page.index + 1}{ending}") for page in recognition.pages]
