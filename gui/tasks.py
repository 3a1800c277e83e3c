"""The tasks that run beside the window (see gui/worker.py): each is called with its arguments and a Progress.

Models are loaded once in a process and kept.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from omr.config import Options
from omr.errors import InvalidOutputError
from omr.geometry import Box
from omr.plan import Job
from omr.progress import Progress

if TYPE_CHECKING:
    from gui.engraving import Engraved
    from omr.models import Models
    from omr.page import Pixels
    from omr.pipeline import PageResult
    from omr.score import Score

PAPER = 255


@cache
def _models(edition: str) -> Models:
    from omr.models import load_models

    return load_models(edition)


def warm(edition: str, progress: Progress) -> None:
    """Loads the models of an edition, so that the first page need not wait for them."""
    import omr.pipeline  # noqa: F401

    _models(edition)


def recognise(
    pixels: Pixels, source: str, index: int, ignored: Sequence[Box], edition: str, progress: Progress
) -> PageResult:
    """What is on a page (pixels as the document shows it) less the `ignored` regions; raises OmrError."""
    from omr.page import PageImage
    from omr.pipeline import recognise_page

    pixels = pixels.copy()
    for box in ignored:
        pixels[max(0, round(box.top)) : round(box.bottom), max(0, round(box.left)) : round(box.right)] = PAPER
    return recognise_page(PageImage(pixels=pixels, source=source, index=index), _models(edition), progress)


def engrave(excerpts: Mapping[object, tuple[Score, float]], progress: Progress) -> Mapping[object, Engraved | None]:
    """Each excerpt as one system of the width beside it (staff spaces), None where it cannot be engraved."""
    from gui.engraving import engrave_system
    from omr.files.musicxml import to_musicxml

    found: dict[object, Engraved | None] = {}
    for key, (score, width) in excerpts.items():
        try:
            found[key] = engrave_system(to_musicxml(score), width)
        except InvalidOutputError:
            found[key] = None
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What became of one file of a batch."""

    outputs: tuple[Path, ...]
    pages: int
    """With music."""
    bars: int
    doubtful: int
    """Bars to check."""
    seconds: float


def convert(job: Job, options: Options, progress: Progress) -> Converted:
    """Converts one file as `omr convert` does, all of its outputs or none; raises OmrError."""
    from omr.atomic import write_all
    from omr.batch.counting import page_numbers
    from omr.batch.documents import contents
    from omr.check import bars_to_check
    from omr.page import read_pages
    from omr.pipeline import recognise_document
    from omr.plan import documents

    start = time.perf_counter()
    (source,) = job.sources
    numbers = page_numbers(source, options)
    (document,) = documents(job, [numbers], each_page=False)
    pages = read_pages(source, pages=numbers, password=options.password)
    music = recognise_document(pages, _models(options.edition), progress)
    return Converted(
        outputs=write_all(contents(document, options, music)),
        pages=len(music.pages),
        bars=len(music.score.parts[0].measures) if music.score.parts else 0,
        doubtful=len(bars_to_check(music.score.issues)),
        seconds=time.perf_counter() - start,
    )
