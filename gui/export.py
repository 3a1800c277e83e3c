"""Writing the document in every format of `omr convert`: what would be written, what the gate repaired, and the writing."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omr.config import Format
from omr.errors import InputError
from omr.progress import Progress
from omr.score import Issue, Score

if TYPE_CHECKING:
    from gui.rereading import Reread
    from omr.notation import NotationGraph, Staff
    from omr.page import Pixels

FORMAT_NAMES: Final[dict[Format, str]] = {
    "musicxml": "MusicXML, for notation programs (.musicxml)", "mxl": "MusicXML, compressed (.mxl)",
    "midi": "MIDI, for playing (.mid)", "mei": "MEI (.mei)", "pdf": "Engraved anew (.pdf)",
    "mung": "Notation graph, one file a page (.mung.xml)",
}  # fmt: skip
PICTURE_NAMES: Final = {
    "overlay": "Pages with what was found (.overlay.png)",
    "preview": "The reading engraved (.preview.png)",
}
MUSESCORE: Final = (
    "musescore", "mscore", "musescore4", "MuseScore4", "mscore4portable", "musescore3", "mscore3",
    "/Applications/MuseScore 4.app/Contents/MacOS/mscore", "/Applications/MuseScore 3.app/Contents/MacOS/mscore",
    r"C:\Program Files\MuseScore 4\bin\MuseScore4.exe", r"C:\Program Files\MuseScore 3\bin\MuseScore3.exe",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPlan:
    """What is to be written."""

    stem: Path
    """Path less its suffix."""
    formats: tuple[Format, ...]
    pictures: frozenset[str]
    """Of "overlay" and "preview"."""
    pages: tuple[int, ...]
    """Places among the pages with music, 0 = first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """A page as the writers need it."""

    number: int
    """In the document, 1 = first."""
    graph: NotationGraph
    staves: tuple[Staff, ...]


def chosen(score: Score, pages: Collection[int]) -> Score:
    """The music of some pages; what holds before each stretch is stated again."""
    from gui.excerpts import stretches

    kept = set(pages)
    if kept >= {measure.page for part in score.parts for measure in part.measures}:
        return score
    parts = []
    for part in score.parts:
        own = [measure for inside, run in stretches(part, lambda m: m.page in kept) if inside for measure in run]
        parts.append(replace(part, measures=tuple(replace(m, index=place) for place, m in enumerate(own))))
    indexes = [measure.index for part in score.parts[:1] for measure in part.measures if measure.page in kept]
    places = {index: place for place, index in enumerate(indexes)}
    issues = tuple(replace(issue, measure=places[issue.measure]) for issue in score.issues if issue.measure in places)
    return Score(parts=tuple(parts), issues=issues, title=score.title)


def repairs(heard: Reread, pages: Collection[int]) -> tuple[Issue, ...]:
    """What the gate changes so that other programs take the file, on some pages."""
    from omr.files.gate import repair

    _, issues = repair(heard.reading.score())
    bars = heard.score.parts[0].measures if heard.score.parts else ()
    return tuple(
        issue for issue in issues
        if issue.measure is None or (issue.measure < len(bars) and bars[issue.measure].page in pages)
    )  # fmt: skip


def documents(
    score: Score, pages: tuple[ExportPage, ...], plan: ExportPlan, progress: Progress
) -> tuple[tuple[Path, bytes], ...]:
    """(path, content) of everything but the pages' pictures; a task, see gui/worker.py. Raises OmrError."""
    return tuple(_documents(score, pages, plan))


def _documents(score: Score, pages: tuple[ExportPage, ...], plan: ExportPlan) -> Iterator[tuple[Path, bytes]]:
    from omr.batch.formats import preview_files, score_file
    from omr.batch.names import SUFFIXES
    from omr.files.mung import to_mung
    from omr.files.musicxml import to_musicxml

    if not score.parts:
        raise InputError("the chosen pages hold no music; choose others")
    musicxml = to_musicxml(score)
    for wanted in plan.formats:
        path = _with_ending(plan.stem, SUFFIXES[wanted])
        if wanted != "mung":
            yield path, score_file(wanted, musicxml, plan.stem.name)
        else:
            for page in pages:
                place = page_path(plan.stem, SUFFIXES["mung"], page, alone=len(pages) == 1)
                yield place, to_mung(page.graph, place.name.removesuffix(SUFFIXES["mung"]))
    if "preview" in plan.pictures:
        yield from preview_files(musicxml, plan.stem)


def overlay(pixels: Pixels, page: ExportPage, path: Path, progress: Progress) -> tuple[tuple[Path, bytes], ...]:
    """The page with what was found; a task."""
    from omr.overlay import draw_overlay

    return ((path, draw_overlay(pixels, page.graph, page.staves)),)


def page_path(stem: Path, ending: str, page: ExportPage, *, alone: bool) -> Path:
    """Where what belongs to one page is written; with its number where there are several."""
    return _with_ending(stem, ending if alone else f"-p{page.number}{ending}")


def find_musescore() -> str | None:
    """The program, None where it is not installed."""
    return next((found for found in map(shutil.which, MUSESCORE) if found), None)


def _with_ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)
