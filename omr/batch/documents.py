"""The files of one document in the formats asked for, ready to be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from omr.addresses import at_hand
from omr.batch.formats import preview_files, score_file
from omr.batch.names import SUFFIXES, with_ending
from omr.batch.project_file import to_project
from omr.config import Options
from omr.files.mung import to_mung
from omr.files.musicxml import to_musicxml
from omr.files.project import png_of
from omr.movements import split_movements
from omr.overlay import draw_overlay
from omr.page import PageImage, read_pages
from omr.pipeline import PageResult, Recognition
from omr.plan import Document, SourcePage
from omr.prepare import turned
from omr.score import Score

FROM_PAGES: Final = ("mung", "project")
"""Formats of what was found, not of the score read from it."""


def contents(document: Document, options: Options, recognition: Recognition) -> Iterator[tuple[Path, bytes]]:
    """(path, content) of everything to be written for `document`."""
    for ending, score in _scores(options, recognition.score):
        # a recognised score has passed the gate, a movement cut out of it has not
        musicxml = to_musicxml(score, sound=score is recognition.score)
        yield from _files(document, options, musicxml, ending)
    if "mung" in options.formats:
        yield from _graphs(document, recognition.pages)
    if "project" in options.formats:
        yield _project(document, options, recognition.pages)
    if "overlay" in options.pictures:
        yield from _overlays(document, options, recognition.pages)


def _scores(options: Options, score: Score) -> list[tuple[str, Score]]:
    """(what is added to the name, score) of each score that becomes files of its own."""
    if options.split != "movement":
        return [("", score)]
    return [(f"-m{number}", movement) for number, movement in enumerate(split_movements(score), start=1)]


def _files(document: Document, options: Options, musicxml: bytes, ending: str) -> Iterator[tuple[Path, bytes]]:
    for wanted in options.formats:
        if wanted not in FROM_PAGES:
            path = document.job.file or with_ending(document.stem, ending + SUFFIXES[wanted])
            yield path, score_file(wanted, musicxml, document.stem.name + ending)
    if "preview" in options.pictures:
        yield from preview_files(musicxml, document.stem, ending)


def _graphs(document: Document, pages: Sequence[PageResult]) -> Iterator[tuple[Path, bytes]]:
    file = document.job.file
    suffix = file.suffix if file is not None else SUFFIXES["mung"]
    for page in pages:
        place = _page_path(document.stem, suffix, page, pages)
        yield place, to_mung(page.graph, place.name.removesuffix(suffix))


def _overlays(document: Document, options: Options, pages: Sequence[PageResult]) -> Iterator[tuple[Path, bytes]]:
    """Pages are read again rather than all kept in memory."""
    sources = {page.position: page for page in document.pages}
    for page in pages:
        image = _image(sources[page.index], options)
        yield (
            _page_path(document.stem, ".overlay.png", page, pages),
            draw_overlay(turned(image, page.turns).pixels, page.graph, page.staves),
        )


def _project(document: Document, options: Options, pages: Sequence[PageResult]) -> tuple[Path, bytes]:
    sources = {page.position: page for page in document.pages}
    found = [sources[page.index] for page in pages]
    rows = [
        (str(source.source), source.number - 1, replace(page, index=source.number - 1))
        for source, page in zip(found, pages, strict=True)
    ]
    images = (png_of(_image(source, options).pixels) for source in found)
    return document.job.file or with_ending(document.stem, SUFFIXES["project"]), to_project(rows, images, options.dpi)


def _image(source: SourcePage, options: Options) -> PageImage:
    with at_hand(source.source) as local:
        (image,) = read_pages(local, pages=[source.number], password=options.password, dpi=options.dpi)
    return image


def _page_path(stem: Path, ending: str, page: PageResult, pages: Sequence[PageResult]) -> Path:
    """With -p and the page's number where there are several."""
    return with_ending(stem, ending if len(pages) == 1 else f"-p{page.index + 1}{ending}")
