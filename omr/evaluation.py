"""Pages whose music is known, read and scored: pairs NAME.png (or another picture, or PDF) and NAME.musicxml.

A page that gives no valid file counts as one on which nothing was found. Figures over several pages come from summed counts,
so every note, bar and staff weighs the same.
"""

from __future__ import annotations

import json
import logging
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from omr.agreement import read_again
from omr.errors import InputError, OmrError
from omr.files.musicxml import to_musicxml
from omr.metrics.layout import LayoutCounts, read_systems, score_layout
from omr.metrics.notes import NoteCounts, read_bars, score_notes
from omr.metrics.written import WrittenCounts, score_written
from omr.models import Models
from omr.page import PageImage, read_pages
from omr.pipeline import Recognition, Seconds, read_pages_together, recognise_document
from omr.prepare import turned
from omr.second_look import look_again

log = logging.getLogger(__name__)

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".pdf")
TRUTH = ".musicxml"
FAULTS = (OmrError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""A defect of the program on one page must not hide the figures of the others: the page counts as failed."""


NOTHING = b"<score-partwise/>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A page and its truth."""

    name: str
    picture: Path
    truth: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the program made of a page."""

    musicxml: bytes
    system_sizes: tuple[int, ...]
    """Staves of each system seen in the picture, top to bottom."""
    seconds: Seconds = ()
    issues: tuple[tuple[str, int], ...] = ()
    """(code, count), by code."""


Reader = Callable[[Path], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """One page against its truth."""

    name: str
    notes: NoteCounts
    layout: LayoutCounts
    written: WrittenCounts
    seconds: Seconds = ()
    issues: tuple[tuple[str, int], ...] = ()
    failure: str | None = None
    """Why there is no file; None when there is one."""

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1, by name."""
        return {**_shares(self.notes, self.layout), **self.written.figures()}

    @property
    def total_seconds(self) -> float:
        return sum(seconds for _, seconds in self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of a folder of pages."""

    pages: tuple[PageScore, ...]

    @property
    def coverage(self) -> float:
        """Share of pages that gave a valid file."""
        return sum(page.failure is None for page in self.pages) / len(self.pages)

    @property
    def notes(self) -> NoteCounts:
        return sum((page.notes for page in self.pages), NoteCounts())

    @property
    def layout(self) -> LayoutCounts:
        return sum((page.layout for page in self.pages), LayoutCounts())

    @property
    def written(self) -> WrittenCounts:
        return sum((page.written for page in self.pages), WrittenCounts())

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1 over all pages, by name."""
        return {"coverage": self.coverage, **_shares(self.notes, self.layout), **self.written.figures()}

    def stage_seconds(self) -> dict[str, float]:
        """Mean seconds of each stage over the pages read after the first: what a warm program takes."""
        warm = [page for page in self.pages if page.seconds][1:]
        stages = dict.fromkeys(stage for page in warm for stage, _ in page.seconds)
        return {stage: sum(dict(page.seconds).get(stage, 0.0) for page in warm) / len(warm) for stage in stages}

    def json(self) -> bytes:
        """Everything as an indented JSON document."""
        document = {
            "pages": len(self.pages),
            "figures": _rounded(self.figures()),
            "seconds": _rounded(self.stage_seconds()),
            "by_page": [_row(page) for page in self.pages],
        }
        return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8")

    def table(self) -> str:
        """One line a page and one for all, in columns."""
        width = max(len(page.name) for page in self.pages)
        lines = [f"{'page':{width}}  {'  '.join(f'{head:>7}' for head in COLUMNS)}"]
        lines += [_line(page.name, width, page.figures(), page.failure) for page in self.pages]
        return "\n".join([*lines, _line("all", width, self.figures(), f"coverage {self.coverage:.3f}")])


COLUMNS = {
    "pitch": "pitch_f1",
    "+onset": "po_f1",
    "+length": "pod_f1",
    "bars": "exact_measures",
    "strict": "strict_measures",
    "staves": "staves_found",
    "systems": "systems_right",
    "clefs": "clefs_right",
    "keys": "keys_right",
    "times": "times_right",
}


def _shares(notes: NoteCounts, layout: LayoutCounts) -> dict[str, float]:
    return {
        "pitch_f1": notes.pitch_f1,
        "po_f1": notes.pitch_onset_f1,
        "pod_f1": notes.pitch_onset_duration_f1,
        "exact_measures": notes.exact_share,
        "staves_found": layout.staves_share,
        "systems_right": layout.systems_share,
        "clefs_right": layout.clefs_share,
        "keys_right": layout.keys_share,
        "times_right": layout.times_share,
    }


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _line(name: str, width: int, shares: dict[str, float], remark: str | None) -> str:
    return f"{name:{width}}  {'  '.join(f'{shares[key]:7.3f}' for key in COLUMNS.values())}  {remark or ''}".rstrip()


def _row(page: PageScore) -> dict[str, object]:
    return {
        "name": page.name,
        "failure": page.failure,
        "figures": _rounded(page.figures()),
        "bars": [page.notes.truth_bars, page.notes.found_bars, page.notes.exact_bars],
        "notes": [page.notes.truth_notes, page.notes.found_notes],
        "staves_added": page.layout.staves_added,
        "seconds": _rounded(dict(page.seconds)),
        "issues": dict(page.issues),
    }


def evaluate_folder(folder: Path, models: Models, *, thorough: bool = False) -> Evaluation:
    """Reads and scores every pair of `folder`; raises InputError when there is none or a truth is no MusicXML."""
    return evaluate_pairs(find_pairs(folder), lambda picture: read_page(picture, models, thorough=thorough))


def find_pairs(folder: Path) -> tuple[Pair, ...]:
    """The pairs of `folder`, by name; raises InputError when there is none."""
    pictures = {path.stem: path for path in sorted(folder.glob("*")) if path.suffix.lower() in PICTURES}
    truths = sorted(path for path in folder.glob(f"*{TRUTH}") if path.stem in pictures)
    if not truths:
        raise InputError(f"{folder}: no pairs of NAME.png and NAME{TRUTH}; put each page beside its music")
    return tuple(Pair(name=path.stem, picture=pictures[path.stem], truth=path) for path in truths)


def read_page(picture: Path, models: Models, *, thorough: bool = False) -> Reading:
    """The whole program on one file, with the seconds of each stage; `thorough` as in `omr convert --thorough`."""
    start = time.perf_counter()
    pages = tuple(read_pages(picture))
    opened = time.perf_counter()
    found = recognise_document(pages, models)
    if thorough:
        found = _looked_at_again(found, {page.index: page for page in pages}, models)
    read = time.perf_counter()
    musicxml = to_musicxml(found.score)
    written = time.perf_counter()
    stages = {"open": opened - start}
    for stage, seconds in (*(row for page in found.pages for row in page.seconds), *found.seconds):
        stages[stage] = stages.get(stage, 0.0) + seconds
    stages["check"] = read - start - sum(stages.values())
    stages["write"] = written - read
    return Reading(
        musicxml=musicxml,
        system_sizes=tuple(
            size for page in found.pages for size in _sizes(tuple(staff.system for staff in page.staves))
        ),
        seconds=tuple(stages.items()),
        issues=tuple(sorted(Counter(issue.code for issue in found.score.issues).items())),
    )


def _looked_at_again(found: Recognition, pages: Mapping[int, PageImage], models: Models) -> Recognition:
    """The document with each bar on which three further looks agree as they show it."""
    again = (read_again(page, look_again(turned(pages[page.index], page.turns), page, models)) for page in found.pages)
    return read_pages_together(tuple(again), skipped=found.skipped)


def _sizes(systems: Sequence[int]) -> list[int]:
    counts = Counter(systems)
    return [counts[system] for system in sorted(counts)]


def evaluate_pairs(pairs: Sequence[Pair], reader: Reader) -> Evaluation:
    """Scores what `reader` makes of each pair, in order; raises InputError when a truth is no MusicXML."""
    return Evaluation(pages=tuple(_score(pair, reader) for pair in pairs))


def _score(pair: Pair, reader: Reader) -> PageScore:
    truth = pair.truth.read_bytes()
    try:
        bars, systems = read_bars(truth), read_systems(truth)
    except (ET.ParseError, ValueError) as error:
        raise InputError(f"{pair.truth}: not MusicXML ({error}); give the music of the page as MusicXML") from error
    try:
        reading = reader(pair.picture)
        notes = score_notes(bars, read_bars(reading.musicxml))
        layout = score_layout(systems, read_systems(reading.musicxml), reading.system_sizes)
        written = score_written(truth, reading.musicxml)
    except FAULTS as error:
        log.warning("%s: %s", pair.name, error, exc_info=not isinstance(error, OmrError))
        failure = f"{type(error).__name__}: {error}".splitlines()[0]
        return PageScore(
            name=pair.name,
            notes=score_notes(bars, ()),
            layout=score_layout(systems, (), ()),
            written=score_written(truth, NOTHING),
            failure=failure,
        )
    return PageScore(
        name=pair.name,
        notes=notes,
        layout=layout,
        written=written,
        seconds=reading.seconds,
        issues=reading.issues,
    )
