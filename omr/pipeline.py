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

from omr.check import check_graph, check_score, located, ranked
from omr.detect import detect
from omr.errors import NoStavesError
from omr.files.gate import repair
from omr.geometry import union
from omr.link import link
from omr.memory import recalled
from omr.models import LoadingModels, Models
from omr.notation import NotationGraph, Staff
from omr.page import PageImage
from omr.prepare import Prepared, prepare
from omr.progress import SILENT, Progress
from omr.reading import ReadPage, read_score
from omr.score import Issue, Measure, Score
from omr.staves import find_staves, group_systems, split_asides, without_asides

log = logging.getLogger(__name__)

Seconds = tuple[tuple[str, float], ...]
"""(stage, seconds of wall time) in the order of the stages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What was found on one page."""

    index: int
    """0 = first page of the file."""
    graph: NotationGraph
    """Boxes in page pixels."""
    staves: tuple[Staff, ...]
    """Lines in page pixels."""
    reading: ReadPage
    """The same graph and staves on the prepared image, as the reader takes them."""
    to_page: tuple[tuple[float, float, float], tuple[float, float, float]]
    """The map from prepared to page coordinates, both continuous."""
    seconds: Seconds


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


def recognise_page(page: PageImage, models: Models | LoadingModels, progress: Progress = SILENT) -> PageResult:
    """Staves, symbols and relations of one page; raises NoStavesError when it has no staves."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "prepare", page.index, progress):
        prepared = prepare(page)
    with _timed(seconds, "staves", page.index, progress):
        found = group_systems(find_staves(prepared.image), prepared.image)
        staves, asides = split_asides(found)
        if not staves:
            raise NoStavesError(f"{page.source}: page {page.index + 1} has no staves")
    with _timed(seconds, "detect", page.index, progress):
        nodes = without_asides(detect(prepared.image, models.detector), staves, asides)
    with _timed(seconds, "link", page.index, progress):
        graph = link(nodes, staves, models.scorer)
    return _page_result(page, prepared, ReadPage(graph, staves), tuple(seconds.items()))


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


def _page_result(page: PageImage, prepared: Prepared, reading: ReadPage, seconds: Seconds) -> PageResult:
    graph = NotationGraph(tuple(prepared.node_to_page(node) for node in reading.graph.nodes), reading.graph.edges)
    staves = tuple(prepared.staff_to_page(staff) for staff in reading.staves)
    (a, b, c), (d, e, f) = prepared.to_page.tolist()
    return PageResult(
        index=page.index,
        graph=graph,
        staves=staves,
        reading=reading,
        to_page=((a, b, c), (d, e, f)),
        seconds=seconds,
    )


def _on_page(measure: Measure, results: Sequence[PageResult]) -> Measure:
    """`measure` with its edges in page pixels, taken at half the height of its system."""
    result = results[measure.page]
    return recalled((measure, result.reading.staves), result.to_page, lambda: _moved(measure, result))


def _moved(measure: Measure, result: PageResult) -> Measure:
    system = [staff.box for staff in result.reading.staves if staff.system == measure.system]
    if not system:
        return measure
    y = union(system).center.y
    a, b, c = result.to_page[0]
    return replace(measure, left_x=a * measure.left_x + b * y + c, right_x=a * measure.right_x + b * y + c)


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
