"""What runs on a cluster's workers: the tasks of batch/tasks.py within a folder of the worker's own, results as bytes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from omr.batch.kept import Kept
from omr.batch.worker import attempt
from omr.config import Device, Edition, Options, Precision
from omr.plan import Document, SourcePage

Answer = tuple[bool, Any]
"""(True, value) or (False, OmrError): what went wrong with a page is no failure of the worker, so Dask never repeats it."""


def page_numbers_there(source: Path, options: Options) -> Answer:
    """batch.counting.page_numbers."""
    return attempt("omr.batch.counting:page_numbers", (source, options))


def model_cards_there(edition: Edition, threads: int | None, device: Device, precision: Precision) -> Answer:
    """batch.loading.model_cards; models stay loaded in the worker."""
    return attempt("omr.batch.loading:model_cards", (edition, threads, device, precision))


def precision_there(edition: Edition) -> str:
    """What "auto" comes to for an edition, see models.runtime_precision."""
    from omr.models import runtime_precision

    return runtime_precision("auto", edition=edition)


def recognise_there(page: SourcePage, options: Options, threads: int | None) -> Answer:
    """(True, the page file or None for a page without staves)."""
    with tempfile.TemporaryDirectory(prefix="omr-page-") as folder:
        kept, empty = Path(folder) / "page.npz", Path(folder) / "page.empty"
        good, value = attempt("omr.batch.tasks:recognise", (page, options, kept, empty, threads))
        return (good, (kept.read_bytes() if value else None)) if good else (good, value)


def finish_there(document: Document, options: Options, pages: tuple[tuple[Kept, bytes], ...]) -> Answer:
    """(True, (what batch.tasks.finish returns, content of each file by name))."""
    with tempfile.TemporaryDirectory(prefix="omr-document-") as name:
        folder = Path(name)
        local: list[Kept] = []
        for number, (kept, content) in enumerate(pages):
            path = folder / f"page-{number}.npz"
            if kept.path is not None:
                path.write_bytes(content)
            local.append(replace(kept, path=path) if kept.path is not None else kept)
        good, value = attempt("omr.batch.tasks:finish", (document, options, tuple(local), folder))
        return (
            (good, (value, {file: (folder / file).read_bytes() for file in value["files"]})) if good else (good, value)
        )
