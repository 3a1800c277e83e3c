"""The tasks that run beside the window (see gui/worker.py): each is called with its arguments and a Progress.

Models are loaded once in a process and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from omr.errors import InvalidOutputError
from omr.geometry import Box
from omr.progress import Progress

if TYPE_CHECKING:
    from gui.engraving import Engraved
    from omr.models import Models
    from omr.page import Pixels
    from omr.pipeline import PageResult
    from omr.score import Score
    from omr.second_look import OtherBar

PAPER = 255


@cache
def _models(edition: str, device: str, precision: str) -> Models:
    from omr.models import load_models

    return load_models(edition, precision=precision, device=device)


def warm(edition: str, device: str, precision: str, progress: Progress) -> None:
    """Loads the models of an edition, so that the first page need not wait for them."""
    import omr.pipeline  # noqa: F401

    _models(edition, device, precision)


def recognise(
    pixels: Pixels, source: str, index: int, ignored: Sequence[Box], models: tuple[str, str, str], progress: Progress
) -> PageResult:
    """What is on a page (pixels as the document shows it) less the `ignored` regions; raises OmrError.

    `models` are an edition, the device it computes on and the precision.
    """
    from omr.page import PageImage
    from omr.pipeline import recognise_page

    page = PageImage(pixels=_without(pixels, ignored), source=source, index=index)
    return recognise_page(page, _models(*models), progress)


def look(
    pixels: Pixels,
    source: str,
    index: int,
    ignored: Sequence[Box],
    result: PageResult,
    models: tuple[str, str, str],
    progress: Progress,
) -> tuple[OtherBar, ...]:
    """The bars of a recognised page that say other notes in further looks; raises OmrError."""
    from omr.page import PageImage
    from omr.second_look import look_again

    page = PageImage(pixels=_without(pixels, ignored), source=source, index=index)
    return look_again(page, result, _models(*models))


def _without(pixels: Pixels, ignored: Sequence[Box]) -> Pixels:
    """A copy of a page with regions of it blank."""
    pixels = pixels.copy()
    for box in ignored:
        pixels[max(0, round(box.top)) : round(box.bottom), max(0, round(box.left)) : round(box.right)] = PAPER
    return pixels


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
