"""The stages in order: page image -> staves -> symbols -> relations -> score.

Everything up to the score happens on the prepared image (upright, 16 px a staff space); what is handed out is mapped back to
the page's own pixels, with the same ids.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from omr.check import check_graph, check_score, located, ranked
from omr.detect import detect
from omr.errors import NoStavesError
from omr.files.gate import repair
from omr.flatten import flatten
from omr.geometry import union
from omr.hanging_rests import with_hanging_rests
from omr.link import link
from omr.memory import recalled
from omr.models import LoadingModels, Models
from omr.notation import Node, NotationGraph, Staff
from omr.page import PageImage
from omr.prepare import PageMap, Prepared, prepare, to_page, turned
from omr.progress import SILENT, Progress
from omr.reading import ReadPage, read_score
from omr.score import Issue, Measure, Score
from omr.staves import group_systems, split_asides, systems_by_barlines, without_asides
from omr.turn_over import upside_down

log = logging.getLogger(__name__)

Seconds = tuple[tuple[str, float], ...]
"""(stage, seconds of wall time) in the order of the stages."""

HALF_TURN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What was found on one page."""

    index: int
    """0 = first page of the file."""
    graph: NotationGraph
    """Boxes in pixels of the upright page."""
    staves: tuple[Staff, ...]
    """Lines in pixels of the upright page."""
    reading: ReadPage
    """The same graph and staves on the prepared image, as the reader takes them."""
    to_page: PageMap
    """The map from prepared coordinates to those of the upright page, both continuous."""
    seconds: Seconds
    turns: int = 0
    """Quarter turns clockwise that set the page of the file upright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A document read as music."""

    score: Score
    """NodeRef.page counts `pages`: 0 = the first page with staves."""
    pages: tuple[PageResult, ...]
    skipped: tuple[int, ...] = ()
    """Indexes of pages without staves (title pages, prose)."""
    seconds: Seconds = ()
    """Time of what is done once for the document."""


def recognise_page(
    page: PageImage, models: Models | LoadingModels, progress: Progress = SILENT, *, turned_over: bool = False
) -> PageResult:
    """Staves, symbols and relations of one page; raises NoStavesError when it has no staves.

    `turned_over` says that the page was turned by a half already, because it lay on its head.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "prepare", page.index, progress):
        prepared = prepare(page)
    with _timed(seconds, "staves", page.index, progress):
        flat = flatten(prepared)
        prepared = flat.prepared
        staves, asides = split_asides(group_systems(flat.staves, prepared.image))
        if not staves:
            raise NoStavesError(f"{page.source}: page {page.index + 1} has no staves")
    with _timed(seconds, "detect", page.index, progress):
        found = detect(prepared.image, models.detector)
        if not turned_over and upside_down(prepared.image, staves, found, models.detector):
            return recognise_page(turned(page, HALF_TURN), models, progress, turned_over=True)
        nodes, staves = settled(found, staves, asides, by_hand=models.detector.by_hand)
    with _timed(seconds, "link", page.index, progress):
        graph = link(nodes, staves, models.scorer)
    turns = (prepared.turns + HALF_TURN * turned_over) % 4
    return _page_result(page.index, replace(prepared, turns=turns), ReadPage(graph, staves), tuple(seconds.items()))


def settled(
    found: Iterable[Node], staves: tuple[Staff, ...], asides: tuple[Staff, ...], *, by_hand: bool
) -> tuple[tuple[Node, ...], tuple[Staff, ...]]:
    """What staves and symbols tell of each other: the music's symbols, `asides` left out, and its staves in their systems."""
    nodes = with_hanging_rests(without_asides(found, staves, asides), staves)
    return nodes, systems_by_barlines(staves, nodes) if by_hand else staves


