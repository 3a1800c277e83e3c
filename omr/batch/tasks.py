"""What a worker process is asked to do with pages: recognise one, finish a document of them.

Workers hand results over through files in the work folder, so nothing is lost with a process; only small values come back.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2

from omr.addresses import at_hand
from omr.agreement import read_again
from omr.atomic import write_all
from omr.batch.documents import contents
from omr.batch.kept import Kept
from omr.batch.loading import models
from omr.batch.page_file import from_page_file, to_page_file
from omr.config import Options
from omr.errors import InputError, NoStavesError
from omr.heap import give_back
from omr.page import read_pages
from omr.pipeline import PageResult, nothing_found, read_pages_together, recognise_page
from omr.plan import Document, SourcePage
from omr.prepare import turned
from omr.rows import recognition_row
from omr.second_look import look_again

_latest: dict[Path, PageResult] = {}
"""The page this process recognised last, where it is kept: most documents of one page are finished by whom recognised them."""


def recognise(page: SourcePage, options: Options, kept: Path, empty: Path, threads: int | None) -> bool:
    """Writes the recognised page to `kept`, or leaves the mark `empty` when it has no staves; whether it has any."""
    _latest.clear()
    loading = models(options.edition, threads, options.device, options.precision)
    if threads == 1:
        cv2.setNumThreads(1)
    start = time.perf_counter()
    with at_hand(page.source) as local:
        images = list(read_pages(local, pages=[page.number], password=options.password, dpi=options.dpi))
    if not images:
        raise InputError(f"{page.source}: has no page {page.number} any more; leave it as it is while it is converted")
    image = replace(images[0], index=page.position)
    decoded = time.perf_counter() - start
    try:
        result = recognise_page(image, loading)
    except NoStavesError:
        write_all([(empty, b"")])
        return False
    result = replace(result, seconds=(("decode", decoded), *result.seconds))
    if options.thorough:
        start = time.perf_counter()
        result = read_again(result, look_again(turned(image, result.turns), result, loading))
        result = replace(result, seconds=(*result.seconds, ("look again", time.perf_counter() - start)))
    write_all([(kept, to_page_file(result))])
    _latest[kept] = result
    give_back()  # the holes that pictures left; costs nothing that can be measured
    return True


def finish(document: Document, options: Options, kept: tuple[Kept, ...], folder: Path) -> dict[str, Any]:
    """Reads the kept pages as one document and writes its files into `folder`; what WorkFolder.hand_over takes.

    Raises NoStavesError when no page has staves, and what the formats raise.
    """
    pages = tuple(_page(each.path) for each in kept if each.path is not None)
    skipped = [(each.page.position, str(each.page.source)) for each in kept if each.empty]
    if not pages:
        raise nothing_found(skipped)
    recognition = read_pages_together(pages, skipped=tuple(position for position, _ in skipped))
    start = time.perf_counter()
    files: dict[str, Mapping[str, str]] = {}
    for number, (path, content) in enumerate(contents(document, options, recognition)):
        name = f"file-{number + 1}"
        write_all([(folder / name, content)])
        files[name] = {"path": str(path), "sha256": hashlib.sha256(content).hexdigest()}
    timed = replace(recognition, seconds=(*recognition.seconds, ("write", time.perf_counter() - start)))
    return {"files": files, "row": recognition_row(timed)}


def _page(path: Path) -> PageResult:
    if path in _latest:
        return _latest.pop(path)
    try:
        return from_page_file(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); run again without --resume") from error