def recognise_document(pages: Iterable[PageImage], models: Models, progress: Progress = SILENT) -> Recognition:
    """The score of all `pages`; pages without staves are skipped and become an Issue.

    Raises NoStavesError when no page has staves.
    """
    results: list[PageResult] = []
    skipped: list[tuple[int, str]] = []
    for page in pages:
        try:
            results.append(recognise_page(page, models, progress))
        except NoStavesError as error:
            log.info("%s", error)
            skipped.append((page.index, page.source))
        progress.page_done(page.index)
    if not results:
        raise nothing_found(skipped)
    return read_pages_together(results, skipped=tuple(index for index, _ in skipped), progress=progress)


def read_pages_together(
    pages: Sequence[PageResult], *, skipped: tuple[int, ...] = (), progress: Progress = SILENT
) -> Recognition:
    """The score of recognised pages, at least one; `skipped` are the indexes of pages without staves."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "read", pages[-1].index, progress):
        score, _ = repair(read_score(tuple(page.reading for page in pages)))
    return Recognition(
        score=finished(score, pages, skipped),
        pages=tuple(pages),
        skipped=skipped,
        seconds=tuple(seconds.items()),
    )


def _page_result(index: int, prepared: Prepared, reading: ReadPage, seconds: Seconds) -> PageResult:
    graph = NotationGraph(prepared.nodes_to_page(reading.graph.nodes), reading.graph.edges)
    staves = tuple(prepared.staff_to_page(staff) for staff in reading.staves)
    return PageResult(
        index=index,
        graph=graph,
        staves=staves,
        reading=reading,
        to_page=prepared.to_page,
        seconds=seconds,
        turns=prepared.turns,
    )


def _on_page(measure: Measure, results: Sequence[PageResult]) -> Measure:
    """`measure` with its edges in pixels of the upright page, taken at half the height of its system."""
    result = results[measure.page]
    return recalled((measure, result.reading.staves), result.to_page, lambda: _moved(measure, result))


def _moved(measure: Measure, result: PageResult) -> Measure:
    system = [staff.box for staff in result.reading.staves if staff.system == measure.system]
    if not system:
        return measure
    y = union(system).center.y
    (left, _), (right, _) = to_page(result.to_page, np.array([(measure.left_x, y), (measure.right_x, y)])).tolist()
    return replace(measure, left_x=left, right_x=right)


def finished(score: Score, results: Sequence[PageResult], skipped: tuple[int, ...] = ()) -> Score:
    """The score in page pixels, with what the checks of graph and score say: each issue once, the most harmful first."""
    score = on_pages(score, results)
    return replace(score, issues=issues_of(score, results, skipped))


def on_pages(score: Score, results: Sequence[PageResult]) -> Score:
    """A score read on the prepared images with the edges of its bars in page pixels."""
    parts = tuple(
        replace(part, measures=tuple(_on_page(measure, results) for measure in part.measures)) for part in score.parts
    )
    return replace(score, parts=parts)


def issues_of(score: Score, results: Sequence[PageResult], skipped: tuple[int, ...] = ()) -> tuple[Issue, ...]:
    """What the reading and the checks of graph and score say, each issue once, the most harmful first.

    The score's bars must be in page pixels.
    """
    found = list(score.issues)
    for position, result in enumerate(results):
        found.extend(located(check_graph(result.graph), score, result.graph, result.staves, position))
    found.extend(check_score(score))
    found.extend(
        Issue(code="page-without-staves", message=f"page {index + 1} has no staves and was left out", severity="note")
        for index in skipped
    )
    return ranked(dict.fromkeys(found))


def nothing_found(skipped: Sequence[tuple[int, str]]) -> NoStavesError:
    """The error of a document whose pages, (index, source) each, hold no staves."""
    if not skipped:
        return NoStavesError("there is no page to read; check --pages")
    source = skipped[0][1]
    where = "on the page" if len(skipped) == 1 else f"on any of {len(skipped)} pages"
    return NoStavesError(f"{source}: no staves were found {where}; give a scan of printed music, upright and in focus")


@contextmanager
def _timed(seconds: dict[str, float], stage: str, page: int, progress: Progress) -> Iterator[None]:
    progress.stage(page, stage)
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start
